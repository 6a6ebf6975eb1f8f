"""Reads of applications for seats."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import F, QuerySet

from denggao.engines.cases.models import Case
from denggao.engines.cases.procedures import StageKind
from denggao.engines.cases.states import STANDING, State
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.audit.readied import readied
from denggao.systems.university.learning.actions.enrolling import learners_of
from denggao.systems.university.learning.models import Run, SeatApplication
from denggao.systems.university.learning.rules.entry import seats_left

SELECTION = "course_selection"


def handled_by(actor: Actor) -> Collection[UUID] | None:
    """Public ids of the applications that the schools at which the actor teaches look at; None where it teaches nowhere. For
    ``cases.sight``."""
    bodies = actor.organisations_as(Role.TEACHER)
    if not bodies:
        return None
    handled = SeatApplication.objects.filter(run__school__organisation_id__in=bodies)
    return handled.values_list("case__public_id", flat=True)  # type: ignore[return-value]  # a queryset will do


def run_of_case(case: Case) -> Run | None:
    """The class an application is about."""
    runs = Run.objects.select_related("course", "version__course", "school")
    return runs.filter(public_id=case.about_id).first() if case.about_id is not None else None


def application_of(case: Case) -> SeatApplication | None:
    """What was said when it was last submitted; None while it is a draft."""
    found = SeatApplication.objects.select_related("run__course", "run__version__course", "run__school", "person")
    return found.filter(case_id=case.pk).first()


def standing_of(run: Run, person_id: int) -> Case | None:
    """The person's last application to a class that was not withdrawn; a standing one before others."""
    cases = Case.objects.filter(procedure=SELECTION, about_id=run.public_id, person_id=person_id).exclude(state=State.WITHDRAWN)
    return cases.filter(state__in=STANDING).first() or cases.order_by("-pk").first()


@readied(int)
def under_way(person_id: int) -> QuerySet[Case]:
    """A person's applications for seats that stand: being written, sent back, or with the school."""
    cases = Case.objects.filter(person_id=person_id, procedure=SELECTION, state__in=STANDING)
    return cases.only("public_id", "title", "state", "stage_kind").order_by("pk")


def seats_to_give(run: Run) -> int | None:
    """Seats neither taken nor promised by a decision that is not carried out yet; None: as many as come."""
    promised = SeatApplication.objects.filter(run=run, case__state=State.OPEN, case__stage_kind=StageKind.AWARD).count()
    return seats_left(run.seats, learners_of(run).count() + promised)


def to_choose_from(run: Run) -> QuerySet[SeatApplication]:
    """Applications that were handed in: those that stand before those that ended, by points, who came first before the others."""
    rows = SeatApplication.objects.filter(run=run).select_related("case", "person")
    return rows.order_by(F("case__ended_at").asc(nulls_first=True), F("points").desc(nulls_last=True), "submitted_at", "pk")


def waiting(actor: Actor) -> int:
    """How many applications wait for the schools at which the actor teaches. One query."""
    bodies = actor.organisations_as(Role.TEACHER)
    if not bodies:
        return 0
    stages = [StageKind.CHECK, StageKind.DECIDE]
    found = SeatApplication.objects.filter(run__school__organisation_id__in=bodies)
    return found.filter(case__state=State.OPEN, case__stage_kind__in=stages).count()
