"""A list keeps to its address: searched, filtered, sorted, paged, with two queries."""

from __future__ import annotations

import django_filters
import pytest
from django.db import connection
from django.http import QueryDict
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django_cotton.compiler_regex import CottonCompiler

from denggao.foundation.standards.models import Industry
from denggao.foundation.ui.listing import Listing

pytestmark = pytest.mark.django_db


class Filters(django_filters.FilterSet):
    code = django_filters.CharFilter()

    class Meta:
        model = Industry
        fields = ("code",)


def listing(address: str = "", **options: object) -> Listing:
    found = {
        "sorts": {"code": "code", "place": ("position", "name_zh")},
        "default": "code",
        "search": ("name_zh", "name_en"),
        **options,
    }
    return Listing(QueryDict(address), Industry.objects.filter(code__startswith="x-"), **found)  # type: ignore[arg-type]  # facts of a table


@pytest.fixture(autouse=True)
def industries() -> None:
    names = [("x-a", "集成电路", "Circuits", 2), ("x-b", "航空 航天", "Aerospace", 1), ("x-c", "生物医药", "Biomedicine", 1)]
    for code, zh, en, position in names:
        Industry.objects.create(code=code, name_zh=zh, name_en=en, position=position)


def codes(found: Listing) -> list[str]:
    return [row.code for row in found.rows]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", ["x-a", "x-b", "x-c"]),
        ("sort=-code", ["x-c", "x-b", "x-a"]),
        ("sort=place", ["x-c", "x-b", "x-a"]),
        ("sort=-place", ["x-a", "x-b", "x-c"]),
        ("sort=password", ["x-a", "x-b", "x-c"]),
        ("q=aero", ["x-b"]),
        ("q=航天+航空", ["x-b"]),
        ("q=nothing", []),
        ("code=x-c", ["x-c"]),
        ("page=99", ["x-a", "x-b", "x-c"]),
        ("page=x", ["x-a", "x-b", "x-c"]),
    ],
)
def test_the_address_says_what_is_listed(address: str, expected: list[str]) -> None:
    assert codes(listing(address, filters=Filters)) == expected


def test_filters_that_are_on_are_counted_without_what_is_searched_for() -> None:
    off, on = listing("q=aero", filters=Filters), listing("code=x-c", filters=Filters)

    assert (off.filters_on, off.is_filtered) == (0, True)
    assert (on.filters_on, on.is_filtered) == (1, True)
    assert not listing("", filters=Filters).is_filtered


class ManyFilters(Filters):
    name = django_filters.CharFilter()
    place = django_filters.NumberFilter()


def test_many_filters_fold_and_stand_open_only_where_one_is_on() -> None:
    def drawn(address: str, filters: type[django_filters.FilterSet]) -> str:
        source = CottonCompiler().process('<c-filters :listing="listing" />')
        return Template(source).render(Context({"listing": listing(address, filters=filters)}))

    assert "<details" not in drawn("code=x-c", Filters)
    assert '<details class="dg-fold">' in drawn("q=aero", ManyFilters)
    assert '<details class="dg-fold" open>' in drawn("code=x-c", ManyFilters)


def test_pages_do_not_overlap_and_the_export_takes_all() -> None:
    first, second = listing("sort=place", per_page=2), listing("sort=place&page=2", per_page=2)

    assert codes(first) + codes(second) == ["x-c", "x-b", "x-a"]
    assert first.everything.count() == first.count == 3
    assert first.export_url == "?sort=place&export=xlsx"


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_two_queries(rows: int) -> None:
    Industry.objects.filter(code__in=["x-b", "x-c"][: 3 - rows]).delete()

    with CaptureQueriesContext(connection) as queries:
        page = listing("q=", filters=Filters)
        assert len(page.rows) == rows
        assert page.count == rows
        assert page.columns["code"].direction == "ascending"

    assert len(queries) == 2


def test_a_known_count_is_used_only_where_nothing_narrows_the_list() -> None:
    assert listing("", known_count=3).count == 3
    assert listing("q=aero", known_count=3).count == 1


def test_a_heading_turns_the_order() -> None:
    columns = listing("sort=-place").columns

    assert (columns["place"].direction, columns["place"].next) == ("descending", "place")
    assert (columns["code"].direction, columns["code"].next) == ("", "code")
