"""An empty database is laid out at once; it must be the one that all migrations would have made, one after another."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from tests.house.rooms import ROOT
from tests.house.terminal import environment


def _database(way: str) -> str:
    """The address of a database of its own, where the run is on PostgreSQL."""
    address = os.environ.get("DENGGAO_TEST_DATABASE", "")
    if not address:
        return ""
    name = f"denggao_{way}_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]  # a name of our own
    return urlsplit(address)._replace(path=f"/{name}").geturl()


def _schema(way: str, folder: Path) -> list[str]:
    told = environment(folder / way) | {"DATABASE_URL": _database(way)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.house.schema", way], cwd=ROOT, env=told, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.whole
def test_an_empty_database_is_laid_out_as_the_migrations_would_have_made_it(tmp_path):
    with ThreadPoolExecutor() as both:
        laid_out, step_by_step = both.map(lambda way: _schema(way, tmp_path), ["laid_out", "step_by_step"])

    assert len(laid_out) > 1000
    differing = set(laid_out) ^ set(step_by_step)
    # A library's table that nothing is written to: its number is a wider one where it was made step by step.
    assert sorted(line for line in differing if not line.startswith("('auth_group_permissions', 'id'")) == []


@pytest.mark.django_db
def test_a_database_with_tables_is_left_to_the_migrations():
    tables = connection.introspection.table_names()

    call_command("migrate", verbosity=0)

    assert connection.introspection.table_names() == tables
