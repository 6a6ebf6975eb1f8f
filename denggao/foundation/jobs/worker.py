"""A worker process: threads that run jobs, and a main loop that sweeps, schedules and listens for the end."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType

from django.db import close_old_connections, connection
from django.utils import timezone

from denggao.foundation.jobs.liveness import Liveness
from denggao.foundation.jobs.work import claim_next, run, sweep, tick

log = logging.getLogger("denggao.jobs")
POLL_SECONDS = 0.5
ROUND_SECONDS = 5.0
LIGHT_QUEUES = ("default",)


class Worker:
    """The first thread keeps to light work, the others take anything: however many heavy jobs wait, a message or a seal
    goes out in time."""

    def __init__(self, liveness: Liveness, *, threads: int = 2) -> None:
        self.liveness = liveness
        self.threads = max(threads, 1)
        self.name = liveness.begin()
        self._stop = threading.Event()

    def stop(self) -> None:
        self._stop.set()

    def listen(self) -> None:
        """SIGTERM and SIGINT let running jobs stop at their next word of progress; a second one ends the process as it
        stands, and the sweeper puts its jobs back."""

        def on_signal(number: int, frame: FrameType | None) -> None:
            if self._stop.is_set():
                signal.signal(number, signal.SIG_DFL)
                signal.raise_signal(number)
            self.stop()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, on_signal)

    def run(self) -> None:
        runners = [
            threading.Thread(target=self._run_jobs, args=(LIGHT_QUEUES if index == 0 and self.threads > 1 else (),), daemon=True)
            for index in range(self.threads)
        ]
        for runner in runners:
            runner.start()
        while not self._stop.is_set():
            self._guarded(self._round)
            self._stop.wait(ROUND_SECONDS)
        for runner in runners:
            runner.join()
        self.liveness.end(self.name)

    def _round(self) -> None:
        sweep(self.liveness, clock=timezone.now)
        tick(clock=timezone.now)

    def _run_jobs(self, queues: tuple[str, ...]) -> None:
        while not self._stop.is_set():
            if not self._guarded(lambda: self._run_one(queues)):
                self._stop.wait(POLL_SECONDS)
        connection.close()

    def _run_one(self, queues: tuple[str, ...]) -> bool:
        held = claim_next(self.name, clock=timezone.now, queues=queues, stopping=self._stop.is_set)
        if held is None:
            return False
        run(held)
        return True

    def _guarded(self, step: Callable[[], bool | None]) -> bool:
        """Neither a database that is away for a while nor a fault beside a job ends the worker."""
        close_old_connections()
        try:
            return bool(step())
        except Exception:
            log.exception("the worker stumbled")
            connection.close()
            return False
