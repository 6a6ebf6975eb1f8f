"""The marking of a yearly appraisal."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denggao.systems.bases.appraisal.indicators import IndicatorsWrong, grade_of, mark, read_indicators, shipped
from denggao.systems.bases.appraisal.providers import own_providers

THRESHOLDS = {"excellent": "90", "good": "80", "pass": "60"}


def test_the_shipped_indicators_make_a_hundred_points() -> None:
    indicators = read_indicators(shipped())

    assert sum(item.points for item in indicators) == 100
    assert {item.code for item in indicators if item.is_platform} == set(own_providers())


@pytest.mark.parametrize(
    ("points", "grade"),
    [
        ("100", "excellent"),
        ("90", "excellent"),
        ("89.99", "good"),
        ("80", "good"),
        ("79.99", "pass"),
        ("60", "pass"),
        ("59.99", "fail"),
        ("0", "fail"),
    ],
)
def test_grades_on_both_sides_of_each_threshold(points: str, grade: str) -> None:
    assert grade_of(Decimal(points), THRESHOLDS) == grade


def test_linear_steps_and_none_best() -> None:
    indicators = {item.code: item for item in read_indicators(shipped())}

    assert [indicators["trained"].points_for(Decimal(value)) for value in (0, 1, 100, 200, 900)] == [
        Decimal("0.00"), Decimal("0.10"), Decimal("10.00"), Decimal("20.00"), Decimal("20.00"),
    ]  # fmt: skip
    assert [indicators["satisfaction"].points_for(Decimal(value)) for value in ("69.99", "70", "80", "90", "100")] == [
        0,
        2,
        4,
        5,
        5,
    ]
    assert [indicators["accidents"].points_for(Decimal(value)) for value in (0, 1)] == [5, 0]


def test_an_accident_fails_the_year_whatever_the_rest_says() -> None:
    indicators = read_indicators(shipped())
    best = {item.code: Decimal(10_000) for item in indicators} | {"accidents": Decimal(0)}

    assert mark(indicators, best, {}, THRESHOLDS).grade == "excellent"
    marked = mark(indicators, best | {"accidents": Decimal(1)}, {}, THRESHOLDS)
    assert (marked.grade, marked.points, marked.vetoes) == ("fail", Decimal("95.00"), ("accidents",))


def test_what_the_office_set_goes_before_the_rule_and_never_beyond_the_indicator() -> None:
    indicators = read_indicators(shipped())

    marked = mark(indicators, {"trained": Decimal(200)}, {"trained": Decimal("3.5"), "courses": Decimal(999)}, THRESHOLDS)

    assert marked.points == Decimal("13.50")


@given(st.dictionaries(st.sampled_from([item["code"] for item in shipped()]), st.decimals(0, 10_000, places=2)))
def test_points_lie_between_nothing_and_everything(values: dict[str, Decimal]) -> None:
    indicators = read_indicators(shipped())
    marked = mark(indicators, values, {}, THRESHOLDS)

    assert 0 <= marked.points <= 100
    more = {code: value + 1 for code, value in values.items() if code != "accidents"}
    assert mark(indicators, {**values, **more}, {}, THRESHOLDS).points >= marked.points


@pytest.mark.parametrize(
    "wrong",
    [
        {"mark": {"kind": "guess"}},
        {"mark": {"kind": "linear", "full_at": 0}},
        {"mark": {"kind": "steps", "steps": [[90, 5], [80, 4]]}},
        {"mark": {"kind": "steps", "steps": [[90, 500]]}},
        {"points": 0},
        {"source": "heaven"},
    ],
)
def test_indicators_that_cannot_be_marked_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(IndicatorsWrong):
        read_indicators([{**shipped()[0], **wrong}])
