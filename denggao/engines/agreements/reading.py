"""How the signed text is laid out for reading: all of it, in its own order, nothing left out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

Line = tuple[str, str]


def lines_of(content: Mapping[str, Any], label: Callable[[str], str] = str) -> list[Line]:
    """Label and value. A list of ``[label, value]`` pairs stands as lines of its own, other lists as one line; what is
    nested has its path as label. A value that is missing is a dash: an empty line would hide that it was asked."""
    found: list[Line] = []
    for key, value in content.items():
        found += _lines(label(key), value, label)
    return found


def _lines(name: str, value: Any, label: Callable[[str], str]) -> list[Line]:
    if isinstance(value, Mapping):
        return [(f"{name} · {inner}", text) for inner, text in lines_of(value, label)] or [(name, "—")]
    if isinstance(value, list) and value and all(_is_pair(item) for item in value):
        return [line for first, second in value for line in _lines(str(first), second, label)]
    return [(name, _text(value))]


def _is_pair(item: Any) -> bool:
    return isinstance(item, list) and len(item) == 2 and isinstance(item[0], str)


def _text(value: Any) -> str:
    if value is None or value == "" or value == []:
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "；".join(_text(item) for item in value)
    if isinstance(value, Mapping):
        return "，".join(f"{name} {_text(item)}" for name, item in value.items())
    return str(value)
