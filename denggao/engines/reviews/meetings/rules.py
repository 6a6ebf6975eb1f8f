"""Quorum, majority and who passes within the places there are. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import groupby


def quorum_needed(members: int, parts: int, of: int) -> int:
    """How many of ``members`` must be present: ``parts``/``of`` of them, rounded up; at least one."""
    return max(1, -(-members * parts // of))


def votes_needed(entitled: int, parts: int, of: int) -> int:
    """How many of those entitled must be in favour. One half means more than half, anything else at least that share."""
    if 2 * parts == of:
        return entitled // 2 + 1
    return max(1, -(-entitled * parts // of))


class Why(StrEnum):
    MAJORITY = "majority"
    TOO_FEW = "too_few"
    BEYOND_QUOTA = "beyond_quota"
    TIE_HELD = "tie_held"


@dataclass(frozen=True)
class Line:
    """A candidate as it was voted on. ``share``: of those entitled, in favour (they differ from item to item, since members are
    recused). ``again``: the shares of its second votes, in their order."""

    code: str
    group: str
    carried: bool
    share: Fraction
    place: int | None = None
    again: tuple[Fraction, ...] = ()


@dataclass(frozen=True)
class Fate:
    code: str
    passes: bool
    why: Why


def fates(lines: Sequence[Line], *, quota: int | None, quotas: Mapping[str, int]) -> list[Fate]:
    """Who passes, best first. The better vote goes first, then the better place of the ranking, then the second vote. Who is equal
    to another across the last place, of all or of a group, does not go, and nobody worse takes that place: it stays
    unfilled. Places may stay unfilled."""
    left: dict[str, int] = dict(quotas)
    room = quota
    found = [Fate(line.code, False, Why.TOO_FEW) for line in sorted(lines, key=lambda line: line.code) if not line.carried]
    passed: list[Fate] = []
    keys = {line.code: _key(line) for line in lines if line.carried}
    carried = sorted((line for line in lines if line.carried), key=lambda line: (keys[line.code], line.code))
    for _same, equal in groupby(carried, key=lambda line: keys[line.code]):
        cluster = list(equal)
        fits: list[Line] = []
        for group in sorted({line.group for line in cluster}):
            of_group = [line for line in cluster if line.group == group]
            if group not in left or len(of_group) <= left[group]:
                fits += of_group
                continue
            why = Why.TIE_HELD if left[group] > 0 else Why.BEYOND_QUOTA
            passed += [Fate(line.code, False, why) for line in of_group]
            left[group] = 0
        if room is not None and len(fits) > room:
            why = Why.TIE_HELD if room > 0 else Why.BEYOND_QUOTA
            passed += [Fate(line.code, False, why) for line in fits]
            room = 0
            continue
        for line in fits:
            passed.append(Fate(line.code, True, Why.MAJORITY))
            if line.group in left:
                left[line.group] -= 1
        room = None if room is None else room - len(fits)
    return passed + found


def tied(lines: Sequence[Line], *, quota: int | None, quotas: Mapping[str, int]) -> list[str]:
    """Codes of those whom a second vote would part."""
    return [fate.code for fate in fates(lines, quota=quota, quotas=quotas) if fate.why == Why.TIE_HELD]


def _key(line: Line) -> tuple[Fraction, float, tuple[Fraction, ...]]:
    """What two candidates must share to be equal; the lower, the better. Without a place: after all who have one."""
    place = float("inf") if line.place is None else float(line.place)
    return -line.share, place, tuple(-share for share in line.again)
