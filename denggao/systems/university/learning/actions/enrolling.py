"""How people come into a class, and how they leave it. One core writes for the page, the employer's list and the sheet alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.bulk import insert, overwrite
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.organisations.models import Employment, Organisation
from denggao.foundation.organisations.queries import chunks, employed_on
from denggao.foundation.people.models import Person
from denggao.systems.university.learning import policies
from denggao.systems.university.learning.actions.refusals import LearningRefused, words_for
from denggao.systems.university.learning.models import Enrolment, Run
from denggao.systems.university.learning.rules.entry import hindrance, missing_courses, seats_left
from denggao.systems.university.learning.telling import tell_learners, tell_removed
from denggao.systems.university.queries import outline

State, How = Enrolment.State, Enrolment.How
SEATED = (State.ENROLLED, State.FINISHED)
_CHANGED = (
    "state", "how", "employer_id", "created_at", "enrolled_at", "due_on", "ended_at", "finished_at", "reason", "source", "required",
    "next_key",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entrant:
    """Somebody who is to come in. ``source`` names the sheet's row."""

    person: Person
    due_on: dt.date | None = None
    source: str = ""


@dataclass(slots=True)
class Entered:
    """What became of an entrant: ``created``, ``updated`` (came back, or another day is due) or ``unchanged``."""

    enrolment: Enrolment
    outcome: str


def lock(run: Run) -> None:
    """Hold a class: seats are given one after the other."""
    Run.objects.filter(pk=run.pk).update(touched=F("touched") + 1)
    run.refresh_from_db(fields=["touched", "seats", "state", "entry", "closes_on"])


def learners_of(run: Run) -> QuerySet[Enrolment]:
    """Who learns in a class, or has finished it."""
    return Enrolment.objects.filter(run=run, state__in=SEATED)


def standing_in(run: Run, person_ids: Iterable[int]) -> dict[int, Enrolment]:
    """The enrolments there are, by person."""
    found: dict[int, Enrolment] = {}
    for part in chunks(set(person_ids)):
        found.update((one.person_id, one) for one in Enrolment.objects.filter(run=run, person_id__in=part))
    return found


def enter(
    run: Run,
    entrants: Sequence[Entrant],
    *,
    how: str,
    employer: Organisation | None = None,
    invite: bool = False,
    tell: bool = True,
    code: str,
    now: dt.datetime,
) -> list[Entered]:
    """Bring people into a class, in their order: seats go first come first served, the rest wait. Who is in already stays, but for
    the day that is due. Runs inside an action, which it notes its lines under as ``code``."""
    lock(run)
    known = standing_in(run, [entrant.person.pk for entrant in entrants])
    left = seats_left(run.seats, learners_of(run).count())
    course = outline(run.version)
    first, required = next((unit.key for unit in course.units), None), len(course.required_keys)
    entered: list[Entered] = []
    new: list[Enrolment] = []
    changed: list[Enrolment] = []
    lines: list[Line] = []
    for entrant in entrants:
        one = known.get(entrant.person.pk)
        before = snapshot(one) if one is not None else None
        outcome = "unchanged"
        if one is None or one.state in (State.LEFT, State.REMOVED) or (one.state == State.INVITED and not invite):
            outcome = "created" if one is None else "updated"
            one = one or Enrolment(run=run, person=entrant.person, created_at=now)
            one.run, one.how, one.employer = run, how, employer
            one.source, one.due_on = entrant.source, entrant.due_on or run.closes_on
            one.required, one.next_key = required, one.next_key or first
            one.ended_at, one.finished_at, one.reason, one.enrolled_at = None, None, "", None
            if invite:
                one.state = State.INVITED
            elif left is not None and left <= 0:
                one.state, one.created_at = State.WAITING, now
            else:
                one.state, one.enrolled_at = State.ENROLLED, now
                left = None if left is None else left - 1
        elif entrant.due_on is not None and entrant.due_on != one.due_on:
            one.due_on, outcome = entrant.due_on, "updated"
        entered.append(Entered(one, outcome))
        if outcome != "unchanged":
            known[entrant.person.pk] = one
            (new if outcome == "created" else changed).append(one)
            lines.append(Line.about(code, one, before=before, after=snapshot(one)))
    insert(new)
    overwrite([one for one in changed if one.pk is not None], _CHANGED)
    note(lines)
    if tell:
        _tell([item.enrolment for item in entered if item.outcome != "unchanged"], run, now)
    return entered


def _tell(entered: Collection[Enrolment], run: Run, now: dt.datetime) -> None:
    for state, code in (
        (State.ENROLLED, "learning.enrolled"),
        (State.INVITED, "learning.invited"),
        (State.WAITING, "learning.waiting"),
    ):
        told = [one for one in entered if one.state == state]
        if told:
            tell_learners(told, code, run, now=now)


def _missing(run: Run, person: Person) -> set[int]:
    wanted = list(run.course.prerequisites.values_list("pk", flat=True))
    if not wanted:
        return set()
    finished = Enrolment.objects.filter(person=person, state=State.FINISHED, run__course_id__in=wanted)
    return missing_courses(wanted, list(finished.values_list("run__course_id", flat=True)))


def refuse_shut(run: Run, *, how: str, now: dt.datetime, standing: str | None = None, person: Person | None = None) -> None:
    """Raises LearningRefused where this way into the class is shut."""
    missing = _missing(run, person) if person is not None else set()
    why = hindrance(run.door, how=how, today=timezone.localdate(now), standing=standing, missing=missing)
    if why is not None:
        raise LearningRefused(words_for(why))


@action("learning.enrolment.self", requires=policies.can_enrol_self, batch=True)
def enrol_self(run: Run, *, actor: Actor, now: dt.datetime) -> Enrolment:
    """Enter a class by oneself; on its waiting list where it is full. Raises LearningRefused."""
    person = Person.objects.select_related("account").get(pk__in=[policies.person_id_of(actor)])
    known = standing_in(run, [person.pk]).get(person.pk)
    refuse_shut(run, how="self", now=now, standing=known.state if known is not None else None, person=person)
    employer = known.employer if known is not None and known.state == State.INVITED else None
    how = How.INVITED if known is not None and known.state == State.INVITED else How.SELF
    return enter(run, [Entrant(person)], how=how, employer=employer, code="learning.enrolment.self", now=now)[0].enrolment


@action("learning.enrolment.staff", requires=policies.can_enrol_staff, batch=True)
def enrol_staff(
    employer: Organisation,
    run: Run,
    persons: Sequence[Person],
    *,
    due_on: dt.date | None = None,
    invite: bool = False,
    actor: Actor,
    now: dt.datetime,
) -> list[Entered]:
    """HR enrols, or invites, people of its own. Raises LearningRefused for a class that is not open to employers, or for somebody
    who does not work there today."""
    refuse_shut(run, how="employer", now=now)
    _due(run, due_on, now)
    there = employed_on(Employment.objects.filter(employer=employer), timezone.localdate(now))
    ids = {person.pk for person in persons}
    if ids - set(there.filter(person_id__in=ids).values_list("person_id", flat=True)):
        raise LearningRefused(_("Somebody chosen is not on your roster today. Bring the roster up to date first."))
    entrants = [Entrant(person, due_on) for person in persons]
    return enter(run, entrants, how=How.EMPLOYER, employer=employer, invite=invite, code="learning.enrolment.staff", now=now)


def _due(run: Run, due_on: dt.date | None, now: dt.datetime) -> None:
    if due_on is not None and due_on < timezone.localdate(now):
        raise LearningRefused(_("Due on: this day has passed."))
    if due_on is not None and run.closes_on is not None and due_on > run.closes_on:
        raise LearningRefused(_("Due on: the class ends on %(day)s.") % {"day": run.closes_on.isoformat()})


@action("learning.enrolment.accept", requires=policies.can_answer_invitation)
def accept_invitation(enrolment: Enrolment, *, actor: Actor, now: dt.datetime) -> Enrolment:
    """Say yes to an invitation: a seat, or the waiting list. Raises LearningRefused where it was answered, or the class is over."""
    run = Run.objects.select_related("course", "version__course", "school").get(pk=enrolment.run_id)
    if run.state == Run.State.CLOSED or (run.closes_on is not None and run.closes_on < timezone.localdate(now)):
        raise LearningRefused(_("This class has ended. Choose a later class of the course."))
    lock(run)
    left = seats_left(run.seats, learners_of(run).count())
    state = State.ENROLLED if left is None or left > 0 else State.WAITING
    enrolled_at = now if state == State.ENROLLED else None
    answered = Enrolment.objects.filter(pk=enrolment.pk, state=State.INVITED).update(
        state=state, enrolled_at=enrolled_at, how=How.INVITED, created_at=now
    )
    if not answered:
        raise LearningRefused(_("This invitation has been answered already."))
    enrolment.refresh_from_db()
    return enrolment


@action("learning.enrolment.leave", requires=policies.can_answer_invitation)
def leave(enrolment: Enrolment, *, reason: str = "", actor: Actor, now: dt.datetime) -> Enrolment:
    """Leave a class, a waiting list, or decline an invitation. What was learned stays kept. Raises LearningRefused where the
    course is finished, or was left before."""
    return _end(enrolment, State.LEFT, " ".join(reason.split())[:300], (State.INVITED, State.WAITING, State.ENROLLED), now)


@action("learning.enrolment.remove", requires=policies.can_remove)
def remove(enrolment: Enrolment, *, reason: str, actor: Actor, now: dt.datetime) -> Enrolment:
    """Take somebody out, with a reason the learner reads. Raises LearningRefused without one."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise LearningRefused(_("Reason: say why; the learner reads it."))
    ended = _end(enrolment, State.REMOVED, reason, (State.INVITED, State.WAITING, State.ENROLLED), now)
    tell_removed(ended, now=now)
    return ended


def _end(enrolment: Enrolment, state: str, reason: str, ends: Collection[str], now: dt.datetime) -> Enrolment:
    ended = Enrolment.objects.filter(pk=enrolment.pk, state__in=ends).update(state=state, reason=reason, ended_at=now)
    if not ended:
        raise LearningRefused(_("This enrolment has ended already, or the course is finished."))
    enrolment = Enrolment.objects.select_related("run__course", "run__version__course", "run__school", "person__account").get(
        pk=enrolment.pk
    )
    fill_seats(enrolment.run, now=now)
    return enrolment


def fill_seats(run: Run, *, now: dt.datetime) -> list[Enrolment]:
    """Give free seats to who waits, the longest first. Runs inside an action."""
    if run.state == Run.State.CLOSED or not Enrolment.objects.filter(run=run, state=State.WAITING).exists():
        return []
    lock(run)
    left = seats_left(run.seats, learners_of(run).count())
    waiting = Enrolment.objects.filter(run=run, state=State.WAITING).select_related("person").order_by("created_at", "pk")
    chosen = list(waiting if left is None else waiting[:left])
    lines: list[Line] = []
    for one in chosen:
        before = snapshot(one)
        one.state, one.enrolled_at = State.ENROLLED, now
        lines.append(Line.about("learning.enrolment.seat", one, before=before, after=snapshot(one)))
    overwrite(chosen, ("state", "enrolled_at"))
    note(lines)
    if chosen:
        tell_learners(chosen, "learning.seat", run, now=now)
    return chosen


@action("learning.enrolment.others", requires=policies.can_enrol_others, batch=True)
def enrol_persons(
    run: Run,
    persons: Sequence[Person],
    *,
    invite: bool = False,
    due_on: dt.date | None = None,
    selected: bool = False,
    actor: Actor,
    now: dt.datetime,
) -> list[Entered]:
    """The school brings people into its class, or invites them. Raises LearningRefused for a class that is not open."""
    if run.state == Run.State.CLOSED:
        raise LearningRefused(_("This class has ended. Choose a later class of the course."))
    _due(run, due_on, now)
    how = How.SELECTED if selected else How.INVITED
    entrants = [Entrant(person, due_on) for person in persons]
    return enter(run, entrants, how=how, invite=invite, code="learning.enrolment.others", now=now)
