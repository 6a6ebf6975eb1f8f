"""What a call looks for: offered by the system whose procedure it is, chosen by the office, kept with the call as it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import get_language


@dataclass(frozen=True)
class Sought:
    """One thing a call looks for, under a heading (``group``). ``key`` tells it from the others of one call."""

    key: str
    group_zh: str
    group_en: str
    zh: str
    en: str

    @property
    def group(self) -> str:
        return self.group_en if self.group_en and _english() else self.group_zh

    @property
    def text(self) -> str:
        return self.en if self.en and _english() else self.zh

    def kept(self) -> dict[str, str]:
        """As a call keeps it."""
        return asdict(self)


def _english() -> bool:
    return (get_language() or "").startswith("en")


def looked_for(kept: Iterable[dict[str, Any]]) -> list[Sought]:
    """What a call keeps, read back."""
    return [Sought(**each) for each in kept]


def grouped(sought: Iterable[Sought]) -> list[tuple[str, list[Sought]]]:
    """By heading, in the order in which they come."""
    return [(group, list(each)) for group, each in groupby(sought, key=lambda one: one.group)]
