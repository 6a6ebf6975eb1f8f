"""One cast of people, and the plain facts tests start from."""

from __future__ import annotations

import datetime as dt

import pytest

NOW = dt.datetime(2022, 10, 10, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@pytest.fixture
def now() -> dt.datetime:
    """The demo's day: 10 October 2022, ten in the morning in Shanghai."""
    return NOW
