"""What the platform itself knows of a result: each kind of fact is plugged in ``wiring.py`` by the room that has it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

_KNOWN: dict[str, Callable[[uuid.UUID], str | None]] = {}


def plug_fact(kind: str, title_of: Callable[[uuid.UUID], str | None]) -> None:
    """``title_of`` gives the title of what everybody may see under this public id; None where there is nothing."""
    _KNOWN[kind] = title_of


def fact(kind: str, public_id: uuid.UUID) -> str | None:
    return _KNOWN[kind](public_id) if kind in _KNOWN else None
