"""What a subject is judged by: weighted criteria with described points."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from denggao.engines.reviews.rules.rubric import CriterionLine, Group, RubricLines, ScalePoint
from denggao.engines.reviews.rules.statistics import rounded
from denggao.foundation.standards.models import CONFIDENCE, Named


def _english() -> bool:
    return (get_language() or "").startswith("en")


class Rubric(models.Model):
    """A way of judging, over all its versions: the city's 105-point form for bases."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=60, unique=True)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160, blank=True)
    document = models.CharField(max_length=200, blank=True)
    confidence = models.CharField(max_length=1, choices=CONFIDENCE)
    note_zh = models.CharField(max_length=600, blank=True, help_text="What readers must know: what of it is our own default.")
    note_en = models.CharField(max_length=900, blank=True)

    audited: ClassVar[tuple[str, ...]] = ("code", "title_zh", "title_en", "document", "confidence")

    def __str__(self) -> str:
        return self.code

    @property
    def audit_text(self) -> str:
        return self.title_zh

    @property
    def title(self) -> str:
        return self.title_en if self.title_en and _english() else self.title_zh

    @property
    def note(self) -> str:
        return self.note_en if self.note_en and _english() else self.note_zh


class RubricVersion(models.Model):
    """The criteria and weights as they stood for some panels; never edited, a change is a new version. ``groups``:
    ``[{"code", "zh", "en", "confidence"}]`` in their order. ``based_on`` is the version whose weights were changed; None for one
    that was loaded from a file."""

    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField()
    total = models.DecimalField(max_digits=7, decimal_places=2, help_text="The most points there are.")
    groups = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64)
    based_on = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="revisions")
    reason = models.CharField(max_length=300, blank=True, help_text="Why the weights were changed.")
    alone = models.BooleanField(default=False, help_text="Made for one call; never the rubric's newest.")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=60, blank=True, help_text="The actor's id.")

    audited: ClassVar[tuple[str, ...]] = ("rubric_id", "version", "total", "content_hash", "based_on_id", "reason")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rubric", "version"], name="rubric_version_once"),
            models.CheckConstraint(condition=Q(based_on__isnull=True) | ~Q(reason=""), name="rubric_reweighed_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.rubric.code} v{self.version}"

    @property
    def audit_text(self) -> str:
        return str(self)

    def group_names(self) -> dict[str, str]:
        """Group code → its name in the reader's language."""
        return {group["code"]: (group["en"] if group["en"] and _english() else group["zh"]) for group in self.groups}

    def lines(self) -> RubricLines:
        """The version as the rules read it. One query, none where ``criteria`` are prefetched."""
        return RubricLines(
            code=self.rubric.code,
            zh=self.rubric.title_zh,
            en=self.rubric.title_en,
            document=self.rubric.document,
            confidence=self.rubric.confidence,
            note_zh=self.rubric.note_zh,
            note_en=self.rubric.note_en,
            groups=tuple(Group(**group) for group in self.groups),
            criteria=tuple(criterion.line for criterion in self.criteria.all()),
        )


class Criterion(Named):
    """One line of a version: 0 to ``max_points`` raw points in steps of ``step``, times ``weight``. ``scale``: ``[{"points":
    "3", "zh": …, "en": …}]``, described points from 0 to the most."""

    version = models.ForeignKey(RubricVersion, on_delete=models.CASCADE, related_name="criteria")
    code = models.SlugField(max_length=40)
    group = models.CharField(max_length=40, blank=True)
    max_points = models.DecimalField(max_digits=6, decimal_places=2)
    step = models.DecimalField(max_digits=5, decimal_places=3, default=Decimal("0.5"))
    weight = models.DecimalField(max_digits=6, decimal_places=3, default=1)
    scale = models.JSONField(default=list)
    comment_required_at_extremes = models.BooleanField(default=True)
    confidence = models.CharField(max_length=1, choices=CONFIDENCE, default="C")
    scale_confidence = models.CharField(max_length=1, choices=CONFIDENCE, default="C")
    note_zh = models.CharField(max_length=600, blank=True)
    note_en = models.CharField(max_length=900, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "code"], name="criterion_once"),
            models.CheckConstraint(condition=Q(max_points__gt=0, weight__gte=0, step__gt=0), name="criterion_points"),
        ]

    @property
    def line(self) -> CriterionLine:
        return CriterionLine(
            code=self.code,
            zh=self.name_zh,
            en=self.name_en,
            max_points=self.max_points,
            group=self.group,
            weight=self.weight,
            step=self.step,
            scale=tuple(ScalePoint(Decimal(point["points"]), point["zh"], point.get("en", "")) for point in self.scale),
            comment_at_extremes=self.comment_required_at_extremes,
            confidence=self.confidence,
            scale_confidence=self.scale_confidence,
            note_zh=self.note_zh,
            note_en=self.note_en,
        )

    @property
    def most(self) -> Decimal:
        """What it adds to the total at most."""
        return rounded(self.max_points * self.weight)

    @property
    def note(self) -> str:
        return self.note_en if self.note_en and _english() else self.note_zh

    def described(self) -> list[tuple[str, str]]:
        """The scale as (points, words) in the reader's language."""
        return [(point["points"], point["en"] if point.get("en") and _english() else point["zh"]) for point in self.scale]
