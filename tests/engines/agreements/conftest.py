from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.utils import translation

from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.models import Organisation
from tests.cast import Cast
from tests.engines.agreements.matter import Matter, a_signatory, an_authority, registered


@dataclass(frozen=True)
class Three:
    """The three authorities, and a signatory of each; the union's is the cast's own."""

    union: Organisation
    labour: Organisation
    area: Organisation
    for_union: Actor
    for_labour: Actor
    for_area: Actor

    @property
    def bodies(self) -> list[Organisation]:
        return [self.union, self.labour, self.area]

    @property
    def pairs(self) -> list[tuple[Organisation, Actor]]:
        return [(self.union, self.for_union), (self.labour, self.for_labour), (self.area, self.for_area)]


def make_three(cast: Cast, now: dt.datetime) -> Three:
    labour, area = an_authority("示范区人力资源和社会保障局", now), an_authority("示范新片区管理委员会", now)
    return Three(
        cast.authority_body, labour, area, cast.authority, a_signatory(labour, "林人社", now), a_signatory(area, "管委会", now)
    )


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Refusals are told apart by their sentences; pages speak the reader's language all the same."""
    with translation.override("en"):
        yield


@pytest.fixture
def three(cast: Cast, now: dt.datetime) -> Three:
    return make_three(cast, now)


@pytest.fixture
def matter() -> Iterator[Matter]:
    with registered(Matter()) as one:
        yield one
