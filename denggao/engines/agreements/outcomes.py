"""What became of learners: levels and successes, as the rooms that keep them tell. Plugged in ``wiring.py``; nobody types these."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from denggao.engines.agreements.models import Mentorship
from denggao.foundation.standards.ladder import BY_CODE, rank


@dataclass(frozen=True)
class Reached:
    """A level a person reached in an occupation (an occupation's id and name; None where it is not mapped), and when."""

    level: str
    on: dt.date
    occupation_id: int | None = None
    occupation: str = ""


@dataclass(frozen=True)
class Success:
    """Something a person won or was named, in the reader's language, and when."""

    text: str
    on: dt.date


Levels = Callable[[Collection[int]], Mapping[int, Sequence[Reached]]]
Successes = Callable[[Collection[int]], Mapping[int, Sequence[Success]]]
_LEVELS: dict[str, Levels] = {}
_SUCCESSES: dict[str, Successes] = {}


def register_levels(code: str, source: Levels) -> None:
    """``source(person_ids)`` gives levels by person id, in a constant number of queries."""
    _LEVELS[code] = source


def register_successes(code: str, source: Successes) -> None:
    """``source(person_ids)`` gives contests won and the like by person id, in a constant number of queries."""
    _SUCCESSES[code] = source


@dataclass(frozen=True)
class Became:
    """What became of a learner in a mentorship. ``then`` is the highest level before it began, ``now`` the highest there is until a
    ``grace`` after its end; a rise counts from within it. Levels are codes of the ladder, empty where none is known."""

    then: str = ""
    now: str = ""
    successes: list[Success] = field(default_factory=list)

    @property
    def has_risen(self) -> bool:
        return bool(self.now) and (not self.then or rank(self.now) > rank(self.then))

    @property
    def then_name(self) -> Any:
        return BY_CODE[self.then].name if self.then else ""

    @property
    def now_name(self) -> Any:
        return BY_CODE[self.now].name if self.now else ""


GRACE = dt.timedelta(days=90)
"""A level or success within so many days of the end still came of the mentorship: papers follow the test."""


def became_of(mentorships: Collection[Mentorship]) -> dict[int, Became]:
    """By the mentorship's id; of all of them in one query a source. Where the mentorship is for one occupation, levels of others
    say nothing."""
    learners = {item.learner_id for item in mentorships}
    levels: dict[int, list[Reached]] = {pk: [] for pk in learners}
    successes: dict[int, list[Success]] = {pk: [] for pk in learners}
    for source in _LEVELS.values() if learners else ():
        for pk, found in source(learners).items():
            levels[pk] += found
    for won in _SUCCESSES.values() if learners else ():
        for pk, told in won(learners).items():
            successes[pk] += told
    return {item.pk: became(item, levels[item.learner_id], successes[item.learner_id]) for item in mentorships}


def became(item: Mentorship, levels: Sequence[Reached], successes: Sequence[Success]) -> Became:
    """Pure, from what is known of one learner."""
    until = item.to_on + GRACE if item.to_on is not None else dt.date.max
    fitting = [each for each in levels if item.occupation_id is None or each.occupation_id == item.occupation_id]
    return Became(
        then=_highest(each.level for each in fitting if each.on < item.from_on),
        now=_highest(each.level for each in fitting if each.on <= until),
        successes=sorted((each for each in successes if item.from_on <= each.on <= until), key=lambda each: each.on),
    )


def _highest(levels: Any) -> str:
    return max(levels, key=rank, default="")
