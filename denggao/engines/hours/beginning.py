"""How a page of another room begins a sitting: its POST view hands the request on and gives back what the page's element
needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from denggao.engines.hours.actions.sitting import start_sitting
from denggao.engines.hours.limits import limits_on
from denggao.engines.hours.middleware import PATH
from denggao.engines.hours.queries import seconds_by_activity
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person

_DEVICE = re.compile(r"[0-9a-f]{32}")


def begin(
    request: HttpRequest,
    person: Person,
    activity: tuple[str, UUID],
    context: tuple[str, UUID],
    *,
    organisation: Organisation | None = None,
    length: float | None = None,
    no_skip: bool = False,
    watched: Iterable[Sequence[float]] = (),
    position: float | None = None,
) -> JsonResponse:
    """Start a sitting for whom the page belongs to, and answer its ``<dg-sitting>``. Raises NotAllowed for anybody else.

    The element posts ``device``, the browser's own id. In the answer ``earlier`` is what the activity earned before, in
    seconds; ``every`` and ``idle`` are seconds, too.
    """
    now = timezone.now()
    device = request.POST.get("device", "")
    earlier = seconds_by_activity(context).get(activity[1], 0)
    started = start_sitting(
        person,
        activity,
        context,
        device=device if _DEVICE.fullmatch(device) else "",
        address=request.META.get("REMOTE_ADDR", ""),
        device_text=device_text(request.META.get("HTTP_USER_AGENT", "")),
        organisation=organisation,
        length=length,
        no_skip=no_skip,
        watched=watched,
        position=position,
        actor=actor_of(request),
        now=now,
    )
    limits = limits_on(timezone.localdate(now))
    answer: dict[str, Any] = {
        "token": started.token,
        "beat": PATH,
        "every": limits.beat_ms // 1000,
        "idle": limits.idle_ms // 1000,
        "earlier": earlier,
        "day": sum(started.sitting.before.values()) // 1000,
        "saved": f"{timezone.localtime(now):%H:%M:%S}",
    }
    return JsonResponse(answer)


def device_text(agent: str) -> str:
    """What kind of device and browser, as far as it says so: ``Android · Chrome``. Empty where it doesn't."""
    systems = (("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("Windows", "Windows"),
               ("Mac OS X", "macOS"), ("Linux", "Linux"))  # fmt: skip
    browsers = (
        ("MicroMessenger", "WeChat"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    )
    return " · ".join(next((name for mark, name in known if mark in agent), "") for known in (systems, browsers)).strip(" ·")
