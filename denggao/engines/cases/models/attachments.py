from __future__ import annotations

from typing import ClassVar

from django.db import models

from denggao.engines.cases.models.cases import Case
from denggao.foundation.files.models import StoredFile, Upload


class Attachment(models.Model):
    """A file handed in with an application, and for which field. It says whose file it is: an answer that names a file of
    another case opens nothing. Personal data: whatever the file holds."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="attachments")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="case_attachment")
    section = models.CharField(max_length=30)
    field = models.CharField(max_length=60)
    added_by = models.CharField(max_length=60)
    added_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("section", "field")

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.case} {self.file}"

    @property
    def audit_text(self) -> str:
        return f"{self.case.audit_text} {self.file}"


class Arriving(models.Model):
    """A large file on its way, in pieces, into a field of an application: what the draft says of it until it has arrived and is an
    answer. ``refused`` says why one that arrived was not taken. Personal data: none beside the upload's."""

    upload = models.OneToOneField(Upload, on_delete=models.CASCADE, related_name="case_arriving")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="arriving")
    section = models.CharField(max_length=30)
    field = models.CharField(max_length=60)
    begun_at = models.DateTimeField()
    refused = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["case", "section"], name="arriving_by_case")]

    def __str__(self) -> str:
        return f"{self.case} {self.upload}"
