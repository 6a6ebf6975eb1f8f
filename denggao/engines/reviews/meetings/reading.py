"""Candidates and their votes as a list tells of them, read as values: hundreds of rows are drawn again every few seconds, and as
records of the database they take five times as long."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import QuerySet

from denggao.engines.reviews.meetings.models import Ballot, Item, Meeting
from denggao.engines.reviews.meetings.names import Counted, Named
from denggao.foundation.audit.readied import readied


@dataclass(frozen=True, slots=True)
class Listed(Named):
    """An ``Item``, by the same names."""

    pk: int
    public_id: uuid.UUID
    subject_id: uuid.UUID
    title_zh: str
    title_en: str
    group: str
    group_zh: str
    group_en: str
    place: int | None
    state: str
    dropped_reason: str
    decision: str


@dataclass(frozen=True, slots=True)
class Votes(Counted):
    """A ``Ballot``, by the same names."""

    pk: int
    item_id: int
    second: bool
    state: str
    in_favour: int | None
    against: int | None
    abstained: int | None
    recused: int | None
    entitled: int | None
    needed: int | None
    counted_by: str
    lock: int


_LISTED = [field.name for field in fields(Listed)]
_VOTES = [field.name for field in fields(Votes)]


@readied(int)
def _items(meeting_id: int) -> QuerySet[Item, tuple[Any, ...]]:
    return Item.objects.filter(meeting=meeting_id).values_list(*_LISTED)


@readied(int)
def _ballots(meeting_id: int) -> QuerySet[Ballot, tuple[Any, ...]]:
    return standing_ballots(meeting_id).values_list(*_VOTES)


def standing_ballots(meeting_id: int) -> QuerySet[Ballot]:
    """Of all items, in order, without those set aside."""
    return Ballot.objects.filter(item__meeting=meeting_id).exclude(state=Ballot.State.SET_ASIDE).order_by("number")


def listed_in(meeting: Meeting, *, whole: Item | None = None) -> list[Item | Listed]:
    """In their order; ``whole`` stands in the list as it is. One query."""
    rows = (Listed(*row) for row in _items.rows(meeting.pk))
    return [whole if whole is not None and row.pk == whole.pk else row for row in rows]


def votes_in(meeting: Meeting) -> dict[int, list[Votes]]:
    """By item id, in order, without those set aside. One query."""
    found: dict[int, list[Votes]] = defaultdict(list)
    for row in _ballots.rows(meeting.pk):
        votes = Votes(*row)
        found[votes.item_id].append(votes)
    return found
