"""The settings of a unit as a form hands them in: ``s-questions-0-choices-1-text`` is a path. Rows that say nothing are left out,
so that an empty line at the end may stand ready for the next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

PREFIX = "s-"
_NAME = re.compile(r"s(?:-[A-Za-z0-9_]{1,40}){1,8}")
_MOST = 5000
# What a row may hold without saying anything.
_SILENT = frozenset({"kind", "code", "right", "points", "tolerance", "serves"})


def settings_from(data: Mapping[str, Any]) -> dict[str, Any]:
    """Nested as the paths say; steps that are all numbers make a list, in their order. At most 5,000 values are read."""
    root: dict[str, Any] = {}
    for name in list(data)[:_MOST]:
        if not _NAME.fullmatch(name):
            continue
        at = root
        *steps, last = name[len(PREFIX) :].split("-")
        for step in steps:
            inner = at.setdefault(step, {})
            if not isinstance(inner, dict):
                break
            at = inner
        else:
            at[last] = data[name]
    settled = _settled(root)
    return settled if isinstance(settled, dict) else {}


def _settled(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdecimal() for key in value):
        rows = [_settled(value[key]) for key in sorted(value, key=int)]
        return [row for row in rows if _says_something(row)]
    return {key: _settled(inner) for key, inner in value.items()}


def _says_something(row: Any) -> bool:
    if isinstance(row, dict):
        return any(_says_something(value) for key, value in row.items() if key not in _SILENT)
    if isinstance(row, list):
        return any(_says_something(inner) for inner in row)
    return bool(str(row).strip())
