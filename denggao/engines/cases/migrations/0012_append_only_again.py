"""SQLite makes a table anew where a column of it changes, and its triggers go with the old one: steps are guarded again."""

from __future__ import annotations

from django.db import migrations

TABLES = ("cases_step", "cases_snapshot", "cases_decision")


def guard(apps, editor):
    if editor.connection.vendor == "postgresql":
        return
    for table in TABLES:
        editor.execute(
            f"CREATE TRIGGER IF NOT EXISTS {table}_never_changed BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_arriving")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
