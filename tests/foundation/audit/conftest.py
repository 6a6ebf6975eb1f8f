from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Callable

import pytest
from django.db import transaction

from denggao.foundation.audit.actors import operator
from denggao.foundation.audit.records import Line, write_lines
from denggao.foundation.audit.seals import seal_pending


@pytest.fixture
def write(now: dt.datetime) -> Callable[..., None]:
    """Writes so many records of one act, some with personal values."""

    def write_records(count: int = 1) -> None:
        lines = [
            Line(
                "test.write",
                object_type="test.thing",
                object_id=str(number),
                object_text=f"thing {number}",
                before={"n": number, "name": "陈晓明"},
                after={"n": number + 1, "name": "陈小明"},
                personal=frozenset({"name"}) if number % 2 else frozenset(),
            )
            for number in range(count)
        ]
        with transaction.atomic():
            write_lines(lines, act_id=uuid.uuid4(), positions=itertools.count(), actor=operator("test"), at=now)

    return write_records


@pytest.fixture
def three_seals(write: Callable[..., None], now: dt.datetime, django_capture_on_commit_callbacks: Callable[..., object]) -> None:
    """Records 1 to 5, 6 to 12 and 13 to 15, each batch under a seal of its own."""
    for count in (5, 7, 3):
        write(count)
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]  # pytest-django's own
            seal_pending(now)
