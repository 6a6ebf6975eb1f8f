"""Whose turn it is: the numbers beside the navigation and on the desk. One query each."""

from __future__ import annotations

from django.db.models import QuerySet

from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.readied import readied
from denggao.systems.craftsmen import policies
from denggao.systems.craftsmen.models import CraftsmanAct, Medal


def acts_to_confirm(actor: Actor) -> int:
    """Acts on titles that wait for this actor as the second person; 0 for who may not confirm."""
    return _proposed.count(actor.id) if policies.can_confirm(actor) else 0


@readied(str)
def _proposed(account: str) -> QuerySet[CraftsmanAct]:
    """Those somebody else proposed."""
    return CraftsmanAct.objects.filter(state=CraftsmanAct.State.PROPOSED).exclude(proposed_by=account).order_by()


def medals_to_get_back(actor: Actor) -> int:
    """Medals of revoked titles that nobody has given back yet."""
    return Medal.objects.filter(state=Medal.State.RECALLED).count() if policies.can_keep_medals(actor) else 0
