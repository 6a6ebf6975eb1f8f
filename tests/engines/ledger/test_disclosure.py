"""What the public sees gives no small cell away."""

from __future__ import annotations

import datetime as dt
import itertools

from hypothesis import given
from hypothesis import strategies as st

from denggao.engines.ledger.disclosure import SMALLEST_SHOWN, public_periods, withhold, withhold_nested

CELLS = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 40), min_size=1, max_size=7)


def test_a_small_cell_takes_another_with_it():
    assert withhold({"ic": 10, "ai": 2, "bio": 30}) == {"ai", "ic"}


def test_a_table_without_small_cells_is_published_whole():
    assert withhold({"ic": 10, "ai": 0, "bio": 5}) == set()


def test_a_table_that_cannot_be_made_safe_is_withheld_whole():
    assert withhold({"ic": 3, "ai": 0}) == {"ic", "ai"}


@given(CELLS)
def test_no_small_cell_is_published_and_none_can_be_subtracted_out(cells):
    hidden = withhold(cells)

    assert all(count == 0 or count >= SMALLEST_SHOWN for value, count in cells.items() if value not in hidden)
    if hidden and hidden != set(cells):
        rest = sum(cells.values()) - sum(count for value, count in cells.items() if value not in hidden)
        assert len(hidden) >= 2
        # Each withheld cell holds at least one head; the others may take up the rest in at least five ways.
        assert rest - (len(hidden) - 1) >= SMALLEST_SHOWN


@given(
    st.dictionaries(st.sampled_from("xyz"), st.dictionaries(st.sampled_from("abcd"), st.integers(1, 30), min_size=1), min_size=1)
)
def test_members_give_away_neither_each_other_nor_a_withheld_group(groups):
    named = {group: {group + value: count for value, count in members.items()} for group, members in groups.items()}
    totals = {group: sum(members.values()) for group, members in named.items()}
    hidden_groups = withhold(totals)

    hidden = withhold_nested(named, hidden_groups)

    for group, members in named.items():
        withheld = {value for value in members if value in hidden}
        assert all(count >= SMALLEST_SHOWN for value, count in members.items() if value not in hidden)
        if group in hidden_groups:
            assert withheld, "all members of a withheld group are published: they add up to it"
        else:
            assert len(withheld) != 1 or len(members) == 1


@given(st.lists(st.integers(0, 12), min_size=1, max_size=36))
def test_published_periods_hold_none_or_at_least_five_and_stay_within_their_year(counts):
    months = {dt.date(2020 + index // 12, index % 12 + 1, 1): count for index, count in enumerate(counts)}
    years: dict[str, int] = {}
    for month, count in months.items():
        years[str(month.year)] = years.get(str(month.year), 0) + count
    hidden = {int(year) for year in withhold(years)}

    periods = public_periods(months, hidden)

    assert all(point.new is None or point.new == 0 or point.new >= SMALLEST_SHOWN for point in periods)
    assert all(point.start.year == point.end.year for point in periods)
    assert all((second.start - first.end).days == 1 for first, second in itertools.pairwise(periods))
    for point in periods:
        if point.cumulative is not None:
            assert point.cumulative == sum(count for month, count in months.items() if month <= point.end)
