"""What a learner is told when hours change by somebody's hand."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from denggao.engines.hours.models import Finding, Fix
from denggao.foundation.messages.actions import send
from denggao.foundation.messages.registry import Tone, register
from denggao.foundation.people.models import Person

register(
    "hours.upheld",
    title=_("Learning time of %(day)s does not count"),
    body=_("%(minutes)s minutes were taken back: %(reason)s You can object at the programme office."),
    tone=Tone.REFUSED,
)
register(
    "hours.added",
    title=_("Learning time of %(day)s was added"),
    body=_("%(minutes)s minutes, confirmed by a second person: %(reason)s"),
    tone=Tone.DONE,
)
register(
    "hours.removed",
    title=_("Learning time of %(day)s was taken back"),
    body=_("%(minutes)s minutes, confirmed by a second person: %(reason)s"),
    tone=Tone.INFO,
)


def tell_upheld(finding: Finding, *, seconds: int, now: dt.datetime) -> None:
    _tell(finding.person, "hours.upheld", finding.day, seconds, finding.reason, now)


def tell_fixed(fix: Fix, *, now: dt.datetime) -> None:
    code = "hours.added" if fix.act == Fix.Kind.ADD else "hours.removed"
    _tell(fix.person, code, fix.day, fix.seconds, fix.reason, now)


def _tell(person: Person, code: str, day: dt.date, seconds: int, reason: str, now: dt.datetime) -> None:
    if person.account is not None:
        told = {"day": day.isoformat(), "minutes": str(seconds // 60), "reason": reason}
        send(person.account, code, told, reverse("hours:own"), now=now)
