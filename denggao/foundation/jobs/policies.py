"""Who may see a job and act on it: whoever asked for it, and the office."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.http import Http404

from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.jobs.models import Job


def visible_jobs(actor: Actor) -> QuerySet[Job]:
    if actor.is_office:
        return Job.objects.all()
    if actor.user is not None:
        return Job.objects.filter(account=actor.user)
    return Job.objects.none()


def get_job_for(actor: Actor, public_id: uuid.UUID) -> Job:
    """Raises Http404 where the job is none of the actor's business, as if it did not exist."""
    job = visible_jobs(actor).filter(public_id=public_id).first()
    if job is None:
        raise Http404
    return job


def can_cancel_job(actor: Actor, job: Job) -> bool:
    return actor.is_operator or actor.has(Role.ADMINISTRATOR) or (actor.user is not None and job.account_id == actor.user.pk)


def can_retry_job(actor: Actor, job: Job) -> bool:
    return can_cancel_job(actor, job)
