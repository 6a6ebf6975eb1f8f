"""The table of addresses × people, and what walks it. The rows stand in ``matrix_rows.py``.

To add the addresses of your room: write a Section there. Its ``table`` has two lines for each address, GET and POST:

    GET  account/members/     L  no ok ok no no ok ok ok ok ok no ok

method, the route as ``urls.py`` joins it, then one outcome for each part, in the order of COLUMNS. Fewer outcomes than
columns: the last one holds for everybody after it. Its ``world`` makes, out of the cast, the things the addresses are
about, and returns what stands in for each ``<converter:name>`` (for all its addresses, or for one route: a dict under
the route). Let the things belong to ``cast.employer`` and hold what must not leak, so that ``other_hr`` is the negative
case; ``query`` adds a query string or form fields to a route.

Don't guess the outcomes: leave them out (write the method and the route alone), run the test, read the table it prints,
judge every cell, and paste what is right. A cell that is wrong is a hole in a policy, not in the table.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.cast import Cast, parts

COLUMNS = parts()
METHODS = ("GET", "POST")

# What an outcome is called in the table.
OUTCOMES = {
    200: "ok",  # the page, or the answer
    201: "ok",
    204: "ok",
    301: "to",
    302: "to",  # done, and led on to another page of ours
    303: "to",
    400: "bad",
    401: "who",  # the API: a token is needed
    403: "no",  # exists, but not for you
    404: "--",  # does not exist for you
    405: "x",  # not by this method
    410: "gone",
    422: "bad",  # may be tried; the form, left empty, is refused
    429: "wait",
}
SIGN_IN = "L"  # led to the sign-in


@dataclass(frozen=True)
class Section:
    """The rows of one room."""

    name: str
    table: str
    world: Callable[[Cast, dt.datetime], dict[str, Any]] = lambda cast, now: {}
    query: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def rows(self) -> list[Row]:
        return [Row.read(line) for line in self.table.strip().splitlines() if line.strip() and not line.lstrip().startswith("#")]


@dataclass(frozen=True)
class Row:
    method: str
    route: str
    outcomes: tuple[str, ...]

    @classmethod
    def read(cls, line: str) -> Row:
        method, route, *outcomes = line.split()
        if outcomes:
            outcomes += [outcomes[-1]] * (len(COLUMNS) - len(outcomes))
        return cls(method, "" if route == "/" else route, tuple(outcomes))

    def __str__(self) -> str:
        return f"{self.method:4} {self.route or '/':58} {' '.join(f'{one:4}' for one in _shortened(self.outcomes))}".rstrip()


def _shortened(outcomes: tuple[str, ...]) -> list[str]:
    """Without what the last one says of everybody after it."""
    kept = list(outcomes)
    while len(kept) > 1 and kept[-1] == kept[-2]:
        kept.pop()
    return kept


def routes() -> list[str]:
    """Every route of the product, as ``urls.py`` joins them."""
    return list(dict.fromkeys(_walk(get_resolver().url_patterns)))


def _walk(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, before + str(pattern.pattern))
        else:
            yield before + str(pattern.pattern)


def address_of(route: str, world: dict[str, Any]) -> str:
    """A route with its blanks filled from the world."""
    given = {**world, **(world[route] if isinstance(world.get(route), dict) else {})}
    if isinstance(world.get(route), str):
        return str(world[route])
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda blank: str(given[blank[1]]), route)


def walk(section: Section, cast: Cast, now: dt.datetime) -> list[Row]:
    """The rows of a section as they are in truth."""
    world = section.world(cast, now)
    cookies = {part: cast.client_of(part).cookies for part in COLUMNS}
    return [
        Row(row.method, row.route, tuple(_try(row, address_of(row.route, world), cookies[part], section) for part in COLUMNS))
        for row in section.rows
    ]


def _try(row: Row, address: str, cookies: Any, section: Section) -> str:
    """One request by one part, whose traces are taken back."""
    client = Client(raise_request_exception=False)
    client.cookies = cookies.copy()
    cache.clear()
    before = transaction.savepoint()
    try:
        response = client.generic(row.method, address) if row.method not in METHODS else _send(client, row, address, section)
        if response.streaming:
            # A file that is handed out is closed with the end of the answer.
            b"".join(response.streaming_content)
        return outcome_of(response)
    finally:
        transaction.savepoint_rollback(before)


def _send(client: Client, row: Row, address: str, section: Section) -> HttpResponse:
    data = section.query.get(row.route, {})
    return client.get(address, data) if row.method == "GET" else client.post(address, data)  # type: ignore[return-value]


def outcome_of(response: HttpResponse) -> str:
    to = response.headers.get("Location", "")
    if to.split("?")[0] == "/account/login/":
        return SIGN_IN
    return OUTCOMES.get(response.status_code, str(response.status_code))
