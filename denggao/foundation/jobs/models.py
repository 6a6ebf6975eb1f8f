from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from denggao.foundation.accounts.models import User
from denggao.foundation.jobs.states import OPEN


class Job(models.Model):
    """One piece of background work, from the act that asked for it to its end. The row is the queue: a worker claims
    it by one conditional update, holds it by a lease, and a sweeper puts it back when the lease runs out or the worker
    is gone. Every job may therefore run twice and must bear it. Holds no personal data: arguments are ids and codes,
    ``text`` is a text of the product's own, ``error`` a sentence that may be shown."""

    class State(models.TextChoices):
        QUEUED = "queued", "queued"
        RUNNING = "running", "running"
        DONE = "done", "done"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=120, null=True, help_text="No two open jobs of one code share it.")
    queue = models.CharField(max_length=20, default="default")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField(default=3)
    run_after = models.DateTimeField()
    worker = models.CharField(max_length=40, blank=True, help_text="Which worker holds it.")
    claim = models.UUIDField(null=True, help_text="Which attempt holds it: an attempt that lost its lease can write no more.")
    lease_until = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    text = models.CharField(max_length=120, blank=True, help_text="What it is doing: a msgid, translated when shown.")
    result = models.JSONField(null=True)
    error = models.CharField(max_length=300, blank=True)
    link = models.CharField(max_length=200, blank=True, help_text="Where its outcome is to be seen.")
    account = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="jobs")
    created_by = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    audited: ClassVar[tuple[str, ...]] = ("code", "state", "attempts")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "key"], condition=Q(state__in=OPEN), name="job_open_once_by_key"),
            models.CheckConstraint(
                condition=Q(state="running", claim__isnull=False, lease_until__isnull=False)
                | (~Q(state="running") & Q(claim__isnull=True, lease_until__isnull=True)),
                name="job_running_means_held",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at__isnull=True) | (~Q(state__in=OPEN) & Q(ended_at__isnull=False)),
                name="job_ended_means_ended",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(error=""), name="job_failed_says_why"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["run_after", "id"], name="job_due", condition=Q(state="queued")),
            models.Index(fields=["lease_until"], name="job_held", condition=Q(state="running")),
            models.Index(fields=["ended_at"], name="job_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"

    @property
    def audit_text(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class Schedule(models.Model):
    """When a recurring job falls due next. Workers race for a tick with one conditional update; one of them wins."""

    code = models.CharField(max_length=60, primary_key=True)
    cron = models.CharField(max_length=60, help_text="Five fields, read in Asia/Shanghai.")
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.code} {self.cron}"
