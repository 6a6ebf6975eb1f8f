"""A map drawn from coordinates alone, in Web Mercator, so that tiles of a configured server fit beneath. Pure.

Nothing but the places themselves is drawn: a base map for publication needs an approval (审图号) of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from denggao.systems.bases.geography import EARTH_KM

WIDTH, HEIGHT = 640.0, 460.0
_MARGIN = 52.0
_LEAST_KM = 2.0
_TILE = 256
_HIGHEST_ZOOM = 18
_SCALES_KM = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_LINES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)


@dataclass(frozen=True)
class Place:
    """What is drawn at a place. ``tone`` is a class of the style sheet."""

    longitude: float
    latitude: float
    label: str
    url: str = ""
    tone: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Pin:
    x: float
    y: float
    place: Place
    label_x: float
    anchor: str


@dataclass(frozen=True)
class Line:
    """A line of the graticule: where it stands, and its degrees as text."""

    at: float
    text: str


@dataclass(frozen=True)
class Tile:
    x: float
    y: float
    size: float
    url: str


@dataclass(frozen=True)
class Drawing:
    """Pixels from the upper left. ``reach`` is the radius in pixels of the circle asked for around each pin; 0 for none."""

    width: float
    height: float
    pins: list[Pin]
    dots: list[Pin]
    meridians: list[Line]
    parallels: list[Line]
    scale_px: float
    scale_km: str
    reach: float
    tiles: list[Tile] = field(default_factory=list)

    @property
    def scale_x(self) -> float:
        """Where the scale begins: lower right, clear of the degrees at the left."""
        return round(self.width - self.scale_px - 84, 1)


def draw(
    places: Sequence[Place],
    dots: Iterable[Place] = (),
    *,
    reach_km: float = 0.0,
    tiles: str = "",
    width: float = WIDTH,
    height: float = HEIGHT,
) -> Drawing | None:
    """The map of these places, all within it, at one scale both ways; None where there are none. ``dots`` that lie
    outside of it are left out. ``tiles`` is an address with {z}, {x} and {y}."""
    if not places:
        return None
    view = _View.around(places, reach_km, width, height)
    pins = [_pin(place, view) for place in places]
    around = [_pin(place, view) for place in dots]
    scale_px, scale_km = _scale_bar(view)
    return Drawing(
        width=width,
        height=height,
        pins=_apart(pins),
        dots=[dot for dot in around if 0 <= dot.x <= width and 0 <= dot.y <= height],
        meridians=_lines(view.longitude_at(0), view.longitude_at(width), view.x, "E", "W"),
        parallels=_lines(view.latitude_at(height), view.latitude_at(0), view.y, "N", "S"),
        scale_px=scale_px,
        scale_km=scale_km,
        reach=round(reach_km / view.km_per_px, 1),
        tiles=view.tiles(tiles) if tiles else [],
    )


def _mercator(latitude: float) -> float:
    """Up the map, in degrees of longitude."""
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))


def _latitude(up: float) -> float:
    return math.degrees(2 * math.atan(math.exp(math.radians(up))) - math.pi / 2)


@dataclass(frozen=True)
class _View:
    """A window onto the Mercator plane: its middle in degrees, and pixels a degree of longitude."""

    east: float
    up: float
    scale: float
    width: float
    height: float

    @classmethod
    def around(cls, places: Sequence[Place], reach_km: float, width: float, height: float) -> _View:
        easts, ups = [place.longitude for place in places], [_mercator(place.latitude) for place in places]
        east, up = (min(easts) + max(easts)) / 2, (min(ups) + max(ups)) / 2
        # A degree of longitude here, in km; on this plane a degree up is as long.
        degree_km = math.radians(1) * EARTH_KM * math.cos(math.radians(_latitude(up)))
        room = max(2 * reach_km, _LEAST_KM) / degree_km
        scale = min(
            (width - 2 * _MARGIN) / max(max(easts) - min(easts), room), (height - 2 * _MARGIN) / max(max(ups) - min(ups), room)
        )
        return cls(east, up, scale, width, height)

    def x(self, longitude: float) -> float:
        return round(self.width / 2 + (longitude - self.east) * self.scale, 1)

    def y(self, latitude: float) -> float:
        return round(self.height / 2 - (_mercator(latitude) - self.up) * self.scale, 1)

    def longitude_at(self, x: float) -> float:
        return self.east + (x - self.width / 2) / self.scale

    def latitude_at(self, y: float) -> float:
        return _latitude(self.up - (y - self.height / 2) / self.scale)

    @property
    def km_per_px(self) -> float:
        return math.radians(1) * EARTH_KM * math.cos(math.radians(_latitude(self.up))) / self.scale

    def tiles(self, address: str) -> list[Tile]:
        """Those that cover the window, at the nearest zoom that is no coarser than the drawing."""
        zoom = max(0, min(_HIGHEST_ZOOM, math.ceil(math.log2(self.scale * 360 / _TILE))))
        many = 2**zoom
        size = self.scale * 360 / many
        left, top = self.width / 2 - (self.east + 180) * self.scale, self.height / 2 - (180 - self.up) * self.scale
        columns = range(max(0, math.floor(-left / size)), min(many, math.ceil((self.width - left) / size)))
        rows = range(max(0, math.floor(-top / size)), min(many, math.ceil((self.height - top) / size)))
        return [
            Tile(
                round(left + column * size, 2),
                round(top + row * size, 2),
                round(size, 2),
                address.replace("{z}", str(zoom)).replace("{x}", str(column)).replace("{y}", str(row)),
            )
            for row in rows
            for column in columns
        ]


def _pin(place: Place, view: _View) -> Pin:
    x, y = view.x(place.longitude), view.y(place.latitude)
    left = x > view.width * 0.62
    return Pin(x, y, place, x - 20 if left else x + 20, "end" if left else "start")


def _apart(pins: list[Pin]) -> list[Pin]:
    """From north to south, so that a pin further south stands in front."""
    return sorted(pins, key=lambda pin: (pin.y, pin.x))


def _lines(low: float, high: float, at: object, positive: str, negative: str) -> list[Line]:
    step = next((step for step in _LINES if (high - low) / step <= 4), 45)
    first = math.ceil(low / step)
    found = []
    for number in range(first, math.floor(high / step) + 1):
        degrees = number * step
        text = f"{abs(degrees):.{_decimals(step)}f}°{positive if degrees >= 0 else negative}"
        found.append(Line(at(degrees), text))  # type: ignore[operator]  # of a list made just above
    return found


def _decimals(step: float) -> int:
    return max(0, -math.floor(math.log10(step) + 1e-9))


def _scale_bar(view: _View) -> tuple[float, str]:
    """A length that is a round number of kilometres, about a fifth of the width."""
    longest = view.width / 4.5 * view.km_per_px
    length = max((km for km in _SCALES_KM if km <= longest), default=_SCALES_KM[0])
    return round(length / view.km_per_px, 1), f"{length:g}"
