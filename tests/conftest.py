"""One cast of people, and the plain facts tests start from."""

from __future__ import annotations

import datetime as dt
import gc
import re
import uuid
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as settings_of_examples
from pytest_django import DjangoDbBlocker

from tests import pristine
from tests.cast import Cast, make_cast

# A busy machine draws and runs examples slowly; that says nothing about what is tested.
settings_of_examples.register_profile("house", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings_of_examples.load_profile("house")

_DRAWS_PAGES = re.compile(r"/pages/|pages?\.py|views\.py|/faces/(desk|board|portal)/")
NOW = dt.datetime(2022, 10, 10, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that draw pages, as their file's name tells, are run on PostgreSQL in ``make test-whole`` alone."""
    for item in items:
        if _DRAWS_PAGES.search(item.path.relative_to(item.config.rootpath).as_posix()):
            item.add_marker("whole")


def pytest_collection_finish() -> None:
    """The product is loaded and stays: looking through it again and again for what may go costs a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """As pytest-django has it; and after a test that commits, the rows of the beginning are put back. What did not ask for the
    database gets none: a fixture that came before the test's transaction would leave its rows to all others."""
    with django_db_blocker.unblock():
        pristine.remember()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _self: pristine.restore())
        yield


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
