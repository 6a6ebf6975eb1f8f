"""How points are read, and when a sheet is complete."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from denggao.engines.reviews.rules.ranking import hash_of
from denggao.engines.reviews.rules.rubric import (
    CriterionLine,
    Given,
    PointsRefused,
    RubricLines,
    content_of,
    missing,
    needs_comment,
    read_points,
    reweighed,
    weighed,
)

D = Decimal
LINE = CriterionLine("work", "业绩", D(10), en="Work")
FREE = CriterionLine("spirit", "精神", D(2), step=D(1), comment_at_extremes=False, weight=D("1.5"))
RUBRIC = RubricLines("small", "小标准", (LINE, FREE))


@pytest.mark.parametrize(
    ("text", "points"), [("0", "0"), ("10", "10"), (" 7.5 ", "7.5"), ("７．５", "7.5"), ("07.50", "7.5"), ("7。5", "7.5")]
)
def test_points_are_read(text, points):
    assert read_points(text, LINE) == D(points)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not a number"), ("NaN", "is not a number"), ("Infinity", "is not a number"), ("-1", "is not a number"),
        ("1e1", "is not a number"), ("1,5", "is not a number"), ("十", "is not a number"), ("0x5", "is not a number"),
        ("9" * 400, "is not a number"), ("10.5", "more than there is"), ("11", "more than there is"), ("7.3", "in steps of 0.5"),
        ("7.0001", "in steps of 0.5"),
    ],
)  # fmt: skip
def test_what_is_no_points_is_refused_with_what_would_be_right(text, said):
    with translation.override("en"), pytest.raises(PointsRefused) as refused:
        read_points(text, LINE)

    assert said in str(refused.value)
    assert str(refused.value).startswith("Work: ")


@given(st.text(max_size=12))
def test_whatever_is_written_is_points_of_the_scale_or_refused(text):
    with contextlib.suppress(PointsRefused):
        points = read_points(text, LINE)
        assert 0 <= points <= 10
        assert points % D("0.5") == 0


@pytest.mark.parametrize(("points", "needed"), [("0", True), ("0.5", False), ("9.5", False), ("10", True), (None, False)])
def test_the_ends_of_the_scale_need_a_comment(points, needed):
    assert needs_comment(LINE, None if points is None else D(points)) is needed


def test_the_ends_may_need_none():
    assert not needs_comment(FREE, D(2))


def test_a_sheet_is_complete_with_all_points_and_needed_comments():
    assert list(missing(RUBRIC.criteria, {})) == ["work", "spirit"]
    assert list(missing(RUBRIC.criteria, {"work": Given(D(10), "  "), "spirit": Given(D(0))})) == ["work"]
    assert list(missing(RUBRIC.criteria, {"work": Given(None, "好"), "spirit": Given(D(0))})) == ["work"]
    assert missing(RUBRIC.criteria, {"work": Given(D(10), "突出"), "spirit": Given(D(0))}) == {}


def test_points_are_weighed():
    assert weighed(RUBRIC.criteria, {"work": D("7.5"), "spirit": D(2)}) == D("10.50")
    assert weighed(RUBRIC.criteria, {}) == 0
    assert RUBRIC.total == 13


@pytest.mark.parametrize(
    ("weights", "faults"),
    [
        ({"work": "2"}, []), ({"work": "0"}, []), ({"work": "0", "spirit": "0"}, [""]), ({"none": "1"}, ["none"]),
        ({"work": "-1"}, ["work"]), ({"work": "NaN"}, ["work"]), ({"work": "101"}, ["work"]), ({"work": "1.0001"}, ["work"]),
    ],
)  # fmt: skip
def test_weights_are_judged(weights, faults):
    assert list(reweighed(RUBRIC, {code: D(weight) for code, weight in weights.items()})) == faults


def test_the_hash_tells_versions_apart():
    same = RubricLines("small", "小标准", (CriterionLine("work", "业绩", D("10.00"), en="Work"), FREE))
    other = RubricLines("small", "小标准", (CriterionLine("work", "业绩", D(10), en="Work", weight=D(2)), FREE))

    assert hash_of(content_of(RUBRIC)) == hash_of(content_of(same)) != hash_of(content_of(other))
