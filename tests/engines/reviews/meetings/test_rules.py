"""Quorum, majority, places: each boundary from both sides."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denggao.engines.reviews.meetings.rules import Line, Why, fates, quorum_needed, tied, votes_needed


@pytest.mark.parametrize(
    ("members", "parts", "of", "needed"),
    [
        (50, 2, 3, 34),
        (51, 2, 3, 34),
        (9, 2, 3, 6),
        (10, 2, 3, 7),
        (3, 2, 3, 2),
        (1, 2, 3, 1),
        (0, 2, 3, 1),
        (8, 1, 2, 4),
        (5, 1, 1, 5),
    ],
)
def test_a_quorum_is_a_share_of_the_members_rounded_up(members, parts, of, needed):
    assert quorum_needed(members, parts, of) == needed


@pytest.mark.parametrize(
    ("entitled", "parts", "of", "needed"),
    [(10, 1, 2, 6), (11, 1, 2, 6), (1, 1, 2, 1), (9, 2, 3, 6), (10, 2, 3, 7), (4, 2, 4, 3), (0, 1, 2, 1)],
)
def test_half_means_more_than_half_and_any_other_share_at_least_that(entitled, parts, of, needed):
    assert votes_needed(entitled, parts, of) == needed


def line(code: str, votes: int, of: int = 10, *, place: int | None = None, group: str = "", carried: bool = True, again=()) -> Line:
    return Line(code, group, carried, Fraction(votes, of), place, tuple(Fraction(each, of) for each in again))


def outcome(lines, quota=None, quotas=None) -> dict[str, str]:
    return {fate.code: fate.why.value for fate in fates(lines, quota=quota, quotas=quotas or {})}


def test_without_places_everybody_with_the_votes_passes():
    assert outcome([line("a", 6), line("b", 5, carried=False)]) == {"a": "majority", "b": "too_few"}


def test_the_better_vote_goes_first_then_the_better_place():
    found = outcome([line("a", 7, place=1), line("b", 9, place=3), line("c", 7, place=2)], quota=2)

    assert found == {"b": "majority", "a": "majority", "c": "beyond_quota"}


def test_votes_are_compared_as_shares_of_those_entitled():
    assert outcome([line("a", 8, 10), line("b", 7, 8)], quota=1) == {"b": "majority", "a": "beyond_quota"}


def test_a_tie_at_the_edge_is_held_and_nobody_worse_takes_the_place():
    lines = [line("a", 9), line("b", 7), line("c", 7), line("d", 6)]

    assert outcome(lines, quota=2) == {"a": "majority", "b": "tie_held", "c": "tie_held", "d": "beyond_quota"}
    assert sorted(tied(lines, quota=2, quotas={})) == ["b", "c"]


def test_a_second_vote_parts_the_tied():
    lines = [line("a", 9), line("b", 7, again=[4]), line("c", 7, again=[6])]

    assert outcome(lines, quota=2) == {"a": "majority", "c": "majority", "b": "beyond_quota"}


def test_a_second_vote_that_is_equal_again_leaves_the_place_unfilled():
    assert outcome([line("b", 7, again=[5]), line("c", 7, again=[5])], quota=1) == {"b": "tie_held", "c": "tie_held"}


def test_equal_ones_who_all_fit_pass():
    assert set(outcome([line("b", 7), line("c", 7)], quota=2).values()) == {"majority"}


def test_a_groups_places_are_its_own_and_stay_unfilled():
    lines = [line("a", 9, group="ic"), line("b", 8, group="ic"), line("c", 6, group="ai"), line("d", 7)]

    found = outcome(lines, quota=10, quotas={"ic": 1, "ai": 3})

    assert found == {"a": "majority", "b": "beyond_quota", "c": "majority", "d": "majority"}


def test_a_tie_within_a_group_holds_that_group_alone():
    lines = [line("a", 9, group="ic"), line("b", 9, group="ic"), line("c", 5, group="ic"), line("d", 9, group="ai")]

    found = outcome(lines, quotas={"ic": 1})

    assert found == {"a": "tie_held", "b": "tie_held", "c": "beyond_quota", "d": "majority"}


def test_nobody_passes_where_there_is_no_place():
    assert outcome([line("a", 9)], quota=0) == {"a": "beyond_quota"}
    assert outcome([line("a", 9, group="ic")], quotas={"ic": 0}) == {"a": "beyond_quota"}


_LINES = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["", "ic", "ai"]), st.one_of(st.none(), st.integers(1, 4)), st.booleans()),
    max_size=12,
)


@given(_LINES, st.one_of(st.none(), st.integers(0, 6)), st.dictionaries(st.sampled_from(["ic", "ai"]), st.integers(0, 3)))
def test_no_more_pass_than_there_are_places_and_the_order_given_does_not_matter(drawn, quota, quotas):
    lines = [Line(str(at), group, carried, Fraction(votes, 5), place) for at, (votes, group, place, carried) in enumerate(drawn)]
    found = fates(lines, quota=quota, quotas=quotas)
    passed = [next(each for each in lines if each.code == fate.code) for fate in found if fate.passes]

    assert len(found) == len(lines)
    assert quota is None or len(passed) <= quota
    assert all(sum(1 for each in passed if each.group == group) <= places for group, places in quotas.items())
    assert all(each.carried for each in passed)
    assert sorted(found, key=lambda fate: fate.code) == sorted(
        fates(list(reversed(lines)), quota=quota, quotas=quotas), key=lambda fate: fate.code
    )
    assert {fate.why for fate in found if fate.passes} <= {Why.MAJORITY}
