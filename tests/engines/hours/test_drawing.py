"""What is drawn of learning time."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.engines.hours.drawing import week_of

pytestmark = pytest.mark.once
MONDAY = dt.date(2022, 9, 5)


def test_week_adds_up_its_own_days_alone() -> None:
    seconds = {
        MONDAY - dt.timedelta(days=1): 9_000,
        MONDAY: 600,
        MONDAY + dt.timedelta(days=6): 300,
        MONDAY + dt.timedelta(days=7): 50,
    }

    week = week_of(MONDAY, seconds, cap=28_800, today=MONDAY, chosen=None)

    assert [bar.minutes for bar in week.bars] == ["10", "0", "0", "0", "0", "0", "5"]
    assert week.total == 900
