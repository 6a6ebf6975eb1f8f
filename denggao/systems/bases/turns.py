"""Whose turn it is: the numbers beside the navigation and on the desk. One query each."""

from __future__ import annotations

from django.db.models import QuerySet

from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.audit.readied import readied
from denggao.systems.bases import policies
from denggao.systems.bases.models import Appraisal, BaseAct

State = Appraisal.State


def acts_to_confirm(actor: Actor) -> int:
    """Acts on bases that wait for this actor as the second person; 0 for who may not confirm."""
    if not policies.can_confirm(actor):
        return 0
    return _acts_proposed.count(actor.id)


@readied(str)
def _acts_proposed(account: str) -> QuerySet[BaseAct]:
    """Those somebody else proposed."""
    return BaseAct.objects.filter(state=BaseAct.State.PROPOSED).exclude(proposed_by=account).order_by()


def appraisals_to_do(actor: Actor) -> int:
    """Appraisals in which it is this actor's turn: to enter or remedy, to grade or check, to confirm."""
    own = actor.organisations_as(Role.BASE_MANAGER)
    found = Appraisal.objects.filter(state__in=[State.OPEN, State.REMEDY], base__organisation_id__in=own).count() if own else 0
    if policies.can_grade(actor):
        found += _to_grade.count()
    if policies.can_confirm_grade(actor):
        found += _grades_proposed.count(actor.id)
    return found


@readied()
def _to_grade() -> QuerySet[Appraisal]:
    return Appraisal.objects.filter(state__in=[State.HANDED_IN, State.REMEDIED]).order_by()


@readied(str)
def _grades_proposed(account: str) -> QuerySet[Appraisal]:
    """Those somebody else proposed."""
    return Appraisal.objects.filter(state=State.PROPOSED).exclude(proposed_by=account).order_by()
