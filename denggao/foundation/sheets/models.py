from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from denggao.foundation.files.models import StoredFile
from denggao.foundation.vault.fields import EncryptedJSONField


class Import(models.Model):
    """One spreadsheet handed in, from its upload to its rows' becoming records. Personal data: in its rows and file."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "uploaded"
        CHECKING = "checking", "checking"
        CHECKED = "checked", "checked"
        APPLYING = "applying", "applying"
        APPLIED = "applied", "applied"
        CANCELLED = "cancelled", "cancelled"
        FAILED = "failed", "failed"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20, help_text="Which registered sheet kind: employers, roster, certificates …")
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.SET_NULL, related_name="+")
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    context = models.JSONField(default=dict, help_text="What the kind needs beside the file: employer, plan (ids as text).")
    organisation_id_text = models.CharField(
        max_length=40, blank=True, help_text="Public id of the body it belongs to, for who may see it."
    )
    as_of = models.DateField(help_text="The date of the list.")
    mapping = models.JSONField(default=dict, help_text="Column key by sheet and column letter, as understood or as changed.")
    notes = models.JSONField(default=list, help_text="What the reader noticed: hidden rows, sheets left out …")
    counts = models.JSONField(default=dict)
    done_rows = models.PositiveIntegerField(default=0)
    total_rows = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    created_by = models.CharField(max_length=60)
    created_by_text = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    act_id = models.UUIDField(null=True, help_text="The act that applied it.")
    purged_at = models.DateTimeField(null=True, help_text="When its staging cells and file were removed.")

    audited: ClassVar[tuple[str, ...]] = ("kind", "state", "file_name", "file_sha256", "context", "as_of", "counts")

    def __str__(self) -> str:
        return self.file_name

    @property
    def audit_text(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """One row of a sheet: its cells (encrypted, removed after 30 days), what became of it and why.
    Personal data: the cells."""

    class Outcome(models.TextChoices):
        PENDING = "pending", "pending"
        CREATED = "created", "created"
        UPDATED = "updated", "updated"
        UNCHANGED = "unchanged", "unchanged"
        REFUSED = "refused", "refused"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sheet_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=80, blank=True)
    number = models.PositiveIntegerField(help_text="Row number as the spreadsheet shows it.")
    cells = EncryptedJSONField(null=True, help_text="Text by column key, as written.")
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.PENDING)
    reasons = models.JSONField(default=list, help_text="[{column, text_zh, text_en}]; never a personal value.")
    warnings = models.JSONField(default=list)
    changes = models.JSONField(default=list, help_text="[{column, from, to}] of normalised or changed cells, masked.")
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=40, blank=True, help_text="Public id of the record it became.")
    held_for = models.CharField(max_length=40, blank=True, help_text="Kept for the office: what its ruling is about.")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["sheet_import", "outcome", "id"], name="import_row_by_outcome")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["sheet_import", "sheet", "number"], name="import_row_once")]

    def __str__(self) -> str:
        return f"{self.sheet_import} {self.sheet} {self.number}"
