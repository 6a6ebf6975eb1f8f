from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from denggao.foundation.accounts.models import User
from denggao.foundation.people.models import Person
from denggao.systems.university.learning.models.runs import Run


class Note(models.Model):
    """What a learner wrote down for themselves, at a unit and perhaps at a second of it. Nobody else ever reads it.
    Personal data: the text."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notes")
    unit_key = models.UUIDField()
    second = models.PositiveIntegerField(null=True)
    text = models.TextField(max_length=2000)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("unit_key", "second")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "unit_key"], name="note_by_person")]

    def __str__(self) -> str:
        return f"note {str(self.public_id)[:8]}"

    @property
    def audit_text(self) -> str:
        return str(self)


class Thread(models.Model):
    """A question asked in a class, at a unit or of the course as a whole. ``hidden_at``: taken out of sight by the school, with a
    reason. Personal data: who asked."""

    class State(models.TextChoices):
        OPEN = "open", _("question open")
        ANSWERED = "answered", _("answered")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="threads")
    unit_key = models.UUIDField(null=True)
    second = models.PositiveIntegerField(null=True)
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    by_teacher = models.BooleanField(default=False)
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=4000, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    replies_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    last_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True)
    hidden_reason = models.CharField(max_length=300, blank=True)

    audited: ClassVar[tuple[str, ...]] = ("run_id", "unit_key", "title", "state", "hidden_at", "hidden_reason")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["run", "unit_key", "-last_at"], name="thread_by_run")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True, hidden_reason="") | (Q(hidden_at__isnull=False) & ~Q(hidden_reason="")),
                name="thread_hidden_says_why",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_text(self) -> str:
        return self.title


class Reply(models.Model):
    """An answer. The one the asker, or a teacher, accepted stands first. Personal data: who wrote it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="replies")
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    by_teacher = models.BooleanField(default=False)
    text = models.TextField(max_length=4000)
    created_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_reason = models.CharField(max_length=300, blank=True)

    audited: ClassVar[tuple[str, ...]] = ("thread_id", "accepted_at", "hidden_at", "hidden_reason")

    class Meta:
        ordering: ClassVar = ["created_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["thread"], condition=Q(accepted_at__isnull=False), name="reply_accepted_once"),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True, hidden_reason="") | (Q(hidden_at__isnull=False) & ~Q(hidden_reason="")),
                name="reply_hidden_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"reply {str(self.public_id)[:8]}"

    @property
    def audit_text(self) -> str:
        return f"{self.thread.title} · {self}"


class Announcement(models.Model):
    """What a school tells all learners of a class. ``told`` is how many were sent a message."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="announcements")
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=60, help_text="The actor's id.")
    told = models.PositiveIntegerField(default=0)

    audited: ClassVar[tuple[str, ...]] = ("run_id", "title", "text", "told")

    class Meta:
        ordering: ClassVar = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_text(self) -> str:
        return self.title
