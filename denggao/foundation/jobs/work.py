"""Running jobs: claim, lease, end, sweep, schedule. Every step is one conditional update whose count must be 1, so any
number of workers may run on any number of machines."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext

from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, system
from denggao.foundation.jobs.liveness import Liveness
from denggao.foundation.jobs.models import Job, Schedule
from denggao.foundation.jobs.registry import KINDS, Interrupted, Kind, actor_of, job_failed
from denggao.foundation.jobs.rules import next_tick, wait_before
from denggao.stack import with_room

log = logging.getLogger("denggao.jobs")
Clock = Callable[[], dt.datetime]
_CANDIDATES = 5


class ActorGone(Refused):
    """Who asked for the job may no longer act."""


@dataclass
class Held:
    """A claimed job, and its Progress while it runs."""

    job: Job
    kind: Kind
    clock: Clock
    stopping: Callable[[], bool] = field(default=lambda: False)
    only: Q = field(default_factory=Q)

    @property
    def actor(self) -> Actor:
        if self.job.account_id is None:
            return system(self.job.code)
        actor = actor_of(self.job.created_by, timezone.localdate(self.clock()))
        if actor is None:
            raise ActorGone(gettext("The account that asked for this work has been closed."))
        return dataclasses.replace(actor, origin=f"job:{self.job.code}")

    def now(self) -> dt.datetime:
        return self.clock()

    def __call__(self, done: int, total: int = 0, text: str = "") -> None:
        if self.stopping():
            raise Interrupted
        said: dict[str, Any] = {"done": done, "lease_until": self.clock() + self.kind.lease}
        if total:
            said["total"] = total
        if text:
            said["text"] = text
        if not self._mine().update(**said):
            raise Interrupted

    def _mine(self) -> Any:
        return Job.objects.filter(self.only, pk=self.job.pk, state=Job.State.RUNNING, claim=self.job.claim)

    def end(self, **said: Any) -> bool:
        return bool(self._mine().update(claim=None, lease_until=None, worker="", **said))

    def put_back(self, *, wait: dt.timedelta, attempts: int) -> bool:
        return self.end(state=Job.State.QUEUED, run_after=self.clock() + wait, attempts=attempts, done=0)


def claim_next(
    worker: str, *, clock: Clock, queues: Iterable[str] = (), stopping: Callable[[], bool] = lambda: False
) -> Held | None:
    """Take the job that has waited longest, of these queues (all, if none is named)."""
    now = clock()
    due = Job.objects.filter(state=Job.State.QUEUED, run_after__lte=now, code__in=KINDS)
    if queues:
        due = due.filter(queue__in=list(queues))
    for job in due.order_by("run_after", "id")[:_CANDIDATES]:
        kind, claim = KINDS[job.code], uuid.uuid4()
        taken = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(
            state=Job.State.RUNNING,
            attempts=job.attempts + 1,
            worker=worker,
            claim=claim,
            lease_until=now + kind.lease,
            started_at=now,
            error="",
        )
        if taken:
            job.refresh_from_db()
            return Held(job, kind, clock, stopping)
    return None


def run(held: Held) -> None:
    """Do the work and note how it ended. Never raises for what the work does."""
    job, kind = held.job, held.kind
    with translation.override(_language_of(job)):
        try:
            result = with_room(kind.work)(job.arguments, held)
        except Interrupted:
            held.put_back(wait=dt.timedelta(), attempts=job.attempts - 1)
            log.info("job interrupted", extra={"job": str(job.public_id), "code": job.code})
        except Refused as refusal:
            _fail(held, str(refusal)[:300] or gettext("This is not allowed."))
        except Exception as error:
            _failed_attempt(held, error)
        else:
            _succeed(held, result)


def _language_of(job: Job) -> str:
    """What is written down of the outcome is in the language of who asked for it."""
    return (job.account.language if job.account else "") or settings.LANGUAGE_CODE


def _succeed(held: Held, result: Any) -> None:
    if not held.kind.keep:
        held._mine().delete()
        return
    ended = {"state": Job.State.DONE, "ended_at": held.clock(), "result": result if isinstance(result, dict) else None}
    held.end(**ended)


def _failed_attempt(held: Held, error: Exception) -> None:
    job = held.job
    log.error(
        "job attempt failed",
        exc_info=error,
        extra={"job": str(job.public_id), "code": job.code, "attempt": job.attempts, "of": job.max_attempts},
    )
    if job.attempts < job.max_attempts:
        held.put_back(wait=wait_before(job.attempts), attempts=job.attempts)
    else:
        _fail(held, _technical())


def _technical() -> str:
    return gettext("The work failed for a technical reason and nothing half-done was kept. Please try again or ask the operator.")


def _fail(held: Held, sentence: str) -> bool:
    """Note the failure, and tell whoever registered for it, in one transaction."""
    now = held.clock()
    with transaction.atomic():
        if not held.end(state=Job.State.FAILED, ended_at=now, error=sentence):
            return False
        held.job.refresh_from_db()
        if held.kind.on_failure is not None:
            held.kind.on_failure(held.job.arguments, sentence)
        job_failed(held.job, now=now)
    return True


def sweep(liveness: Liveness, *, clock: Clock) -> int:
    """Put back the jobs whose lease ran out or whose worker is gone; those without attempts left have failed."""
    now = clock()
    swept = 0
    gone = set(liveness.gone(Job.objects.filter(state=Job.State.RUNNING).values_list("worker", flat=True).distinct()))
    lost = Q(lease_until__lt=now) | Q(worker__in=gone)
    for job in Job.objects.filter(lost, state=Job.State.RUNNING, code__in=KINDS):
        kind = KINDS[job.code]
        held = Held(job, kind, clock, only=lost)
        if job.attempts < job.max_attempts:
            # Cut off once it goes on at once: the machine was restarted. Again: it may be what kills the worker.
            wait = dt.timedelta() if job.attempts == 1 else wait_before(job.attempts - 1)
            swept += held.put_back(wait=wait, attempts=job.attempts)
        else:
            with translation.override(_language_of(job)):
                swept += _fail(held, gettext("The work was cut off several times and has been given up."))
        log.warning("job taken back", extra={"job": str(job.public_id), "code": job.code, "attempt": job.attempts})
    liveness.forget(gone)
    return swept


def tick(*, clock: Clock) -> int:
    """Enqueue the recurring jobs that have fallen due. Missed ticks are made up for by one."""
    now = clock()
    recurring = {code: kind for code, kind in KINDS.items() if kind.cron}
    known = Schedule.objects.in_bulk(list(recurring))
    started = 0
    for code, kind in recurring.items():
        schedule = known.get(code)
        if schedule is None:
            Schedule.objects.bulk_create(
                [Schedule(code=code, cron=kind.cron, next_at=next_tick(kind.cron, now))], ignore_conflicts=True
            )
        elif schedule.cron != kind.cron:
            Schedule.objects.filter(pk=code).update(cron=kind.cron, next_at=next_tick(kind.cron, now))
        elif schedule.next_at <= now:
            started += _start(schedule, kind, now)
    return started


def _start(schedule: Schedule, kind: Kind, now: dt.datetime) -> int:
    with transaction.atomic():
        won = Schedule.objects.filter(pk=schedule.pk, next_at=schedule.next_at).update(
            next_at=next_tick(kind.cron, now), last_at=now
        )
        if not won:
            return 0
        try:
            with transaction.atomic():
                Job.objects.create(
                    code=kind.code,
                    key="schedule",
                    queue=kind.queue,
                    max_attempts=kind.attempts,
                    run_after=now,
                    created_by="system",
                    created_at=now,
                )
        except IntegrityError:
            # The last one has not ended yet; one at a time.
            return 0
    return 1


def drain(worker: str = "drain", *, clock: Clock = timezone.now, limit: int = 100_000) -> int:
    """Run every job that is due, one after the other, in this thread. Returns how many were run."""
    for count in range(limit):
        held = claim_next(worker, clock=clock)
        if held is None:
            return count
        run(held)
    return limit
