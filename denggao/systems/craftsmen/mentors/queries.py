"""Reads that span tables."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from denggao.engines.agreements.models import Mentorship
from denggao.engines.agreements.outcomes import Became, became_of
from denggao.foundation.audit.actors import Actor, Role
from denggao.systems.craftsmen.mentors import policies, rules
from denggao.systems.craftsmen.mentors.models import LearnerGap, MentorDuty, MentorSession

State = MentorSession.State
COUNTED = (State.CONFIRMED, State.ENTERED)
BLOCKING = (State.PLANNED, State.ENTERED, State.CONFIRMED)


def standings(duties: Collection[MentorDuty], today: dt.date) -> dict[int, list[rules.Standing]]:
    """By the duty's id, its years in order. One query for all of them."""
    done: dict[tuple[int, int], int] = defaultdict(int)
    waiting: dict[tuple[int, int], int] = defaultdict(int)
    for session in MentorSession.objects.filter(duty__in=[duty.pk for duty in duties], state__in=COUNTED):
        key = (session.duty_id, session.day.year)
        if session.state == State.CONFIRMED:
            done[key] += session.minutes
        elif session.corrects_id is None:
            waiting[key] += session.minutes
    return {
        duty.pk: [
            rules.standing(
                duty.hours_a_year,
                duty.from_on,
                duty.last_on,
                year,
                done=done[duty.pk, year] / 60,
                waiting=waiting[duty.pk, year] / 60,
                today=today,
            )
            for year in rules.years_of(duty.from_on, max(duty.from_on, duty.last_on))
        ]
        for duty in duties
    }


def this_year(found: Iterable[rules.Standing], today: dt.date) -> rules.Standing | None:
    """The year of today, else the last that has begun."""
    begun = [each for each in found if each.year <= today.year]
    return begun[-1] if begun else None


@dataclass(frozen=True)
class Learner:
    """One of a craftsman's learners, and what became of them."""

    mentorship: Mentorship
    state: str
    became: Became


def learners_of(person_id: int, today: dt.date) -> list[Learner]:
    """All that were ever confirmed, the newest first. A query a source more."""
    found = list(
        Mentorship.objects.standing()
        .filter(mentor_id=person_id, confirmed_by_mentor_at__isnull=False, confirmed_by_learner_at__isnull=False)
        .select_related("learner", "place", "organisation", "occupation")
    )
    became = became_of(found)
    return [Learner(item, item.state_on(today), became[item.pk]) for item in found]


@dataclass(frozen=True)
class Count:
    """How many learners, how many now, how many raised their level, how many won something. A person counts once."""

    learners: int
    now: int
    raised: int
    won: int


def counted(learners: Iterable[Learner]) -> Count:
    found = list(learners)
    return Count(
        len({each.mentorship.learner_id for each in found}),
        len({each.mentorship.learner_id for each in found if each.state == "current"}),
        len({each.mentorship.learner_id for each in found if each.became.has_risen}),
        len({each.mentorship.learner_id for each in found if each.became.successes}),
    )


def bound_to(duty: MentorDuty, day: dt.date) -> QuerySet[Mentorship]:
    """The mentorships that rest on this duty and hold on a day."""
    return (
        Mentorship.objects.standing()
        .filter(mentor_id=duty.craftsman.person_id, place_id=duty.place_id, kind=Mentorship.Kind.CRAFTSMAN)
        .touching(day, day)
        .select_related("learner")
    )


def others_going_on(person_id: int, day: dt.date) -> int:
    """Mentorships of a person that have nothing to do with a title, and go on."""
    return (
        Mentorship.objects.standing().filter(mentor_id=person_id).exclude(kind=Mentorship.Kind.CRAFTSMAN).touching(day, day).count()
    )


def open_gaps(gaps: QuerySet[LearnerGap]) -> QuerySet[LearnerGap]:
    """Not closed, and the learner not given to another mentor: a continuation that was declined fills none."""
    continued = Mentorship.objects.filter(continues=OuterRef("mentorship_id"), declined_at__isnull=True)
    return gaps.filter(~Exists(continued), closed_at__isnull=True)


# Whose turn it is


def duties_to_answer(actor: Actor) -> int:
    """Appointments that wait for the craftsman's own word."""
    if actor.user is None:
        return 0
    return MentorDuty.objects.filter(state=MentorDuty.State.PROPOSED, craftsman__person__account=actor.user).count()


def duties_to_decide(actor: Actor) -> int:
    if not policies.can_decide(actor):
        return 0
    return policies.visible_duties(actor).filter(state=MentorDuty.State.ACCEPTED).exclude(proposed_by=actor.id).count()


def sessions_waiting(actor: Actor) -> QuerySet[MentorSession]:
    """Entered by the other side of a duty of the actor's."""
    side = MentorSession.Side
    own = Q(pk__in=[])
    if actor.user is not None:
        own |= Q(entered_side=side.BASE, duty__craftsman__person__account=actor.user)
    bases = actor.organisations_as(Role.BASE_MANAGER)
    if bases:
        own |= Q(entered_side=side.MENTOR, duty__place_id__in=bases)
    return MentorSession.objects.filter(own, state=State.ENTERED).exclude(entered_by=actor.id)


def sessions_to_confirm(actor: Actor) -> int:
    return sessions_waiting(actor).count() if actor.user is not None else 0


def learners_without_mentor(actor: Actor) -> int:
    """For the office, and the bases and employers whose learners they are."""
    if not (actor.is_office or actor.organisations_as(Role.HR, Role.BASE_MANAGER)):
        return 0
    return open_gaps(policies.visible_gaps(actor)).count()


def behind(duties: QuerySet[MentorDuty], today: dt.date, slack: int) -> list[MentorDuty]:
    """Duties in force that are behind by more than the slack."""
    found = [duty for duty in duties.filter(state=MentorDuty.State.APPOINTED) if duty.standing_on(today) == "current"]
    known = standings(found, today)
    return [duty for duty in found if (now := this_year(known[duty.pk], today)) and now.is_behind(slack)]


def today() -> dt.date:
    return localdate()
