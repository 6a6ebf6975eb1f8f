from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Refusals are told apart by their sentences; pages speak the reader's language all the same."""
    with translation.override("en"):
        yield


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, now: dt.datetime) -> dt.datetime:
    """Pages look at the clock: it stands at the tests' own day."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return now
