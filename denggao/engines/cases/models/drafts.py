from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from denggao.engines.cases.models.cases import Case
from denggao.foundation.vault.fields import EncryptedJSONField


class Draft(models.Model):
    """What stands in one section of an application's form: ``{field: text | list | rows}`` as typed, not yet checked.
    Each save counts ``revision`` up. Personal data: whatever was typed, encrypted."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    section = models.CharField(max_length=30)
    answers = EncryptedJSONField()
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=60)
    saved_by_text = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "section"], name="draft_once_a_section")]

    def __str__(self) -> str:
        return f"{self.case} {self.section} {self.revision}"

    @property
    def audit_text(self) -> str:
        return f"{self.case.audit_text} {self.section}"


class DraftVersion(models.Model):
    """What one save sent. ``base`` is the revision the writer had seen. Where another had saved meanwhile, what the two wrote
    in different fields is merged; where both wrote in one field, this text is kept as a conflict until somebody chooses.
    Personal data: whatever was typed, encrypted."""

    class Outcome(models.TextChoices):
        SAVED = "saved", _("saved")
        MERGED = "merged", _("saved beside another's changes")
        CONFLICT = "conflict", _("kept beside another's text")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="versions")
    revision = models.PositiveIntegerField(help_text="The draft's revision after this save.")
    base = models.PositiveIntegerField()
    answers = EncryptedJSONField(help_text="The section as it stood after this save.")
    sent = EncryptedJSONField(help_text="What the writer sent, where it is not what stood afterwards; else empty.")
    clashing = models.JSONField(default=list, help_text="The fields in which two wrote differently.")
    outcome = models.CharField(max_length=10, choices=Outcome)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=60)
    saved_by_text = models.CharField(max_length=120, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering: ClassVar = ["revision", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "revision"], name="draft_version_once"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by="")
                | (Q(outcome="conflict", settled_at__isnull=False) & ~Q(settled_by="")),
                name="draft_version_settled_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["draft"], name="draft_conflict_open", condition=Q(outcome="conflict", settled_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.draft} {self.outcome}"

    @property
    def audit_text(self) -> str:
        return f"{self.draft.audit_text} {self.revision}"
