"""Housekeeping of the rooms below, and of this one: ended sessions, files nobody noted, jobs long done."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actors import Actor, system
from denggao.foundation.audit.seals import seal_pending
from denggao.foundation.files.actions import FileNotTaken, sweep_store
from denggao.foundation.files.models import Upload
from denggao.foundation.files.pieces import FileChanged, Incomplete, finish_upload, sweep_uploads
from denggao.foundation.jobs.actions import enqueue
from denggao.foundation.jobs.models import Job
from denggao.foundation.jobs.registry import Progress, job
from denggao.foundation.jobs.states import OPEN

KEEP_ENDED = dt.timedelta(days=90)


@job("jobs.prune", title=_("Clearing away work long done"), cron="20 3 * * *", keep=False)
def prune_jobs(arguments: dict[str, Any], progress: Progress) -> None:
    Job.objects.exclude(state__in=OPEN).filter(ended_at__lt=progress.now() - KEEP_ENDED).delete()


@job("sessions.clear", title=_("Clearing away ended sessions"), cron="40 3 * * *", keep=False)
def clear_sessions(arguments: dict[str, Any], progress: Progress) -> None:
    Session.objects.filter(expire_date__lt=progress.now()).delete()


@job("files.sweep", title=_("Clearing away files of acts that failed"), cron="50 3 * * *", keep=False)
def sweep_files(arguments: dict[str, Any], progress: Progress) -> None:
    sweep_store(today=timezone.localdate(progress.now()))
    sweep_uploads(now=progress.now())


FINISH_UPLOAD = "files.finish_upload"


def finish_in_background(upload: Upload, *, actor: Actor, now: dt.datetime) -> None:
    """A handler of ``files.hooks.upload_arrived``."""
    enqueue(FINISH_UPLOAD, {"upload": str(upload.public_id)}, key=str(upload.public_id), actor=actor, now=now)


@job(FINISH_UPLOAD, title=_("Looking through a large file"), queue="heavy", lease=dt.timedelta(minutes=10), keep=False)
def finish_large_upload(arguments: dict[str, Any], progress: Progress) -> None:
    upload = Upload.objects.select_related("file", "owner").filter(public_id=arguments["upload"]).first()
    if upload is not None and upload.state == Upload.State.OPEN:
        # What is wrong with the file is kept with its upload: its owner reads it there.
        with suppress(FileNotTaken, FileChanged, Incomplete):
            finish_upload(upload, actor=system(FINISH_UPLOAD), now=progress.now())


@job("audit.seal", title=_("Sealing the audit"), cron="* * * * *", keep=False)
def seal_audit(arguments: dict[str, Any], progress: Progress) -> None:
    seal_pending(progress.now())
