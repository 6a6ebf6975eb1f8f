"""What a candidate and its votes say of themselves, whether read as records or as the values of a list."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import get_language


class _HasNames(Protocol):
    @property
    def title_zh(self) -> str: ...

    @property
    def title_en(self) -> str: ...

    @property
    def group(self) -> str: ...

    @property
    def group_zh(self) -> str: ...

    @property
    def group_en(self) -> str: ...


class _HasVotes(Protocol):
    @property
    def state(self) -> str: ...

    @property
    def in_favour(self) -> int | None: ...

    @property
    def needed(self) -> int | None: ...


class Named:
    __slots__ = ()

    @property
    def title(self: _HasNames) -> str:
        return self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title_zh

    @property
    def group_name(self: _HasNames) -> str:
        english = (get_language() or "").startswith("en")
        return (self.group_en if english else "") or self.group_zh or self.group


class Counted:
    __slots__ = ()

    @property
    def carried(self: _HasVotes) -> bool:
        """Settled, with the votes it needs."""
        return self.state == "settled" and (self.in_favour or 0) >= (self.needed or 0)
