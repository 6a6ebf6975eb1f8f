"""Who teaches or asks which item of a teaching standard: rooms above tell (``wiring.py``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise


@dataclass(frozen=True)
class Covered:
    """A course, a unit, a question that serves an item. ``kind`` is what it is, in words; ``url`` empty where it has no page."""

    kind: str | Promise
    title: str
    url: str = ""


class Provider(Protocol):
    """What one kind of thing serves. Only what may be shown to everybody is told of: published courses."""

    label: str | Promise

    def covering(self, codes: Collection[str]) -> Mapping[str, Mapping[str, list[Covered]]]:
        """By the standards' codes, and by item code: what serves it. One query or a few, however many standards are asked."""


_PROVIDERS: dict[str, Provider] = {}


def register_coverage(code: str, provider: Provider) -> None:
    """Plugged in ``wiring.py``."""
    _PROVIDERS[code] = provider


def covering(codes: Collection[str]) -> dict[str, dict[str, list[Covered]]]:
    """By standard and item code, what serves it, of all providers; an item nothing serves is absent."""
    found: dict[str, dict[str, list[Covered]]] = {code: defaultdict(list) for code in codes}
    if not found:
        return {}
    for provider in _PROVIDERS.values():
        for code, items in provider.covering(codes).items():
            if code in found:
                for item, things in items.items():
                    found[code][item].extend(things)
    return {code: dict(items) for code, items in found.items()}
