from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from denggao.foundation.files.models import StoredFile


class Conversion(models.Model):
    """The making ready of one stored file for one use. ``facts`` is what is known of the source: seconds, width, height,
    pages, codecs. Skipped means: it can be shown as it is, or only be taken along, and ``message`` says why. Holds no
    personal data of its own; what comes of it is read by whoever may read the source."""

    class Kind(models.TextChoices):
        VIDEO = "video", _("video")
        AUDIO = "audio", _("audio")
        PDF = "pdf", _("PDF")
        OFFICE = "office", _("Office file")
        SUBTITLE = "subtitle", _("subtitles")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        SKIPPED = "skipped", _("shown as it is")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="conversions")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(default=0, help_text="Percent.")
    message = models.CharField(max_length=300, blank=True, help_text="What whoever handed it in is to know.")
    facts = models.JSONField(default=dict, blank=True)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    audited: ClassVar[tuple[str, ...]] = ("source_id", "kind", "state", "message", "facts")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "kind"], name="conversion_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], ended_at__isnull=True)
                | Q(state__in=["done", "failed", "skipped"], ended_at__isnull=False),
                name="conversion_ended_means_ended",
            ),
            models.CheckConstraint(condition=~Q(state__in=["failed", "skipped"]) | ~Q(message=""), name="conversion_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def audit_text(self) -> str:
        return self.source.name

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.WAITING, self.State.RUNNING}


class Output(models.Model):
    """A file that came of a conversion. ``facts``: width, height, seconds, bandwidth; of a rendition also its playlist, whose
    ranges lie within the one file."""

    class Role(models.TextChoices):
        RENDITION = "rendition", _("a smaller version of it")
        POSTER = "poster", _("still picture")
        PAGE = "page", _("picture of a page")
        DOCUMENT = "document", _("the paper as PDF")
        SUBTITLE = "subtitle", _("subtitles")

    conversion = models.ForeignKey(Conversion, on_delete=models.CASCADE, related_name="outputs")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="output_of")
    role = models.CharField(max_length=10, choices=Role)
    position = models.PositiveSmallIntegerField(default=0)
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["role", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["conversion", "role", "position"], name="media_output_once")]

    def __str__(self) -> str:
        return f"{self.role} {self.position}"
