"""Applying for a seat, judging and choosing. What was decided is carried out by the enrolling everybody else uses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from denggao.engines.cases.actions import decide_case, open_case, pass_check
from denggao.engines.cases.models import Case
from denggao.engines.cases.procedures import StageKind
from denggao.foundation.audit.actions import Refused, action
from denggao.foundation.audit.actors import Actor, ActorKind
from denggao.foundation.people.models import Person
from denggao.systems.university.learning import policies
from denggao.systems.university.learning.actions.enrolling import lock, refuse_shut, standing_in
from denggao.systems.university.learning.actions.refusals import LearningRefused
from denggao.systems.university.learning.models import Run, SeatApplication
from denggao.systems.university.learning.selection.queries import SELECTION, application_of, run_of_case, seats_to_give

MOST_POINTS = 100


@action("learning.seat.apply", requires=policies.can_enrol_self, batch=True)
def apply_for_seat(run: Run, *, actor: Actor, now: dt.datetime) -> Case:
    """Open an application for a seat; it is then written and submitted like any other. Raises LearningRefused where this way into
    the class is shut, CaseRefused where one is under way."""
    person = Person.objects.select_related("account").get(pk__in=[policies.person_id_of(actor)])
    must_be_open(run, person, now=now)
    return open_case(None, procedure=SELECTION, person=person, plan=run.plan, about_id=run.public_id, actor=actor, now=now)


def must_be_open(run: Run, person: Person, *, now: dt.datetime) -> None:
    """Raises LearningRefused where this person can't apply for a seat in this class now."""
    known = standing_in(run, [person.pk]).get(person.pk)
    refuse_shut(run, how="selected", now=now, standing=known.state if known is not None else None, person=person)


def can_keep(actor: Actor, case: Any) -> bool:
    """Whoever may submit the case: the engine has asked; a visitor never."""
    return actor.kind is not ActorKind.VISITOR


@action("learning.seat.keep", requires=can_keep)
def keep_application(case: Case, *, actor: Actor, now: dt.datetime) -> SeatApplication:
    """Put what was submitted before the school. Points given to an earlier submission are gone. Raises LearningRefused."""
    run = run_of_case(case)
    if run is None:
        raise LearningRefused(_("The class this application is about is not there any more."))
    fields = {
        "run": run,
        "person_id": case.person_id,
        "submitted_at": now,
        "points": None,
        "remark": "",
        "rated_by": "",
        "rated_at": None,
    }
    application, _created = SeatApplication.objects.update_or_create(case=case, defaults=fields)
    return application


def can_rate(actor: Actor, application: object) -> bool:
    """Whoever teaches at the school that holds the class."""
    return isinstance(application, SeatApplication) and policies.teaches(actor, application.run)


@action("learning.seat.rate", requires=can_rate)
def rate(application: SeatApplication, *, points: int, remark: str = "", actor: Actor, now: dt.datetime) -> SeatApplication:
    """Points by which the applications of a class are put in their order. Raises LearningRefused for more than 100 or fewer than 0,
    and for an application that is decided."""
    if not 0 <= points <= MOST_POINTS:
        raise LearningRefused(_("Points: from 0 to %(most)s.") % {"most": MOST_POINTS})
    rated = SeatApplication.objects.filter(
        pk=application.pk, case__state="open", case__stage_kind__in=[StageKind.CHECK, StageKind.DECIDE]
    ).update(points=points, remark=" ".join(remark.split())[:300], rated_by=actor.id, rated_at=now)
    if not rated:
        raise LearningRefused(_("This application is decided; its points stay."))
    application.refresh_from_db()
    return application


@dataclass(frozen=True)
class Choice:
    """What is to become of an application: ``complete``, ``yes`` or ``no``. ``seen``: the ``lock`` of its case on the page."""

    application: SeatApplication
    verdict: str
    seen: int | None = None


@dataclass(frozen=True)
class Chosen:
    """What became of it; ``sentence`` says why not, empty where it was done."""

    application: SeatApplication
    sentence: str = ""


@action("learning.seat.choose", requires=policies.can_keep_runs, batch=True)
def choose(run: Run, choices: Sequence[Choice], *, yes: str, no: str, actor: Actor, now: dt.datetime) -> list[Chosen]:
    """Take several applications one step on: each goes by the rules it would go by alone; one that can't stays and says why.
    Refusals come first, so that a seat is never promised to more than there are."""
    order = {"no": 0, "complete": 1, "yes": 2}
    return [_choose_one(choice, yes, no, actor, now) for choice in sorted(choices, key=lambda one: order[one.verdict])]


def _choose_one(choice: Choice, yes: str, no: str, actor: Actor, now: dt.datetime) -> Chosen:
    case = Case.objects.with_labels().get(pk=choice.application.case_id)
    try:
        with transaction.atomic():
            if choice.verdict == "complete":
                pass_check(case, seen=choice.seen, actor=actor, now=now)
            else:
                approve = choice.verdict == "yes"
                decide_case(case, approve=approve, reason=yes if approve else no, seen=choice.seen, actor=actor, now=now)
    except Refused as refused:
        return Chosen(choice.application, str(refused))
    return Chosen(choice.application)


def must_have_a_seat(case: Case, *, approve: bool, actor: Actor, now: dt.datetime) -> None:
    """Before a decision: the class's teachers and deans decide, within its seats, one after the other. Raises LearningRefused."""
    application = application_of(case)
    if application is None:
        return
    run = application.run
    if not policies.can_keep_runs(actor, run):
        raise LearningRefused(_("The school’s teachers and deans decide; assistants look through the applications."))
    if not approve:
        return
    lock(run)
    if seats_to_give(run) == 0:
        raise LearningRefused(_("All seats of this class are given. Give it more seats, or decide against somebody else first."))
