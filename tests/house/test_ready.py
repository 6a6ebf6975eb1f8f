"""``make setup``: a step runs when what it reads has changed or what it leaves is gone, and only then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tools import ready

pytestmark = pytest.mark.once


@pytest.fixture
def step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., ready.Step]:
    """A step that copies ``source`` to ``made`` and keeps count in ``runs``."""
    monkeypatch.setattr(ready, "ROOT", tmp_path)
    monkeypatch.setattr(ready, "VENV", tmp_path / ".venv")
    source, made, runs = tmp_path / "source", tmp_path / "made", tmp_path / "runs"
    source.write_text("first")

    def run() -> None:
        made.write_text(source.read_text())
        runs.write_text(f"{runs.read_text() if runs.exists() else ''}+")

    return lambda also="": ready.Step("copy", "copying", run, reads=[source], leaves=[made], also=also)


def test_a_step_runs_once(step, tmp_path, capsys):
    for _time in range(3):
        ready.take(step())

    assert (tmp_path / "runs").read_text() == "+"
    assert capsys.readouterr().out.count("copying") == 1


def test_a_step_runs_again_when_what_it_reads_changed(step, tmp_path):
    ready.take(step())
    (tmp_path / "source").write_text("second")

    ready.take(step())

    assert (tmp_path / "made").read_text() == "second"


def test_a_date_is_no_change(step, tmp_path):
    ready.take(step())
    (tmp_path / "source").touch()

    ready.take(step())

    assert (tmp_path / "runs").read_text() == "+"


def test_a_step_runs_again_when_what_it_left_is_gone(step, tmp_path):
    ready.take(step())
    (tmp_path / "made").unlink()

    ready.take(step())

    assert (tmp_path / "made").exists()


def test_a_step_runs_again_in_another_place(step, tmp_path):
    ready.take(step(also="/srv/denggao"))

    ready.take(step(also="/opt/denggao"))

    assert (tmp_path / "runs").read_text() == "++"


def test_a_step_that_failed_is_not_done(step, tmp_path):
    (tmp_path / "source").write_bytes(b"\xff")

    with pytest.raises(UnicodeDecodeError):
        ready.take(step())

    assert not step().is_done()


def test_a_program_that_fails_shows_its_words(capfd):
    with pytest.raises(ready.NotReady, match="ls"):
        ready.run("ls", "/no/such/folder")

    assert "/no/such/folder" in capfd.readouterr().err


def test_setup_reads_no_setting_of_the_deployment(monkeypatch, tmp_path):
    monkeypatch.setenv("DENGGAO_PORT", "no")
    monkeypatch.setenv("DATABASE_URL", "nowhere")

    ready.run("sh", "-c", f"env > {tmp_path / 'seen'}")

    assert not any(line.startswith(("DENGGAO_", "DATABASE_URL")) for line in (tmp_path / "seen").read_text().splitlines())
