"""Workers as processes of their own: killed, and told to stop."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from denggao.foundation.audit.actors import operator
from denggao.foundation.jobs import worker as worker_module
from denggao.foundation.jobs.actions import enqueue
from denggao.foundation.jobs.models import Job
from denggao.foundation.jobs.registry import job

ROOT = Path(__file__).resolve().parents[3]


def database_url() -> str:
    held = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{held['NAME']}"
    host = held["HOST"] or ""
    return f"postgresql://{held['USER']}:{held['PASSWORD']}@/{held['NAME']}?host={host}" + (
        f"&port={held['PORT']}" if held["PORT"] else ""
    )


def start_worker() -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DENGGAO_DATA_DIR": str(settings.DATA_DIR),
        "DJANGO_SETTINGS_MODULE": "denggao.settings",
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.Popen([sys.executable, "-m", "tests.foundation.jobs.slow_worker"], env=environment, cwd=ROOT)


def wait_for(state: str, job: Job, seconds: float = 30) -> Job:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        job.refresh_from_db()
        if job.state == state:
            return job
        time.sleep(0.05)
    raise AssertionError(f"The job stays {job.state}.")


@pytest.fixture
def workers():
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(start_worker())
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def asked(known_jobs, now, tmp_path):
    @job("test.slow", attempts=3)
    def slow(arguments, progress): ...

    return enqueue("test.slow", {"until": str(tmp_path / "go")}, actor=operator("test"), now=now)


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_is_killed_is_taken_over(workers, asked, tmp_path):
    first = workers()
    wait_for("running", asked)
    first.send_signal(signal.SIGKILL)
    first.wait()
    (tmp_path / "go").touch()
    second = workers()
    wait_for("done", asked)

    assert asked.attempts == 2
    assert asked.result == {"pid": second.pid}
    second.send_signal(signal.SIGTERM)
    assert second.wait(timeout=20) == 0


@pytest.mark.django_db(transaction=True)
def test_a_worker_told_to_stop_puts_its_job_back_and_ends(workers, asked):
    process = workers()
    wait_for("running", asked)
    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=20) == 0
    asked.refresh_from_db()
    assert (asked.state, asked.attempts) == ("queued", 0)


@pytest.mark.django_db
def test_once_runs_what_is_due_and_ends(known_jobs, now, capsys):
    @job("test.quick")
    def quick(arguments, progress):
        return {"seen": arguments}

    asked = enqueue("test.quick", {"n": 1}, actor=operator("test"), now=now)
    call_command("work", "--once", "--json")

    asked.refresh_from_db()
    assert json.loads(capsys.readouterr().out) == {"run": 1}
    assert (asked.state, asked.result) == ("done", {"seen": {"n": 1}})


def test_the_first_thread_keeps_to_light_work():
    assert "heavy" not in worker_module.LIGHT_QUEUES
