"""Working days by a known arrangement."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from denggao.foundation.calendar.reading import read_arrangement, written
from denggao.foundation.calendar.rules import Arrangement, DayGiven, YearUnknown, check_arrangement

# A machine with much to do is slow for reasons of its own.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
D = dt.date
PLAIN = Arrangement(frozenset(range(2020, 2030)))
OCTOBER = Arrangement(
    frozenset([2022]),
    {
        **{D(2022, 10, day): DayGiven(D(2022, 10, day), False, "国庆节") for day in range(1, 8)},
        **{D(2022, 10, day): DayGiven(D(2022, 10, day), True, "国庆节") for day in (8, 9)},
    },
)
WHOLE = """
2027-01-01..2027-01-03 元旦
2027-02-05..2027-02-12 春节
2027-01-31 补班
2027-05-01..2027-05-05 劳动节
2027-10-01..2027-10-07 国庆节
2027-10-09 补班
"""


def test_make_up_days_are_worked_and_days_off_are_not() -> None:
    assert OCTOBER.working_days(D(2022, 9, 30), 5) == [
        D(2022, 9, 30), D(2022, 10, 8), D(2022, 10, 9), D(2022, 10, 10), D(2022, 10, 11),
    ]  # fmt: skip


def test_counting_between_leaves_the_first_day_out_and_takes_the_last() -> None:
    assert OCTOBER.between(D(2022, 9, 30), D(2022, 10, 10)) == 3
    assert OCTOBER.between(D(2022, 10, 10), D(2022, 9, 30)) == -3
    assert OCTOBER.between(D(2022, 10, 10), D(2022, 10, 10)) == 0


def test_an_unknown_year_on_the_way_is_said() -> None:
    with pytest.raises(YearUnknown) as unknown:
        OCTOBER.working_days(D(2022, 12, 30), 2)

    assert unknown.value.year == 2023
    assert OCTOBER.known_working_days(D(2022, 12, 30), 2) == [D(2022, 12, 30)]


@CALM
@given(st.dates(D(2020, 1, 1), D(2028, 1, 1)), st.integers(1, 60))
def test_the_nth_working_day_is_n_working_days_on(first: dt.date, count: int) -> None:
    days = PLAIN.working_days(first, count)

    assert len(days) == count
    assert days == sorted(set(days))
    assert days[0] >= first
    assert PLAIN.between(first - dt.timedelta(days=1), days[-1]) == count


@CALM
@given(st.dates(D(2021, 1, 1), D(2027, 1, 1)), st.dates(D(2021, 1, 1), D(2027, 1, 1)), st.dates(D(2021, 1, 1), D(2027, 1, 1)))
def test_counts_add_up(one: dt.date, two: dt.date, three: dt.date) -> None:
    assert PLAIN.between(one, two) + PLAIN.between(two, three) == PLAIN.between(one, three)


def test_a_whole_arrangement_is_read_and_found_right() -> None:
    arranged = read_arrangement(WHOLE, 2027)

    assert arranged.faults == []
    assert check_arrangement(2027, arranged.days) == []
    assert sum(not item.is_working for item in arranged.days) == 23
    assert [item.day for item in arranged.days if item.is_working] == [D(2027, 1, 31), D(2027, 10, 9)]


@pytest.mark.parametrize(
    "line",
    ["2027-02-06..2027-02-12 春节", "2027-02-06～2027-02-12 春节", "2027年2月6日至2月12日 春节", "2月6日至12日 春节", "2/6 - 2/12 春节",
     "2027/2/6—2027/2/12：春节"],
)  # fmt: skip
def test_spans_are_read_as_people_write_them(line: str) -> None:
    line = line.replace(" - ", "~")
    days = read_arrangement(line, 2027).days

    assert [item.day for item in days] == [D(2027, 2, day) for day in range(6, 13)]
    assert {(item.is_working, item.note) for item in days} == {(False, "春节")}


@pytest.mark.parametrize(
    ("line", "said"),
    [("春节", "must begin with a day"), ("2027-02-30 春节", "no such day"), ("2027-02-12..2027-02-06", "forward"),
     ("2027-02-01..2027-03-01", "at most")],
)  # fmt: skip
def test_a_line_that_can_not_be_read_is_named(line: str, said: str) -> None:
    faults = read_arrangement(f"2027-01-01 元旦\n{line}", 2027).faults

    assert len(faults) == 1
    assert said in faults[0]
    assert "2" in faults[0]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (WHOLE + "2027-02-15 补班", "only a Saturday or Sunday"),
        (WHOLE + "2028-01-01 元旦", "does not lie in 2027"),
        (WHOLE + "2026-12-15 元旦", "does not lie in 2027"),
        (WHOLE + "2027-01-01 元旦", "twice"),
        (WHOLE.replace("2027-10-01..2027-10-07", "2027-10-02..2027-10-07"), "2027-10-01"),
        ("", "2027-05-01"),
    ],
)
def test_nonsense_is_refused_with_the_day_that_is_wrong(lines: str, said: str) -> None:
    faults = check_arrangement(2027, read_arrangement(lines, 2027).days)

    assert any(said in fault for fault in faults), faults


def test_an_arrangement_may_reach_back_into_december() -> None:
    days = read_arrangement(WHOLE + "2026-12-31 元旦\n2026-12-26 补班", 2027).days

    assert check_arrangement(2027, days) == []


@CALM
@given(st.lists(st.tuples(st.dates(D(2027, 1, 1), D(2027, 12, 31)), st.booleans()), unique_by=lambda item: item[0], max_size=30))
def test_what_is_written_reads_back(given_days: list[tuple[dt.date, bool]]) -> None:
    days = sorted((DayGiven(day, worked, "补班" if worked else "春节") for day, worked in given_days), key=lambda item: item.day)
    # A span has at most fifteen days.
    read = read_arrangement(written(days), 2027)

    assert read.days == days or read.faults
