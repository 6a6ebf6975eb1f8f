"""The table of addresses × people: how it is read, walked and written.

The rows stand in ``matrix/<room>.txt``, two lines for each address, GET and POST:

    GET  account/members/        L    no   ok   ok   no   no   ok   ok   ok   ok   ok   no   ok

method, the route as ``urls.py`` joins it, then one outcome for each part, in the order of COLUMNS (``world.py`` makes the
things the addresses are about). Fewer outcomes than columns: the last one holds for everybody after it.

To add the addresses of your room: write the two lines of each without outcomes (a line with a route that no table has
is what ``test_every_route_has_its_rows`` prints), let ``world.py`` make what they are about, and run

    WRITE_MATRIX=1 .venv/bin/python -m pytest tests/house/test_matrix.py

which writes what is true into the tables. Then judge every new cell in the diff: a cell that is wrong is a hole in a
policy, never in the table. Things belong to ``cast.employer``, so ``other_hr`` is the negative case.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path

from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.cast import Cast, parts
from tests.house.world import World

COLUMNS = parts()
METHODS = ("GET", "POST")
FOLDER = Path(__file__).parent / "matrix"
WRITES = os.environ.get("WRITE_MATRIX") == "1"

# What an outcome is called in the tables.
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
    409: "bad",
    410: "gone",
    422: "bad",  # may be tried; the form, left empty, is refused
    429: "wait",
}
SIGN_IN = "L"  # led to the sign-in


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
        return f"{self.method:4} {self.route or '/':72} {' '.join(f'{one:4}' for one in _shortened(self.outcomes))}".rstrip()


def _shortened(outcomes: tuple[str, ...]) -> list[str]:
    """Without what the last one says of everybody after it."""
    kept = list(outcomes)
    while len(kept) > 1 and kept[-1] == kept[-2]:
        kept.pop()
    return kept


def tables() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.txt"))


def shares(number: int) -> list[list[str]]:
    """The tables in so many parts of about the same length: a world is costly to make, so several tables are walked in one."""
    parts: list[list[str]] = [[] for _ in range(number)]
    for table in sorted(tables(), key=lambda each: -len(rows_of(each))):
        min(parts, key=lambda part: sum(len(rows_of(each)) for each in part)).append(table)
    return parts


def rows_of(table: str) -> list[Row]:
    lines = (FOLDER / f"{table}.txt").read_text().splitlines()
    return [Row.read(line) for line in lines if line.strip() and not line.startswith("#")]


def write_rows(table: str, rows: list[Row]) -> None:
    head = f"#    {'':72} {' '.join(part[:4].ljust(4) for part in COLUMNS)}".rstrip()
    (FOLDER / f"{table}.txt").write_text("\n".join([head, *map(str, rows)]) + "\n")


def routes() -> list[str]:
    """Every route of the product, as ``urls.py`` joins them."""
    return list(dict.fromkeys(_walk(get_resolver().url_patterns)))


def _walk(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, before + str(pattern.pattern))
        else:
            yield before + str(pattern.pattern)


def address_of(route: str, world: World) -> str:
    """A route with its blanks filled from the world; a regular expression stands for any address under it."""
    if route.startswith("^"):
        return "/" + re.sub(r"\(.*", "nothing", route.removeprefix("^"))
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda blank: str(world.value(route, blank[1])), route)


def walk(rows: list[Row], cast: Cast, world: World) -> list[Row]:
    """The rows as they are in truth."""
    browsers = {part: Browser(cast.client_of(part).cookies) for part in COLUMNS}
    return [Row(row.method, row.route, _outcomes(row, browsers, world)) for row in rows]


class Browser:
    """One part's, which forgets after each request whatever it was told."""

    def __init__(self, cookies: SimpleCookie) -> None:
        self._cookies = cookies
        self._client = Client(raise_request_exception=False)

    def fresh(self) -> Client:
        self._client.cookies = self._cookies.copy()
        return self._client


def _outcomes(row: Row, browsers: dict[str, Browser], world: World) -> tuple[str, ...]:
    """By part, in the order of COLUMNS. A method that neither the first nor the last of them may use is nobody's."""
    address = address_of(row.route, world)
    ends = [_try(row, address, browsers[part], world) for part in (COLUMNS[0], COLUMNS[1], COLUMNS[-1])]
    if ends[1:] == ["x", "x"]:
        return (ends[0], *["x"] * (len(COLUMNS) - 1))
    return (*ends[:2], *(_try(row, address, browsers[part], world) for part in COLUMNS[2:-1]), ends[2])


def _try(row: Row, address: str, browser: Browser, world: World) -> str:
    """One request by one part, whose traces are taken back."""
    client = browser.fresh()
    cache.clear()
    before = transaction.savepoint()
    try:
        data = world.forms.get(row.route, {})
        # A form is never quite empty: a browser sends its token at least.
        response = client.get(address, data) if row.method == "GET" else client.post(address, {"sent": "1", **data})
        if response.streaming:
            list(response)  # A file is closed once it is read.
        return outcome_of(response)  # type: ignore[arg-type]  # the client's response
    finally:
        transaction.savepoint_rollback(before)


def outcome_of(response: HttpResponse) -> str:
    to = response.headers.get("Location", "")
    if to.split("?")[0] == "/account/login/":
        return SIGN_IN
    return OUTCOMES.get(response.status_code, str(response.status_code))
