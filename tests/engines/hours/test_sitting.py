"""Sittings: time is credited by beats, one device at a time, and written as entries once."""

from __future__ import annotations

from denggao.engines.hours.actions import beat, fold_open, receive_beats
from denggao.engines.hours.models import HourEntry, Sitting
from denggao.engines.hours.queries import hours_of, open_sitting_of
from denggao.engines.hours.rules import Beat, State
from tests.engines.hours.learning import MINUTE, sit


def test_beats_are_credited_and_entered_once(cast, now):
    sitting, token = sit(cast, now)

    answers = [beat(token, Beat(n, active=True, acts=n % 7 + 1, span_ms=60_000), now + n * MINUTE) for n in range(1, 11)]
    again = beat(token, Beat(10, active=True, span_ms=60_000), now + 10 * MINUTE)
    fold_open(cast.worker_person, now + 10 * MINUTE)
    fold_open(cast.worker_person, now + 10 * MINUTE)
    receive_beats(token, [Beat(11, active=True, span_ms=60_000)], now + 11 * MINUTE, leaves=True)

    assert answers[-1].seconds == again.seconds == 600
    assert answers[-1].state == State.COUNTING
    assert list(HourEntry.objects.order_by("pk").values_list("seconds", flat=True)) == [600, 60]
    sitting.refresh_from_db()
    assert (sitting.end_reason, sitting.seconds, sitting.beats) == ("closed", 660, 11)
    assert hours_of([cast.worker_person.pk])[cast.worker_person.pk].seconds == 660
    assert open_sitting_of(cast.worker_person) is None


def test_a_second_device_takes_over_and_the_first_is_told(cast, now):
    _phone, first = sit(cast, now)
    beat(first, Beat(1, active=True), now + MINUTE)
    _desk, second = sit(cast, now + 2 * MINUTE, "desk")

    told = beat(first, Beat(2, active=True), now + 3 * MINUTE)
    beat(second, Beat(1, active=True), now + 3 * MINUTE)

    assert told.state == State.ELSEWHERE
    assert Sitting.objects.filter(ended_at__isnull=True).count() == 1
    # The phone's minute before it was taken over, and the desk's since.
    assert hours_of([cast.worker_person.pk])[cast.worker_person.pk].seconds == 180
