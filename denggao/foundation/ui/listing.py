"""One page of a list: searched, filtered, sorted and paged by the address, always with two queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import django_filters
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.functional import cached_property

from denggao.foundation.ui.templatetags.dg import changed

MAX_SEARCH_LENGTH = 100
Search = tuple[str, ...] | Callable[[QuerySet[Any], str], QuerySet[Any]]


@dataclass(frozen=True)
class Column:
    """``direction`` is ``ascending``, ``descending`` or empty; ``next`` is the ``sort`` a click on the heading asks for."""

    key: str
    direction: str
    next: str


class Listing:
    """``queryset`` is what the actor may see. ``sorts`` names each sortable column and the fields it sorts by (the primary
    key follows, so that pages never overlap); ``default`` is one of them, with ``-`` for descending. ``search`` is the
    fields whose text is looked into, or a function ``(queryset, text) -> queryset``.

    ``known_count`` is how many rows there are unfiltered, where that is known already: counting them again is dear.

    The address: ``q``, ``sort``, ``page``, ``export`` and the filter set's own names. What isn't understood is ignored.
    """

    def __init__(
        self,
        params: QueryDict,
        queryset: QuerySet[Any],
        *,
        sorts: Mapping[str, str | tuple[str, ...]] | None = None,
        default: str = "",
        search: Search = (),
        filters: type[django_filters.FilterSet] | None = None,
        per_page: int = 50,
        known_count: int | None = None,
        **filter_options: Any,
    ) -> None:
        self.params = params
        self.searches = bool(search)
        self.text = params.get("q", "").strip()[:MAX_SEARCH_LENGTH] if search else ""
        self.per_page = per_page
        self._known_count = known_count
        self._search = search
        self._sorts = {key: (fields,) if isinstance(fields, str) else tuple(fields) for key, fields in (sorts or {}).items()}
        self._default = default
        self.filterset = filters(params, queryset=queryset, **filter_options) if filters is not None else None
        self._queryset = queryset

    @property
    def sort(self) -> str:
        asked = self.params.get("sort", "")
        return asked if asked.removeprefix("-") in self._sorts else self._default

    @property
    def sort_given(self) -> bool:
        return self.sort != self._default

    @cached_property
    def everything(self) -> QuerySet[Any]:
        """All rows that are searched and filtered for, sorted, of every page: what an export takes."""
        rows = self.filterset.qs if self.filterset is not None else self._queryset
        if self.text:
            rows = self._search(rows, self.text) if callable(self._search) else rows.filter(_contains(self._search, self.text))
        sort = self.sort
        if not sort:
            return rows if rows.ordered else rows.order_by("pk")
        sign = "-" if sort.startswith("-") else ""
        fields = [turned(field) if sign else field for field in self._sorts[sort.removeprefix("-")]]
        return rows.order_by(*fields, f"{sign}pk")

    @cached_property
    def page(self) -> Page[Any]:
        paginator = Paginator(self.everything, self.per_page)
        if self._known_count is not None and not self.is_filtered:
            paginator.__dict__["count"] = self._known_count
        return paginator.get_page(self.params.get("page"))

    @cached_property
    def rows(self) -> list[Any]:
        return list(self.page.object_list)

    @property
    def count(self) -> int:
        return self.page.paginator.count

    @cached_property
    def columns(self) -> dict[str, Column]:
        current = self.sort
        return {key: _column(key, current) for key in self._sorts}

    @property
    def filter_fields(self) -> Iterable[BoundField]:
        return list(self.filterset.form) if self.filterset is not None else []

    @property
    def is_filtered(self) -> bool:
        """Whether the address narrows the list: an empty list then says so, instead of what to do first."""
        return bool(self.text) or self.filters_on > 0

    @property
    def filters_on(self) -> int:
        """How many filters narrow the list; what is searched for is none of them."""
        return sum(bool(field.data) for field in self.filter_fields)

    @property
    def export(self) -> str:
        """``csv`` or ``xlsx`` where the address asks for one, else empty."""
        asked = self.params.get("export", "")
        return asked if asked in {"csv", "xlsx"} else ""

    def address(self, **changes: Any) -> str:
        """The list's own address with some values changed; None takes one out."""
        return changed(self.params.copy(), changes)

    @property
    def export_url(self) -> str:
        return self.address(export="xlsx", page=None)


def turned(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def _column(key: str, current: str) -> Column:
    if current == key:
        return Column(key, "ascending", f"-{key}")
    return Column(key, "descending" if current == f"-{key}" else "", key)


def _contains(fields: tuple[str, ...], text: str) -> Q:
    """Every word in one of the fields."""
    found = Q()
    for word in text.split():
        anywhere = Q()
        for field in fields:
            anywhere |= Q(**{f"{field}__icontains": word})
        found &= anywhere
    return found
