"""How one expert judged, what several came to, and every change on the way."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q

from denggao.engines.reviews.models.panels import Assignment, Panel
from denggao.engines.reviews.models.rubrics import Criterion


class Score(models.Model):
    """One expert's sheet for one panel. Sealed: nobody but the expert reads it before the panel's scores are opened.
    ``revision`` counts the writes and makes them take turns. Personal data: how this expert judged."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        SUBMITTED = "submitted", "submitted"

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="score")
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    total = models.DecimalField(max_digits=7, decimal_places=2, null=True, help_text="The weighed points, once submitted.")
    submitted_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True, help_text="The last change made after submission.")
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    # The audit says that a sheet was saved and handed in, never what stands in it: it is read before scores are opened.
    audited: ClassVar[tuple[str, ...]] = ("state", "submitted_at", "changed_at")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at__isnull=True, total__isnull=True, changed_at__isnull=True)
                | Q(state="submitted", submitted_at__isnull=False, total__isnull=False),
                name="score_submitted_means_submitted",
            ),
        ]

    def __str__(self) -> str:
        return f"score of {self.assignment}"

    @property
    def audit_text(self) -> str:
        return self.assignment.audit_text


class ScoreEntry(models.Model):
    """What stands in a sheet for one criterion. ``points`` is None while there is only a comment. ``entered_at`` is when the
    expert entered it, on the server's clock: of two devices the later one stands. Personal data: as the sheet's."""

    score = models.ForeignKey(Score, on_delete=models.CASCADE, related_name="entries")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    comment = models.TextField(blank=True)
    client_id = models.UUIDField(help_text="Of the change that stands.")
    entered_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["score", "criterion"], name="score_entry_once"),
            models.CheckConstraint(condition=Q(points__isnull=True) | Q(points__gte=0), name="score_entry_points"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} of {self.score}"


class ScoreChange(models.Model):
    """One thing an expert sent, as it was sent: append-only, so that no text is lost. ``stands`` is whether it was the newest
    when it came; one that was older is kept and shown beside. ``client_id`` makes a repeated sending do nothing.
    ``reason`` is given for a change after submission. Personal data: as the sheet's."""

    score = models.ForeignKey(Score, on_delete=models.CASCADE, related_name="changes")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    comment = models.TextField(blank=True)
    entered_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    stands = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    after_submission = models.BooleanField(default=False)
    saved_by = models.CharField(max_length=60, help_text="The actor's id.")

    class Meta:
        ordering: ClassVar = ["-saved_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["score", "client_id"], name="score_change_once"),
            models.CheckConstraint(condition=Q(after_submission=False) | ~Q(reason=""), name="score_change_late_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} of {self.score} at {self.saved_at}"


class Tally(models.Model):
    """What a panel's scores came to at one moment; a later one never replaces an earlier one. The first opens the scores.
    ``inputs``: ``{"aggregate", "max_spread", "rubric", "scores": [{"assignment", "total", "parts": {code: points}}]}``, only
    of scores that count; ``content_hash`` covers them. Where none counts, ``count`` is 0 and there is no result.
    Personal data: how experts judged, by assignment."""

    class Why(models.TextChoices):
        OPENED = "opened", "all had submitted"
        FURTHER = "further", "a further expert had submitted"
        SET_ASIDE = "set_aside", "scores were set aside"
        CHANGED = "changed", "an expert changed points"
        RESTORED = "restored", "scores count again"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="tallies")
    number = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=9, choices=Why)
    at = models.DateTimeField()
    inputs = models.JSONField()
    content_hash = models.CharField(max_length=64)
    count = models.PositiveSmallIntegerField()
    mean = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    median = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    trimmed = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    deviation = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    lowest = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    highest = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    result = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    too_wide = models.BooleanField()

    audited: ClassVar[tuple[str, ...]] = (
        "number", "why", "content_hash", "count", "mean", "median", "trimmed", "deviation", "lowest", "highest", "result",
        "too_wide",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["panel", "number"], name="tally_once"),
            models.CheckConstraint(
                condition=Q(count=0, result__isnull=True, mean__isnull=True, too_wide=False)
                | Q(count__gte=1, result__isnull=False, mean__isnull=False),
                name="tally_of_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.panel} #{self.number}"

    @property
    def audit_text(self) -> str:
        return self.panel.title_zh

    @property
    def spread(self) -> Decimal | None:
        return None if self.highest is None or self.lowest is None else self.highest - self.lowest
