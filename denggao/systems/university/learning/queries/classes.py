"""Classes as their teachers and the learners' employers see them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.organisations.models import Organisation
from denggao.systems.university.learning import policies
from denggao.systems.university.learning.models import Enrolment, Run, Submission, Thread, UnitProgress
from denggao.systems.university.outlines import Outline, OutlineUnit

State = Enrolment.State


def run_rows(actor: Actor) -> QuerySet[Run]:
    """Classes the actor sees, each with how many learn, have finished, wait and have work waiting to be marked."""
    return (
        policies.visible_runs(actor)
        .select_related("course", "school")
        .annotate(
            learning=Count("enrolments", filter=Q(enrolments__state=State.ENROLLED)),
            finished=Count("enrolments", filter=Q(enrolments__state=State.FINISHED)),
            waiting=Count("enrolments", filter=Q(enrolments__state=State.WAITING)),
        )
    )


def learner_rows(run: Run) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(run=run).select_related("person", "employer")


@dataclass(frozen=True)
class Numbers:
    """Of a class: how many are where, and what waits for its teachers."""

    learning: int
    finished: int
    waiting: int
    overdue: int
    to_mark: int
    open_questions: int


def numbers_of(run: Run) -> Numbers:
    """Three queries."""
    today = timezone.localdate()
    counted = Enrolment.objects.filter(run=run).aggregate(
        learning=Count("pk", filter=Q(state=State.ENROLLED)),
        finished=Count("pk", filter=Q(state=State.FINISHED)),
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        overdue=Count("pk", filter=Q(state=State.ENROLLED, due_on__lt=today)),
    )
    to_mark = Submission.objects.filter(enrolment__run=run, state=Submission.State.HANDED_IN).count()
    questions = Thread.objects.filter(run=run, state=Thread.State.OPEN, hidden_at__isnull=True).count()
    return Numbers(**counted, to_mark=to_mark, open_questions=questions)


def units_of_kind(course: Outline, *kinds: str) -> list[OutlineUnit]:
    return [unit for unit in course.units if unit.kind in kinds]


def to_mark(actor: Actor) -> int:
    """For the desk: work that waits in the schools one teaches at."""
    schools = actor.organisations_as(Role.TEACHER)
    if not schools:
        return 0
    waiting = Submission.objects.filter(state=Submission.State.HANDED_IN, enrolment__run__school__organisation_id__in=schools)
    return waiting.count()


def questions_open(actor: Actor) -> int:
    """For the desk: questions nobody has answered."""
    schools = actor.organisations_as(Role.TEACHER)
    if not schools:
        return 0
    return Thread.objects.filter(
        run__school__organisation_id__in=schools, state=Thread.State.OPEN, replies_count=0, hidden_at__isnull=True
    ).count()


@dataclass(frozen=True)
class UnitNumbers:
    """How a class stands at one unit: where learners get stuck."""

    unit: OutlineUnit
    done: int
    started: int


def by_unit(run: Run, course: Outline) -> list[UnitNumbers]:
    """One query."""
    rows = (
        UnitProgress.objects.filter(enrolment__run=run, enrolment__state__in=(State.ENROLLED, State.FINISHED))
        .values_list("unit_key", "state")
        .annotate(number=Count("pk"))
        .order_by()
    )
    found: dict[tuple[UUID, str], int] = {(key, state): number for key, state, number in rows}
    done = UnitProgress.State.DONE
    return [
        UnitNumbers(
            unit,
            found.get((unit.key, done), 0),
            sum(number for (key, state), number in found.items() if key == unit.key and state != done),
        )
        for unit in course.units
    ]


# Employers


def own_employers(actor: Actor) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=actor.organisations_as(Role.HR)).order_by("name_zh")


def team_rows(actor: Actor) -> QuerySet[Enrolment]:
    """Whom the actor's own bodies enrolled."""
    return Enrolment.objects.filter(employer_id__in=actor.organisations_as(Role.HR)).select_related(
        "person", "run__course", "run__school"
    )


def runs_for_employers(today: dt.date) -> QuerySet[Run]:
    """Classes HR may enrol into."""
    return (
        policies.enterable_runs()
        .filter(Q(closes_on__isnull=True) | Q(closes_on__gte=today), entry__in=(Run.Entry.OPEN, Run.Entry.EMPLOYER))
        .select_related("course", "school", "version")
        .annotate(taken=Count("enrolments", filter=Q(enrolments__state__in=(State.ENROLLED, State.FINISHED))))
    )
