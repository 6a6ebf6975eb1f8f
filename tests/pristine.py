"""The database as the migrations leave it, restored after each test that commits.

Django's own way empties every table and runs what follows a migration again, half a second a test and more; here the rows
that stood in the beginning are remembered and put back.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

_rows: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {}


def remember() -> None:
    """Take note of every row there is now, by table."""
    _rows.clear()
    with connection.cursor() as cursor:
        for table in _filled(cursor, connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {_quoted(table)}")
            _rows[table] = ([column[0] for column in cursor.description], cursor.fetchall())


def restore() -> None:
    """Everything gone but what was remembered. No trigger and no foreign key is asked."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("PRAGMA defer_foreign_keys = ON")
        for table in _filled(cursor, connection.introspection.table_names(cursor)):
            cursor.execute(f"DELETE FROM {_quoted(table)}")
        for table, (columns, rows) in _rows.items():
            blanks = ", ".join(["%s"] * len(columns))
            into = f"INSERT INTO {_quoted(table)} ({', '.join(map(_quoted, columns))}) VALUES "
            for start in range(0, len(rows), 100):
                part = rows[start : start + 100]
                cursor.execute(into + ", ".join([f"({blanks})"] * len(part)), [value for row in part for value in row])


def _filled(cursor: Any, tables: list[str]) -> list[str]:
    """Those of the tables that hold a row."""
    found = []
    for start in range(0, len(tables), 100):
        asked = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {_quoted(table)})" for table in tables[start : start + 100]
        )
        cursor.execute(asked)
        found += [row[0] for row in cursor.fetchall()]
    return found


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))
