"""What stands on a craftsman's page of candidacies: for the holder and the office."""

from __future__ import annotations

from denggao.foundation.audit.actors import Actor
from denggao.systems.craftsmen.lane import policies
from denggao.systems.craftsmen.lane.showing import STATE_TONES
from denggao.systems.craftsmen.models import Craftsman
from denggao.systems.craftsmen.panels import Panel
from denggao.systems.craftsmen.policies import is_holder


def candidacies_panel(actor: Actor, craftsman: Craftsman) -> Panel | None:
    if not actor.is_office and not is_holder(actor, craftsman):
        return None
    rows = [(one, STATE_TONES[one.state]) for one in policies.visible_candidacies(actor).filter(craftsman=craftsman)]
    return Panel("lane/panel.html", {"rows": rows}) if rows else None
