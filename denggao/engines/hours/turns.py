"""What waits for whom, for the worklist and the navigation."""

from __future__ import annotations

from denggao.engines.hours.models import Finding, Fix
from denggao.engines.hours.policies import JUDGES, visible_fixes
from denggao.foundation.audit.actors import Actor


def findings_to_judge(actor: Actor) -> int:
    """Open ones, without those that wait for another than the actor."""
    if not actor.has(*JUDGES):
        return 0
    return Finding.objects.filter(state=Finding.State.OPEN).exclude(asked_by=actor.id).count()


def fixes_to_answer(actor: Actor) -> int:
    return visible_fixes(actor).filter(state=Fix.State.ASKED).exclude(asked_by=actor.id).count()


def waiting(actor: Actor) -> int:
    return findings_to_judge(actor) + (fixes_to_answer(actor) if actor.has(*JUDGES) else 0)
