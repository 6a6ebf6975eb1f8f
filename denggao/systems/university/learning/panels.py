"""What learning shows on pages of the rooms below it: the classes of a course that can be entered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q
from django.utils import timezone

from denggao.foundation.audit.actors import Actor
from denggao.systems.university.learning import policies
from denggao.systems.university.learning.actions.enrolling import SEATED
from denggao.systems.university.learning.models import Run
from denggao.systems.university.learning.rules.entry import seats_left
from denggao.systems.university.models import Course, Programme
from denggao.systems.university.queries import Panel

MOST_SHOWN = 24


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A class that takes people. ``left`` are its free seats; None where as many come in as want to. Where the class says no fee
    of its own, the course's holds."""

    run: Run
    left: int | None
    fee_yuan: Decimal | None

    @property
    def is_full(self) -> bool:
        return self.left == 0

    @property
    def selects(self) -> bool:
        return self.run.entry == Run.Entry.SELECTED

    @property
    def by_oneself(self) -> bool:
        return self.run.entry == Run.Entry.OPEN


def open_classes(of: Q, today: dt.date, most: int) -> list[OpenRun]:
    """The classes that are open for entry among some, the first to begin first. One query."""
    runs = (
        policies.enterable_runs()
        .filter(Q(closes_on__isnull=True) | Q(closes_on__gte=today), of)
        .select_related("school", "course")
        .annotate(taken=Count("enrolments", filter=Q(enrolments__state__in=SEATED)))
        .order_by("opens_on", "pk")[:most]
    )
    return [
        OpenRun(run, seats_left(run.seats, run.taken), run.course.fee_yuan if run.fee_yuan is None else run.fee_yuan)
        for run in runs
    ]


def open_runs(actor: Actor, course: Course) -> Panel:
    """On the course's page in the catalogue. One query."""
    today = timezone.localdate()
    rows = open_classes(Q(course=course), today, MOST_SHOWN + 1)
    context = {"rows": rows[:MOST_SHOWN], "more": len(rows) > MOST_SHOWN, "home": course.school_id, "today": today}
    return Panel("learning/panel_runs.html", context)


def programme_runs(actor: Actor, programme: Programme) -> Panel:
    """On a programme's page: the classes of its courses; one query."""
    today = timezone.localdate()
    rows = open_classes(Q(course__in=programme.places.values("course")), today, MOST_SHOWN + 1)
    context = {
        "rows": rows[:MOST_SHOWN],
        "more": len(rows) > MOST_SHOWN,
        "home": programme.school_id,
        "today": today,
        "courses": True,
    }
    return Panel("learning/panel_runs.html", context)
