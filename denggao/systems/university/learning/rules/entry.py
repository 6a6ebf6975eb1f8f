"""Who may enter a run, and who waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

Waiting = TypeVar("Waiting")


class Hindrance(StrEnum):
    """Why somebody can't enter a run by themselves."""

    NOT_OPEN = "not_open"
    NOT_YET = "not_yet"
    OVER = "over"
    BY_OTHERS = "by_others"
    ALREADY = "already"
    PREREQUISITES = "prerequisites"
    REMOVED = "removed"


@dataclass(frozen=True)
class Door:
    """What a run says of its entry. ``closes_on`` is its last day."""

    state: str
    entry: str
    opens_on: dt.date
    closes_on: dt.date | None = None
    seats: int | None = None


def hindrance(
    door: Door, *, how: str, today: dt.date, standing: str | None = None, missing: Collection[object] = ()
) -> Hindrance | None:
    """Why this way into the run is shut; None where it is open. ``standing`` is the state of the enrolment there is.
    Enrolling ahead of the first day is possible as soon as the run is open for it."""
    if door.state == "closed" or (door.closes_on is not None and door.closes_on < today):
        return Hindrance.OVER
    if door.state != "open":
        return Hindrance.NOT_OPEN
    if standing in {"enrolled", "waiting", "finished"}:
        return Hindrance.ALREADY
    alone = how in {"self", "selected"}
    if alone and standing == "removed":
        return Hindrance.REMOVED
    if how == "self" and door.entry != "open" and standing != "invited":
        return Hindrance.BY_OTHERS
    if how == "employer" and door.entry not in {"open", "employer"}:
        return Hindrance.BY_OTHERS
    if how == "selected" and door.entry != "selected":
        return Hindrance.BY_OTHERS
    return Hindrance.PREREQUISITES if missing and alone else None


def seats_left(seats: int | None, taken: int) -> int | None:
    """None: as many as come. Never below nought, also where the seats were made fewer."""
    return None if seats is None else max(seats - taken, 0)


def seated(asking: Sequence[Waiting], seats: int | None, taken: int) -> tuple[list[Waiting], list[Waiting]]:
    """Of those who ask, in their order: who gets a seat, who waits."""
    left = seats_left(seats, taken)
    return (list(asking), []) if left is None else (list(asking[:left]), list(asking[left:]))


def missing_courses(wanted: Collection[int], finished: Collection[int]) -> set[int]:
    """The prerequisites, by id, that are not met."""
    return set(wanted) - set(finished)
