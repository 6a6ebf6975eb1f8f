"""One cast of people, and the plain facts tests start from."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache

from tests.cast import Cast, make_cast

NOW = dt.datetime(2022, 10, 10, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@pytest.fixture
def now() -> dt.datetime:
    """The demo's day: 10 October 2022, ten in the morning in Shanghai."""
    return NOW


@pytest.fixture
def cast(db: None, now: dt.datetime) -> Cast:
    """Everyone, each with an account and a role: ``cast.clerk`` is an Actor, ``cast.client_of("clerk")`` a signed-in browser."""
    return make_cast(now)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Rate limits and the like start afresh in every test."""
    cache.clear()
