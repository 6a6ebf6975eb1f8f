"""Whether a worker still lives, known at once and not only when its leases run out.

Each worker holds an exclusive lock on a file of its own in the data folder. The kernel lets go of it however the
process ends, SIGKILL included; who can take the lock knows that the worker is gone. A worker on a machine with another
data folder leaves no file here: nothing is said of it, and its leases decide.
"""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterable
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: leases alone decide.
    fcntl = None  # type: ignore[assignment]  # not on Windows

_NAME = re.compile(r"[0-9a-f]{32}")


class Liveness:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held: int | None = None

    def begin(self) -> str:
        """Take a name and its lock, for as long as this process lives."""
        name = uuid.uuid4().hex
        if fcntl is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path(name), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            self._held = descriptor
        return name

    def gone(self, names: Iterable[str]) -> list[str]:
        """Those of the workers of which it is certain that they ended."""
        return [name for name in names if _NAME.fullmatch(name) and self._is_gone(name)]

    def _is_gone(self, name: str) -> bool:
        if fcntl is None:
            return False
        try:
            descriptor = os.open(self._path(name), os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        finally:
            os.close(descriptor)
        return True

    def forget(self, names: Iterable[str]) -> None:
        for name in names:
            self._path(name).unlink(missing_ok=True)

    def end(self, name: str) -> None:
        self.forget([name])
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.lock"
