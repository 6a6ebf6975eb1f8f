"""Two devices, and one message that comes twice, at the same moment."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.engines.hours.actions import receive_beats
from denggao.engines.hours.models import Sitting
from denggao.engines.hours.queries import hours_of
from denggao.engines.hours.tokens import token_of
from tests.at_once import at_once
from tests.cast import make_cast
from tests.engines.hours.learning import MINUTE, by_hand, sit

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_devices_opened_at_once_leave_one_sitting_open(now: dt.datetime) -> None:
    cast = make_cast(now)

    outcomes = at_once(*[lambda device=device: sit(cast, now, device) for device in ("phone", "desk", "tablet")])

    assert outcomes == ["done"] * 3
    assert Sitting.objects.count() == 3
    assert Sitting.objects.filter(ended_at__isnull=True).count() == 1


def test_one_beat_that_comes_three_times_at_once_counts_once(now: dt.datetime) -> None:
    cast = make_cast(now)
    sitting = sit(cast, now).sitting
    beats = by_hand(1)

    outcomes = at_once(*[lambda: receive_beats(token_of(sitting.public_id), beats, now + MINUTE)] * 3)

    assert outcomes == ["done"] * 3
    sitting.refresh_from_db()
    assert (sitting.beats, sitting.seconds) == (1, 60)
    assert hours_of([cast.worker_person.pk])[cast.worker_person.pk].seconds == 60
