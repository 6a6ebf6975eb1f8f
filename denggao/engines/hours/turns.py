"""What waits for whom, for the worklist and the navigation."""

from __future__ import annotations

from django.db.models import QuerySet

from denggao.engines.hours.models import Finding, Fix
from denggao.engines.hours.policies import JUDGES, visible_fixes
from denggao.foundation.audit.actors import Actor


def findings_to_judge(actor: Actor) -> int:
    """Open ones, without those that wait for another than the actor."""
    return _to_judge(actor).count() if actor.has(*JUDGES) else 0


def _to_judge(actor: Actor) -> QuerySet[Finding]:
    return Finding.objects.filter(state=Finding.State.OPEN).exclude(asked_by=actor.id)


def fixes_to_answer(actor: Actor) -> int:
    return _to_answer(actor).count()


def _to_answer(actor: Actor) -> QuerySet[Fix]:
    return visible_fixes(actor).filter(state=Fix.State.ASKED).exclude(asked_by=actor.id)


def waiting(actor: Actor) -> int:
    """Both, for those who judge: in one query, for every page of theirs asks it."""
    if not actor.has(*JUDGES):
        return 0
    return _to_judge(actor).order_by().values("pk").union(_to_answer(actor).order_by().values("pk"), all=True).count()
