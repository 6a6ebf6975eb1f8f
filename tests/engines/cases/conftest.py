"""The trial procedures are registered for every test of the room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from denggao.engines.cases.procedures import registered
from tests.engines.cases.procedures import TRIALS, forget


@pytest.fixture(autouse=True)
def _trial_procedures() -> Iterator[None]:
    forget()
    with registered(*TRIALS):
        yield
