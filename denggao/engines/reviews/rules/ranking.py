"""Who advances: the same entries always give the same list, in whatever order they come. Pure.

Ties stand on one place (1, 2, 2, 4). A tie that crosses the last seat is settled by the stated rule alone:

``all_advance``          everyone on that place advances, also beyond the quota
``none_advance``         nobody on that place advances; the seats stay unfilled
``by_criterion:a,b``     the higher points in criterion a go first, then in b; who is still equal does not advance
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Any

BY_CRITERION = "by_criterion:"


@dataclass(frozen=True)
class Entry:
    """``code`` names what is ranked (a public id). ``points`` is None for what has no result. ``parts`` are the points by
    criterion that a tie rule may look at."""

    code: str
    points: Decimal | None
    parts: Mapping[str, Decimal] = field(default_factory=dict)


class Why(StrEnum):
    WITHIN_QUOTA = "within_quota"
    TIE_ADVANCES = "tie_advances"
    TIE_SETTLED = "tie_settled"
    TIE_HELD = "tie_held"
    BEYOND_QUOTA = "beyond_quota"
    BELOW_MINIMUM = "below_minimum"
    NO_RESULT = "no_result"


@dataclass(frozen=True)
class Ranked:
    """``place`` counts from 1, shared by those who are equal; None for what has no result."""

    code: str
    points: Decimal | None
    place: int | None
    advances: bool
    why: Why


class RankingFault(ValueError):
    """The question makes no sense: an unknown tie rule, an entry twice, a quota below nought."""


def rank(
    entries: Iterable[Entry], *, quota: int | None, ties: str = "none_advance", minimum: Decimal | None = None
) -> list[Ranked]:
    """Best first; equal ones by their code. ``quota`` None lets everyone advance who reaches ``minimum`` (inclusive). Seats may
    stay unfilled. Raises RankingFault."""
    entries = list(entries)
    criteria = _criteria(ties)
    _look_over(entries, quota)
    scored = sorted((entry for entry in entries if entry.points is not None), key=lambda entry: _order(entry, criteria))
    found: list[Ranked] = []
    for _same, equal in groupby(scored, key=lambda entry: _key(entry, criteria)):
        found += _placed(list(equal), place=len(found) + 1, minimum=minimum, quota=quota, ties=ties)
    if criteria:
        found = _said_why(found)
    rest = sorted(entry.code for entry in entries if entry.points is None)
    return found + [Ranked(code, None, None, False, Why.NO_RESULT) for code in rest]


def _placed(equal: Sequence[Entry], *, place: int, minimum: Decimal | None, quota: int | None, ties: str) -> list[Ranked]:
    points = equal[0].points
    fits = quota is None or place + len(equal) - 1 <= quota
    if minimum is not None and points is not None and points < minimum:
        advances, why = False, Why.BELOW_MINIMUM
    elif fits:
        advances, why = True, Why.WITHIN_QUOTA
    elif quota is not None and place > quota:
        advances, why = False, Why.BEYOND_QUOTA
    else:
        advances = ties == "all_advance"
        why = Why.TIE_ADVANCES if advances else Why.TIE_HELD
    return [Ranked(entry.code, entry.points, place, advances, why) for entry in equal]


def _said_why(found: list[Ranked]) -> list[Ranked]:
    """Where a criterion parted equal points across the last seat, say so."""
    apart = {one.points for one in found if one.advances} & {
        one.points for one in found if not one.advances and one.why == Why.BEYOND_QUOTA
    }
    return [
        Ranked(one.code, one.points, one.place, one.advances, Why.TIE_SETTLED)
        if one.points in apart and one.why in {Why.WITHIN_QUOTA, Why.BEYOND_QUOTA}
        else one
        for one in found
    ]


def _criteria(ties: str) -> tuple[str, ...]:
    """The criteria a tie is settled by, in their order. Raises RankingFault for a rule that is not known."""
    if ties in {"all_advance", "none_advance"}:
        return ()
    codes = tuple(code.strip() for code in ties.removeprefix(BY_CRITERION).split(",") if code.strip())
    if not ties.startswith(BY_CRITERION) or not codes:
        raise RankingFault(f"there is no tie rule “{ties}”")
    return codes


def _look_over(entries: Sequence[Entry], quota: int | None) -> None:
    if len({entry.code for entry in entries}) != len(entries):
        raise RankingFault("an entry stands twice")
    if quota is not None and quota < 0:
        raise RankingFault("the quota lies below nought")


def _key(entry: Entry, criteria: Sequence[str]) -> tuple[Decimal, ...]:
    """What two entries must share to be equal; the lower, the better."""
    return (-(entry.points or Decimal(0)), *(-entry.parts.get(code, Decimal(0)) for code in criteria))


def _order(entry: Entry, criteria: Sequence[str]) -> tuple[tuple[Decimal, ...], str]:
    return _key(entry, criteria), entry.code


# What is kept, so that a list can be proven later


def inputs_of(entries: Iterable[Entry], *, quota: int | None, ties: str, minimum: Decimal | None) -> dict[str, Any]:
    """The question as plain values, the same for the same question."""
    return {
        "entries": [
            {
                "code": entry.code,
                "points": _text(entry.points),
                "parts": {code: _text(points) for code, points in sorted(entry.parts.items())},
            }
            for entry in sorted(entries, key=lambda entry: entry.code)
        ],
        "quota": quota,
        "ties": ties,
        "minimum": _text(minimum),
    }


def hash_of(inputs: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of plain values."""
    return hashlib.sha256(json.dumps(inputs, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def rank_again(inputs: Mapping[str, Any]) -> list[Ranked]:
    """The list once more from what was kept: how anyone may check it."""
    entries = [
        Entry(item["code"], _decimal(item["points"]), {code: Decimal(text) for code, text in item["parts"].items()})
        for item in inputs["entries"]
    ]
    return rank(entries, quota=inputs["quota"], ties=inputs["ties"], minimum=_decimal(inputs["minimum"]))


def _text(points: Decimal | None) -> str | None:
    """97.5 and 97.50 are the same points."""
    return None if points is None else f"{points.normalize():f}"


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
