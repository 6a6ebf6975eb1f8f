from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from denggao.foundation.accounts.models import User


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
    def is_film(self) -> bool:
        return self.content_type.startswith("video/")

    @property
    def audit_text(self) -> str:
        return self.name


class Upload(models.Model):
    """A file on its way in, in pieces that may come in any order, from any tab, days apart. Its bytes are encrypted into
    their place as they come (``pieces.py``); ``public_id`` becomes the stored file's. ``fingerprint`` is what the browser
    knows a file by when it is chosen again. Personal data: the name of the file."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        COMPLETE = "complete", "complete"
        FAILED = "failed", "failed"
        DROPPED = "dropped", "dropped"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="uploads")
    kind = models.CharField(max_length=40, help_text="Of the file that comes of it; one of uploads' register.")
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True, help_text="As the sender says; empty where unsaid.")
    fingerprint = models.CharField(max_length=120, blank=True)
    piece_size = models.PositiveIntegerField()
    salt = models.BinaryField(max_length=32, help_text="Of the file's encryption.")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    error = models.CharField(max_length=300, blank=True)
    file = models.OneToOneField(StoredFile, null=True, on_delete=models.PROTECT, related_name="upload")
    begun_at = models.DateTimeField()
    last_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    audited: ClassVar[tuple[str, ...]] = ("kind", "name", "size", "state", "error")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(size__gt=0), name="upload_has_bytes"),
            models.CheckConstraint(
                condition=Q(state="complete", file__isnull=False) | (~Q(state="complete") & Q(file__isnull=True)),
                name="upload_complete_means_a_file",
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True) | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="upload_ended_means_ended",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(error=""), name="upload_failed_says_why"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "kind"], name="upload_open_of", condition=Q(state="open")),
            models.Index(fields=["expires_at"], name="upload_expires", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_text(self) -> str:
        return self.name

    @property
    def pieces_count(self) -> int:
        return -(-self.size // self.piece_size)


class UploadPiece(models.Model):
    """A piece that began to arrive, by its number from 0. Its hash is fixed before its bytes are written, so that a place in
    the encrypted file never holds two different contents. Rows go when the upload ends."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_at = models.DateTimeField(null=True, help_text="When its bytes lay on the disk.")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["upload", "number"], name="upload_piece_once")]

    def __str__(self) -> str:
        return str(self.number)
