"""The running order: planned times, lots that can be drawn again, and what is to be expected from what happened so far."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denggao.engines.reviews.interviews.rules import Turn, drawn, expectations, moved, planned_times

START = dt.datetime(2022, 10, 20, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def at(minutes: int) -> dt.datetime:
    return START + dt.timedelta(minutes=minutes)


def minutes_of(moment: dt.datetime) -> int:
    return int((moment - START).total_seconds() // 60)


def test_turns_follow_each_other_with_breaks():
    times = planned_times(START, 5, minutes=10, break_after=2, break_minutes=15)

    assert [minutes_of(each.at) for each in times] == [0, 10, 35, 45, 70]
    assert [each.break_before for each in times] == [0, 0, 15, 0, 15]


def test_without_breaks_and_with_nobody():
    assert [minutes_of(each.at) for each in planned_times(START, 3, minutes=10, break_after=0, break_minutes=15)] == [0, 10, 20]
    assert planned_times(START, 0, minutes=10, break_after=2, break_minutes=5) == []


def turns(*states, minutes: int = 10) -> dict[int, Turn]:
    """``(state, started, ended)`` or a state alone, ten minutes apart."""
    found = {}
    for number, each in enumerate(states):
        state, *times = each if isinstance(each, tuple) else (each,)
        started, ended = ([at(time) for time in times] + [None, None])[:2]
        found[number] = Turn(state, at(number * minutes), 0, started, ended)
    return found


def expected(found, now: int) -> dict[int, tuple[int, int, int]]:
    return {
        key: (minutes_of(each.at), each.late_minutes, each.before)
        for key, each in expectations(found, minutes=10, now=at(now)).items()
    }


def test_before_it_begins_everything_is_as_planned():
    assert expected(turns("waiting", "waiting"), -30) == {0: (0, 0, 0), 1: (10, 0, 1)}


def test_a_late_beginning_moves_everybody():
    assert expected(turns("waiting", "waiting"), 20) == {0: (20, 20, 0), 1: (30, 20, 1)}


def test_a_turn_that_took_longer_delays_those_after_it():
    found = turns(("done", 0, 25), ("in_room", 25), "waiting", "waiting")

    assert expected(found, 28) == {2: (35, 15, 1), 3: (45, 15, 2)}


def test_a_turn_that_goes_on_and_on_delays_by_the_minute():
    assert expected(turns(("in_room", 0), "waiting"), 24) == {1: (24, 15, 1)}


def test_who_did_not_come_takes_no_time_and_nobody_begins_before_the_planned_time():
    found = turns(("done", 0, 8), "absent", "waiting", "waiting")

    assert expected(found, 9) == {2: (20, 0, 0), 3: (30, 0, 1)}


def test_who_was_put_at_the_end_counts_there_alone():
    found = turns(("done", 0, 20), "moved", "called", "waiting")

    assert expected(found, 21) == {2: (21, 0, 0), 3: (31, 0, 1)}


def test_breaks_are_kept_when_it_runs_late():
    found = {0: Turn("done", at(0), 0, at(0), at(30)), 1: Turn("waiting", at(25), 15)}

    assert expected(found, 30) == {1: (45, 20, 0)}


@pytest.mark.parametrize(("late", "told"), [(0, 0), (2, 0), (3, 5), (17, 15), (18, 20), (22, 20), (23, 25)])
def test_delays_are_told_to_the_nearest_five_minutes(late, told):
    assert expectations({0: Turn("waiting", at(0))}, minutes=10, now=at(late))[0].late_minutes == told


def test_a_lot_is_drawn_again_the_same_by_anyone():
    codes = [f"GJ-2022-{number:04d}" for number in range(20)]

    assert drawn(codes, "6-1-4-3") == drawn(reversed(codes), "6-1-4-3")
    assert drawn(codes, "6-1-4-3") != drawn(codes, "6-1-4-4")
    assert sorted(drawn(codes, "x")) == codes


@pytest.mark.parametrize(("to", "order"), [(0, "cabd"), (1, "acbd"), (3, "abdc"), (99, "abdc"), (-4, "cabd")])
def test_a_turn_is_put_where_it_is_wanted(to, order):
    assert "".join(moved("abcd", "c", to)) == order


@given(st.lists(st.sampled_from(["waiting", "called", "absent", "moved", "done"]), max_size=12), st.integers(-60, 300))
def test_nobody_is_expected_before_the_planned_time_or_before_now_and_the_order_holds(states, now):
    found = turns(*[(state, number * 10, number * 10 + 12) if state == "done" else state for number, state in enumerate(states)])
    told = expectations(found, minutes=10, now=at(now))

    assert set(told) == {key for key, turn in found.items() if turn.state in {"waiting", "called"}}
    assert all(each.at >= found[key].planned_at and each.at >= at(now) for key, each in told.items())
    ordered = [told[key] for key in sorted(told)]
    assert all(first.at + dt.timedelta(minutes=10) <= second.at for first, second in itertools.pairwise(ordered))
    assert [each.before for each in ordered] == list(range(len(ordered)))
