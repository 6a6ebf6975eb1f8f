"""How states of titles, acts, medals and bonuses are shown, and what is shown of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from denggao.foundation.ui.words import actor_names
from denggao.systems.craftsmen.models import BonusOrder, Craftsman, CraftsmanAct, Medal

CRAFTSMAN_TONES: dict[str, str] = {Craftsman.State.NAMED: "gold", Craftsman.State.REVOKED: "revoked"}
ACT_TONES: dict[str, str] = {
    CraftsmanAct.State.PROPOSED: "amber",
    CraftsmanAct.State.DONE: "jade",
    CraftsmanAct.State.DISMISSED: "",
}
MEDAL_TONES: dict[str, str] = {
    Medal.State.MADE: "amber",
    Medal.State.HELD: "gold",
    Medal.State.RECALLED: "crimson",
    Medal.State.RETURNED: "",
    Medal.State.LOST: "crimson",
}
BONUS_TONES: dict[str, str] = {
    BonusOrder.State.RECORDED: "amber",
    BonusOrder.State.HANDED_OVER: "jade",
    BonusOrder.State.CANCELLED: "",
    BonusOrder.State.TO_CLAIM_BACK: "crimson",
}


def told(acts: Iterable[CraftsmanAct]) -> list[dict[str, Any]]:
    """Acts as pages show them, with who proposed and who decided. Two queries, however many."""
    acts = list(acts)
    proposed = [(act.proposed_by, act.proposed_by_text) for act in acts]
    names = actor_names([*proposed, *((act.decided_by, act.decided_by_text) for act in acts)])
    return [
        {
            "act": act,
            "tone": ACT_TONES[act.state],
            "proposed_by": names[act.proposed_by],
            "decided_by": names.get(act.decided_by, ""),
        }
        for act in acts
    ]
