"""The program as the operator runs it: a process of its own, in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.house.rooms import ROOT

COMMAND = [sys.executable, "-m", "denggao"]
_OURS = ("DENGGAO_", "DATABASE_URL", "REDIS_URL", "DJANGO_", "PYTEST_", "COVERAGE_")


def environment(folder: Path, **settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return {**kept, "DENGGAO_DATA_DIR": str(folder), **settings}


def denggao(*arguments: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=ROOT,
        env=environment(folder, **settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
