"""What the board makes of the ledger's periods."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.engines.ledger.disclosure import Period
from denggao.faces.board import rules


def period(first: str, last: str, new: int | None, cumulative: int | None) -> Period:
    start, end = dt.date.fromisoformat(f"{first}-01"), dt.date.fromisoformat(f"{last}-01")
    return Period(start, (end + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1), new, cumulative)


def told(*periods: Period, short: bool = False) -> list[tuple[str, int | None, int | None]]:
    return [(bar.label, bar.before, bar.added) for bar in rules.quarter_bars(periods, short=short)]


def test_months_make_quarters() -> None:
    months = [period("2021-01", "2021-01", 5, 5), period("2021-02", "2021-02", 6, 11), period("2021-03", "2021-03", 7, 18)]

    assert told(*months) == [("21Q1", 0, 18)]


def test_quarters_before_the_first_head_are_left_out() -> None:
    assert told(period("2020-01", "2020-03", 0, 0), period("2020-04", "2020-06", 9, 9)) == [("20Q2", 0, 9)]


def test_a_period_over_two_quarters_stays_one_bar() -> None:
    assert told(period("2021-01", "2021-04", 5, 5), period("2021-05", "2021-06", 6, 11)) == [("21Q1–2", 0, 11)]


def test_a_withheld_year_is_a_bar_without_numbers() -> None:
    assert told(period("2020-01", "2020-12", None, None), period("2021-01", "2021-03", 8, None)) == [
        ("20Q1–4", None, None),
        ("21Q1", None, None),
    ]


def test_the_last_quarter_may_be_unfinished() -> None:
    assert told(period("2022-07", "2022-07", 5, 5), period("2022-08", "2022-08", 6, 11)) == [("22Q3", 0, 11)]


def test_short_names_tell_years_alone() -> None:
    quarters = [period("2021-10", "2021-12", 5, 5), period("2022-01", "2022-03", 5, 10)]

    assert [label for label, *_ in told(*quarters, short=True)] == ["", "2022"]


def test_targets_add_up_over_the_years() -> None:
    lines = rules.cumulative_targets({2020: 2, 2021: 3, 2022: 5}, 10, first=dt.date(2020, 7, 1), first_year=2020, last_year=2022)

    assert [(start.year, end.year, value) for start, end, value in lines] == [(2020, 2020, 2), (2021, 2021, 5), (2022, 2022, 10)]
    assert lines[0][0] == dt.date(2020, 7, 1)


def test_without_yearly_targets_the_target_is_level() -> None:
    first = dt.date(2020, 7, 1)

    assert rules.cumulative_targets({}, 10, first=first, first_year=2020, last_year=2022) == [(first, dt.date(2022, 12, 31), 10)]


@pytest.mark.parametrize(("asked", "chosen"), [("2022-06-30", 30), ("2022-06-29", 1), ("", 1), ("x", 1)])
def test_only_released_days_can_be_chosen(asked: str, chosen: int) -> None:
    assert rules.chosen_day(asked, [dt.date(2022, 6, 30)], dt.date(2022, 7, 1)).day == chosen


@pytest.mark.parametrize(
    ("asked", "found"), [("2019-01-01", "2020-01-01"), ("2021-05-05", "2021-05-05"), ("2099-01-01", "2022-12-31")]
)
def test_any_day_is_kept_within_bounds(asked: str, found: str) -> None:
    bounds = {"first": dt.date(2020, 1, 1), "last": dt.date(2022, 12, 31)}

    assert rules.any_day(asked, **bounds, default=None) == dt.date.fromisoformat(found)
    assert rules.any_day("nonsense", **bounds, default=None) is None
