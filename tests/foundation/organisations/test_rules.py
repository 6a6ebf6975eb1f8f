"""Credit codes, and what lists of staff amount to."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from denggao.foundation.organisations.rules import (
    Period,
    Resolved,
    Statement,
    body_key,
    credit_code_check,
    employed_on,
    front_line_on,
    normal_credit_code,
    overlap,
    resolve,
    stints,
    value_on,
)

CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def said(as_of: str, hired: str | None = None, left: str | None = None, **more: object) -> Statement:
    return Statement(dt.date.fromisoformat(as_of), day(hired), day(left), **more)  # type: ignore[arg-type]  # facts of a table


def spans(statements: list[Statement]) -> list[tuple[str, str | None]]:
    """(begin, last day) of each employment the statements amount to."""
    found = [resolve(stint) for stint in stints(statements)]
    return [(item.started_on.isoformat(), item.left_on.isoformat() if item.left_on else None) for item in found]


# Credit codes


@pytest.mark.parametrize(
    ("first", "check"),
    [("91350100M000100Y4", "3"), ("91310115MA1000029", "0"), ("91310115MA100002I", None), ("9131", None), ("", None)],
)
def test_the_check_character_of_a_credit_code(first: str, check: str | None) -> None:
    assert credit_code_check(first) == check


@given(st.text(alphabet=CODE_CHARACTERS, min_size=17, max_size=17))
def test_credit_codes_agree_with_an_independent_reader(first: str) -> None:
    assert credit_code_check(first) == uscc.calc_check_digit(first)


def test_credit_codes_and_names_are_compared_without_their_clothes() -> None:
    assert normal_credit_code("９１350100-m000100y 43") == "91350100M000100Y43"
    assert body_key("登高（上海）有限公司") == body_key("登高(上海) 有限公司") == body_key("登高【上海】有限公司")


# Employments

OPEN = [("2018-03-01", None)]


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        # one list, and the same again
        ([said("2020-12-31", "2018-03-01")], OPEN),
        ([said("2020-12-31", "2018-03-01"), said("2021-12-31", "2018-03-01")], OPEN),
        # the last day is the list's own day, or before; a day later is a contract's end
        ([said("2020-12-31", "2018-03-01", "2020-12-31")], [("2018-03-01", "2020-12-31")]),
        ([said("2020-12-31", "2018-03-01", "2021-01-01")], OPEN),
        # no hiring date: from the list's date; a later list's date attaches
        ([said("2020-12-31")], [("2020-12-31", None)]),
        ([said("2021-12-31"), said("2020-12-31")], [("2020-12-31", None)]),
        ([said("2020-12-31"), said("2021-12-31", "2018-03-01")], OPEN),
        ([said("2020-01-31"), said("2021-12-31", "2020-05-01")], [("2020-05-01", None)]),
        # a correction: neither had ended before the other
        ([said("2020-12-31", "2018-03-01"), said("2021-12-31", "2018-04-01")], [("2018-04-01", None)]),
        ([said("2020-12-31", "2018-04-01"), said("2021-12-31", "2018-03-01")], OPEN),
        # after leaving, another employment, also on the very day
        ([said("2020-12-31", "2018-03-01", "2020-06-30"), said("2021-12-31", "2021-02-01")],
         [("2018-03-01", "2020-06-30"), ("2021-02-01", None)]),
        ([said("2020-12-31", "2018-03-01", "2020-06-30"), said("2021-12-31", "2020-06-30")],
         [("2018-03-01", "2020-06-30"), ("2020-06-30", None)]),
        ([said("2020-12-31", "2018-03-01", "2020-06-30"), said("2021-12-31", "2020-06-29")], [("2020-06-29", "2020-06-30")]),
        # a blank leaving date says nothing; the latest that names one decides
        ([said("2020-12-31", "2018-03-01", "2020-06-30"), said("2021-12-31", "2018-03-01")], [("2018-03-01", "2020-06-30")]),
        ([said("2020-12-31", "2018-03-01", "2020-06-30"), said("2021-12-31", "2018-03-01", "2020-08-31")],
         [("2018-03-01", "2020-08-31")]),
        ([said("2020-12-31", "2018-03-01", "2020-06-30"), said("2021-12-31", "2018-03-01", "2022-12-31")], OPEN),
        # a leaver's list without hiring dates
        ([said("2020-12-31", "2018-03-01"), said("2021-12-31", None, "2021-05-31")], [("2018-03-01", "2021-05-31")]),
        ([said("2020-06-30", "2018-03-01"), said("2020-12-31", None, "2020-10-31"), said("2021-12-31", "2021-02-01")],
         [("2018-03-01", "2020-10-31"), ("2021-02-01", None)]),
        # named again, without a date, after leaving: there again
        ([said("2020-12-31", "2018-03-01", "2020-06-30"), said("2021-03-31")],
         [("2018-03-01", "2020-06-30"), ("2021-03-31", None)]),
        ([said("2020-12-31", "2018-03-01", "2020-06-30"), said("2021-03-31"), said("2022-02-28", None, "2022-01-31")],
         [("2018-03-01", "2020-06-30"), ("2021-03-31", "2022-01-31")]),
        ([said("2020-12-31", "2018-03-01", "2020-06-30"), said("2021-03-31"), said("2021-12-31", "2021-02-01")],
         [("2018-03-01", "2020-06-30"), ("2021-02-01", None)]),
        ([said("2020-01-31"), said("2020-04-30", None, "2020-03-31"), said("2020-12-31", "2020-05-01")],
         [("2020-01-31", "2020-03-31"), ("2020-05-01", None)]),
    ],
)  # fmt: skip
def test_statements_amount_to_employments(statements: list[Statement], expected: list[tuple[str, str | None]]) -> None:
    assert spans(statements) == expected
    assert spans(statements[::-1]) == expected


def test_a_contract_end_is_kept_until_a_leaving_date_takes_its_place() -> None:
    first = said("2020-12-31", "2018-03-01", "2022-02-28")
    second = said("2021-12-31", "2018-03-01", "2021-11-30")

    assert resolve([first]).contract_ends_on == dt.date(2022, 2, 28)
    assert (resolve([second, first]).left_on, resolve([second, first]).contract_ends_on) == (dt.date(2021, 11, 30), None)


def test_a_first_value_holds_from_hiring_and_a_change_from_the_date_of_its_list() -> None:
    statements = [
        said("2021-12-31", "2018-03-01", front_line=False, post="Planner"),
        said("2020-12-31", "2018-03-01", front_line=True, post="Turner"),
        said("2019-12-31", "2018-03-01"),
        said("2022-06-30", "2018-03-01", front_line=False),
    ]

    resolved = resolve(statements)

    assert resolved.front_lines == (Period(None, True), Period(dt.date(2021, 12, 31), False))
    assert resolved.post == "Planner"
    assert value_on(resolved.posts, dt.date(2021, 12, 30)) == "Turner"
    assert [front_line_on(statements, day) for day in (dt.date(2018, 3, 1), dt.date(2021, 12, 30), dt.date(2021, 12, 31))] == [
        True,
        True,
        False,
    ]
    assert front_line_on([said("2020-12-31")], dt.date(2020, 12, 31)) is None


@pytest.mark.parametrize(
    ("on", "employed"), [("2018-02-28", False), ("2018-03-01", True), ("2020-06-30", True), ("2020-07-01", False)]
)
def test_the_first_and_the_last_day_are_days_of_employment(on: str, employed: bool) -> None:
    employment = resolve([said("2020-12-31", "2018-03-01", "2020-06-30")])

    assert employed_on(employment, dt.date.fromisoformat(on)) is employed


def test_without_a_hiring_date_employment_counts_from_the_date_of_the_list() -> None:
    employment = resolve([said("2020-12-31")])

    assert not employed_on(employment, dt.date(2020, 12, 30))
    assert employed_on(employment, dt.date(2020, 12, 31))


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (("2018-01-01", None), ("2019-01-01", None), (dt.date(2019, 1, 1), None)),
        (("2018-01-01", "2019-01-02"), ("2019-01-01", None), (dt.date(2019, 1, 1), dt.date(2019, 1, 2))),
        (("2018-01-01", "2019-01-01"), ("2019-01-01", None), None),
        (("2018-01-01", "2018-12-31"), ("2019-01-01", "2019-06-30"), None),
    ],
)
def test_overlaps_are_days_both_employments_last(
    one: tuple[str, str | None], other: tuple[str, str | None], shared: tuple[dt.date, dt.date | None] | None
) -> None:
    first, second = (resolve([said("2022-12-31", *dates)]) for dates in (one, other))

    assert overlap(first, second) == overlap(second, first) == shared


_dates = st.dates(dt.date(2018, 1, 1), dt.date(2018, 2, 20))


@st.composite
def _any_statements(draw: st.DrawFn) -> list[Statement]:
    """Statements that may contradict each other, at most one for a list's date and hiring date."""
    found = {}
    for _ in range(draw(st.integers(1, 7))):
        as_of, hired, left = draw(_dates), draw(st.none() | _dates), draw(st.none() | _dates)
        if hired and left and left < hired:
            left = None
        found[as_of, hired] = Statement(as_of, hired, left, front_line=draw(st.none() | st.booleans()))
    return list(found.values())


@given(_any_statements(), st.randoms(use_true_random=False))
def test_any_statements_in_any_order_amount_to_the_same(statements: list[Statement], shuffle: random.Random) -> None:
    shuffled = statements[:]
    shuffle.shuffle(shuffled)

    one, other = ([resolve(stint).facts for stint in stints(given)] for given in (statements, shuffled))

    assert one == other


@given(_any_statements())
def test_what_statements_amount_to_can_be_kept_in_the_database(statements: list[Statement]) -> None:
    parted = stints(statements)
    resolved: list[Resolved] = [resolve(stint) for stint in parted]

    assert sorted(map(id, statements)) == sorted(id(item) for stint in parted for item in stint)
    assert all(item.left_on is None or item.hired_on is None or item.left_on >= item.hired_on for item in resolved)
    keys = [item.hired_on or ("undated", item.known_from) for item in resolved]
    assert len(set(keys)) == len(keys)


@st.composite
def _true_story(draw: st.DrawFn) -> tuple[list[tuple[dt.date, dt.date | None]], list[Statement]]:
    """What really happened between one person and one employer, and lists that tell parts of it truly."""
    days = sorted(draw(st.sets(_dates, min_size=2, max_size=4)))
    truth = [(days[place], days[place + 1] if place + 1 < len(days) else None) for place in range(0, len(days), 2)]
    lists = []
    for as_of in draw(st.sets(st.dates(days[0], dt.date(2018, 3, 10)), min_size=1, max_size=6)):
        hired, left = [stint for stint in truth if stint[0] <= as_of][-1]
        gone = left is not None and left < as_of
        if not gone:
            lists.append(Statement(as_of, hired if draw(st.booleans()) else None, None))
        elif draw(st.booleans()):
            lists.append(Statement(as_of, hired, left))
    final = [Statement(dt.date(2019, 1, 1), hired, left) for hired, left in truth]
    return truth, lists + final


@given(_true_story())
def test_lists_that_tell_the_truth_amount_to_the_truth(story: tuple[list[tuple[dt.date, dt.date | None]], list[Statement]]) -> None:
    truth, statements = story

    resolved = [resolve(stint) for stint in stints(statements)]

    assert [(item.hired_on, item.left_on) for item in resolved] == truth
