"""Who advances, and that the same question always has the same answer."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denggao.engines.reviews.rules.ranking import Entry, RankingFault, hash_of, inputs_of, rank, rank_again

D = Decimal
POINTS = st.one_of(st.none(), st.decimals(0, 20, places=1))
ENTRIES = st.lists(
    st.builds(
        Entry, code=st.uuids().map(str), points=POINTS, parts=st.dictionaries(st.sampled_from("ab"), st.decimals(0, 3, places=0))
    ),
    max_size=12,
    unique_by=lambda entry: entry.code,
)
QUOTA = st.one_of(st.none(), st.integers(0, 8))
TIES = st.sampled_from(["all_advance", "none_advance", "by_criterion:a", "by_criterion:a,b"])
MINIMUM = st.one_of(st.none(), st.decimals(0, 20, places=1))


def entries(*points: str | None) -> list[Entry]:
    return [Entry(f"e{at}", None if one is None else D(one)) for at, one in enumerate(points)]


def told(found) -> list[tuple[str, int | None, bool, str]]:
    return [(one.code, one.place, one.advances, str(one.why)) for one in found]


def test_the_best_fill_the_seats():
    assert told(rank(entries("80", "90", "70"), quota=2)) == [
        ("e1", 1, True, "within_quota"), ("e0", 2, True, "within_quota"), ("e2", 3, False, "beyond_quota"),
    ]  # fmt: skip


def test_equal_points_share_a_place():
    assert [one.place for one in rank(entries("90", "80", "80", "70"), quota=None)] == [1, 2, 2, 4]


def test_points_written_otherwise_are_equal():
    assert [one.place for one in rank(entries("80", "80.00"), quota=None)] == [1, 1]


@pytest.mark.parametrize(("ties", "advance", "why"), [("all_advance", 3, "tie_advances"), ("none_advance", 1, "tie_held")])
def test_a_tie_across_the_last_seat_is_settled_by_the_rule(ties, advance, why):
    found = rank(entries("90", "80", "80"), quota=2, ties=ties)

    assert sum(one.advances for one in found) == advance
    assert {str(one.why) for one in found[1:]} == {why}


def test_a_tie_is_settled_by_a_criterion_and_says_so():
    given_in = [Entry("a", D(80), {"work": D(9)}), Entry("b", D(80), {"work": D(10)}), Entry("c", D(90))]

    found = rank(given_in, quota=2, ties="by_criterion:work")

    assert told(found) == [
        ("c", 1, True, "within_quota"), ("b", 2, True, "tie_settled"), ("a", 3, False, "tie_settled"),
    ]  # fmt: skip


def test_who_is_still_equal_after_the_criteria_does_not_advance():
    found = rank([Entry("a", D(80), {"work": D(9)}), Entry("b", D(80), {"work": D(9)})], quota=1, ties="by_criterion:work")

    assert told(found) == [("a", 1, False, "tie_held"), ("b", 1, False, "tie_held")]


def test_seats_stay_unfilled_below_the_minimum():
    found = rank(entries("90", "59.99", "60", None), quota=4, minimum=D(60))

    assert told(found) == [
        ("e0", 1, True, "within_quota"), ("e2", 2, True, "within_quota"), ("e1", 3, False, "below_minimum"),
        ("e3", None, False, "no_result"),
    ]  # fmt: skip


@pytest.mark.parametrize("ties", ["", "by_lot", "by_criterion:", "by_criterion: ,"])
def test_an_unknown_tie_rule_is_no_rule(ties):
    with pytest.raises(RankingFault):
        rank(entries("1"), quota=1, ties=ties)


def test_nonsense_is_refused():
    with pytest.raises(RankingFault):
        rank([Entry("a", D(1)), Entry("a", D(2))], quota=1)
    with pytest.raises(RankingFault):
        rank([], quota=-1)


@given(ENTRIES, QUOTA, TIES, MINIMUM, st.randoms(use_true_random=False))
def test_the_same_question_has_the_same_answer(given_in, quota, ties, minimum, chance):
    mixed = list(given_in)
    chance.shuffle(mixed)

    assert rank(mixed, quota=quota, ties=ties, minimum=minimum) == rank(given_in, quota=quota, ties=ties, minimum=minimum)
    inputs = inputs_of(given_in, quota=quota, ties=ties, minimum=minimum)
    assert hash_of(inputs) == hash_of(inputs_of(mixed, quota=quota, ties=ties, minimum=minimum))
    assert rank_again(json.loads(json.dumps(inputs))) == rank(given_in, quota=quota, ties=ties, minimum=minimum)


@given(ENTRIES, QUOTA, TIES, MINIMUM)
def test_no_seat_goes_past_the_quota_nor_past_a_better_entry(given_in, quota, ties, minimum):
    found = rank(given_in, quota=quota, ties=ties, minimum=minimum)

    advancing = [one for one in found if one.advances]
    assert {one.code for one in found} == {entry.code for entry in given_in}
    if quota is not None and ties != "all_advance":
        assert len(advancing) <= quota
    if quota == 0:
        assert not advancing
    for one in advancing:
        assert one.points is not None
        assert minimum is None or one.points >= minimum
        assert all(other.advances for other in found if other.place is not None and other.place < one.place)
    shared = {one.place: one.advances for one in found if one.place is not None}
    assert all(one.advances == shared[one.place] for one in found if one.place is not None)
