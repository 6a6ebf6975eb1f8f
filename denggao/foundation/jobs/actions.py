"""Asking for background work, and what may be done to a job.

Claiming, renewing and ending are the worker's own bookkeeping (``work.py``); they decide nothing and leave no audit
record. The act that asked for the job does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actions import Refused, action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.jobs.models import Job
from denggao.foundation.jobs.policies import can_cancel_job, can_retry_job
from denggao.foundation.jobs.registry import kind_of
from denggao.foundation.jobs.states import OPEN


class JobNotOpen(Refused):
    """The job has begun or ended."""


def enqueue(
    code: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    key: str = "",
    link: str = "",
    actor: Actor,
    now: dt.datetime,
    run_after: dt.datetime | None = None,
) -> Job:
    """Ask for background work within the caller's transaction: it runs once that is committed, never if it is rolled
    back. With ``key``, an open job of the same code and key is returned instead of a second one. Raises KeyError for a
    code no room registered.
    """
    kind = kind_of(code)
    if key and (open_job := _open_job(code, key)):
        return open_job
    job = Job(
        code=code,
        arguments=dict(arguments or {}),
        key=key or None,
        queue=kind.queue,
        max_attempts=kind.attempts,
        run_after=run_after or now,
        link=link,
        account=actor.user,
        created_by=actor.id,
        created_at=now,
    )
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        # Two asked at the same moment; the other was first.
        other = _open_job(code, key) if key else None
        if other is None:
            raise
        return other
    return job


@action("jobs.job.cancel", requires=can_cancel_job)
def cancel_job(job: Job, *, actor: Actor, now: dt.datetime) -> Job:
    """Take a job out of the queue. Raises JobNotOpen once a worker has begun it."""
    if not Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(state=Job.State.CANCELLED, ended_at=now):
        raise JobNotOpen(_("This work has already begun or ended; it can no longer be cancelled."))
    job.refresh_from_db()
    return job


@action("jobs.job.retry", requires=can_retry_job)
def retry_job(job: Job, *, actor: Actor, now: dt.datetime) -> Job:
    """Put a failed job back into the queue with all its attempts. Raises JobNotOpen if it did not fail, or if the same
    work has been asked for again meanwhile."""
    if job.key and _open_job(job.code, job.key):
        raise JobNotOpen(_("The same work is already waiting or running."))
    updated = Job.objects.filter(pk=job.pk, state=Job.State.FAILED).update(
        state=Job.State.QUEUED, attempts=0, run_after=now, ended_at=None, error="", done=0
    )
    if not updated:
        raise JobNotOpen(_("Only work that has failed can be tried again."))
    job.refresh_from_db()
    return job


def _open_job(code: str, key: str) -> Job | None:
    return Job.objects.filter(code=code, key=key, state__in=OPEN).first()
