"""Reads cannot write: a page that is only looked at runs with a database that takes no changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

READS = frozenset({"GET", "HEAD", "OPTIONS"})
_WRITE = re.compile(
    r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO|TRUNCATE(?:\s+TABLE)?)\s+\"?(\w+)", re.IGNORECASE
)
# What keeping somebody signed in, or shutting somebody out, may write on any request.
_ALLOWED = ("django_session", "axes_", "usersessions_")


_excepted: ContextVar[bool] = ContextVar("denggao_write_while_reading", default=False)


@contextmanager
def write_while_reading() -> Iterator[None]:
    """Let one act write during a GET: the record that something was read, that a token was used, that a session ended.
    Nothing that a visitor asked to be changed."""
    token = _excepted.set(True)
    try:
        yield
    finally:
        _excepted.reset(token)


class WriteInRead(Exception):
    """A GET request tried to change data. It is a fault of the page: changes are made by POST."""


def refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """An execute wrapper. Raises WriteInRead, naming the table."""
    # Cheap for the common case: nearly everything a page runs is a SELECT.
    if not sql.startswith("SELECT"):
        write = _WRITE.match(sql)
        if write and not write[1].startswith(_ALLOWED) and not _excepted.get():
            raise WriteInRead(write[1])
    return execute(sql, params, many, context)


class ReadsOnlyMiddleware:
    """The innermost middleware: what lies outside of it (the session, the sign-in) writes as it must."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READS:
            return self.get_response(request)
        with connection.execute_wrapper(refuse_writes):
            return self.get_response(request)
