"""Who sees the university's founding, and who ends it."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from denggao.foundation.audit.actors import Actor, Role
from denggao.systems.university.models import University, UniversityAct
from denggao.systems.university.policies import is_overseer, schools_of

OF_THE_BODIES = (Role.HR, Role.BASE_MANAGER)


def can_propose(actor: Actor, _university: Any = None) -> bool:
    return actor.has(Role.CLERK, Role.REVIEWER, Role.ADMINISTRATOR)


def can_confirm(actor: Actor, _act: Any = None) -> bool:
    """The second person. That it is not the first one, the action says in a sentence of its own."""
    return actor.has(Role.APPROVER)


def can_call_off(actor: Actor, act: Any) -> bool:
    """Whoever proposed may take it back; the second person may dismiss it."""
    return can_confirm(actor) or (isinstance(act, UniversityAct) and act.proposed_by == actor.id)


def can_see_foundings(actor: Actor, _subject: Any = None) -> bool:
    return is_overseer(actor) or bool(schools_of(actor)) or visible_universities(actor).exists()


def visible_universities(actor: Actor) -> QuerySet[University]:
    """With their founding: the office, the authorities and the schools' people see all; a body those it leads or applied for."""
    found = University.objects.select_related("organisation", "plan", "case", "programme__school")
    if is_overseer(actor) or schools_of(actor):
        return found
    own = actor.organisations_as(*OF_THE_BODIES)
    return found.filter(Q(organisation_id__in=own) | Q(case__body_id__in=own))


def get_university_for(actor: Actor, public_id: uuid.UUID) -> University:
    """Raises Http404."""
    found = visible_universities(actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def visible_acts(actor: Actor) -> QuerySet[UniversityAct]:
    """What the office only weighs stays with the office; what was done is seen with the university."""
    acts = UniversityAct.objects.select_related("university__organisation", "university__plan", "university__programme__school")
    if actor.is_office:
        return acts
    return acts.filter(state=UniversityAct.State.DONE, university__in=visible_universities(actor).values("pk"))


def get_act_for(actor: Actor, public_id: uuid.UUID) -> UniversityAct:
    """Raises Http404."""
    act = visible_acts(actor).filter(public_id=public_id).first()
    if act is None:
        raise Http404
    return act
