"""The running order: planned times, the order by number, group or lot, and when each turn is to be expected from what happened so
far. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
ROUND_TO = 5
"""Minutes to which a delay is rounded when it is told."""


@dataclass(frozen=True)
class Planned:
    """When a turn begins as planned, and how many minutes of break come before it."""

    at: dt.datetime
    break_before: int


def planned_times(start: dt.datetime, count: int, *, minutes: int, break_after: int, break_minutes: int) -> list[Planned]:
    """``count`` turns one after the other, with a break after every ``break_after`` of them (0: none)."""
    found: list[Planned] = []
    at = start
    for position in range(count):
        pause = break_minutes if break_after and position and position % break_after == 0 else 0
        at += dt.timedelta(minutes=pause)
        found.append(Planned(at, pause))
        at += dt.timedelta(minutes=minutes)
    return found


def drawn(codes: Iterable[str], seed: str) -> list[str]:
    """The order by lot: the same codes and seed always give the same, in whatever order they come. Anyone can draw it again:
    sorted by the SHA-256 of seed, colon and code."""
    return sorted(codes, key=lambda code: (hashlib.sha256(f"{seed}:{code}".encode()).hexdigest(), code))


@dataclass(frozen=True)
class Turn:
    """What is known of a turn. ``state`` as ``Slot.State``."""

    state: str
    planned_at: dt.datetime
    break_before: int = 0
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None


@dataclass(frozen=True)
class Expectation:
    """``at``: when it is to be expected (it is not begun before its planned time); ``late``: by how much; ``before``: how many come
    before it, whoever is in the room included."""

    at: dt.datetime
    late: dt.timedelta
    before: int

    @property
    def late_minutes(self) -> int:
        """As it is told: to the nearest five minutes."""
        return int((self.late.total_seconds() / 60 + ROUND_TO / 2) // ROUND_TO) * ROUND_TO


def expectations(turns: Mapping[Key, Turn], *, minutes: int, now: dt.datetime) -> dict[Key, Expectation]:
    """By turn, for those still to come; ``turns`` in their order. Whoever is in the room takes the planned minutes, and longer as
    long as they are there; who did not come takes no time; breaks are kept."""
    found: dict[Key, Expectation] = {}
    each = dt.timedelta(minutes=minutes)
    free_at: dt.datetime | None = None
    before = 0
    for turn in turns.values():
        if turn.state == "done" and turn.ended_at is not None:
            free_at = max(free_at or turn.ended_at, turn.ended_at)
        elif turn.state == "in_room" and turn.started_at is not None:
            free_at = max(turn.started_at + each, now)
            before += 1
    for key, turn in turns.items():
        if turn.state not in {"waiting", "called"}:
            continue
        at = max(turn.planned_at, now)
        if free_at is not None:
            at = max(at, free_at + dt.timedelta(minutes=turn.break_before))
        found[key] = Expectation(at, at - turn.planned_at, before)
        free_at = at + each
        before += 1
    return found


def moved(order: Sequence[Key], what: Key, to: int) -> list[Key]:
    """``what`` taken out and put at a position, counted from 0; beyond the end means at the end."""
    rest = [each for each in order if each != what]
    at = max(0, min(to, len(rest)))
    return [*rest[:at], what, *rest[at:]]
