"""Writing many rows at once, fast enough that a batch of ten thousand keeps no other writer waiting.

Django's ``bulk_create`` compiles a statement for every few dozen rows; here one prepared statement takes them all (COPY
on PostgreSQL, ``executemany`` elsewhere). Primary keys are known before the rows are written.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


def insert(rows: Sequence[models.Model]) -> None:
    """Insert instances of one concrete model, in their order, and set their primary keys. Database constraints hold;
    ``save()`` and signals are not called. Must run inside a transaction."""
    if not rows:
        return
    # The proxy django.db.connection looks the connection up at every attribute: too dear a thousand times a row.
    connection = connections[DEFAULT_DB_ALIAS]
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A bulk insert belongs inside an action.")
    model = type(rows[0])
    if isinstance(model._meta.pk, models.AutoField | models.BigAutoField):
        for row, reserved in zip(rows, _reserve(model, len(rows), connection), strict=True):
            row.pk = reserved
    fields = model._meta.concrete_fields
    values_of = [_value_of(field, connection) for field in fields]
    prepared = [[value_of(row) for value_of in values_of] for row in rows]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # COPY goes past Django's cursor, so its errors would be the driver's own.
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for values in prepared:
                    copy.write_row(values)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", prepared)  # noqa: S608 (names of our own tables)
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def overwrite(rows: Sequence[models.Model], fields: Sequence[str]) -> None:
    """Write these fields (attribute names, such as ``occupation_id``) of rows that are there already."""
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    model = type(rows[0])
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    written = [by_name[name] for name in fields]
    values_of = [_value_of(field, connection) for field in (*written, model._meta.pk)]
    quote = connection.ops.quote_name
    assignments = ", ".join(f"{quote(str(field.column))} = %s" for field in written)
    statement = f"UPDATE {quote(model._meta.db_table)} SET {assignments} WHERE {quote(str(model._meta.pk.column))} = %s"  # noqa: S608 -- names of our own tables
    with connection.cursor() as cursor:
        cursor.executemany(statement, [[value_of(row) for value_of in values_of] for row in rows])


@contextmanager
def without_collecting() -> Iterator[None]:
    """Keep the garbage collector out of a batch: what a batch makes it still needs, and walking over it again and again
    takes as long as the work itself. Objects nobody refers to go as ever."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey, models.AutoField)


def _value_of(field: models.Field[Any, Any], connection: BaseDatabaseWrapper) -> Callable[[models.Model], Any]:
    """How a row's value of this field is written. Text, numbers and keys need no preparation."""
    if isinstance(field, _PLAIN):
        return attrgetter(field.attname)
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return lambda row: field.get_db_prep_save(field.pre_save(row, True), connection)
    get = attrgetter(field.attname)
    if isinstance(field, models.DateField):
        # Few days and moments stand in many rows, and preparing each is dear.
        prepared: dict[Any, Any] = {}

        def once_a_value(row: models.Model) -> Any:
            value = get(row)
            if value not in prepared:
                prepared[value] = field.get_db_prep_save(value, connection)
            return prepared[value]

        return once_a_value
    return lambda row: field.get_db_prep_save(get(row), connection)


def _reserve(model: type[models.Model], count: int, connection: BaseDatabaseWrapper) -> Sequence[int]:
    """Primary keys nobody else gets: from the sequence on PostgreSQL; above the highest on SQLite, whose one writer we are."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, count])
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        first = (found[0] if found else 0) + 1
        return range(first, first + count)
