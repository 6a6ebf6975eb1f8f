from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest

from denggao.foundation.jobs.registry import KINDS
from denggao.foundation.messages.actions import MAIL_JOB


@dataclass
class Hands:
    """A clock that stands still until it is moved."""

    time: dt.datetime

    def __call__(self) -> dt.datetime:
        return self.time

    def move(self, **by: float) -> None:
        self.time += dt.timedelta(**by)


@pytest.fixture
def clock(now):
    return Hands(now)


@pytest.fixture
def known_jobs():
    """Jobs registered in a test are forgotten after it, and none but those is recurring; e-mail stays known."""
    before = dict(KINDS)
    KINDS.clear()
    KINDS[MAIL_JOB] = before[MAIL_JOB]
    yield KINDS
    KINDS.clear()
    KINDS.update(before)
