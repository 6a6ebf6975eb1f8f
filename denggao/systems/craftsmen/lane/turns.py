"""Whose turn it is: the numbers on the desk. One query each."""

from __future__ import annotations

from django.db.models import QuerySet

from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.readied import readied
from denggao.systems.craftsmen.lane import policies
from denggao.systems.craftsmen.lane.models import Candidacy, CandidacyOutcome


def outcomes_to_confirm(actor: Actor) -> int:
    """Outcomes that somebody else entered; 0 for who may not confirm."""
    return _proposed.count(actor.id) if policies.can_confirm(actor) else 0


@readied(str)
def _proposed(account: str) -> QuerySet[CandidacyOutcome]:
    return CandidacyOutcome.objects.filter(state=CandidacyOutcome.State.PROPOSED).exclude(proposed_by=account).order_by()


def candidacies_to_tell(actor: Actor) -> int:
    """Candidacies of revoked titles of which whoever has the file was not told yet."""
    return Candidacy.objects.filter(told_due=True).count() if policies.can_keep(actor) else 0
