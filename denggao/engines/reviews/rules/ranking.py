"""Who advances: the same entries always give the same list, in whatever order they come. Pure.

Ties stand on one place (1, 2, 2, 4). A tie that crosses the last seat is settled by the stated rule alone:

``all_advance``          everyone on that place advances, also beyond the quota
``none_advance``         nobody on that place advances; the seats stay unfilled
``by_criterion:a,b``     the higher points in criterion a go first, then in b; who is still equal does not advance

Entries may belong to groups (industries), each with seats of its own. Who advances, best first across all, needs a seat of the
whole and one of its group; a tie at the edge of either is settled by the same rule. Held at the edge of a group, nobody lower of
that group advances, and its seats stay unfilled; held at the edge of the whole, nobody lower does.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Any

BY_CRITERION = "by_criterion:"


@dataclass(frozen=True)
class Entry:
    """``code`` names what is ranked (a public id). ``points`` is None for what has no result. ``parts`` are the points by
    criterion that a tie rule may look at; ``group`` is the code of the group it belongs to, empty without one."""

    code: str
    points: Decimal | None
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    group: str = ""


class Why(StrEnum):
    WITHIN_QUOTA = "within_quota"
    TIE_ADVANCES = "tie_advances"
    TIE_SETTLED = "tie_settled"
    TIE_HELD = "tie_held"
    BEYOND_QUOTA = "beyond_quota"
    GROUP_TIE_ADVANCES = "group_tie_advances"
    GROUP_TIE_SETTLED = "group_tie_settled"
    GROUP_TIE_HELD = "group_tie_held"
    BEYOND_GROUP = "beyond_group"
    BELOW_MINIMUM = "below_minimum"
    NO_RESULT = "no_result"


@dataclass(frozen=True)
class Ranked:
    """``place`` counts from 1, shared by those who are equal; None for what has no result. ``group_place`` is that among the
    entries of its group, None where no groups were ranked."""

    code: str
    points: Decimal | None
    place: int | None
    advances: bool
    why: Why
    group: str = ""
    group_place: int | None = None


class RankingFault(ValueError):
    """The question makes no sense: an unknown tie rule, an entry twice, a quota below nought."""


def rank(
    entries: Iterable[Entry],
    *,
    quota: int | None,
    ties: str = "none_advance",
    minimum: Decimal | None = None,
    groups: Mapping[str, int] | None = None,
) -> list[Ranked]:
    """Best first; equal ones by their code. ``quota`` None lets everyone advance who reaches ``minimum`` (inclusive). ``groups``:
    the seats of each group that has a number of its own; None where there are no groups. Seats may stay unfilled. Raises
    RankingFault."""
    entries = list(entries)
    criteria = _criteria(ties)
    _look_over(entries, quota)
    if groups is not None:
        return _rank_in_groups(entries, quota, ties, criteria, minimum, groups)
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


def _rank_in_groups(
    entries: Sequence[Entry],
    quota: int | None,
    ties: str,
    criteria: Sequence[str],
    minimum: Decimal | None,
    groups: Mapping[str, int],
) -> list[Ranked]:
    if any(seats < 0 for seats in groups.values()):
        raise RankingFault("the seats of a group lie below nought")
    left = _Left(quota, dict(groups), ties == "all_advance")
    scored = sorted((entry for entry in entries if entry.points is not None), key=lambda entry: _order(entry, criteria))
    found: list[Ranked] = []
    seen: Counter[str] = Counter()
    for _same, same in groupby(scored, key=lambda entry: _key(entry, criteria)):
        equal = list(same)
        points, place = equal[0].points, len(found) + 1
        below = minimum is not None and points is not None and points < minimum
        why = {entry.code: (False, Why.BELOW_MINIMUM) for entry in equal} if below else left.take(equal)
        found += [
            Ranked(entry.code, points, place, *why[entry.code], group=entry.group, group_place=seen[entry.group] + 1)
            for entry in equal
        ]
        seen.update(entry.group for entry in equal)
    if criteria:
        found = _said_why_in_groups(_said_why(found))
    rest = sorted((entry.code, entry.group) for entry in entries if entry.points is None)
    return found + [Ranked(code, None, None, False, Why.NO_RESULT, group=group) for code, group in rest]


@dataclass
class _Left:
    """The seats that are still to be had: of the whole (None: no limit) and of each group with a number of its own."""

    whole: int | None
    groups: dict[str, int]
    all_advance: bool

    def take(self, equal: Sequence[Entry]) -> dict[str, tuple[bool, Why]]:
        """What becomes of entries that share a place, by code: first what their groups leave, then what the whole does."""
        if self.whole == 0:
            return {entry.code: (False, Why.BEYOND_QUOTA) for entry in equal}
        why: dict[str, tuple[bool, Why]] = {}
        hopeful: list[Entry] = []
        for group, some in _by_group(equal):
            if group not in self.groups or len(some) <= self.groups[group]:
                hopeful += some
            elif not self.groups[group]:
                why |= {entry.code: (False, Why.BEYOND_GROUP) for entry in some}
            elif self.all_advance:
                hopeful += some
                why |= {entry.code: (True, Why.GROUP_TIE_ADVANCES) for entry in some}
            else:
                self.groups[group] = 0
                why |= {entry.code: (False, Why.GROUP_TIE_HELD) for entry in some}
        if self.whole is None or len(hopeful) <= self.whole:
            return self._seated(hopeful, why, Why.WITHIN_QUOTA)
        if self.all_advance:
            return self._seated(hopeful, why, Why.TIE_ADVANCES)
        self.whole = 0
        return why | {entry.code: (False, Why.TIE_HELD) for entry in hopeful}

    def _seated(self, entries: Sequence[Entry], why: dict[str, tuple[bool, Why]], usual: Why) -> dict[str, tuple[bool, Why]]:
        for entry in entries:
            if entry.group in self.groups:
                self.groups[entry.group] = max(0, self.groups[entry.group] - 1)
        if self.whole is not None:
            self.whole = max(0, self.whole - len(entries))
        return {entry.code: (True, usual) for entry in entries} | why


def _by_group(entries: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.group, []).append(entry)
    return sorted(found.items())


def _said_why_in_groups(found: list[Ranked]) -> list[Ranked]:
    """Where a criterion parted equal points across the last seat of a group, say so."""
    apart = {(one.group, one.points) for one in found if one.advances} & {
        (one.group, one.points) for one in found if one.why == Why.BEYOND_GROUP
    }
    settled = {Why.WITHIN_QUOTA, Why.BEYOND_GROUP}
    return [
        replace(one, why=Why.GROUP_TIE_SETTLED) if (one.group, one.points) in apart and one.why in settled else one for one in found
    ]


def _said_why(found: list[Ranked]) -> list[Ranked]:
    """Where a criterion parted equal points across the last seat, say so."""
    apart = {one.points for one in found if one.advances} & {
        one.points for one in found if not one.advances and one.why == Why.BEYOND_QUOTA
    }
    return [
        replace(one, why=Why.TIE_SETTLED) if one.points in apart and one.why in {Why.WITHIN_QUOTA, Why.BEYOND_QUOTA} else one
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


def inputs_of(
    entries: Iterable[Entry], *, quota: int | None, ties: str, minimum: Decimal | None, groups: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """The question as plain values, the same for the same question. Groups stand in it only where they were asked about."""
    in_groups = groups is not None
    return {
        "entries": [
            {
                "code": entry.code,
                "points": _text(entry.points),
                "parts": {code: _text(points) for code, points in sorted(entry.parts.items())},
                **({"group": entry.group} if in_groups else {}),
            }
            for entry in sorted(entries, key=lambda entry: entry.code)
        ],
        "quota": quota,
        "ties": ties,
        "minimum": _text(minimum),
        **({"groups": dict(sorted(groups.items()))} if groups is not None else {}),
    }


def hash_of(inputs: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of plain values."""
    return hashlib.sha256(json.dumps(inputs, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def rank_again(inputs: Mapping[str, Any]) -> list[Ranked]:
    """The list once more from what was kept: how anyone may check it."""
    entries = [
        Entry(
            item["code"],
            _decimal(item["points"]),
            {code: Decimal(text) for code, text in item["parts"].items()},
            item.get("group", ""),
        )
        for item in inputs["entries"]
    ]
    minimum, groups = _decimal(inputs["minimum"]), inputs.get("groups")
    return rank(entries, quota=inputs["quota"], ties=inputs["ties"], minimum=minimum, groups=groups)


def _text(points: Decimal | None) -> str | None:
    """97.5 and 97.50 are the same points."""
    return None if points is None else f"{points.normalize():f}"


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
