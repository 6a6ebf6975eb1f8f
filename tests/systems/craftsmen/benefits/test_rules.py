"""Points, years, settlement: both sides of every boundary, to the day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denggao.systems.craftsmen.benefits import rules
from denggao.systems.craftsmen.benefits.rules import (
    Facts,
    Level,
    Rule,
    Said,
    Span,
    Verdict,
    count_days,
    direct_settlement,
    full_years,
    points,
    years_to_hukou,
)

D = dt.date.fromisoformat
VALUES = {
    rules.AREA_PER_YEAR: 2, rules.AREA_AFTER: 3, rules.AREA_MOST: 20, rules.HUKOU_YEARS: 7, rules.HUKOU_AREA_YEARS: 5,
    rules.HUKOU_AREA_LEAST: 3, rules.HUKOU_CORE_YEARS: 3, rules.HUKOU_CORE_LEAST: 2, rules.PROMISE_YEARS: 2,
    rules.DIRECT_CORE_YEARS: 2, rules.DIRECT_SCARCE: 1, rules.DIRECT_HIGH: 1, rules.GAP_BREAKS: 0, rules.SKILL_MOST: 140,
    rules.SKILL["5"]: 15, rules.SKILL["4"]: 30, rules.SKILL["3"]: 60, rules.SKILL["2"]: 100, rules.SKILL["1"]: 140,
    rules.POINTS_STANDARD: 120,
}  # fmt: skip


def the_rules(**other: int) -> dict[str, Rule]:
    changed = {f"benefits.{key}": value for key, value in other.items()}
    return {key: Rule(key, Decimal(value), "", "通知", "", D("2019-11-20"), "B") for key, value in (VALUES | changed).items()}


def facts(on: str, *spans: Span, levels: tuple[Level, ...] = (), **said) -> Facts:
    days = {key: D(value) if key.endswith("_since") else value for key, value in said.items()}
    return Facts(D(on), spans, levels, Said(**days))


def span(first: str, last: str | None = None, **more) -> Span:
    return Span(D(first), D(last) if last else None, "沧屿微电子", **more)


def step(answer: rules.Answer, code: str) -> rules.Step:
    return next(each for each in answer.steps if each.code == code)


@pytest.mark.parametrize(
    ("first", "end", "years"),
    [
        ("2020-03-01", "2023-02-28", 2),
        ("2020-03-01", "2023-03-01", 3),
        ("2020-02-29", "2021-02-28", 0),
        ("2020-02-29", "2021-03-01", 1),
        ("2020-02-29", "2024-02-28", 3),
        ("2020-02-29", "2024-02-29", 4),
        ("2021-02-28", "2024-02-27", 2),
        ("2021-02-28", "2024-02-28", 3),
        ("2023-01-01", "2023-01-01", 0),
        ("2023-01-02", "2023-01-01", 0),
        ("2000-02-29", "2100-03-01", 100),
    ],
)
def test_years_are_full_on_the_day_itself(first, end, years):
    assert full_years(D(first), D(end)) == years


@pytest.mark.parametrize(
    ("on", "given"),
    [
        ("2023-02-28", 0),  # two years and 364 days
        ("2023-03-01", 6),  # three years
        ("2024-02-29", 6),
        ("2024-03-01", 8),
        ("2029-03-01", 18),
        ("2030-03-01", 20),
        ("2035-03-01", 20),
    ],
)
def test_points_for_the_area_count_from_three_full_years_to_their_limit(on, given):
    answer = points(facts(on, span("2020-03-01"), lives_since="2019-01-01"), the_rules())

    assert answer.certain == given
    assert step(answer, "area_points").verdict == (Verdict.DECLARED if given else Verdict.NOT_YET)


def test_home_and_work_count_only_together():
    late_home = points(facts("2023-03-01", span("2020-03-01"), lives_since="2020-03-02"), the_rules())
    elsewhere = points(facts("2023-03-01", span("2020-03-01", in_area=None), lives_since="2019-01-01"), the_rules())

    assert (late_home.certain, late_home.due_on) == (0, D("2023-03-02"))
    assert elsewhere.certain == 0
    assert step(elsewhere, "area_years").taken[0].source == rules.Source.UNVERIFIED


def test_where_one_lives_is_never_guessed():
    answer = points(facts("2030-03-01", span("2010-03-01")), the_rules())

    assert answer.verdict == Verdict.UNVERIFIED
    assert step(answer, "area_points").verdict == Verdict.UNVERIFIED
    assert answer.certain == 0


@pytest.mark.parametrize(("breaks", "given", "gap"), [(0, 6, 31), (1, 0, 0)])
def test_a_gap_between_employments_is_left_out_or_begins_anew(breaks, given, gap):
    # One year, 31 days without work, then what makes three years without them.
    spans = (span("2020-01-01", "2020-12-31"), span("2021-02-01"))
    counted = count_days(spans, D("2019-01-01"), D("2023-02-01"), gap_breaks=bool(breaks))
    answer = points(facts("2023-02-01", *spans, lives_since="2019-01-01"), the_rules(gap_breaks=breaks))
    day_before = points(facts("2023-01-31", *spans, lives_since="2019-01-01"), the_rules(gap_breaks=breaks))

    assert (answer.certain, counted.gap_days) == (given, gap)
    assert day_before.certain == 0


def test_employments_that_touch_or_overlap_leave_no_gap():
    touching = count_days([span("2020-01-01", "2020-06-30"), span("2020-07-01")], D("2019-01-01"), D("2023-01-01"), gap_breaks=True)
    overlapping = count_days(
        [span("2020-01-01", "2020-09-30"), span("2020-07-01")], D("2019-01-01"), D("2023-01-01"), gap_breaks=True
    )

    assert touching == overlapping
    assert (touching.years, touching.rest_days) == (3, 0)


def test_years_that_no_longer_run_have_no_day():
    answer = points(facts("2023-01-01", span("2021-01-01", "2022-06-30"), lives_since="2019-01-01"), the_rules())

    assert answer.due_on is None
    assert "no longer run" in answer.next_step


def level(code: str, **more) -> Level:
    return Level(code, D("2022-01-01"), **{"in_shanghai": True, "fits_post": True, "is_proven": True, **more})


@pytest.mark.parametrize(("code", "worth"), [("5", 15), ("4", 30), ("3", 60), ("2", 100), ("1", 140), ("special", 0)])
def test_a_level_brings_its_points(code, worth):
    answer = points(facts("2023-01-01", levels=(level(code),), other_points=0), the_rules())

    assert answer.certain == worth


def test_the_highest_level_counts_once_and_never_more_than_the_item():
    both = points(facts("2023-01-01", levels=(level("4"), level("3"))), the_rules())
    capped = points(facts("2023-01-01", levels=(level("1"),)), the_rules(skill_most=120))

    assert (both.certain, capped.certain) == (60, 120)


@pytest.mark.parametrize(
    ("more", "verdict", "worth"),
    [
        ({}, Verdict.MET, 60),
        ({"in_shanghai": False}, Verdict.NO, 0),
        ({"fits_post": False}, Verdict.NO, 0),
        ({"in_shanghai": None}, Verdict.UNVERIFIED, 0),
        ({"fits_post": None}, Verdict.UNVERIFIED, 0),
        ({"is_proven": False}, Verdict.UNVERIFIED, 0),
    ],
)
def test_what_is_not_known_of_a_level_makes_it_possible_only(more, verdict, worth):
    answer = points(facts("2023-01-01", levels=(level("3", **more),)), the_rules())

    assert (step(answer, "skill").verdict, answer.certain) == (verdict, worth)


@pytest.mark.parametrize(
    ("other", "verdict"), [(None, Verdict.UNVERIFIED), (53, Verdict.NOT_YET), (54, Verdict.DECLARED), (55, Verdict.DECLARED)]
)
def test_the_standard_score_is_reached_as_said_or_not_yet(other, verdict):
    said = {} if other is None else {"other_points": other}
    answer = points(facts("2023-03-01", span("2020-03-01"), levels=(level("3"),), lives_since="2019-01-01", **said), the_rules())

    assert answer.verdict == verdict
    assert answer.certain == 66 + (other or 0)


HOME = {"lives_since": "2015-01-01", "permit_since": "2018-01-01"}


@pytest.mark.parametrize(("on", "verdict"), [("2024-12-31", Verdict.NOT_YET), ("2025-01-01", Verdict.DECLARED)])
def test_the_usual_way_takes_seven_years(on, verdict):
    answer = years_to_hukou(facts(on, **HOME), the_rules())

    assert step(answer, "hukou_usual").verdict == verdict


@pytest.mark.parametrize(
    ("on", "works", "verdict"),
    [
        ("2022-12-31", "2019-12-01", Verdict.NOT_YET),  # five years of permit are not full
        ("2023-01-01", "2020-01-01", Verdict.DECLARED),  # both are, on the day
        ("2023-01-01", "2020-01-02", Verdict.NOT_YET),  # three years in the area are not full
    ],
)
def test_the_area_shortens_it_to_five_with_three_there(on, works, verdict):
    answer = years_to_hukou(facts(on, span(works), promise=True, **HOME), the_rules())

    assert step(answer, "hukou_area").verdict == verdict


def test_a_promise_not_made_closes_the_shorter_ways_and_one_not_said_leaves_them_unverified():
    refused = years_to_hukou(facts("2023-06-01", span("2018-01-01"), promise=False, **HOME), the_rules())
    unsaid = years_to_hukou(facts("2023-06-01", span("2018-01-01"), **HOME), the_rules())

    assert step(refused, "hukou_area").verdict == Verdict.NO
    assert step(unsaid, "hukou_area").verdict == Verdict.UNVERIFIED
    assert refused.due_on == D("2025-01-01")


@pytest.mark.parametrize(
    ("core", "on", "verdict"),
    [
        (True, "2020-12-31", Verdict.NOT_YET),
        (True, "2021-01-01", Verdict.DECLARED),
        (None, "2021-01-01", Verdict.UNVERIFIED),
        (False, "2021-01-01", Verdict.NO),
    ],
)
def test_core_talent_takes_three_with_two_there(core, on, verdict):
    answer = years_to_hukou(facts(on, span("2018-06-01"), promise=True, core_talent=core, **HOME), the_rules())

    assert step(answer, "hukou_core").verdict == verdict


@pytest.mark.parametrize(
    ("education", "works", "verdict"),
    [
        ("bachelor", "2021-01-01", Verdict.DECLARED),
        ("master", "2021-01-01", Verdict.DECLARED),
        ("bachelor", "2021-01-02", Verdict.NOT_YET),
        ("college", "2021-01-01", Verdict.NO),
        ("", "2021-01-01", Verdict.UNVERIFIED),
    ],
)
def test_core_staff_need_a_bachelor_and_two_years(education, works, verdict):
    answer = direct_settlement(
        facts("2023-01-01", span(works), lives_since="2015-01-01", key_institution=True, education=education), the_rules()
    )

    assert step(answer, "direct_core").verdict == verdict


@pytest.mark.parametrize("levels", [(), (level("1"),)])
def test_a_high_level_is_never_passed_here(levels):
    answer = direct_settlement(facts("2023-01-01", levels=levels, scarce_skill=True), the_rules())

    assert step(answer, "direct_high").verdict == step(answer, "direct_scarce").verdict == Verdict.UNVERIFIED


def test_each_step_names_its_rules_with_document_and_confidence():
    for answer in (points, years_to_hukou, direct_settlement):
        for each in answer(facts("2023-01-01", span("2020-01-01"), **HOME), the_rules()).steps:
            assert each.rules
            assert all(rule.document and rule.confidence in "ABC" for rule in each.rules)


days = st.dates(D("2015-01-01"), D("2030-12-31"))
spans_of = st.lists(
    st.tuples(days, st.one_of(st.none(), st.integers(0, 1500))).map(
        lambda it: Span(it[0], it[0] + dt.timedelta(days=it[1]) if it[1] is not None else None, "甲")
    ),
    max_size=5,
)


@given(spans_of, days, days, st.randoms())
def test_days_do_not_depend_on_the_order_of_employments(spans, home, on, random):
    mixed = list(spans)
    random.shuffle(mixed)

    assert count_days(mixed, home, on, gap_breaks=False) == count_days(spans, home, on, gap_breaks=False)


@given(spans_of, days, days)
def test_days_are_those_one_can_count_one_by_one(spans, home, on):
    counted = count_days(spans, home, on, gap_breaks=False)
    last = {span: span.last or on for span in spans}
    by_hand = sum(
        1
        for offset in range((on - D("2015-01-01")).days)
        for day in [D("2015-01-01") + dt.timedelta(days=offset)]
        if day >= home and any(span.first <= day <= last[span] for span in spans)
    )

    assert counted.days == by_hand
    assert counted.years <= counted.days / 365
    assert counted.days - 366 < counted.years * 366


@given(spans_of, days, days, days)
def test_points_never_fall_as_days_pass(spans, home, one, other):
    earlier, later = sorted([one, other])
    rows = [points(Facts(on, spans, (), Said(lives_since=home)), the_rules()).certain or 0 for on in (earlier, later)]

    assert rows[0] <= rows[1] <= 20


@given(days, st.integers(0, 40))
def test_a_day_reached_is_the_first_on_which_the_years_are_full(first, years):
    due = rules.shifted(first, years)

    assert full_years(first, due) == years
    assert years == 0 or full_years(first, due - dt.timedelta(days=1)) == years - 1
