"""Classes: opened, changed, closed; their own dates for units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line
from denggao.systems.university.learning import policies
from denggao.systems.university.learning.actions.enrolling import fill_seats, learners_of
from denggao.systems.university.learning.actions.progressing import recount
from denggao.systems.university.learning.actions.refusals import LearningRefused
from denggao.systems.university.learning.models import Run, UnitDate
from denggao.systems.university.models import Course, School
from denggao.systems.university.queries import courses_of, outline


@dataclass(frozen=True)
class RunFacts:
    """A class as a form gives it. ``closes_on`` is its last day; no ``seats``: as many as come."""

    title: str
    opens_on: dt.date
    closes_on: dt.date | None = None
    seats: int | None = None
    entry: str = Run.Entry.OPEN
    fee_yuan: Decimal | None = None
    note: str = ""


def _checked(facts: RunFacts) -> None:
    if not facts.title.strip():
        raise LearningRefused(_("Title: say what this class is called, such as its month."))
    if facts.closes_on is not None and facts.closes_on < facts.opens_on:
        raise LearningRefused(_("Last day: it lies before the first."))
    if facts.seats is not None and facts.seats < 1:
        raise LearningRefused(_("Seats: one at least; leave it empty for as many as come."))


@action("learning.run.open", requires=policies.can_keep_runs)
def open_run(school: School, course: Course, facts: RunFacts, *, is_open: bool = True, actor: Actor, now: dt.datetime) -> Run:
    """A new class of a course, of the version learners are given today. Raises LearningRefused for a course the school may not
    run, or that is not published."""
    _checked(facts)
    version = course.current
    if course.state != Course.State.PUBLISHED or version is None:
        raise LearningRefused(_("This course is not published. Publish it first; learners get the version published then."))
    if not courses_of(school).filter(pk=course.pk).exists():
        raise LearningRefused(_("Your school may not run this course: it is another school’s, and not shared with you."))
    return Run.objects.create(
        course=course,
        version=version,
        school=school,
        plan=school.plan,
        state=Run.State.OPEN if is_open else Run.State.PLANNED,
        created_at=now,
        **_fields(facts),
    )


def _fields(facts: RunFacts) -> dict[str, object]:
    return {
        "title": facts.title.strip()[:120],
        "opens_on": facts.opens_on,
        "closes_on": facts.closes_on,
        "seats": facts.seats,
        "entry": facts.entry,
        "fee_yuan": facts.fee_yuan,
        "note": facts.note.strip()[:300],
    }


@action("learning.run.change", requires=policies.can_keep_runs)
def change_run(run: Run, facts: RunFacts, *, actor: Actor, now: dt.datetime) -> Run:
    """Change a class that has not ended. More seats bring in who waits. Raises LearningRefused."""
    _checked(facts)
    if not Run.objects.filter(pk=run.pk).exclude(state=Run.State.CLOSED).update(touched=F("touched") + 1, **_fields(facts)):
        raise LearningRefused(_("This class has ended; it stays as it was."))
    run.refresh_from_db()
    fill_seats(run, now=now)
    return run


@action("learning.run.state", requires=policies.can_keep_runs)
def set_run_state(run: Run, state: str, *, actor: Actor, now: dt.datetime) -> Run:
    """Open a planned class for entry, or close one. Learners of a closed class keep what they have, and can look things up.
    Raises LearningRefused where it is so already."""
    allowed = {Run.State.OPEN: (Run.State.PLANNED, Run.State.CLOSED), Run.State.CLOSED: (Run.State.OPEN, Run.State.PLANNED)}
    if state not in allowed or not Run.objects.filter(pk=run.pk, state__in=allowed[Run.State(state)]).update(state=state):
        raise LearningRefused(_("This class is in that state already."))
    run.refresh_from_db()
    return run


@action("learning.run.dates", requires=policies.can_keep_runs, batch=True)
def set_unit_dates(
    run: Run, dates: Mapping[UUID, tuple[dt.datetime | None, dt.datetime | None]], *, actor: Actor, now: dt.datetime
) -> Run:
    """Say when units open and when they are due; units not named have no dates. Raises LearningRefused where one is due before it
    opens."""
    course = outline(run.version)
    for key, (opens_at, due_at) in dates.items():
        unit = course.by_key.get(key)
        if unit is not None and opens_at is not None and due_at is not None and due_at < opens_at:
            raise LearningRefused(_("%(unit)s: it is due before it opens.") % {"unit": unit.title})
    before = {str(row.unit_key): [row.opens_at, row.due_at] for row in UnitDate.objects.filter(run=run)}
    UnitDate.objects.filter(run=run).delete()
    UnitDate.objects.bulk_create(
        UnitDate(run=run, unit_key=key, opens_at=opens_at, due_at=due_at)
        for key, (opens_at, due_at) in dates.items()
        if key in course.by_key and (opens_at or due_at)
    )
    after = {str(row.unit_key): [row.opens_at, row.due_at] for row in UnitDate.objects.filter(run=run)}
    note([Line.about("learning.run.dates", run, before={"dates": before}, after={"dates": after})])
    return run


@action("learning.run.upgrade", requires=policies.can_keep_runs)
def move_to_current(run: Run, *, actor: Actor, now: dt.datetime) -> Run:
    """Give a class the version of its course that is published today. What was done in units that both versions have stays done.
    Raises LearningRefused where it has it already, or has ended."""
    version = run.course.current
    if version is None or version.pk == run.version_id:
        raise LearningRefused(_("This class has the newest version already."))
    if not Run.objects.filter(pk=run.pk).exclude(state=Run.State.CLOSED).update(version=version, touched=F("touched") + 1):
        raise LearningRefused(_("This class has ended; it stays as it was."))
    run = Run.objects.select_related("course", "version__course", "school").get(pk=run.pk)
    for enrolment in learners_of(run).select_related("person__account"):
        enrolment.run = run
        recount(enrolment, now=now)
    return run
