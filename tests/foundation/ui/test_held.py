"""A list in memory behaves towards filters and pager as a Listing does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import QueryDict

from denggao.foundation.ui.held import Choice, HeldListing, Pick

ROWS = [f"row {number}" for number in range(1, 71)]
ODD = Pick("odd", "Kind", [Choice("yes", "odd", lambda row: int(row.split()[1]) % 2 == 1), Choice("no", "even", lambda row: False)])


def held(address: str, *, first: Callable[[str], bool] | None = None) -> HeldListing[str]:
    return HeldListing(QueryDict(address), ROWS, text=lambda row: row, picks=[ODD], first=first)


@pytest.mark.parametrize(
    ("address", "first", "count"),
    [
        ("", "row 1", 70),
        ("page=3", "row 61", 70),
        ("page=99", "row 61", 70),
        ("page=none", "row 1", 70),
        ("q=ROW+7", "row 7", 8),
        ("odd=yes&page=2", "row 61", 35),
        ("odd=perhaps", "row 1", 70),
    ],
)
def test_the_address_narrows_and_pages(address: str, first: str, count: int) -> None:
    listing = held(address)

    assert listing.rows[0] == first
    assert listing.page.paginator.count == count


def test_nothing_that_fits_is_told_from_nothing_at_all() -> None:
    nothing = HeldListing(QueryDict("q=x"), [], text=str)

    assert (held("q=nobody").rows, held("q=nobody").is_empty, held("q=nobody").is_filtered) == ([], False, True)
    assert (nothing.rows, nothing.is_empty, nothing.is_long) == ([], True, False)


def test_the_page_of_the_first_row_is_shown_until_another_is_asked_for() -> None:
    assert held("", first=lambda row: row == "row 45").page.number == 2
    assert held("page=1", first=lambda row: row == "row 45").page.number == 1
    assert held("odd=yes", first=lambda row: row == "row 44").page.number == 1, "it does not fit"


def test_what_was_asked_goes_behind_another_value_and_nothing_else_does() -> None:
    assert held("q=row&odd=yes&page=2&item=7").kept == "&q=row&odd=yes&page=2"
    assert held("item=7").kept == ""
