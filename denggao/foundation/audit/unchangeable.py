"""Tables whose rows are written once. The database itself refuses to change them, whoever asks: a trigger on SQLite and on
PostgreSQL, put there after every migrate (rebuilding a table on SQLite loses its triggers)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connections, models

_REFUSAL = "rows of this table are never changed"


def keep_as_written(model: type[models.Model], fields: Sequence[str] = (), *, using: str = "default", **_signal: Any) -> None:
    """Let no UPDATE touch the rows of a model, or these fields of it. Connect it to ``post_migrate`` of the room's app.

    Deleting stays possible: the law may ask for it, and it leaves a gap that the audit knows of.
    """
    connection = connections[using]
    quote = connection.ops.quote_name
    table, name = model._meta.db_table, f"{model._meta.db_table}_unchanging"
    columns = ", ".join(quote(str(item.column)) for item in model._meta.concrete_fields if item.name in fields)
    of = f" OF {columns}" if columns else ""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {quote(name)}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
            cursor.execute(f"DROP TRIGGER IF EXISTS {quote(name)} ON {quote(table)}")
            cursor.execute(
                f"CREATE TRIGGER {quote(name)} BEFORE UPDATE{of} ON {quote(table)} FOR EACH ROW EXECUTE FUNCTION {quote(name)}()"
            )
        else:
            cursor.execute(f"DROP TRIGGER IF EXISTS {quote(name)}")
            cursor.execute(
                f"CREATE TRIGGER {quote(name)} BEFORE UPDATE{of} ON {quote(table)} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )
