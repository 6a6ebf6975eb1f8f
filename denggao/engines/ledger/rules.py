"""Pure rules of counting: what a head's claim changes in the ledger, and how entries roll up."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from denggao.engines.ledger.registry import Claim

DIMENSIONS = ("industry", "occupation", "level", "employer", "proof")
TOTAL = "total"


class Counted(Protocol):
    """What an entry and its reversal have in common, for rolling up."""

    @property
    def goal_id(self) -> int: ...

    @property
    def sign(self) -> int: ...

    @property
    def happened_on(self) -> dt.date: ...

    @property
    def industry(self) -> str: ...

    @property
    def occupation_id(self) -> int | None: ...

    @property
    def level(self) -> str: ...

    @property
    def employer_id(self) -> int | None: ...

    @property
    def proof(self) -> str: ...


def month_of(day: dt.date) -> dt.date:
    return day.replace(day=1)


def next_month(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def dimension_values(entry: Counted) -> dict[str, str]:
    """What an entry is counted under, as text, by dimension; an unknown value is empty text."""
    return {
        TOTAL: "",
        "industry": entry.industry,
        "occupation": str(entry.occupation_id or ""),
        "level": entry.level,
        "employer": str(entry.employer_id or ""),
        "proof": entry.proof,
    }


def roll_up(entries: Iterable[Counted]) -> Counter[tuple[int, str, str, dt.date]]:
    """Net count by (goal id, dimension, value, month). Cells that cancel out stay, with 0."""
    cells: Counter[tuple[int, str, str, dt.date]] = Counter()
    for entry in entries:
        month = month_of(entry.happened_on)
        for dimension, value in dimension_values(entry).items():
            cells[entry.goal_id, dimension, value, month] += entry.sign
    return cells


_COMPARED = (
    "happened_on",
    "proof",
    "evidence_id",
    "evidence_hash",
    "industry",
    "occupation_id",
    "level",
    "level_before",
    "employer_id",
    "channel",
)


def says_the_same(entry: object, claim: Claim) -> bool:
    """Whether the entry that stands already says what the claim says."""
    return all(getattr(entry, name) == getattr(claim, name) for name in _COMPARED)
