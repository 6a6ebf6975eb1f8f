"""What a beat proves, and no more."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denggao.engines.hours import rhythm
from denggao.engines.hours.moments import milliseconds
from denggao.engines.hours.rules import (
    DAY_MS,
    Beat,
    Limits,
    Standing,
    State,
    accept,
    by_day,
    coverage,
    drift_of,
    lessons,
    merge,
    prefix_of,
    swing,
    take,
)

pytestmark = pytest.mark.once

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
MINUTE = 60_000
LIMITS = Limits()
TEN = milliseconds(dt.datetime(2022, 10, 10, 10, 0, tzinfo=SHANGHAI))

places = st.floats(0, 600, allow_nan=False)
intervals = st.lists(st.tuples(places, places), max_size=8)
any_beats = st.lists(
    st.builds(
        Beat,
        sequence=st.integers(1, 12),
        active=st.booleans(),
        playing=st.booleans(),
        visible=st.booleans(),
        span_ms=st.none() | st.integers(0, 10 * MINUTE),
        last_act_ms=st.none() | st.integers(0, 10 * MINUTE),
        parts=st.lists(st.tuples(places, places), max_size=3).map(tuple),
    ),
    max_size=6,
)


def sat(beats: list[Beat], every: int = MINUTE, **told: object):
    """A sitting from ten o'clock in which each beat arrives by itself."""
    standing = Standing(last_contact=TEN, **told)
    states = []
    for position, beat in enumerate(beats, 1):
        taken = take(standing, [beat], TEN + position * every, LIMITS)
        standing = taken.standing
        states.append(taken.state)
    return standing, states


def earned(standing: Standing) -> int:
    return sum(standing.days.values())


def test_a_page_left_open_earns_nothing_after_five_minutes():
    standing, states = sat([Beat(1, active=True, acts=4), *[Beat(n) for n in range(2, 12)]])

    assert earned(standing) == 6 * MINUTE  # the active one, and five minutes after it
    assert states[:6] == [State.COUNTING] * 6
    assert set(states[6:]) == {State.IDLE}


def test_a_film_counts_without_a_hand_and_a_hidden_page_not():
    playing, _states = sat([Beat(n, playing=True) for n in range(1, 31)])
    hidden, _states = sat([Beat(n, playing=True, active=True, visible=False) for n in range(1, 31)])

    assert earned(playing) == 30 * MINUTE
    assert earned(hidden) == 0


@pytest.mark.parametrize(
    ("gap", "span", "credit"),
    [
        (60_000, None, 60_000),
        (120_000, None, 120_000),
        (120_001, None, 120_000),
        (600_000, None, 120_000),
        (600_000, 30_000, 32_000),  # the page says it was there for half a minute; two seconds are on the line
        (59_000, 60_000, 59_000),  # never more than the server's own clock
        (0, 60_000, 0),
    ],
)
def test_a_gap_is_credited_up_to_two_beats(gap, span, credit):
    taken = take(Standing(last_contact=TEN), [Beat(1, active=True, span_ms=span)], TEN + gap, LIMITS)

    assert taken.credited_ms == credit


def test_a_queue_proves_the_time_without_a_line():
    queue = [Beat(n, active=True, span_ms=MINUTE) for n in range(1, 21)]
    start = Standing(last_contact=TEN)

    whole = take(start, queue, TEN + 21 * MINUTE, LIMITS)
    short = take(start, queue, TEN + 5 * MINUTE, LIMITS)
    long = take(start, [replace(beat, span_ms=2 * MINUTE) for beat in queue] * 5, TEN + DAY_MS // 2, LIMITS)
    lots = take(start, [Beat(n, active=True, span_ms=2 * MINUTE) for n in range(1, 200)], TEN + DAY_MS // 2, LIMITS)

    assert whole.credited_ms == 20 * MINUTE + 2000
    assert short.credited_ms == 5 * MINUTE
    assert long.credited_ms == 40 * MINUTE + 0
    assert lots.credited_ms == LIMITS.offline_ms


def test_a_day_ends_at_midnight_in_shanghai_and_each_has_its_cap():
    evening = milliseconds(dt.datetime(2022, 10, 10, 23, 59, tzinfo=SHANGHAI))
    start = Standing(last_contact=evening, before={"2022-10-10": LIMITS.cap_ms - 20_000})

    taken = take(start, [Beat(1, active=True)], evening + 100_000, LIMITS)

    assert dict(taken.standing.days) == {"2022-10-10": 20_000, "2022-10-11": 40_000}
    assert taken.standing.present_ms == 100_000
    assert taken.state == State.CAP
    assert by_day(evening, evening) == []


def test_the_cap_is_told_and_progress_goes_on():
    start = Standing(last_contact=TEN, before={"2022-10-10": LIMITS.cap_ms}, length=600)

    taken = take(start, [Beat(1, playing=True, parts=((0, 60),))], TEN + MINUTE, LIMITS)

    assert (taken.credited_ms, taken.state, taken.standing.parts) == (0, State.CAP, ((0.0, 60.0),))


@given(any_beats, st.integers(0, 40 * MINUTE), st.randoms())
def test_repetition_and_order_within_a_contact_change_nothing(beats, wait, chance):
    unique = list({beat.sequence: beat for beat in beats}.values())
    doubled = unique * 2
    chance.shuffle(doubled)
    start = Standing(last_contact=TEN, length=600)

    once = take(start, sorted(unique, key=lambda beat: beat.sequence), TEN + wait, LIMITS)
    again = take(once.standing, doubled, TEN + wait + MINUTE, LIMITS)

    assert take(start, doubled, TEN + wait, LIMITS) == once
    assert again.standing == once.standing
    assert again.credited_ms == 0


class Person:
    """Who learns on several devices: the arithmetic of ``start_sitting`` and ``receive_beats`` without a database."""

    def __init__(self) -> None:
        self.sittings: list[Standing] = []
        self.of_device: dict[int, int] = {}

    def sits(self, device: int, now: int) -> None:
        moment = now
        if self.sittings:
            moment = max(now, self.sittings[-1].last_contact)
            self.sittings[-1] = replace(self.sittings[-1], closes=moment)
        self.of_device[device] = len(self.sittings)
        self.sittings.append(Standing(last_contact=moment))

    def beats(self, device: int, beats: list[Beat], now: int) -> None:
        number = self.of_device[device]
        standing = self.sittings[number]
        others = sum(earned(item) for position, item in enumerate(self.sittings) if position != number)
        taken = take(replace(standing, before={"2022-10-10": others}), beats, now, LIMITS)
        self.sittings[number] = replace(taken.standing, before={})


@given(st.lists(st.tuples(any_beats, st.integers(-MINUTE, 20 * MINUTE), st.integers(0, 2), st.booleans()), max_size=14))
def test_no_interleaving_of_devices_earns_more_than_the_wall_clock(contacts):
    """Three devices; each contact comes from one of them and may open a sitting there. A device that was taken over sends
    its queue all the same. The server's clock may even jump back."""
    person, now, moments = Person(), TEN, []
    for position, (beats, wait, device, opens) in enumerate(contacts):
        now += wait
        moments.append(now)
        if opens or device not in person.of_device:
            person.sits(device, now)
        person.beats(device, [replace(beat, sequence=beat.sequence + 12 * position) for beat in beats], now)

    assert sum(earned(item) for item in person.sittings) <= max(moments, default=0) - min(moments, default=0)
    assert sum(earned(item) for item in person.sittings) <= LIMITS.cap_ms


@given(any_beats, st.integers(-DAY_MS, DAY_MS))
def test_credit_is_never_negative_nor_more_than_the_time_between_two_contacts(beats, wait):
    taken = take(Standing(last_contact=TEN), beats, TEN + wait, LIMITS)

    assert 0 <= taken.credited_ms <= max(wait, 0)
    assert taken.standing.present_ms <= max(wait, 0)
    assert taken.credited_ms == earned(taken.standing)
    assert all(ms <= LIMITS.cap_ms for ms in taken.standing.days.values())
    assert taken.standing.last_contact >= TEN


@given(st.lists(st.tuples(any_beats, st.integers(0, 4 * 60 * MINUTE)), max_size=20), st.integers(0, 500 * MINUTE))
def test_no_day_earns_more_than_its_cap(contacts, before):
    standing, now = Standing(last_contact=TEN, before={"2022-10-10": before}), TEN
    for position, (beats, wait) in enumerate(contacts):
        now += wait
        standing = take(standing, [replace(beat, sequence=beat.sequence + 20 * position) for beat in beats], now, LIMITS).standing

    assert earned(standing) <= now - TEN
    for day, ms in standing.days.items():
        assert 0 < ms <= max(LIMITS.cap_ms - (before if day == "2022-10-10" else 0), 0)


@given(intervals)
def test_merged_intervals_are_disjoint_in_order_and_lose_nothing(found):
    merged = merge(found, gap=0)

    assert merge(merged, gap=0) == merged
    assert all(one[1] < two[0] for one, two in itertools.pairwise(merged))
    for start, stop in found:
        if stop > start:
            assert any(one[0] <= start and stop <= one[1] for one in merged)
    shuffled = random.Random(7).sample(found, len(found))
    assert merge(shuffled, gap=0) == merged
    assert 0 <= coverage(found, 600) <= 1


@given(intervals, intervals, st.floats(0, 300), st.booleans())
def test_no_more_is_accepted_than_the_time_covers(known, claimed, budget, no_skip):
    before = merge(known)
    parts, used = accept(claimed, budget=budget, known=before, length=500, no_skip=no_skip)

    assert used <= budget + 1e-6
    had = sum(stop - start for start, stop in before)
    # What lies less than half a second apart is one, and places are kept to a tenth.
    assert sum(stop - start for start, stop in parts) <= had + used + 0.7 * (len(claimed) + len(before)) + 0.2


@given(st.lists(intervals, max_size=6))
def test_without_skipping_the_watched_part_has_no_gap(contacts):
    parts: list[tuple[float, float]] = []
    for claimed in contacts:
        parts, _used = accept(claimed, budget=1000, known=parts, length=600, no_skip=True)

        assert len(parts) <= 1
        assert not parts or parts[0][0] == 0


def test_no_skip_takes_what_touches_what_is_covered():
    far, _used = accept([(300, 330)], budget=100, known=[], covered_to=120, no_skip=True, length=600)
    near, _used = accept([(121, 150)], budget=100, known=[], covered_to=120, no_skip=True, length=600)

    assert far == []
    assert near == [(120.0, 150.0)]
    assert prefix_of([(0, 120), *near]) == 150


def test_impossible_places_are_left_out():
    odd = [(float("nan"), 5), (5, float("inf")), (-3, 4), (7, 7), (9, 8), (True, 5), ("1", 5), (1,), (10, 20)]

    assert merge(odd) == [(10.0, 20.0)]
    assert accept(odd, budget=50, known=[], length=15) == ([(10.0, 15.0)], 5.0)
    assert coverage([(0, 10)], 0) == 0


@pytest.mark.parametrize(
    ("seconds", "counted"), [(0, "0.0"), (2699, "0.9"), (2700, "1.0"), (4049, "1.4"), (4050, "1.5"), (-2700, "-1.0")]
)
def test_a_lesson_has_forty_five_minutes(seconds, counted):
    assert lessons(seconds) == Decimal(counted)
    assert lessons(3600, Decimal(60)) == 1


def test_a_clock_set_back_earns_nothing_and_is_noted():
    now = dt.datetime(2022, 10, 10, 10, 0, tzinfo=SHANGHAI)
    behind = drift_of(now - dt.timedelta(hours=3), now)

    assert behind == -10800
    assert swing(behind, 2, 5) == 10802
    assert swing(None, 2, 5) == swing(3, None, 5) == 5
    plain, _states = sat([Beat(n, active=True) for n in range(1, 4)])
    lying, _states = sat([Beat(n, active=True, client_time=now - n * dt.timedelta(hours=5)) for n in range(1, 4)])
    assert plain == lying


def test_the_rhythm_keeps_the_last_beats():
    taken = take(
        Standing(last_contact=TEN),
        [Beat(1, active=True, acts=400, last_act_ms=3_500, span_ms=30_000), Beat(2, playing=True, span_ms=MINUTE)],
        TEN + 10 * MINUTE,
        LIMITS,
    )
    kept = rhythm.read(rhythm.append(b"", taken.marks))

    assert [(beat.span, beat.acts, beat.last_act, beat.playing, beat.counted, beat.late) for beat in kept] == [
        (32, 255, 3, False, True, True),
        (60, 0, None, True, True, True),
    ]
    assert len(rhythm.append(b"", taken.marks * 400)) == 4 * rhythm.MOST_BEATS
    assert len(rhythm.by_hand(kept)) == 1
