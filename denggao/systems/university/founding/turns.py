"""Whose turn it is: the number beside the navigation and on the desk."""

from __future__ import annotations

from django.db.models import QuerySet

from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.readied import readied
from denggao.systems.university.founding import policies
from denggao.systems.university.models import UniversityAct


def ends_to_confirm(actor: Actor) -> int:
    """Ends of universities that wait for this actor as the second person; 0 for who may not confirm. One query."""
    return _proposed.count(actor.id) if policies.can_confirm(actor) else 0


@readied(str)
def _proposed(account: str) -> QuerySet[UniversityAct]:
    """Those somebody else proposed."""
    return UniversityAct.objects.filter(state=UniversityAct.State.PROPOSED).exclude(proposed_by=account).order_by()
