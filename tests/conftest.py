"""One cast of people, and the plain facts tests start from."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.conf import settings
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


@pytest.fixture(autouse=True)
def _own_audit_head(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's database begins empty, and so does what is remembered of it outside the database."""
    monkeypatch.setattr(settings, "AUDIT_HEAD_DIR", tmp_path_factory.getbasetemp() / uuid.uuid4().hex)
