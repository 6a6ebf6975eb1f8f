"""Keeps a few processes running together: started in order, restarted when one dies, stopped together and cleanly."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from django.utils.translation import gettext as _

from denggao.environment import PROJECT_ROOT

STOP_SECONDS = 10.0
_LOOK_EVERY = 0.05
# A process that dies this often within this time is not started again: something is wrong that a restart does not mend.
_DEATHS, _WITHIN_SECONDS = 3, 30.0
_PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """On Linux: a process of ours ends when the supervisor is killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Part:
    """One process to keep running. ``arguments`` follow the Python interpreter."""

    name: str
    arguments: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)

    def start(self) -> None:
        paths = [str(PROJECT_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        self.process = subprocess.Popen(  # noqa: S603 -- the arguments are the product's own
            [sys.executable, *self.arguments],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            stdin=subprocess.DEVNULL,
            # A session of its own: Ctrl-C reaches the supervisor alone, which stops the parts in order.
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self) -> None:
        """The whole session, with the processes that the part started itself."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class GaveUp(Exception):
    """A part died again and again; the message names it."""


class Supervisor:
    """``run`` returns when the operator asks to stop; raises GaveUp when a part can't be kept running."""

    def __init__(self, parts: Sequence[Part], *, say: Callable[[str], None]) -> None:
        self.parts = parts
        self.say = say
        self.stopping = False

    def run(self, *, ready: Callable[[], bool], on_ready: Callable[[], None]) -> None:
        """Start all, call ``on_ready`` once ``ready()`` holds, keep them running until SIGINT, SIGTERM or SIGHUP."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        try:
            for part in self.parts:
                part.start()
            told = False
            while not self.stopping:
                self._restart_the_dead()
                if not told and ready():
                    on_ready()
                    told = True
                time.sleep(_LOOK_EVERY)
        finally:
            self._stop()

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _restart_the_dead(self) -> None:
        for part in self.parts:
            if part.is_running or self.stopping:
                continue
            now = time.monotonic()
            part.deaths = [*(at for at in part.deaths if now - at < _WITHIN_SECONDS), now]
            told = {"name": part.name, "status": part.process.returncode if part.process else 0}
            if len(part.deaths) >= _DEATHS:
                raise GaveUp(_("The process “%(name)s” ended again and again (status %(status)s).") % told)
            self.say(_("The process “%(name)s” ended (status %(status)s); it is started again.") % told)
            part.start()

    def _stop(self) -> None:
        for part in self.parts:
            part.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while any(part.is_running for part in self.parts) and time.monotonic() < deadline:
            time.sleep(_LOOK_EVERY)
        for part in self.parts:
            part.kill()
