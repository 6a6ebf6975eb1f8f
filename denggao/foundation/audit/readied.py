"""Questions a page puts at every request, always in the same words: built and compiled once, then asked with other values.

Building and compiling a queryset costs a millisecond of Python, more than the database takes to answer (docs/adr/0011). What
is asked is still written as a queryset, by the function that is decorated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

Wanted = ParamSpec("Wanted")
Given = TypeVar("Given", bound=Model)
Row = TypeVar("Row")
_Adapt = Callable[[Any], Any]

# What stands for a value while a question is compiled, by its kind: such as no question names by itself. (An integer that every
# column could hold: the library answers by itself where none could.)
_FIRST_INT, _FIRST_DAY, _FIRST_UUID = 31_391, dt.date(1, 2, 3), UUID("0dd00000-0000-4000-8000-000000000001").int


class Readied(Generic[Wanted, Given, Row]):
    """A queryset whose values are int, str, date, datetime or UUID, each used as it is given; what else changes its shape (a list,
    a language, the actor's roles) can't be left open. ``kinds`` are the types of the values, in their order."""

    def __init__(self, build: Callable[Wanted, QuerySet[Given, Row]], kinds: tuple[type, ...]) -> None:
        self.build = build
        self.kinds = kinds
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, *given: Wanted.args, **named: Wanted.kwargs) -> list[Any]:
        """What ``values_list`` gives, as tuples."""
        return self._of(connections[DEFAULT_DB_ALIAS]).ask(given)

    def column(self, *given: Wanted.args, **named: Wanted.kwargs) -> list[Any]:
        """The first value of each row."""
        return [row[0] for row in self.rows(*given, **named)]

    def count(self, *given: Wanted.args, **named: Wanted.kwargs) -> int:
        """How many rows there are. The question must be built as one that is counted: ``.order_by()``."""
        return self._of(connections[DEFAULT_DB_ALIAS]).count(given)

    def objects(self, *given: Wanted.args, **named: Wanted.kwargs) -> list[Given]:
        """The rows as objects of their model, as the queryset would give them: ``select_related`` and ``only`` hold."""
        return self._of(connections[DEFAULT_DB_ALIAS]).objects(given)

    def first(self, *given: Wanted.args, **named: Wanted.kwargs) -> Given | None:
        """The first object; None where there is none."""
        return next(iter(self.objects(*given, **named)), None)

    def _of(self, connection: BaseDatabaseWrapper) -> _Compiled:
        found = self._compiled.get(connection.vendor)
        if found is None:
            found = self._compiled[connection.vendor] = _Compiled(self.build, self.kinds, connection)
        return found


class _Compiled:
    def __init__(self, build: Callable[..., QuerySet[Any, Any]], kinds: tuple[type, ...], connection: BaseDatabaseWrapper) -> None:
        stand_ins = [_stand_in(kind, at) for at, kind in enumerate(kinds)]
        rows = build(*stand_ins)
        compiler = rows.query.get_compiler(connection=connection)
        self.sql, parameters = compiler.as_sql()
        self.parameters = [_place(parameter, stand_ins) for parameter in parameters]
        missing = set(range(len(kinds))) - {place[0] for place in self.parameters if place[0] is not None}
        if missing:
            raise ValueError(f"{build.__qualname__}: a value given is not in the question as it is: {sorted(missing)}")
        self.apply = compiler.apply_converters
        self.converters = compiler.get_converters([column[0] for column in compiler.select])
        self.make = _maker(compiler)

    def ask(self, given: tuple[Any, ...]) -> list[Any]:
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self._with(given))
            found = cursor.fetchall()
        return list(map(tuple, self.apply(found, self.converters))) if self.converters else list(found)

    def count(self, given: tuple[Any, ...]) -> int:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({self.sql}) counted", self._with(given))  # noqa: S608 (compiled by the library)
            return int(cursor.fetchone()[0])

    def objects(self, given: tuple[Any, ...]) -> list[Any]:
        return list(map(self.make, self.ask(given)))

    def _with(self, given: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(value if at is None else value(given[at]) for at, value in self.parameters)


def _maker(compiler: SQLCompiler) -> Callable[[Any], Any]:
    """What makes a row an object of its model, with those that were selected along, as the library's own iterator does."""
    told = compiler.klass_info
    if told is None:
        return _as_it_is
    model, places = told["model"], told["select_fields"]
    first, end = places[0], places[-1] + 1
    names = [compiler.select[at][0].target.attname for at in range(first, end)]  # type: ignore[attr-defined]  # a column of the model
    related = get_related_populators(told, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # the stubs are a release ahead

    def make(row: Any) -> Any:
        made = model.from_db(DEFAULT_DB_ALIAS, names, row[first:end])
        for populator in related:
            populator.populate(row, made)
        return made

    return make


def _stand_in(kind: type, at: int) -> Any:
    if issubclass(kind, dt.datetime):
        return dt.datetime.combine(_FIRST_DAY + dt.timedelta(days=at), dt.time(), dt.UTC)
    if issubclass(kind, dt.date):
        return _FIRST_DAY + dt.timedelta(days=at)
    if issubclass(kind, UUID):
        return UUID(int=_FIRST_UUID + at)
    return _FIRST_INT + at if issubclass(kind, int) else f"¤{at}¤"


def _place(parameter: Any, stand_ins: list[Any]) -> tuple[int | None, Any]:
    """Which value goes there, and how the database wants it; or that it is always the same."""
    for at, stand_in in enumerate(stand_ins):
        for adapt in _ADAPTED:
            adapted = adapt(stand_in)
            if isinstance(parameter, type(adapted)) and parameter == adapted:
                # The driver for PostgreSQL has kinds of int of its own.
                return at, adapt if type(parameter) is type(adapted) else type(parameter)
    return None, parameter


def _as_it_is(value: Any) -> Any:
    return value


def _hex(value: Any) -> Any:
    return value.hex if isinstance(value, UUID) else value


def _naive(value: Any) -> Any:
    """As SQLite keeps a moment: in UTC, without saying so."""
    return str(value.astimezone(dt.UTC).replace(tzinfo=None)) if isinstance(value, dt.datetime) else value


_ADAPTED: tuple[_Adapt, ...] = (_as_it_is, str, _hex, _naive)


def readied(*kinds: type) -> Callable[[Callable[Wanted, QuerySet[Given, Row]]], Readied[Wanted, Given, Row]]:
    """Decorates the function that builds the question. Its values are positional, of these types."""
    return lambda build: Readied(build, kinds)
