from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from denggao.foundation.standards.ladder import BY_CODE, LEVEL_CHOICES
from denggao.foundation.standards.models.taxonomy import CONFIDENCE, Named, Occupation


class TeachingStandard(Named):
    """What is taught for one occupation at one level, after one document (专业教学标准). What it asks lies in its versions.
    ``confidence`` as in RuleValue. Courses and questions name it by ``code``."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=60, unique=True)
    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, related_name="teaching_standards")
    level = models.CharField(max_length=10, choices=LEVEL_CHOICES)
    document = models.CharField(max_length=200, blank=True, help_text="The document it comes from, with its number.")
    issued_on = models.DateField(null=True, blank=True)
    confidence = models.CharField(max_length=1, choices=CONFIDENCE, default="C")

    audited: ClassVar[tuple[str, ...]] = (
        "code", "name_zh", "name_en", "occupation_id", "level", "document", "issued_on", "confidence",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["occupation__code", "-level", "code"]

    @property
    def audit_text(self) -> str:
        return f"{self.code} {self.name_zh}"

    @property
    def level_name(self) -> str:
        return BY_CODE[self.level].name


class StandardVersion(models.Model):
    """One edition of a standard's items. The draft is written in; the one in force counts; retired ones stay, for what was
    taught by them. ``content_hash`` is over its items, so that an edition brought again is known."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_FORCE = "in_force", _("in force")
        RETIRED = "retired", _("retired")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    standard = models.ForeignKey(TeachingStandard, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    from_on = models.DateField(null=True, blank=True, help_text="From when it is taught by.")
    content_hash = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    put_in_force_at = models.DateTimeField(null=True, blank=True)
    put_in_force_by = models.CharField(max_length=60, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    audited: ClassVar[tuple[str, ...]] = ("standard_id", "number", "state", "from_on", "content_hash")

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["standard", "number"], name="standard_version_number_once"),
            models.UniqueConstraint(fields=["standard"], condition=Q(state="draft"), name="standard_one_draft"),
            models.UniqueConstraint(fields=["standard"], condition=Q(state="in_force"), name="standard_one_in_force"),
            models.CheckConstraint(
                condition=Q(state="draft", put_in_force_at__isnull=True, retired_at__isnull=True, from_on__isnull=True)
                | Q(state="in_force", put_in_force_at__isnull=False, retired_at__isnull=True, from_on__isnull=False)
                | Q(state="retired", put_in_force_at__isnull=False, retired_at__isnull=False, from_on__isnull=False),
                name="standard_version_state_has_its_times",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def audit_text(self) -> str:
        return f"{self.standard.code} {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT


class StandardItem(models.Model):
    """One thing a version asks to be known, done or kept to, by its code ("3.2"). ``parent`` is the item it is part of.
    ``hours`` are lesson hours (学时), ``weight`` is percent of the assessment; either may be unsaid."""

    class Kind(models.TextChoices):
        KNOWLEDGE = "knowledge", _("knowledge")
        SKILL = "skill", _("skill")
        SAFETY = "safety", _("safety")
        CONDUCT = "conduct", _("conduct")

    version = models.ForeignKey(StandardVersion, on_delete=models.CASCADE, related_name="items")
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="parts")
    text_zh = models.CharField(max_length=400)
    text_en = models.CharField(max_length=600, blank=True)
    hours = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    weight = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    position = models.PositiveIntegerField()

    audited: ClassVar[tuple[str, ...]] = ("version_id", "code", "kind", "text_zh", "text_en", "hours", "weight")

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "code"], name="standard_item_once"),
            models.CheckConstraint(condition=Q(hours__isnull=True) | Q(hours__gte=0), name="standard_item_hours"),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | (Q(weight__gte=0) & Q(weight__lte=100)), name="standard_item_weight"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    @property
    def audit_text(self) -> str:
        return f"{self.code} {self.text_zh}"

    @property
    def text(self) -> str:
        return self.text_en if self.text_en and (get_language() or "").startswith("en") else self.text_zh

    @property
    def depth(self) -> int:
        """0 for the uppermost; "3.2" is 1."""
        return self.code.count(".")
