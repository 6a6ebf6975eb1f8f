"""Every address × every part: nobody gets what is not theirs, and no address goes unwatched."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from tests.cast import Cast
from tests.house.addresses import METHODS, WRITES, address_of, routes, rows_of, shares, tables, walk, write_rows
from tests.house.world import make_world

# Who may do what is decided by the same lines on every database; what the pages ask of one is tested with the pages.
pytestmark = pytest.mark.once


def test_every_route_has_its_rows() -> None:
    written = {(row.method, row.route) for table in tables() for row in rows_of(table)}

    missing = [f"{method} {route or '/'}" for route in routes() for method in METHODS if (method, route) not in written]

    assert not missing, "addresses nobody watches (see addresses.py):\n" + "\n".join(missing)


def test_every_row_has_its_route() -> None:
    known = set(routes())

    gone = [str(row) for table in tables() for row in rows_of(table) if row.route not in known]

    assert not gone


@pytest.mark.parametrize("share", shares(6), ids=" ".join)
def test_everybody_gets_what_the_tables_say(share: list[str], cast: Cast, now: dt.datetime) -> None:
    world = make_world(cast, now)
    differing = []

    for table in share:
        found = walk(rows_of(table), cast, world)
        if WRITES:
            write_rows(table, found)
        differing += [
            f"{now_so}\n  but {table}.txt says\n{said}"
            for said, now_so in zip(rows_of(table), found, strict=True)
            if str(said) != str(now_so)
        ]

    assert not differing, "\n" + "\n".join(differing)


def test_no_form_is_taken_without_its_token(cast: Cast, now: dt.datetime) -> None:
    world = make_world(cast, now)
    client = Client(enforce_csrf_checks=True)
    client.cookies = cast.client_of("administrator").cookies
    posted = {row.route for table in tables() for row in rows_of(table) if row.method == "POST"}

    taken = [
        route
        for route in sorted(posted)
        if not route.startswith(("api/", "^api/")) and client.post(address_of(route, world)).status_code != 403
    ]

    assert not taken
