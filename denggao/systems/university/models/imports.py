from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from denggao.foundation.files.models import StoredFile
from denggao.systems.university.models.courses import Course
from denggao.systems.university.models.schools import School


class PackageImport(models.Model):
    """A package handed in for a school: looked through, shown, then brought in or let go. ``preview`` is what the import would
    do, ``sentences`` what is wrong with the package."""

    class State(models.TextChoices):
        CHECKING = "checking", _("being looked through")
        READY = "ready", _("waiting for your yes")
        BROKEN = "broken", _("can’t be taken")
        IMPORTING = "importing", _("being brought in")
        DONE = "done", _("brought in")
        DROPPED = "dropped", _("let go")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="imports")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.CHECKING)
    preview = models.JSONField(default=dict, blank=True)
    sentences = models.JSONField(default=list, blank=True)
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.SET_NULL, related_name="imports")
    outcome = models.CharField(max_length=10, blank=True)
    handed_in_by = models.CharField(max_length=60)
    handed_in_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    audited: ClassVar[tuple[str, ...]] = ("school_id", "file_id", "state", "course_id", "outcome")

    class Meta:
        ordering: ClassVar = ["-handed_in_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["checking", "ready", "importing"], ended_at__isnull=True)
                | Q(state__in=["broken", "done", "dropped"], ended_at__isnull=False),
                name="package_import_ended_means_ended",
            )
        ]

    def __str__(self) -> str:
        return self.file.name

    @property
    def audit_text(self) -> str:
        return self.file.name

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.CHECKING, self.State.IMPORTING}
