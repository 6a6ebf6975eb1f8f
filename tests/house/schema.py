"""``python -m tests.house.schema laid_out|step_by_step``: set up the empty database that the settings name, by the short way or
by every migration since the first, and print what is in it, one line each, sorted."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import django

_POSTGRESQL = (
    "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, is_identity"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
)
_MIGRATIONS = "SELECT app, name FROM django_migrations"
_ROWS = "SELECT app_label, model FROM django_content_type"


def main(way: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "denggao.settings"
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.core.management.commands.migrate import Command as StepByStep
    from django.db import connection

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate" if way == "laid_out" else StepByStep(), verbosity=0)
    with connection.cursor() as cursor:
        lines = set(_of_postgresql(cursor) if connection.vendor == "postgresql" else _of_sqlite(cursor))
        for query in (_MIGRATIONS, _ROWS):
            cursor.execute(query)
            lines |= {repr(row) for row in cursor.fetchall()}
    print("\n".join(sorted(lines)))


def _of_postgresql(cursor: object) -> Iterator[str]:
    for query in _POSTGRESQL:
        cursor.execute(query)  # type: ignore[attr-defined]
        yield from map(repr, cursor.fetchall())  # type: ignore[attr-defined]


def _of_sqlite(cursor: object) -> Iterator[str]:
    """Of a table each column and constraint for itself: their order differs, and says nothing."""
    cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")  # type: ignore[attr-defined]
    for kind, name, sql in cursor.fetchall():  # type: ignore[attr-defined]
        if kind == "table":
            yield from (f"{name}: {part}" for part in _parts(sql[sql.index("(") + 1 : sql.rindex(")")]))
        else:
            yield f"{kind} {name}: {sql}"


def _parts(text: str) -> Iterator[str]:
    depth, begun, quote = 0, 0, ""
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign == "," and depth == 0:
            yield text[begun:at].strip()
            begun = at + 1
        else:
            depth += (sign == "(") - (sign == ")")
    yield text[begun:].strip()


if __name__ == "__main__":
    main(sys.argv[1])
