"""Whose turn it is: the numbers on the desk. One query each."""

from __future__ import annotations

from django.db.models import QuerySet

from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.readied import readied
from denggao.systems.craftsmen.benefits import policies
from denggao.systems.craftsmen.benefits.models import BenefitApplication, BenefitOutcome


def outcomes_to_confirm(actor: Actor) -> int:
    """Outcomes that somebody else entered; 0 for who may not confirm."""
    return _proposed.count(actor.id) if policies.can_confirm(actor) else 0


@readied(str)
def _proposed(account: str) -> QuerySet[BenefitOutcome]:
    return BenefitOutcome.objects.filter(state=BenefitOutcome.State.PROPOSED).exclude(proposed_by=account).order_by()


def benefits_to_review(actor: Actor) -> int:
    """Benefits of revoked titles of which the authority was not told yet."""
    return BenefitApplication.objects.filter(review="due").count() if policies.can_record(actor) else 0
