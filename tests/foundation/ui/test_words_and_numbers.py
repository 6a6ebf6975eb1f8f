"""How days, numbers and shares are written in the reader's language."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils import translation

from denggao.foundation.ui.templatetags import dg


@pytest.mark.parametrize(
    ("count", "chinese", "english"),
    [(0, "0", "0"), (10000, "10000", "10,000"), (1234567, "1234567", "1,234,567"), (None, "—", "—")],
)
def test_numbers_are_grouped_in_english_alone(count: int | None, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert dg.number(count) == chinese
    with translation.override("en"):
        assert dg.number(count) == english


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.785, "78.5%"), (1.0, "100%"), (0.9999, "99.9%"), (0.09, "9%"), (0, "0%"), (None, "—"), (Decimal("0.8125"), "81.3%")],
)
def test_a_share_is_never_whole_before_it_is(share: float | None, shown: str) -> None:
    assert dg.percent(share) == shown


def test_a_moment_near_midnight_falls_on_its_day_in_shanghai() -> None:
    late = dt.datetime(2022, 9, 30, 16, 30, tzinfo=dt.UTC)

    with translation.override("zh-hans"):
        assert dg.day(late) == "2022年10月1日"
        assert dg.month(dt.date(2022, 9, 1)) == "2022年9月"
    with translation.override("en"):
        assert dg.day(late) == "1 Oct 2022"
    assert dg.moment(late) == "2022-10-01 00:30"


def test_a_query_string_keeps_what_it_is_not_told_to_change() -> None:
    assert dg.changed(QueryDict("q=陈&page=3&sort=day", mutable=True), {"page": None, "sort": "-day"}) == "?q=%E9%99%88&sort=-day"
    assert dg.changed(QueryDict("page=3", mutable=True), {"page": None}) == "?"
