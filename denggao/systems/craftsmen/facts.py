"""What the platform itself knows of a person, from whichever room keeps it: plugged in ``wiring.py``. Nobody types these."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class KnownFact:
    """Label and value in the reader's language; ``source`` says where it comes from."""

    label: str
    value: str
    source: str = ""


FactSource = Callable[[Collection[int], dt.date], Mapping[int, Sequence[KnownFact]]]
_SOURCES: dict[str, tuple[int, FactSource]] = {}


def register_facts(code: str, source: FactSource, *, position: int) -> None:
    """``source(person_ids, on)`` gives facts by person id, in a constant number of queries."""
    _SOURCES[code] = (position, source)


def facts_of(person_ids: Collection[int], on: dt.date) -> dict[int, list[KnownFact]]:
    """By person id, in the order of the sources."""
    found: dict[int, list[KnownFact]] = {pk: [] for pk in person_ids}
    for _position, source in sorted(_SOURCES.values(), key=lambda each: each[0]):
        for pk, facts in source(person_ids, on).items():
            found[pk] += facts
    return found
