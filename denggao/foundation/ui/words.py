"""Words that rooms above bring and every page may use: the names of levels."""

from __future__ import annotations

from collections.abc import Callable

_level_name: Callable[[str], str] = str


def level_name(code: str) -> str:
    return _level_name(code)


def set_level_name(name: Callable[[str], str]) -> None:
    """Plugged in by the roof: the ladder lies in ``standards``, above this room."""
    global _level_name
    _level_name = name
