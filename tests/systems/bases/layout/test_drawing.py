from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denggao.systems.bases.geography import EARTH_KM
from denggao.systems.bases.geography import distance_km as between
from denggao.systems.bases.layout.drawing import HEIGHT, WIDTH, Place, draw

pytestmark = pytest.mark.once

LAKE, PORT = (121.9286, 30.9012), (121.8412, 30.8931)
places = st.tuples(st.floats(-179, 179), st.floats(-80, 80))


def distance_km(a, b):
    return between(Place(*a, ""), Place(*b, ""))


def test_a_distance_is_that_of_the_great_circle():
    assert distance_km(LAKE, PORT) == pytest.approx(8.39, abs=0.02)
    assert distance_km((0, 0), (0, 90)) == pytest.approx(math.pi / 2 * EARTH_KM)
    assert distance_km((0, 0), (180, 0)) == pytest.approx(math.pi * EARTH_KM)


@given(places, places, places)
def test_distances_are_a_metric(a, b, c):
    assert distance_km(a, a) == 0
    assert distance_km(a, b) == pytest.approx(distance_km(b, a))
    assert distance_km(a, c) <= distance_km(a, b) + distance_km(b, c) + 1e-6


def test_nothing_is_drawn_of_nowhere():
    assert draw([]) is None


@given(st.lists(places, min_size=1, max_size=20))
def test_every_place_lies_within_the_map(found):
    drawn = draw([Place(*place, "x") for place in found])

    assert drawn is not None
    assert len(drawn.pins) == len(found)
    assert all(0 <= pin.x <= WIDTH and 0 <= pin.y <= HEIGHT for pin in drawn.pins)


def test_north_is_up_and_east_is_right():
    drawn = draw([Place(*LAKE, "lake"), Place(*PORT, "port")])

    assert drawn is not None
    lake, port = (next(pin for pin in drawn.pins if pin.place.label == name) for name in ("lake", "port"))
    assert lake.x > port.x
    assert lake.y < port.y


def test_the_scale_bar_is_as_long_as_it_says():
    drawn = draw([Place(*LAKE, "lake"), Place(*PORT, "port")])

    assert drawn is not None
    lake, port = (next(pin for pin in drawn.pins if pin.place.label == name) for name in ("lake", "port"))
    pixels = math.hypot(lake.x - port.x, lake.y - port.y)
    assert pixels / drawn.scale_px * float(drawn.scale_km) == pytest.approx(distance_km(LAKE, PORT), rel=0.01)


def test_a_reach_fits_into_the_map_of_a_single_place():
    drawn = draw([Place(*LAKE, "lake")], reach_km=10)

    assert drawn is not None
    (pin,) = drawn.pins
    assert 0 < drawn.reach <= min(pin.x, pin.y, WIDTH - pin.x, HEIGHT - pin.y)


def test_dots_outside_are_left_out():
    drawn = draw([Place(*LAKE, "lake"), Place(*PORT, "port")], [Place(*LAKE, "near"), Place(2.35, 48.86, "far")])

    assert drawn is not None
    assert [dot.place.label for dot in drawn.dots] == ["near"]


def test_tiles_cover_the_map_without_gaps():
    drawn = draw([Place(*LAKE, "lake"), Place(*PORT, "port")], tiles="https://tiles.example/{z}/{x}/{y}.png")

    assert drawn is not None
    assert min(tile.x for tile in drawn.tiles) <= 0
    assert min(tile.y for tile in drawn.tiles) <= 0
    assert max(tile.x + tile.size for tile in drawn.tiles) >= WIDTH
    assert max(tile.y + tile.size for tile in drawn.tiles) >= HEIGHT
    assert len(drawn.tiles) <= 40
    assert all(tile.url.startswith("https://tiles.example/") and "{" not in tile.url for tile in drawn.tiles)


def test_a_tile_holds_the_place_it_is_drawn_under():
    """Slippy-map arithmetic as published: the tile of a place at a zoom."""
    drawn = draw([Place(*LAKE, "lake"), Place(*PORT, "port")], tiles="{z}/{x}/{y}")

    assert drawn is not None
    lake = next(pin for pin in drawn.pins if pin.place.label == "lake")
    under = next(tile for tile in drawn.tiles if tile.x <= lake.x < tile.x + tile.size and tile.y <= lake.y < tile.y + tile.size)
    zoom, column, row = map(int, under.url.split("/"))
    many = 2**zoom
    latitude = math.radians(LAKE[1])
    assert column == int((LAKE[0] + 180) / 360 * many)
    assert row == int((1 - math.log(math.tan(latitude) + 1 / math.cos(latitude)) / math.pi) / 2 * many)


def test_the_graticule_names_its_degrees():
    drawn = draw([Place(*LAKE, "lake"), Place(*PORT, "port")])

    assert drawn is not None
    assert 2 <= len(drawn.meridians) <= 7
    assert all(line.text.endswith("°E") and 0 <= line.at <= WIDTH for line in drawn.meridians)
    assert all(line.text.endswith("°N") and 0 <= line.at <= HEIGHT for line in drawn.parallels)
