"""How candidacies are shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from denggao.foundation.ui.words import actor_names
from denggao.systems.craftsmen.lane.models import Candidacy, CandidacyOutcome

STATE_TONES: dict[str, str] = {
    Candidacy.State.PROPOSED: "draft", Candidacy.State.PREPARED: "lake", Candidacy.State.HANDED_OVER: "amber",
    Candidacy.State.ACCEPTED: "gold", Candidacy.State.NOT_ACCEPTED: "", Candidacy.State.WITHDRAWN: "withdrawn",
}  # fmt: skip
OUTCOME_TONES: dict[str, str] = {"proposed": "amber", "confirmed": "jade", "dismissed": ""}


def told(outcomes: Iterable[CandidacyOutcome]) -> list[dict[str, Any]]:
    """Outcomes as pages show them, with who entered and who answered. Two queries at most."""
    listed = list(outcomes)
    entered = [(one.proposed_by, one.proposed_by_text) for one in listed]
    names = actor_names([*entered, *((one.answered_by, one.answered_by_text) for one in listed)])
    return [
        {
            "outcome": one,
            "tone": OUTCOME_TONES[one.state],
            "proposed_by": names[one.proposed_by],
            "answered_by": names.get(one.answered_by, ""),
        }
        for one in listed
    ]
