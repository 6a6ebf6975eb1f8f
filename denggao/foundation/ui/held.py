"""A list that a page has read whole for other reasons: searched, narrowed and paged by the address as a ``Listing`` is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.paginator import Page, Paginator
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.functional import cached_property

from denggao.foundation.ui.listing import MAX_SEARCH_LENGTH

Row = TypeVar("Row")


@dataclass(frozen=True)
class Choice(Generic[Row]):
    value: str
    label: str
    takes: Callable[[Row], bool]


@dataclass(frozen=True)
class Pick(Generic[Row]):
    """One way to narrow the list, by the address's ``name``."""

    name: str
    label: str
    choices: Sequence[Choice[Row]]


@dataclass(frozen=True)
class Asked(Generic[Row]):
    """A pick as the address answers it; None for any."""

    pick: Pick[Row]
    choice: Choice[Row] | None


class HeldListing(Generic[Row]):
    """``text`` is what is searched in a row. Where the address asks for no page, that of the row which is ``first`` is shown. What
    isn't understood is ignored. Stands where a ``Listing`` does in filters and pager."""

    searches = True
    sort_given = False
    filter_fields: tuple[BoundField, ...] = ()

    def __init__(
        self,
        params: QueryDict,
        rows: Sequence[Row],
        *,
        text: Callable[[Row], str],
        picks: Sequence[Pick[Row]] = (),
        first: Callable[[Row], bool] | None = None,
        per_page: int = 30,
    ) -> None:
        self.params = params
        self.text = params.get("q", "").strip()[:MAX_SEARCH_LENGTH]
        self.asked = [Asked(pick, _chosen(pick, params.get(pick.name, ""))) for pick in picks if len(pick.choices) > 1]
        self._all, self._text_of, self._first, self._per_page = rows, text, first, per_page

    @cached_property
    def everything(self) -> list[Row]:
        words = self.text.casefold().split()
        rows = [row for row in self._all if all(word in self._text_of(row).casefold() for word in words)] if words else self._all
        takes = [each.choice.takes for each in self.asked if each.choice is not None]
        return [row for row in rows if all(take(row) for take in takes)]

    @cached_property
    def page(self) -> Page[Row]:
        return Paginator(self.everything, self._per_page).get_page(self.params.get("page") or self._first_page())

    def _first_page(self) -> int:
        if self._first is None:
            return 1
        return next((at // self._per_page + 1 for at, row in enumerate(self.everything) if self._first(row)), 1)

    @property
    def rows(self) -> list[Row]:
        return list(self.page.object_list)

    @cached_property
    def kept(self) -> str:
        """What the address says of the list, to go behind another value of it: empty, or with an ``&`` before it."""
        asked = self.params.copy()
        for key in set(asked) - {"q", "page", *(each.pick.name for each in self.asked)}:
            del asked[key]
        return f"&{asked.urlencode()}" if asked else ""

    @property
    def filters_on(self) -> int:
        return sum(each.choice is not None for each in self.asked)

    @property
    def is_filtered(self) -> bool:
        return bool(self.text) or self.filters_on > 0

    @property
    def is_long(self) -> bool:
        """Whether there is anything to search in: a handful is seen at once."""
        return len(self._all) > 8

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all, filtered or not."""
        return not self._all


def _chosen(pick: Pick[Any], value: str) -> Choice[Any] | None:
    return next((choice for choice in pick.choices if value and choice.value == value), None)
