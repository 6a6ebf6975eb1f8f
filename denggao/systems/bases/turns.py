"""Whose turn it is: the numbers beside the navigation and on the desk. One query each."""

from __future__ import annotations

from django.db.models import Q

from denggao.foundation.audit.actors import Actor, Role
from denggao.systems.bases import policies
from denggao.systems.bases.models import Appraisal, BaseAct

State = Appraisal.State


def acts_to_confirm(actor: Actor) -> int:
    """Acts on bases that wait for this actor as the second person; 0 for who may not confirm."""
    if not policies.can_confirm(actor):
        return 0
    return BaseAct.objects.filter(state=BaseAct.State.PROPOSED).exclude(proposed_by=actor.id).count()


def appraisals_to_do(actor: Actor) -> int:
    """Appraisals in which it is this actor's turn: to enter or remedy, to grade or check, to confirm."""
    turn = Q(pk__in=[])
    if policies.can_grade(actor):
        turn |= Q(state__in=[State.HANDED_IN, State.REMEDIED])
    if policies.can_confirm_grade(actor):
        turn |= Q(state=State.PROPOSED) & ~Q(proposed_by=actor.id)
    own = actor.organisations_as(Role.BASE_MANAGER)
    if own:
        turn |= Q(state__in=[State.OPEN, State.REMEDY], base__organisation_id__in=own)
    return Appraisal.objects.filter(turn).count() if turn != Q(pk__in=[]) else 0
