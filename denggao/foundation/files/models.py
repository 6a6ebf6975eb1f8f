from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class StoredFile(models.Model):
    """A file somebody handed in or the platform made; encrypted at rest, never served by its path.
    Personal data: whatever the file holds."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200, help_text="As it was named by whoever handed it in, cleaned.")
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200, unique=True, help_text="Where the encrypted bytes lie in the store.")
    stored_by = models.CharField(max_length=60)
    stored_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, help_text="When its content was removed; the row stays as proof.")

    audited: ClassVar[tuple[str, ...]] = ("name", "content_type", "size", "sha256")

    def __str__(self) -> str:
        return self.name

    @property
    def audit_text(self) -> str:
        return self.name
