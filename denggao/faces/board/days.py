"""The two times of a page of the board."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone

from denggao.faces.board import rules
from denggao.foundation.plans.models import Plan


def latest_of(plan: Plan) -> dt.date:
    """The newest day the board can be of: today, within the plan."""
    return min(max(timezone.localdate(), plan.first_day), plan.last_day)


@dataclass(frozen=True)
class Days:
    """The two times of a page: of which day the events, and known on which day (None: now)."""

    as_of: dt.date
    known_on: dt.date | None
    first: dt.date
    last: dt.date
    today: dt.date

    @property
    def query(self) -> str:
        """The same days for a link, beginning with ``&``."""
        return f"&as_of={self.as_of}" + (f"&known_on={self.known_on}" if self.known_on else "")


def days_of(request: HttpRequest, plan: Plan) -> Days:
    latest, today = latest_of(plan), timezone.localdate()
    as_of = rules.any_day(request.GET.get("as_of", ""), first=plan.first_day, last=latest, default=latest) or latest
    known_on = rules.any_day(request.GET.get("known_on", ""), first=plan.first_day, last=today, default=None)
    return Days(as_of, None if known_on == today else known_on, plan.first_day, latest, today)
