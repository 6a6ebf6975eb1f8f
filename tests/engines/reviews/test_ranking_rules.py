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


# Groups

A, B = "ai", "bio"


def grouped(*given: tuple[str, str, str | None]) -> list[Entry]:
    """Code, group, points."""
    return [Entry(code, None if points is None else D(points), group=group) for code, group, points in given]


FIVE = grouped(("a1", A, "95"), ("a2", A, "90"), ("a3", A, "85"), ("b1", B, "80"), ("b2", B, "70"))


@pytest.mark.parametrize(
    ("quota", "groups", "advance"),
    [
        (3, {}, ["a1", "a2", "a3"]),  # no group has a number of its own: the best of all
        (3, {A: 2, B: 1}, ["a1", "a2", "b1"]),
        (4, {A: 2, B: 1}, ["a1", "a2", "b1"]),  # a seat stays unfilled
        (3, {A: 2}, ["a1", "a2", "b1"]),  # the other group is bound by the whole alone
        (3, {A: 9, B: 9}, ["a1", "a2", "a3"]),  # more seats in the groups than in the whole: the best go first
        (None, {A: 1}, ["a1", "b1", "b2"]),
        (2, {A: 0}, ["b1", "b2"]),
        (0, {A: 2, B: 1}, []),
    ],
)
def test_a_seat_of_the_whole_and_one_of_the_group(quota, groups, advance):
    assert [one.code for one in rank(FIVE, quota=quota, groups=groups) if one.advances] == advance


def test_places_are_counted_across_all_and_within_the_group():
    found = rank(FIVE, quota=3, groups={A: 2, B: 1})

    assert [(one.code, one.place, one.group, one.group_place, str(one.why)) for one in found] == [
        ("a1", 1, A, 1, "within_quota"),
        ("a2", 2, A, 2, "within_quota"),
        ("a3", 3, A, 3, "beyond_group"),
        ("b1", 4, B, 1, "within_quota"),
        ("b2", 5, B, 2, "beyond_quota"),
    ]


@pytest.mark.parametrize(
    ("ties", "why", "advance"),
    [("all_advance", "group_tie_advances", ["a1", "a2", "a3", "b1"]), ("none_advance", "group_tie_held", ["a1", "b1"])],
)
def test_a_tie_at_the_edge_of_a_group(ties, why, advance):
    given_in = grouped(("a1", A, "95"), ("a2", A, "90"), ("a3", A, "90"), ("a4", A, "80"), ("b1", B, "70"))

    found = rank(given_in, quota=9, ties=ties, groups={A: 2})

    assert [one.code for one in found if one.advances] == advance
    assert {str(one.why) for one in found if one.code in {"a2", "a3"}} == {why}
    assert next(str(one.why) for one in found if one.code == "a4") == "beyond_group"


@pytest.mark.parametrize(
    ("ties", "why", "advance"), [("all_advance", "tie_advances", ["a1", "a2", "b1"]), ("none_advance", "tie_held", ["a1"])]
)
def test_a_tie_at_the_edge_of_the_whole(ties, why, advance):
    given_in = grouped(("a1", A, "95"), ("a2", A, "90"), ("b1", B, "90"), ("b2", B, "70"))

    found = rank(given_in, quota=2, ties=ties, groups={A: 2, B: 2})

    assert [one.code for one in found if one.advances] == advance
    assert {str(one.why) for one in found if one.code in {"a2", "b1"}} == {why}
    assert str(found[-1].why) == "beyond_quota"


def test_a_tie_that_its_group_settles_needs_no_rule():
    """Of two equal ones only one has a seat left in its group: the seat of the whole is that one's."""
    given_in = grouped(("a1", A, "95"), ("a2", A, "90"), ("b1", B, "90"))

    found = rank(given_in, quota=2, groups={A: 1, B: 1})

    assert [one.code for one in found if one.advances] == ["a1", "b1"]


def test_a_criterion_settles_the_edge_of_a_group_and_says_so():
    given_in = [Entry("x", D(90), {"work": D(1)}, A), Entry("y", D(90), {"work": D(2)}, A), Entry("z", D(50), {}, B)]

    found = rank(given_in, quota=2, ties="by_criterion:work", groups={A: 1})

    assert [(one.code, one.advances, str(one.why)) for one in found] == [
        ("y", True, "group_tie_settled"), ("x", False, "group_tie_settled"), ("z", True, "within_quota"),
    ]  # fmt: skip


def test_what_was_kept_without_groups_is_what_it_was():
    """Lists made before there were groups must verify: byte for byte."""
    inputs = inputs_of([Entry("a", D("80.0"), {"work": D(9)}), Entry("b", None)], quota=1, ties="none_advance", minimum=D(60))

    assert json.dumps(inputs, sort_keys=True) == (
        '{"entries": [{"code": "a", "parts": {"work": "9"}, "points": "80"}, {"code": "b", "parts": {}, "points": null}], '
        '"minimum": "60", "quota": 1, "ties": "none_advance"}'
    )
    assert hash_of(inputs) == "805f34450129f9b50c164fc97605d518c1222b598bf4757b47cbfe3ca03e8cee"
    assert [one.group_place for one in rank_again(inputs)] == [None, None]


def test_nonsense_in_groups_is_refused():
    with pytest.raises(RankingFault):
        rank(FIVE, quota=1, groups={A: -1})


IN_GROUPS = st.lists(
    st.builds(
        Entry,
        code=st.uuids().map(str),
        points=st.one_of(st.none(), st.integers(0, 5).map(Decimal)),
        parts=st.dictionaries(st.sampled_from("ab"), st.decimals(0, 2, places=0)),
        group=st.sampled_from(["", A, B, "air"]),
    ),
    max_size=14,
    unique_by=lambda entry: entry.code,
)
SEATS = st.dictionaries(st.sampled_from([A, B, "air"]), st.integers(0, 4))


@given(IN_GROUPS, QUOTA, TIES, MINIMUM, SEATS, st.randoms(use_true_random=False))
def test_in_groups_the_same_question_has_the_same_answer(given_in, quota, ties, minimum, groups, chance):
    mixed = list(given_in)
    chance.shuffle(mixed)
    asked = {"quota": quota, "ties": ties, "minimum": minimum, "groups": groups}

    assert rank(mixed, **asked) == rank(given_in, **asked)
    inputs = inputs_of(given_in, **asked)
    assert hash_of(inputs) == hash_of(inputs_of(mixed, **asked))
    assert rank_again(json.loads(json.dumps(inputs))) == rank(given_in, **asked)


@given(IN_GROUPS, QUOTA, TIES, MINIMUM, SEATS)
def test_in_groups_no_seat_goes_past_a_quota_nor_past_a_better_one_of_the_group(given_in, quota, ties, minimum, groups):
    found = rank(given_in, quota=quota, ties=ties, minimum=minimum, groups=groups)

    assert {one.code for one in found} == {entry.code for entry in given_in}
    advancing = [one for one in found if one.advances]
    if ties != "all_advance":
        assert quota is None or len(advancing) <= quota
        for group, seats in groups.items():
            assert sum(one.group == group for one in advancing) <= seats
    for one in advancing:
        assert minimum is None or one.points >= minimum
        better = [other for other in found if other.group == one.group and (other.group_place or 99) < one.group_place]
        assert all(other.advances for other in better)
    shared = {(one.group, one.group_place): one.advances for one in found if one.place is not None}
    assert all(one.advances == shared[one.group, one.group_place] for one in found if one.place is not None)


@given(ENTRIES, QUOTA, TIES, MINIMUM)
def test_one_group_with_seats_enough_is_no_group(given_in, quota, ties, minimum):
    plain_list = rank(given_in, quota=quota, ties=ties, minimum=minimum)

    assert told(rank(given_in, quota=quota, ties=ties, minimum=minimum, groups={})) == told(plain_list)
