"""Steps, snapshots and decisions are written once: the database itself refuses to change them.

Deleting is refused by Python alone (and by the foreign keys that point at what they belong to): a trigger on it would also
keep a database from being emptied as a whole.
"""

from __future__ import annotations

from django.db import migrations

TABLES = ("cases_step", "cases_snapshot", "cases_decision")


def guard(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "CREATE FUNCTION cases_never_changed() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$",
            params=None,
        )
    for table in TABLES:
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f"CREATE TRIGGER {table}_never_changed BEFORE UPDATE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION cases_never_changed()"
            )
        else:
            editor.execute(
                f"CREATE TRIGGER {table}_never_changed BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def unguard(apps, editor):
    for table in TABLES:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {table}_never_changed{on}")
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION cases_never_changed()")


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
