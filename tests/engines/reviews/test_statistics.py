"""What several totals come to."""

from __future__ import annotations

import statistics
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denggao.engines.reviews.rules.statistics import HUNDREDTH, summarise, too_wide

TOTALS = st.lists(st.decimals(0, 105, places=2), min_size=1, max_size=12)
D = Decimal


@pytest.mark.parametrize(
    ("totals", "mean", "median", "trimmed", "deviation", "spread"),
    [
        (["90"], "90", "90", "90", "0", "0"),
        (["90", "80"], "85", "85", "85", "5", "10"),
        (["90", "80", "79"], "83", "80", "80", "4.97", "11"),
        (["94", "92", "90", "91.5", "89.5"], "91.40", "91.50", "91.17", "1.59", "4.50"),
        (["0", "100", "100", "100"], "75", "100", "100", "43.30", "100"),
        (["0.01", "0.02"], "0.02", "0.02", "0.02", "0.01", "0.01"),  # half up
    ],
)
def test_totals_come_to(totals, mean, median, trimmed, deviation, spread):
    found = summarise([D(total) for total in totals])

    assert (found.mean, found.median, found.trimmed) == (D(mean), D(median), D(trimmed))
    assert (found.deviation, found.spread, found.count) == (D(deviation), D(spread), len(totals))
    assert [found.by("mean"), found.by("median"), found.by("trimmed")] == [found.mean, found.median, found.trimmed]


def test_no_totals_come_to_nothing():
    with pytest.raises(ValueError, match="no totals"):
        summarise([])


@pytest.mark.parametrize(("most", "wide"), [("9.99", True), ("10", False), ("10.01", False), (None, False)])
def test_a_spread_is_too_wide_only_beyond_what_is_allowed(most, wide):
    assert too_wide(summarise([D(80), D(90)]), None if most is None else D(most)) is wide


@given(TOTALS)
def test_the_middle_lies_between_the_ends(totals):
    found = summarise(totals)

    for middle in (found.mean, found.median, found.trimmed):
        assert found.lowest <= middle <= found.highest
        assert middle == middle.quantize(HUNDREDTH)
    assert 0 <= found.deviation <= found.spread


@given(TOTALS, st.randoms(use_true_random=False))
def test_order_makes_no_difference(totals, chance):
    mixed = list(totals)
    chance.shuffle(mixed)

    assert summarise(mixed) == summarise(totals)


@given(TOTALS)
def test_the_library_says_the_same(totals):
    found = summarise(totals)

    assert abs(found.mean - statistics.mean(totals)) <= D("0.005")
    assert abs(found.median - statistics.median(totals)) <= D("0.005")
    assert abs(found.deviation - statistics.pstdev(totals)) <= D("0.0051")


@given(TOTALS.filter(lambda totals: len(totals) >= 3), st.decimals(0, 105, places=2))
def test_one_outlier_moves_the_trimmed_mean_no_further_than_the_rest_reaches(totals, outlier):
    found = summarise([*totals, outlier])

    assert min(totals) <= found.trimmed <= max(totals)
