"""Going to see the place that is judged."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from denggao.engines.reviews.models.experts import Expert
from denggao.engines.reviews.models.panels import Panel
from denggao.foundation.files.models import StoredFile


class SiteVisit(models.Model):
    """One visit of a panel's experts to the subject's place: planned, then held with its findings, or called off.
    ``longitude`` and ``latitude`` are WGS 84 degrees. Personal data: who was present (``experts``, ``others``)."""

    class State(models.TextChoices):
        PLANNED = "planned", "planned"
        HELD = "held", "held"
        CALLED_OFF = "called_off", "called off"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="visits")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    on = models.DateField()
    place = models.CharField(max_length=200)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=6, null=True)
    experts = models.ManyToManyField(Expert, related_name="visits", blank=True)
    others = models.CharField(max_length=300, blank=True, help_text="Who else was present, as written.")
    findings = models.TextField(blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was called off, or its record corrected.")
    planned_by = models.CharField(max_length=60, help_text="The actor's id.")
    created_at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True)
    recorded_by = models.CharField(max_length=60, blank=True)

    audited: ClassVar[tuple[str, ...]] = ("state", "on", "place", "longitude", "latitude", "others", "findings", "reason")
    personal: ClassVar[tuple[str, ...]] = ("others",)

    class Meta:
        ordering: ClassVar = ["on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(state="held", recorded_at__isnull=False) & ~Q(findings=""))
                | Q(state="planned", recorded_at__isnull=True)
                | (Q(state="called_off", recorded_at__isnull=True) & ~Q(reason="")),
                name="visit_held_means_recorded",
            ),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__gte=-180, longitude__lte=180, latitude__gte=-90, latitude__lte=90),
                name="visit_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.panel} {self.on}"

    @property
    def audit_text(self) -> str:
        return f"{self.panel.title_zh} {self.on}"


class VisitPhoto(models.Model):
    """A picture taken at a visit. Personal data: whoever is in it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    visit = models.ForeignKey(SiteVisit, on_delete=models.CASCADE, related_name="photos")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=60, help_text="The actor's id.")
    removed_at = models.DateTimeField(null=True)

    audited: ClassVar[tuple[str, ...]] = ("visit_id", "file_id", "caption", "removed_at")

    class Meta:
        ordering: ClassVar = ["added_at", "pk"]

    def __str__(self) -> str:
        return self.caption or str(self.file)

    @property
    def audit_text(self) -> str:
        return self.visit.audit_text
