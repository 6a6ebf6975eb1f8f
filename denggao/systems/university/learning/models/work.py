from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from denggao.foundation.files.models import StoredFile
from denggao.systems.university.learning.models.enrolments import Enrolment


class Submission(models.Model):
    """What a learner handed in for an assignment. ``returned``: to be mended and handed in again; ``marked``: points given, by
    the rubric's lines (``marks``: code → points as text). Each time is a row. Personal data: the work and its marks."""

    class State(models.TextChoices):
        HANDED_IN = "handed_in", _("waits to be marked")
        MARKED = "marked", _("marked")
        RETURNED = "returned", _("returned to be mended")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="submissions")
    unit_key = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.HANDED_IN)
    handed_in_at = models.DateTimeField()
    is_late = models.BooleanField(default=False)
    marks = models.JSONField(default=dict)
    points = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    feedback = models.TextField(blank=True)
    marked_by = models.CharField(max_length=60, blank=True, help_text="The actor's id.")
    marked_at = models.DateTimeField(null=True)

    audited: ClassVar[tuple[str, ...]] = ("enrolment_id", "unit_key", "number", "state", "marks", "points", "feedback")
    personal: ClassVar[tuple[str, ...]] = ("feedback",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enrolment", "unit_key", "number"], name="submission_number_once"),
            models.UniqueConstraint(fields=["enrolment", "unit_key"], condition=Q(state="handed_in"), name="submission_waits_once"),
            models.CheckConstraint(
                condition=Q(state="handed_in", marked_at__isnull=True, points__isnull=True)
                | Q(state="returned", marked_at__isnull=False, points__isnull=True)
                | Q(state="marked", marked_at__isnull=False, points__isnull=False),
                name="submission_marked_means_marked",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "handed_in_at"], name="submission_queue")]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.number}"

    @property
    def audit_text(self) -> str:
        return f"{self.enrolment.audit_text} · {self.number}"


class SubmissionFile(models.Model):
    """A file handed in with a submission."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="submissions")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["submission", "file"], name="submission_file_once")]

    def __str__(self) -> str:
        return self.file.name


class CheckAttempt(models.Model):
    """One go at a self-check. ``answers``: question code → what was given; ``results``: code → right. ``percent`` 0–100.
    Personal data: what this person answered."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="attempts")
    unit_key = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    answers = models.JSONField(default=dict)
    results = models.JSONField(default=dict)
    percent = models.PositiveSmallIntegerField()
    passed = models.BooleanField()
    at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("enrolment_id", "unit_key", "number", "percent", "passed")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enrolment", "unit_key", "number"], name="check_attempt_once"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="check_attempt_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_key} {self.number}: {self.percent} %"

    @property
    def audit_text(self) -> str:
        return f"{self.enrolment.audit_text} · {self.number}"


class PracticalSigning(models.Model):
    """An instructor signed that the learner did these steps of a practical before their eyes. Taken back with a reason, never
    deleted. Personal data: what this person can do, and who says so."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="signings")
    unit_key = models.UUIDField()
    steps = models.JSONField(help_text="Codes of the steps.")
    minutes = models.PositiveSmallIntegerField(default=0, help_text="Of practice, as the instructor saw it: hours of that kind.")
    note = models.CharField(max_length=300, blank=True)
    signed_by = models.CharField(max_length=60, help_text="The actor's id.")
    signed_by_text = models.CharField(max_length=120)
    signed_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    audited: ClassVar[tuple[str, ...]] = ("enrolment_id", "unit_key", "steps", "minutes", "note", "taken_back_at", "reason")

    class Meta:
        ordering: ClassVar = ["signed_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, reason="") | (Q(taken_back_at__isnull=False) & ~Q(reason="")),
                name="practical_taken_back_says_why",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_key} {self.signed_at:%Y-%m-%d}"

    @property
    def audit_text(self) -> str:
        return self.enrolment.audit_text


class Attendance(models.Model):
    """A learner was at a live class. ``joined_at`` is when the link was opened (a sign, no proof); ``minutes`` what the teacher
    confirmed, None until then. Personal data: where this person was."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="attendance")
    unit_key = models.UUIDField()
    joined_at = models.DateTimeField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    minutes_held = models.PositiveSmallIntegerField(null=True)
    confirmed_by = models.CharField(max_length=60, blank=True, help_text="The actor's id.")
    confirmed_at = models.DateTimeField(null=True)

    audited: ClassVar[tuple[str, ...]] = ("enrolment_id", "unit_key", "minutes", "minutes_held")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enrolment", "unit_key"], name="attendance_once"),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True, minutes_held__isnull=True, confirmed_at__isnull=True)
                | Q(minutes__isnull=False, minutes_held__isnull=False, confirmed_at__isnull=False),
                name="attendance_confirmed_means_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_key} {self.minutes}"

    @property
    def audit_text(self) -> str:
        return self.enrolment.audit_text
