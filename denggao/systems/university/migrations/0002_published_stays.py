"""What is published stays as it is: the database itself refuses to change a published version, its modules and its units.

Deleting is refused by Python alone: a trigger on it would also keep a database from being emptied as a whole.
"""

from __future__ import annotations

from django.db import migrations

VERSION = "university_courseversion"
PARTS = ("university_module", "university_unit")


def guard(apps, editor):
    if editor.connection.vendor == "postgresql":
        raises = "RAISE EXCEPTION 'a published version stays as it is' USING ERRCODE = 'integrity_constraint_violation'"
        editor.execute(
            f"CREATE FUNCTION university_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {raises}; END $$",
            params=None,
        )
        editor.execute(
            f"CREATE FUNCTION university_part_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF EXISTS (SELECT 1 FROM {VERSION} WHERE id = NEW.version_id AND state = 'published') THEN {raises}; END IF; "
            "RETURN NEW; END $$",
            params=None,
        )
        editor.execute(
            f"CREATE TRIGGER {VERSION}_stays BEFORE UPDATE ON {VERSION} FOR EACH ROW "
            "WHEN (OLD.state = 'published') EXECUTE FUNCTION university_version_stays()"
        )
        for table in PARTS:
            editor.execute(
                f"CREATE TRIGGER {table}_stays BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION university_part_stays()"
            )
        return
    stop = "BEGIN SELECT RAISE(ABORT, 'a published version stays as it is'); END"
    editor.execute(f"CREATE TRIGGER {VERSION}_stays BEFORE UPDATE ON {VERSION} WHEN OLD.state = 'published' {stop}")
    for table in PARTS:
        for event in ("INSERT", "UPDATE"):
            editor.execute(
                f"CREATE TRIGGER {table}_stays_{event.lower()} BEFORE {event} ON {table} "
                f"WHEN EXISTS (SELECT 1 FROM {VERSION} WHERE id = NEW.version_id AND state = 'published') {stop}"
            )


def unguard(apps, editor):
    if editor.connection.vendor == "postgresql":
        for table in (VERSION, *PARTS):
            editor.execute(f"DROP TRIGGER {table}_stays ON {table}")
        editor.execute("DROP FUNCTION university_version_stays()")
        editor.execute("DROP FUNCTION university_part_stays()")
        return
    editor.execute(f"DROP TRIGGER {VERSION}_stays")
    for table in PARTS:
        for event in ("insert", "update"):
            editor.execute(f"DROP TRIGGER {table}_stays_{event}")


class Migration(migrations.Migration):
    dependencies = [("university", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
