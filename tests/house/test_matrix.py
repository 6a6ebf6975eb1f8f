"""Every address × every part: nobody gets what is not theirs, and no address goes unwatched."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from tests.cast import Cast
from tests.house.matrix import METHODS, Section, address_of, routes, walk
from tests.house.matrix_rows import SECTIONS


def test_every_route_has_its_rows() -> None:
    written = {(row.method, row.route) for section in SECTIONS for row in section.rows}

    missing = [f"{method} {route or '/'}" for route in routes() for method in METHODS if (method, route) not in written]

    assert not missing, "addresses nobody watches (see matrix.py):\n" + "\n".join(missing)


def test_every_row_has_its_route() -> None:
    known = set(routes())

    gone = [str(row) for section in SECTIONS for row in section.rows if row.route not in known]

    assert not gone


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_everybody_gets_what_the_table_says(section: Section, cast: Cast, now: dt.datetime) -> None:
    expected = [str(row) for row in section.rows]

    found = [str(row) for row in walk(section, cast, now)]

    differing = [
        f"{line}\n  but the table says\n{known}" if row.outcomes else line
        for row, line, known in zip(section.rows, found, expected, strict=True)
        if line != known
    ]
    assert not differing, "\n" + "\n".join(differing)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_no_form_is_taken_without_its_token(section: Section, cast: Cast, now: dt.datetime) -> None:
    world = section.world(cast, now)
    client = Client(enforce_csrf_checks=True)
    client.cookies = cast.client_of("administrator").cookies

    taken = [
        row.route
        for row in section.rows
        if row.method == "POST"
        and not row.route.startswith(("api/", "^api/"))
        and client.post(address_of(row.route, world)).status_code != 403
    ]

    assert not taken
