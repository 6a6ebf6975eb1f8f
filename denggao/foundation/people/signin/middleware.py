"""What office sessions must keep to: a second factor, and no long absence from the keyboard."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.audit.middleware import write_while_reading
from denggao.foundation.people.signin.actions import record_sign_out
from denggao.foundation.people.signin.queries import passed_second_factor
from denggao.foundation.people.signin.rules import must_add_second_factor, timed_out

SEEN = "seen_at"
SEEN_EVERY_SECONDS = 60

View = TypeVar("View", bound=Callable[..., Any])


def before_second_factor(view: View) -> View:
    """Mark a view that an office account may use before it has set up its second factor."""
    view.before_second_factor = True  # type: ignore[attr-defined]  # a mark on the view
    return view


class OfficeSessionMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if not request.user.is_authenticated:
            return None
        actor = actor_of(request)
        now = time.time()
        idle = now - float(request.session.get(SEEN, now))
        if timed_out(office=actor.is_office, idle_seconds=idle, limit_seconds=settings.OFFICE_IDLE_SECONDS):
            return self._end(request, actor)
        if idle >= SEEN_EVERY_SECONDS or SEEN not in request.session:
            request.session[SEEN] = int(now)
            if idle >= SEEN_EVERY_SECONDS:
                UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())
        if getattr(view, "before_second_factor", False):
            return None
        if must_add_second_factor(office=actor.is_office, demo_mode=settings.DEMO, passed=passed_second_factor(request)):
            return _lead_to(
                request, f"{reverse('account_set_up_factor')}?{_next(request)}", _("Set up your second factor first."), 403
            )
        return None

    def _end(self, request: HttpRequest, actor: Actor) -> HttpResponseBase:
        if actor.user is not None:
            with write_while_reading():
                record_sign_out(actor.user, idle=True, actor=actor, now=timezone.now())
        logout(request)
        return _lead_to(request, f"{reverse('account_login')}?idle=1&{_next(request)}", _("Please sign in."), 401)


def _next(request: HttpRequest) -> str:
    return urlencode({"next": request.get_full_path()}) if request.method == "GET" and not getattr(request, "htmx", False) else ""


def _lead_to(request: HttpRequest, url: str, sentence: str, status: int) -> HttpResponseBase:
    """Elsewhere: a redirect for a page, a header for htmx, a sentence for the API."""
    url = url.rstrip("?&")
    if request.path.startswith(settings.API_PREFIX):
        return JsonResponse({"detail": sentence}, status=status)
    if getattr(request, "htmx", False):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = url
        return response
    return redirect(url)
