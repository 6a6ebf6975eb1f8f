"""Background work by name. A room declares its jobs in ``tasks.py``; who enqueues one names its code.

A job is a function of its arguments (JSON) and a Progress. It may run twice, wholly or in part: a worker can die
between the work and the note that it is done. What it changes, it changes through actions, with ``progress.actor``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.hooks import Hook


class Interrupted(Exception):
    """The job must stop here: its worker is being stopped, or its lease ran out and another has it."""


class Progress(Protocol):
    """A running job's line to the outside."""

    @property
    def actor(self) -> Actor:
        """Who asked for the job, with the roles held now; the product itself for scheduled work."""

    def now(self) -> dt.datetime: ...

    def __call__(self, done: int, total: int = 0, text: str = "") -> None:
        """Say how far it is, and keep the lease. ``text`` is a msgid (``gettext_noop``). Raises Interrupted when the
        worker is being stopped or the job was given to another: let it pass through, outside of which nothing is half done.
        """


Work = Callable[[dict[str, Any], Progress], Any]
OnFailure = Callable[[dict[str, Any], str], None]


@dataclass(frozen=True)
class Kind:
    """A registered job. ``lease`` is how long it may be silent before another worker takes it over."""

    code: str
    work: Work
    title: Any
    attempts: int
    queue: str
    lease: dt.timedelta
    cron: str
    keep: bool
    on_failure: OnFailure | None


KINDS: dict[str, Kind] = {}

job_failed = Hook("job_failed")
"""Called as ``job_failed(job, now=…)`` when a job has failed for good."""


def job(
    code: str,
    *,
    title: Any = "",
    attempts: int = 3,
    queue: str = "default",
    lease: dt.timedelta = dt.timedelta(minutes=10),
    cron: str = "",
    keep: bool = True,
    on_failure: OnFailure | None = None,
) -> Callable[[Work], Work]:
    """Register a function as background work.

    ``queue`` "heavy" is for work of more than a few seconds: it never takes a worker's last thread. ``cron``
    (Asia/Shanghai) makes it recurring. ``keep=False`` removes the row when it succeeds (housekeeping).
    ``on_failure(arguments, sentence)`` runs in the transaction that notes that the last attempt failed.
    ``title`` is what people read, a lazy translation.
    """

    def register(work: Work) -> Work:
        if code in KINDS and KINDS[code].work is not work:
            raise RuntimeError(f"The job code {code} is taken.")
        KINDS[code] = Kind(code, work, title or code, attempts, queue, lease, cron, keep, on_failure)
        return work

    return register


def kind_of(code: str) -> Kind:
    """Raises KeyError."""
    return KINDS[code]


Resolve = Callable[[str, dt.date], Actor | None]
_actor_of: list[Resolve] = []


def plug_actors(resolve: Resolve) -> None:
    """Plugged in ``wiring.py``: from an account's public id to its actor with the roles it holds on that day; None when
    the account is gone or closed."""
    _actor_of[:] = [resolve]


def actor_of(account_id: str, on: dt.date) -> Actor | None:
    return _actor_of[0](account_id, on) if _actor_of else None
