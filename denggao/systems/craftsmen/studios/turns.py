"""Whose turn it is: the numbers beside the navigation and on the desk. One query each."""

from __future__ import annotations

from django.db.models import QuerySet

from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.audit.readied import readied
from denggao.systems.craftsmen.studios import policies, queries
from denggao.systems.craftsmen.studios.models import Evaluation, Result, Studio, StudioAct, StudioMember


def acts_to_confirm(actor: Actor) -> int:
    """Acts on studios that wait for this actor as the second person; 0 for who may not confirm."""
    return _acts_proposed.count(actor.id) if policies.can_confirm(actor) else 0


@readied(str)
def _acts_proposed(account: str) -> QuerySet[StudioAct]:
    """Those somebody else proposed."""
    return StudioAct.objects.filter(state=StudioAct.State.PROPOSED).exclude(proposed_by=account).order_by()


def without_leader(actor: Actor) -> int:
    """Studios that lost their leader, for who proposes what follows."""
    return _leaderless.count() if policies.can_propose_any(actor) else 0


@readied()
def _leaderless() -> QuerySet[Studio]:
    return queries.leaderless().order_by()


def remedies_over(actor: Actor) -> int:
    """Evaluations that ask for remedies, for who checks them."""
    return _remedying.count() if policies.can_check_remedy(actor) else 0


@readied()
def _remedying() -> QuerySet[Evaluation]:
    return Evaluation.objects.filter(outcome=Evaluation.Outcome.REMEDY).order_by()


def to_answer(actor: Actor) -> int:
    """Studios that ask for this person's own yes."""
    return _asked.count(actor.user.pk) if actor.user is not None else 0


@readied(int)
def _asked(account_id: int) -> QuerySet[StudioMember]:
    asked = StudioMember.objects.filter(confirmed_at__isnull=True, to_on__isnull=True, person__account_id=account_id)
    return asked.order_by()


def results_to_confirm(actor: Actor) -> int:
    """Results of the own employer's studios that somebody else reported."""
    own = actor.organisations_as(Role.HR, Role.BASE_MANAGER)
    if not own:
        return 0
    waiting = Result.objects.filter(state=Result.State.REPORTED, studio__organisation_id__in=own).exclude(reported_by=actor.id)
    return waiting.order_by().count()
