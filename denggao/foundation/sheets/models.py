from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

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
    body_id = models.BigIntegerField(
        null=True,
        db_index=True,
        help_text="The body it belongs to, for who may see it. No foreign key: bodies lie above this room.",
    )
    body_text = models.CharField(max_length=120, blank=True)
    as_of = models.DateField(help_text="The date of the list.")
    mapping = models.JSONField(
        default=list,
        help_text="[{sheet, row, depth, columns: [{letters, title, key}]}]: how each sheet was understood, or as changed.",
    )
    mapping_changed = models.BooleanField(default=False, help_text="Somebody changed it: the next check follows it.")
    notes = models.JSONField(default=list, help_text="[{text_zh, text_en}]: hidden rows, sheets left out …")
    counts = models.JSONField(default=dict, help_text="Rows by outcome; warnings, normalised, absent, by_column.")
    absences = EncryptedJSONField(null=True, help_text="Texts of records the list no longer names, the first few hundred.")
    only_if_all_valid = models.BooleanField(default=False, help_text="Apply all rows or none.")
    job_id = models.UUIDField(null=True, help_text="The background job under way, or the last one.")
    error = models.JSONField(default=dict, help_text="{text_zh, text_en}: why it failed.")
    created_by = models.CharField(max_length=60)
    created_by_text = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    act_id = models.UUIDField(null=True, help_text="The act that applied it.")
    purged_at = models.DateTimeField(null=True, help_text="When its staging cells and file were removed.")

    audited: ClassVar[tuple[str, ...]] = ("kind", "state", "file_name", "file_sha256", "context", "as_of", "counts")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-created_at", "-id"], name="import_newest_first"),
            models.Index(fields=["state", "purged_at"], name="import_to_purge"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="applied", applied_at__isnull=False, act_id__isnull=False)
                | (~Q(state="applied") & Q(applied_at__isnull=True, act_id__isnull=True)),
                name="import_applied_means_applied",
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def audit_text(self) -> str:
        return self.file_name

    @property
    def is_busy(self) -> bool:
        return self.state in {self.State.UPLOADED, self.State.CHECKING, self.State.APPLYING}

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.APPLIED, self.State.CANCELLED, self.State.FAILED}


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
    cells = EncryptedJSONField(null=True, help_text="By column key: text as written, or [number] where the cell held one.")
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.PENDING)
    reasons = models.JSONField(default=list, help_text="[{column, text_zh, text_en}]; never a personal value.")
    warnings = models.JSONField(default=list)
    changes = models.JSONField(default=list, help_text="[{column, from, to}]: how the record changes, masked.")
    normalised = models.JSONField(default=list, help_text="[{column, from, to}]: what was typed and how it was read, masked.")
    marked = models.CharField(max_length=400, blank=True, help_text="Columns with a fault or warning, each between spaces.")
    is_hidden = models.BooleanField(default=False, help_text="The row was hidden in the workbook.")
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=40, blank=True, help_text="Public id of the record it became.")
    held_for = models.CharField(max_length=60, blank=True, help_text="Kept for the office: what its ruling is about.")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["sheet_import", "outcome", "id"], name="import_row_by_outcome"),
            models.Index(fields=["held_for"], name="import_row_held", condition=~Q(held_for="")),
            models.Index(fields=["object_type", "object_id"], name="import_row_by_object", condition=~Q(object_id="")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet_import", "sheet", "number"], name="import_row_once"),
            models.CheckConstraint(condition=~Q(outcome="refused") | ~Q(reasons=[]), name="import_row_refused_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_import} {self.sheet} {self.number}"
