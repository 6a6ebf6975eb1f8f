"""The levels people reached, as mentorships ask for them (plugged in ``wiring.py``)."""

from __future__ import annotations

from collections.abc import Collection

from denggao.engines.agreements.outcomes import Reached
from denggao.systems.assessment.queries import levels_of


def levels_reached(person_ids: Collection[int]) -> dict[int, list[Reached]]:
    """From valid certificates. One query."""
    return {
        pk: [
            Reached(
                held.level,
                held.issued_on,
                held.occupation.pk if held.occupation else None,
                held.occupation.name if held.occupation else "",
            )
            for held in levels
            if held.issued_on is not None
        ]
        for pk, levels in levels_of(person_ids).items()
    }
