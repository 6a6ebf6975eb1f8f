"""What other rooms know that the hall shows: levels reached, recognitions, lessons given. Plugged in ``wiring.py``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from denggao.systems.craftsmen.models import Craftsman


@dataclass(frozen=True)
class LevelReached:
    """A level of the ladder a person holds a valid certificate of, from this day."""

    on: dt.date
    level: str


@dataclass(frozen=True)
class Recognition:
    """A line of the timeline: what was recognised, on what day, with what stands beneath it and where it opens, if anywhere."""

    on: dt.date
    title: str
    line: str = ""
    link: str = ""


@dataclass(frozen=True)
class Lesson:
    """A lesson the craftsman gave: when, where, of what."""

    on: dt.date
    where: str
    what: str


Levels = Callable[[Collection[int]], Mapping[int, Sequence[LevelReached]]]
Recognitions = Callable[[Sequence[Craftsman]], Mapping[int, Sequence[Recognition]]]
Lessons = Callable[[Sequence[Craftsman]], Mapping[int, Sequence[Lesson]]]

_LEVELS: dict[str, Levels] = {}
_RECOGNITIONS: dict[str, Recognitions] = {}
_LESSONS: dict[str, Lessons] = {}


def register_levels(code: str, source: Levels) -> None:
    """``source(person_ids)`` gives levels by person id, in a constant number of queries."""
    _LEVELS[code] = source


def register_recognitions(code: str, source: Recognitions) -> None:
    """``source(craftsmen)`` gives lines by craftsman id, in a constant number of queries. What it gives is public: it
    names nobody but the craftsman and bodies."""
    _RECOGNITIONS[code] = source


def register_lessons(code: str, source: Lessons) -> None:
    """``source(craftsmen)`` gives lessons by craftsman id, in a constant number of queries."""
    _LESSONS[code] = source


def levels_of(person_ids: Collection[int]) -> dict[int, list[LevelReached]]:
    """By person id, the earliest first; without those who have none."""
    found: dict[int, list[LevelReached]] = {}
    for source in _LEVELS.values():
        for pk, levels in source(person_ids).items():
            found.setdefault(pk, []).extend(levels)
    return {pk: sorted(levels, key=lambda level: (level.on, level.level)) for pk, levels in found.items()}


def recognitions_of(craftsmen: Sequence[Craftsman]) -> dict[int, list[Recognition]]:
    """By craftsman id, the newest first."""
    found: dict[int, list[Recognition]] = {craftsman.pk: [] for craftsman in craftsmen}
    for source in _RECOGNITIONS.values():
        for pk, lines in source(craftsmen).items():
            found[pk] += lines
    return {pk: sorted(lines, key=lambda line: line.on, reverse=True) for pk, lines in found.items()}


def lessons_of(craftsman: Craftsman) -> list[Lesson] | None:
    """The newest first; None where no room knows of lessons."""
    if not _LESSONS:
        return None
    found = [lesson for source in _LESSONS.values() for lesson in source([craftsman]).get(craftsman.pk, ())]
    return sorted(found, key=lambda lesson: lesson.on, reverse=True)
