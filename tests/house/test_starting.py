"""Starting: what is set up by itself, what is refused with one sentence, and how the processes run together."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db.migrations.recorder import MigrationRecorder

from denggao import guards
from denggao.foundation.accounts.models import User
from denggao.foundation.organisations.models import Organisation
from denggao.guards import State, database_state, refuse_demo_data
from tests.house.rooms import ROOT
from tests.house.terminal import COMMAND, denggao, environment

PATIENCE = 60.0


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose database was set up by the first command that needed it."""
    folder: Path = tmp_path_factory.mktemp("prepared") / "data"
    denggao("rebuild_ledger", "--check", folder=folder)
    return folder


# The database and the program


@pytest.mark.django_db
def test_a_database_of_this_program_is_current():
    assert database_state() is State.CURRENT


@pytest.mark.django_db
def test_a_database_that_lacks_a_migration_is_behind_and_told_how_to_catch_up(capsys):
    MigrationRecorder.Migration.objects.filter(app="ledger").order_by("-pk")[:1].get().delete()

    with pytest.raises(SystemExit) as stop:
        guards.before_serving()

    assert database_state() is State.BEHIND
    assert stop.value.code == 2
    assert "denggao migrate" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_database_of_a_newer_program_is_refused(capsys):
    MigrationRecorder.Migration.objects.create(app="ledger", name="9999_from_the_future")

    with pytest.raises(SystemExit) as stop:
        guards.before_serving()

    assert database_state() is State.AHEAD
    assert stop.value.code == 2
    assert "newer" in capsys.readouterr().err


@pytest.mark.once
def test_an_empty_folder_is_set_up_by_the_command_that_needs_it(tmp_path):
    folder = tmp_path / "a" / "data"

    first = denggao("rebuild_ledger", "--check", "--json", folder=folder)
    second = denggao("rebuild_ledger", "--check", "--json", folder=folder)

    assert (first.returncode, second.returncode) == (0, 0)
    assert str(folder / "denggao.sqlite3") in first.stderr
    assert second.stderr == ""
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.once
@pytest.mark.parametrize(
    "arguments", [["board"], ["board", "--as-of", "yesterday", "x"], ["board", "--help"], ["help"], ["nonsense"]]
)
def test_what_is_not_done_touches_no_data_folder(arguments, tmp_path):
    ended = denggao(*arguments, folder=tmp_path / "data")

    assert ended.returncode == (0 if arguments[-1] in {"--help", "help"} else 2 if arguments[0] == "board" else 1)
    assert not (tmp_path / "data").exists() or arguments == ["nonsense"]


@pytest.mark.once
def test_two_commands_on_an_empty_folder_end_well(tmp_path):
    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(lambda _n: denggao("rebuild_ledger", "--check", folder=tmp_path / "data"), range(2)))

    assert [command.returncode for command in ended] == [0, 0], [command.stderr for command in ended]


@pytest.mark.once
def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "denggao.sqlite3").write_bytes(b"not a database, though quite as long as the head of one" * 20)

    ended = denggao("rebuild_ledger", "--check", folder=tmp_path)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("DENGGAO_DATA_DIR: ")
    assert ended.stderr.count("\n") == 1


@pytest.mark.once
def test_another_programs_database_is_left_alone(tmp_path):
    with contextlib.closing(sqlite3.connect(tmp_path / "denggao.sqlite3")) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")

    ended = denggao("rebuild_ledger", "--check", folder=tmp_path)

    assert ended.returncode == 2
    assert "another program" in ended.stderr


@pytest.mark.once
def test_a_database_that_does_not_answer_is_named_without_its_password(tmp_path):
    ended = denggao(
        "rebuild_ledger", "--check", folder=tmp_path, DATABASE_URL="postgresql://office:very-secret@127.0.0.1:1/denggao"
    )

    assert ended.returncode == 2
    assert ended.stderr.startswith("DATABASE_URL: ")
    assert ended.stderr.count("\n") == 1
    assert "very-secret" not in ended.stderr


@pytest.mark.once
def test_a_folder_that_cannot_be_made_is_named():
    ended = denggao("rebuild_ledger", "--check", folder=Path("/proc/denggao"))

    assert ended.returncode == 2
    assert ended.stderr.startswith("DENGGAO_DATA_DIR: ")
    assert ended.stderr.count("\n") == 1


@pytest.mark.once
def test_a_cache_that_does_not_answer_is_named(tmp_path):
    ended = denggao("serve", folder=tmp_path / "data", REDIS_URL="redis://127.0.0.1:1", DENGGAO_PORT=str(free_port()))

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "REDIS_URL: the server does not answer: ConnectionError.\n"
    assert not (tmp_path / "data").exists()


@pytest.mark.once
def test_a_key_that_is_damaged_is_named(prepared, tmp_path):
    (tmp_path / "django.key").write_text("half a key")

    ended = denggao("check", "--deploy", folder=prepared, DENGGAO_KEYS_DIR=str(tmp_path))

    assert ended.returncode == 2
    assert ended.stderr.startswith(f"{tmp_path / 'django.key'}: ")
    assert ended.stderr.count("\n") == 1


# The demo


@pytest.mark.django_db
def test_demo_data_stop_the_start_outside_demo_mode(settings, capsys):
    User.objects.create_user(is_demo=True)
    settings.DEMO = False

    with pytest.raises(SystemExit) as stop:
        refuse_demo_data()

    assert stop.value.code == 2
    assert capsys.readouterr().err.startswith("DENGGAO_DEMO: ")


@pytest.mark.django_db
def test_demo_data_start_in_demo_mode(settings):
    User.objects.create_user(is_demo=True)
    settings.DEMO = True

    refuse_demo_data()


@pytest.mark.django_db
def test_real_data_start_outside_demo_mode(settings):
    User.objects.create_user()
    settings.DEMO = False

    refuse_demo_data()

    assert not Organisation.objects.filter(is_demo=True).exists()


# Serving


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Service:
    """``denggao serve`` in a process group of its own, as from a terminal."""

    def __init__(self, folder: Path, *arguments: str, **settings: str) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            [*COMMAND, "serve", *arguments],
            cwd=ROOT,
            env=environment(folder, DENGGAO_PORT=str(self.port), **settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def health(self) -> int:
        """The HTTP status; 0 while nobody answers."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with contextlib.closing(line):
            try:
                line.request("GET", "/-/health")
                return line.getresponse().status
            except (OSError, http.client.HTTPException):
                return 0

    def wait_until(self, holds: object) -> None:
        deadline = time.monotonic() + PATIENCE
        while not holds():  # type: ignore[operator]  # given by the test
            assert time.monotonic() < deadline, "it took too long"
            assert self.process.poll() is None, self.process.communicate()
            time.sleep(0.05)

    def children(self) -> list[tuple[int, str]]:
        """Process ids and command lines of the parts."""
        found = []
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == self.process.pid:
                    found.append((int(entry.name), (entry / "cmdline").read_text().replace("\0", " ")))
        return found

    def stop(self, number: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, err


@pytest.fixture
def service(prepared: Path) -> Iterator[Service]:
    running = Service(prepared)
    yield running
    if running.process.poll() is None:
        running.stop(signal.SIGTERM)


@pytest.mark.once
def test_both_processes_run_until_ctrl_c_and_leave_nothing_behind(service):
    greeting = service.process.stdout.readline()
    parts = service.children()
    health = service.health()

    status, _out, err = service.stop()

    assert (status, health) == (0, 200), err
    assert f"http://127.0.0.1:{service.port}" in greeting
    assert "Traceback" not in err
    assert {part for part in ("granian", "work") if any(part in line for _pid, line in parts)} == {"granian", "work"}
    assert not any(Path(f"/proc/{pid}").exists() for pid, _line in parts)
    assert service.health() == 0


@pytest.mark.once
def test_a_worker_that_dies_is_started_again(service):
    service.process.stdout.readline()
    (first,) = [pid for pid, line in service.children() if "denggao work" in line]

    os.kill(first, signal.SIGKILL)

    service.wait_until(lambda: any("denggao work" in line and pid != first for pid, line in service.children()))
    status, _out, err = service.stop(signal.SIGTERM)
    assert status == 0
    assert "worker" in err


@pytest.mark.once
def test_a_taken_port_is_named(prepared):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        ended = denggao("serve", folder=prepared, DENGGAO_PORT=str(other.getsockname()[1]))

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("DENGGAO_PORT: ")
    assert ended.stderr.count("\n") == 1
