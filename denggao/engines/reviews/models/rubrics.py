"""What a subject is judged by: weighted criteria with described points."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from denggao.foundation.standards.models import CONFIDENCE, Named


class Rubric(models.Model):
    """A way of judging, over all its versions: the city's 105-point form for bases."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=60, unique=True)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160, blank=True)
    document = models.CharField(max_length=200, blank=True)
    confidence = models.CharField(max_length=1, choices=CONFIDENCE)

    audited: ClassVar[tuple[str, ...]] = ("code", "title_zh", "title_en", "document", "confidence")

    def __str__(self) -> str:
        return self.code

    @property
    def audit_text(self) -> str:
        return self.title_zh


class RubricVersion(models.Model):
    """The criteria and weights as they stood for some panels; never edited, a change is a new version."""

    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField()
    total = models.DecimalField(max_digits=7, decimal_places=2, help_text="The most points there are.")
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("rubric_id", "version", "total", "content_hash")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["rubric", "version"], name="rubric_version_once")]

    def __str__(self) -> str:
        return f"{self.rubric.code} v{self.version}"

    @property
    def audit_text(self) -> str:
        return str(self)


class Criterion(Named):
    """One line of a version: up to ``max_points`` raw points, times ``weight``. ``scale``: ``[{"points": "3", "zh": …,
    "en": …}]``, described points."""

    version = models.ForeignKey(RubricVersion, on_delete=models.CASCADE, related_name="criteria")
    code = models.SlugField(max_length=40)
    group = models.CharField(max_length=40, blank=True)
    max_points = models.DecimalField(max_digits=6, decimal_places=2)
    weight = models.DecimalField(max_digits=6, decimal_places=3, default=1)
    scale = models.JSONField(default=list)
    comment_required_at_extremes = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "code"], name="criterion_once"),
            models.CheckConstraint(condition=Q(max_points__gt=0, weight__gte=0), name="criterion_points"),
        ]
