"""What stands on a craftsman's page of benefits: for the holder and the office, never for the employer."""

from __future__ import annotations

from denggao.foundation.audit.actors import Actor
from denggao.systems.craftsmen.benefits import policies
from denggao.systems.craftsmen.benefits.showing import OUTCOME_TONES
from denggao.systems.craftsmen.models import Craftsman
from denggao.systems.craftsmen.panels import Panel
from denggao.systems.craftsmen.policies import is_holder


def benefits_panel(actor: Actor, craftsman: Craftsman) -> Panel | None:
    own = is_holder(actor, craftsman)
    if not own and not actor.is_office:
        return None
    rows = [(one, OUTCOME_TONES[one.outcome]) for one in policies.visible_benefits(actor).filter(craftsman=craftsman)]
    if not rows and not own:
        return None
    return Panel("benefits/panel.html", {"rows": rows, "own": own and craftsman.is_in_force})
