from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from denggao.foundation.sheets import kinds
from tests.foundation.sheets.kinds import Tools


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Sentences are compared in English, the language they are written in."""
    with translation.override("en"):
        yield


@pytest.fixture
def tools() -> Iterator[Tools]:
    """A sheet kind of the tests' own."""
    kind = Tools()
    kinds.register(kind)
    yield kind
    kinds._KINDS.pop(kind.code)
