from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class StoredFile(models.Model):
    """A file somebody handed in or the platform made; encrypted at rest, never served by its path.
    Personal data: whatever the file holds."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40, help_text="What it is, such as sheets.upload: names the policy of who may read it.")
    name = models.CharField(max_length=200, help_text="As it was named by whoever handed it in, cleaned.")
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200, unique=True, help_text="Where the encrypted bytes lie in the store.")
    stored_by = models.CharField(max_length=60, help_text="Id of the actor.")
    stored_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, help_text="When its content was removed; the row stays as proof.")

    audited: ClassVar[tuple[str, ...]] = ("kind", "name", "content_type", "size", "sha256", "erased_at")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["erased_at"], name="stored_file_erased")]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_text(self) -> str:
        return self.name
