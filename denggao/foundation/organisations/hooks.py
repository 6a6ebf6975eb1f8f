"""What rooms above plug in: see ``wiring.py``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Protocol

from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.hooks import Hook

heads_changed = Hook("heads_changed")
"""Called as ``heads_changed(person_ids: set[int], actor=…, now=…)`` inside the transaction, once an act, after any write
that may bear on what is counted of these persons."""

appointment_ended = Hook("appointment_ended")
"""Called as ``appointment_ended(appointment, actor=…, now=…)`` inside the transaction in which an appointment was given its last
day before its term: what rests on it (its letter, what its person was to do) ends with it."""

Span = tuple[dt.date | None, dt.date | None]


class Joining(Protocol):
    """How employers join what stands above this room: a plan."""

    def find(self, code: str) -> Any:
        """What the code names. Raises Refused with a sentence that names the known codes."""

    def choices(self) -> list[tuple[str, str]]:
        """What can be joined: code and name."""

    def spans(self, target: Any, organisation_ids: Collection[int]) -> dict[int, Span]:
        """From when to when each of these bodies takes part (None: as long as it lasts); absent where it doesn't."""

    def join(self, target: Any, spans: Mapping[int, Span], *, actor: Actor, now: dt.datetime) -> None:
        """Let these bodies take part, or change the days on which they do. Runs inside the act under way."""

    def members(self, code: str) -> Any:
        """The ids of the bodies that take part in it, as a subquery; none for an unknown code."""

    def texts(self, organisation_ids: Collection[int]) -> dict[int, list[tuple[str, Span]]]:
        """What each of these bodies takes part in, to be shown: name and days. Absent where it is nothing."""


_joining: list[Joining] = []


def plug_joining(joining: Joining) -> None:
    _joining[:] = [joining]


def joining() -> Joining | None:
    return _joining[0] if _joining else None
