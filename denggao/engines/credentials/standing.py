"""How something issued stands, as its public page, the verification and the API tell it: standing, since when, and the
class of the reason. The reason itself is told to nobody here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.engines.credentials.models import Issued, IssuedEvent, ReasonClass, Standing
from denggao.engines.credentials.registry import Facts, issued_kind


@dataclass(frozen=True)
class Happened:
    """One thing that happened to it. ``tone`` is the timeline's: ok, bad or empty."""

    title: str
    text: str
    on: dt.date
    tone: str


@dataclass(frozen=True)
class Status:
    """``since`` is the first day of the present standing; ``reason`` its class in words, empty where there is none."""

    issued: Issued
    kind: str
    standing: Standing
    since: dt.date
    reason: str
    facts: Facts = field(default_factory=list)
    history: list[Happened] = field(default_factory=list)


def status_of(issued: Issued, *, day: dt.date) -> Status:
    """One query, for the history."""
    standing, events = issued.standing(day), list(issued.events.all())
    kind = issued_kind(issued.kind)
    return Status(
        issued=issued,
        kind=str(kind.label),
        standing=standing,
        since=_since(issued, standing, events),
        reason=str(ReasonClass(issued.status_reason_class).label) if issued.status_reason_class else "",
        facts=kind.rows(issued),
        history=_history(issued, standing, events),
    )


def _since(issued: Issued, standing: Standing, events: list[IssuedEvent]) -> dt.date:
    if standing in {Standing.SUSPENDED, Standing.WITHDRAWN}:
        return localdate(issued.status_at)
    if standing is Standing.EXPIRED and issued.valid_until is not None:
        return issued.valid_until + dt.timedelta(days=1)
    restored = [localdate(event.at) for event in events if event.kind == IssuedEvent.Kind.RESTORED]
    return max([issued.valid_from, *restored])


def _history(issued: Issued, standing: Standing, events: list[IssuedEvent]) -> list[Happened]:
    """The newest last; the end of the term as the last, once it has come."""
    told = [_told(event) for event in events]
    if standing is Standing.EXPIRED and issued.valid_until is not None:
        told.append(Happened(_("Its term ended"), "", issued.valid_until, "bad"))
    return told


def _told(event: IssuedEvent) -> Happened:
    on = localdate(event.at)
    reason = str(ReasonClass(event.reason_class).label) if event.reason_class else ""
    match event.kind:
        case IssuedEvent.Kind.SUSPENDED:
            return Happened(_("Was suspended"), reason, on, "bad")
        case IssuedEvent.Kind.RESTORED:
            return Happened(_("Was restored"), reason, on, "ok")
        case IssuedEvent.Kind.WITHDRAWN:
            return Happened(_("Was withdrawn"), reason, on, "bad")
        case IssuedEvent.Kind.RENEWED if event.valid_until is None:
            return Happened(_("Was renewed"), _("without end"), on, "ok")
        case IssuedEvent.Kind.RENEWED:
            return Happened(_("Was renewed"), _("its term goes on"), on, "ok")
        case _:
            return Happened(_("Was issued"), "", on, "ok")
