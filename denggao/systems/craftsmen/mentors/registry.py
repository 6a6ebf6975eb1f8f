"""Which bodies are bases, as the room that accredits them tells: plugged in ``wiring.py``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from denggao.foundation.organisations.models import Organisation


class Place(Protocol):
    """A base: the body that runs it, and what it is called."""

    organisation: Organisation
    name_zh: str
    name_en: str
    plan: Any


Places = Callable[[dt.date], Iterable[Any]]
_SOURCES: dict[str, Places] = {}


def register_places(code: str, source: Places) -> None:
    """``source(day)`` gives the bases in force on a day."""
    _SOURCES[code] = source


def places_on(day: dt.date) -> dict[int, Place]:
    """By the body's id."""
    return {place.organisation.pk: place for source in _SOURCES.values() for place in source(day)}
