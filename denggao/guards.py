"""What must hold before anything starts: a data folder, a database that this program knows, and no demo region outside
demo mode. Whatever does not hold ends the start with one sentence and status 2."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import NoReturn

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _

from denggao.engines.cases.queries import lost_stages
from denggao.environment import refuse
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.commands import ProductCommand
from denggao.foundation.audit.seals import begin_chain
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.plans.models import Plan

# Private to the operator's account: uploads, mail and, unless told otherwise, the keys lie in it.
_FOLDER_MODE = 0o700
_KNOCK_SECONDS = 5


class State(Enum):
    """How the database stands to the program."""

    EMPTY = "empty"
    BEHIND = "behind"
    CURRENT = "current"
    AHEAD = "ahead"


def make_data_folder() -> None:
    try:
        settings.DATA_DIR.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        refuse("DENGGAO_DATA_DIR", f"the folder {settings.DATA_DIR} can't be made: {error.strerror}.")
    if not os.access(settings.DATA_DIR, os.R_OK | os.W_OK | os.X_OK):
        refuse("DENGGAO_DATA_DIR", f"the folder {settings.DATA_DIR} can't be written to.")


def database_state() -> State:
    """Reads the table of migrations. Ends the program where the database does not answer or is not Denggao's."""
    try:
        _knock()
        tables = set(connection.introspection.table_names())
        if not tables:
            return State.EMPTY
        if "django_migrations" not in tables:
            refuse(_database_setting(), "the database holds tables of another program; give Denggao one of its own.")
        loader = MigrationExecutor(connection).loader
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
        refuse(_database_setting(), f"the database can't be opened: {reason}.")
    ours = {app for app, _migration in loader.graph.nodes}
    if any(app in ours and (app, name) not in loader.disk_migrations for app, name in loader.applied_migrations):
        return State.AHEAD
    return State.CURRENT if set(loader.graph.nodes) <= set(loader.applied_migrations) else State.BEHIND


def _knock() -> None:
    """Open PostgreSQL once without the pool, which would try for long and tell the log about each try."""
    if connection.vendor == "postgresql":
        parameters = {"connect_timeout": _KNOCK_SECONDS, **connection.get_connection_params()}
        with connection.wrap_database_errors:
            psycopg.connect(**parameters).close()


def _database_setting() -> str:
    return "DATABASE_URL" if os.environ.get("DATABASE_URL") else "DENGGAO_DATA_DIR"


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two commands on an empty folder: the second waits until the first has set the database up."""
    with open(settings.DATA_DIR / ".setting-up", "w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def set_up_database(command: ProductCommand, *, also_when_behind: bool = False) -> None:
    """Set up an empty database; with ``also_when_behind`` bring an older one up to date. Refuses any other but a current one."""
    make_data_folder()
    if database_state() is State.CURRENT:
        return
    # Looked at again once it is our turn: what another command is setting up just now looks like an older database.
    with _one_at_a_time():
        found = database_state()
        if found is State.EMPTY:
            command.say(_("Setting up the database %(place)s …") % {"place": settings.DATABASES["default"]["NAME"]})
            _migrate()
            begin_chain(timezone.now())
        elif found is State.BEHIND and also_when_behind:
            command.say(_("Bringing the database up to date …"))
            _migrate()
        elif found is not State.CURRENT:
            _refuse_state(found)


def _migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def _refuse_state(found: State) -> NoReturn:
    if found is State.AHEAD:
        refuse(_database_setting(), "the database was written by a newer Denggao; start that one.")
    refuse(_database_setting(), "the database is not up to date with this program; bring it there with: denggao migrate")


def refuse_demo_data() -> None:
    """Outside demo mode no start on a database in which made-up people stand."""
    if settings.DEMO:
        return
    if any(model._default_manager.filter(is_demo=True).exists() for model in (User, Organisation, Plan)):
        refuse(
            "DENGGAO_DEMO",
            "this database holds the demo region, which starts in demo mode only (make run);"
            " name another DENGGAO_DATA_DIR or DATABASE_URL.",
        )


def refuse_lost_stages() -> None:
    """No start while an open case stands in a stage that its version of its procedure no longer has: it could never go on."""
    lost = lost_stages()
    if lost:
        refuse(
            "cases",
            f"open cases stand in stages this program does not know ({'; '.join(lost)});"
            " start the version that knows them and bring these cases to their end, or give the stages back to the procedure.",
        )


def before_command(command: ProductCommand) -> None:
    """Plugged into ``command_starts``."""
    set_up_database(command)
    if not command.reads_only:
        refuse_demo_data()
        refuse_lost_stages()


def before_serving() -> None:
    """For a web server other than ``denggao serve``: nothing is set up on the way, everything is checked."""
    make_data_folder()
    found = database_state()
    if found is not State.CURRENT:
        _refuse_state(found)
    refuse_demo_data()
    refuse_lost_stages()
    connection.close()
