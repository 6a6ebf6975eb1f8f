"""Who keeps names of occupations as people wrote them: rooms above tell how many records carry each (``wiring.py``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Use:
    """``count`` gives, by name key, how many records carry the name; names that none carries may be absent."""

    code: str
    label: str | Promise
    count: Callable[[Collection[str]], dict[str, int]]


_USES: dict[str, Use] = {}


def plug_use(use: Use) -> None:
    _USES[use.code] = use


def counts_of(keys: Collection[str]) -> dict[str, list[tuple[str, int]]]:
    """By name key, the label and number of each use that has any."""
    found: dict[str, list[tuple[str, int]]] = {key: [] for key in keys}
    for use in _USES.values():
        for key, count in Counter(use.count(keys)).items():
            if key in found and count:
                found[key].append((str(use.label), count))
    return found
