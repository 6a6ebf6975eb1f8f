"""Who may see appointments of craftsmen at bases, propose and decide them, and say what was done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from denggao.engines.cases.policies import hidden_cases
from denggao.foundation.audit.actors import Actor, ActorKind, Role
from denggao.systems.craftsmen.mentors.models import LearnerGap, MentorDuty, MentorSession
from denggao.systems.craftsmen.policies import is_holder

PROPOSERS = (Role.CLERK, Role.REVIEWER)


def can_propose(actor: Actor, _subject: Any = None) -> bool:
    """The office, and who manages a base; that it is the own one, the action asks."""
    return actor.has(*PROPOSERS) or bool(actor.organisations_as(Role.BASE_MANAGER))


def can_propose_at(actor: Actor, organisation_id: int) -> bool:
    return actor.has(*PROPOSERS) or manages(actor, organisation_id)


def manages(actor: Actor, organisation_id: int) -> bool:
    return organisation_id in actor.organisations_as(Role.BASE_MANAGER)


def can_answer(actor: Actor, duty: Any) -> bool:
    """The craftsman alone."""
    return isinstance(duty, MentorDuty) and is_holder(actor, duty.craftsman)


def can_decide(actor: Actor, _duty: Any = None) -> bool:
    """The second person. That it is not the first one, the action says in a sentence of its own."""
    return actor.has(Role.APPROVER)


def can_take_back(actor: Actor, duty: Any) -> bool:
    """Who proposed may take it back; the second person may dismiss it."""
    return can_decide(actor) or (isinstance(duty, MentorDuty) and duty.proposed_by == actor.id)


def can_end(actor: Actor, duty: Any) -> bool:
    """The base, the office, and the craftsman of one's own accord."""
    return isinstance(duty, MentorDuty) and (can_propose_at(actor, duty.place_id) or is_holder(actor, duty.craftsman))


def side_of(actor: Actor, duty: MentorDuty) -> str:
    """For which of the two sides the actor speaks; empty for neither."""
    if is_holder(actor, duty.craftsman):
        return str(MentorSession.Side.MENTOR)
    return str(MentorSession.Side.BASE) if manages(actor, duty.place_id) else ""


def can_enter(actor: Actor, duty: Any) -> bool:
    return isinstance(duty, MentorDuty) and bool(side_of(actor, duty))


def can_touch(actor: Actor, session: Any) -> bool:
    return isinstance(session, MentorSession) and can_enter(actor, session.duty)


def can_end_with_title(actor: Actor, _craftsman: Any = None) -> bool:
    """The core, or what ended the appointment, has asked who may."""
    return actor.kind is not ActorKind.VISITOR


def can_close(actor: Actor, _gap: Any = None) -> bool:
    return actor.has(*PROPOSERS)


def is_product(actor: Actor, _subject: Any = None) -> bool:
    return actor.kind in {ActorKind.SYSTEM, ActorKind.OPERATOR}


def can_see_duties(actor: Actor) -> bool:
    return actor.user is not None


def visible_duties(actor: Actor) -> QuerySet[MentorDuty]:
    """The office sees all but those of cases it is in conflict with; a base its own; an employer those of its craftsmen that were
    appointed; a craftsman the own ones."""
    found = MentorDuty.objects.select_related(
        "craftsman__person", "craftsman__employer", "craftsman__certificate", "place", "appointment"
    )
    if actor.is_office:
        hidden = hidden_cases(actor)
        return found.exclude(craftsman__case__public_id__in=hidden) if hidden else found
    condition = Q(place_id__in=actor.organisations_as(Role.BASE_MANAGER))
    condition |= Q(craftsman__employer_id__in=actor.organisations_as(Role.HR), state=MentorDuty.State.APPOINTED)
    if actor.user is not None:
        condition |= Q(craftsman__person__account=actor.user)
    return found.filter(condition)


def get_duty_for(actor: Actor, public_id: UUID) -> MentorDuty:
    """Raises Http404."""
    found = visible_duties(actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_session_for(actor: Actor, public_id: UUID) -> MentorSession:
    """For one of the two sides. Raises Http404."""
    found = (
        MentorSession.objects.filter(public_id=public_id, duty__in=visible_duties(actor).values("pk"))
        .select_related("duty__craftsman__person", "duty__place", "duty__appointment", "corrects")
        .first()
    )
    if found is None or not can_touch(actor, found):
        raise Http404
    return found


def visible_gaps(actor: Actor) -> QuerySet[LearnerGap]:
    """The office sees all; a base and an employer those of their own learners, a person the own ones."""
    found = LearnerGap.objects.select_related(
        "mentorship__learner", "mentorship__mentor", "mentorship__organisation", "mentorship__place", "duty__place"
    )
    if actor.is_office:
        return found
    bodies = actor.organisations_as(Role.HR, Role.BASE_MANAGER)
    return found.filter(Q(mentorship__organisation_id__in=bodies) | Q(mentorship__place_id__in=bodies))


def get_gap_for(actor: Actor, public_id: UUID) -> LearnerGap:
    """Raises Http404."""
    found = visible_gaps(actor).filter(public_id=public_id).first()
    if found is None or not can_close(actor):
        raise Http404
    return found


def knows_name(actor: Actor, duty: MentorDuty) -> bool:
    """The whole name: the office, the craftsman, the base that appoints, the employer."""
    return (
        actor.is_office
        or is_holder(actor, duty.craftsman)
        or manages(actor, duty.place_id)
        or (duty.craftsman.employer_id in actor.organisations_as(Role.HR))
    )
