"""Distances between points given in degrees, and the employers within reach of a base."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from denggao.foundation.organisations.models import Organisation
from denggao.foundation.plans.models import Plan

EARTH_KM = 6371.0088


class Placed(Protocol):
    """Whatever stands somewhere, in degrees; None where it is not known."""

    @property
    def longitude(self) -> Decimal | float | None: ...

    @property
    def latitude(self) -> Decimal | float | None: ...


def distance_km(a: Placed, b: Placed) -> float | None:
    """Along the great circle, in kilometres; None where one of the two has no coordinates."""
    if a.longitude is None or a.latitude is None or b.longitude is None or b.latitude is None:
        return None
    north, south = math.radians(float(a.latitude)), math.radians(float(b.latitude))
    across = math.radians(float(b.longitude) - float(a.longitude))
    half = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(across / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def participants(plan: Plan) -> list[Organisation]:
    """The employers that take part in a plan and whose place is known. One query."""
    found = Organisation.objects.filter(
        participations__plan=plan, kind=Organisation.Kind.EMPLOYER, longitude__isnull=False, latitude__isnull=False
    )
    return list(found.select_related("industry").order_by("id"))


def within(place: Placed, employers: Iterable[Organisation], km: Decimal) -> list[tuple[Organisation, float]]:
    """Those within so many kilometres (the circle's edge included), the nearest first."""
    reached = [(employer, distance) for employer in employers if (distance := distance_km(place, employer)) is not None]
    return sorted([item for item in reached if item[1] <= float(km)], key=lambda item: (item[1], item[0].pk))
