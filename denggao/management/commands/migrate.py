"""``migrate``, with a short way for an empty database: its tables are laid out as they are today, instead of one change after
another since the first release. What migrations run by hand (triggers) is run, and all are written down as applied.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration, RunPython, RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if not _asks_for_less(options) and not connection.introspection.table_names():
            lay_out(connection)
        super().handle(*args, **options)


def _asks_for_less(options: dict[str, Any]) -> bool:
    """Whether anything but "all, and really" is asked for."""
    kept = ("app_label", "migration_name", "fake", "fake_initial", "plan", "check_unapplied", "prune")
    return any(options.get(name) for name in kept)


def lay_out(connection: BaseDatabaseWrapper) -> None:
    """Make all tables of an empty database, whole or not at all. What the migrations of libraries do to rows is left out:
    there are none."""
    plan = _plan(connection)
    with connection.schema_editor() as editor:
        for model in _models(connection):
            editor.create_model(model)
        _run_by_hand(plan, editor)
        editor.create_model(MigrationRecorder.Migration)
        applied = MigrationRecorder(connection).migration_qs
        applied.bulk_create(applied.model(app=migration.app_label, name=migration.name) for migration in plan)


def _plan(connection: BaseDatabaseWrapper) -> list[Migration]:
    executor = MigrationExecutor(connection)
    return [migration for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def _models(connection: BaseDatabaseWrapper) -> Iterable[Any]:
    for config in apps.get_app_configs():
        for model in router.get_migratable_models(config, connection.alias, include_auto_created=False):
            if model._meta.can_migrate(connection):
                yield model


def _run_by_hand(plan: Iterable[Migration], editor: BaseDatabaseSchemaEditor) -> None:
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("denggao.")}
    state: ProjectState | None = None
    for migration in plan:
        for operation in migration.operations if migration.app_label in ours else ():
            if isinstance(operation, RunPython | RunSQL):
                state = state or ProjectState.from_apps(apps)
                operation.database_forwards(migration.app_label, editor, state, state)
