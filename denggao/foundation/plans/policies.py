"""Who may see and keep plans."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from denggao.foundation.audit.actors import Actor, ActorKind, Role
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.plans.models import Participation, Plan


def can_load_plan(actor: Actor, _subject: Any = None) -> bool:
    return actor.has(Role.ADMINISTRATOR)


def can_keep_participations(actor: Actor, _subject: Any = None) -> bool:
    return actor.has(Role.ADMINISTRATOR, Role.CLERK)


def can_see_participants(actor: Actor, _subject: Any = None) -> bool:
    return actor.is_office or actor.has(Role.AUTHORITY) or bool(actor.organisations_as(Role.AUTHORITY))


def visible_plans(actor: Actor) -> QuerySet[Plan]:
    """A plan is public; its pages here are for those who signed in."""
    return Plan.objects.none() if actor.kind is ActorKind.VISITOR else Plan.objects.all()


def get_plan_for(actor: Actor, code: str) -> Plan:
    """Raises Http404."""
    return get_object_or_404(visible_plans(actor), code=code)


def get_plan_for_keeping(actor: Actor, code: str) -> Plan:
    """Raises Http404."""
    if not can_keep_participations(actor):
        raise Http404
    return get_object_or_404(Plan, code=code)


def visible_participations(actor: Actor, plan: Plan) -> QuerySet[Participation]:
    """The office sees every employer of a plan; an employer's own staff sees that it takes part."""
    found = Participation.objects.filter(plan=plan)
    return found if can_see_participants(actor) else found.filter(organisation_id__in=actor.organisations_as(*Role))


def get_participation_for_keeping(actor: Actor, code: str, public_id: object) -> Participation:
    """Raises Http404."""
    if not can_keep_participations(actor):
        raise Http404
    return get_object_or_404(Participation.objects.select_related("plan", "organisation"), plan__code=code, public_id=public_id)


def employers_to_join(plan: Plan) -> QuerySet[Organisation]:
    """Employers that take no part in the plan yet."""
    return Organisation.objects.filter(kind=Organisation.Kind.EMPLOYER).exclude(participations__plan=plan)
