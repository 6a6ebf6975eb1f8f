from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from denggao.engines.credentials.models import Credential
from denggao.foundation.standards.ladder import LEVEL_CHOICES
from denggao.foundation.standards.models import Occupation


class LevelCertificate(models.Model):
    """What a skill-level certificate says beyond any credential: occupation, level, scores. ``occupation`` is None
    while the name is not mapped, and then the certificate does not count. Personal data: scores."""

    class NumberShape(models.TextChoices):
        NATIONAL = "national", _("22 characters, skill-level certificate")
        LEGACY = "legacy", _("16 digits, vocational qualification certificate")
        OTHER = "other", _("another shape")

    credential = models.OneToOneField(Credential, on_delete=models.CASCADE, primary_key=True, related_name="level_certificate")
    number_shape = models.CharField(max_length=10, choices=NumberShape)
    number_confirmed = models.BooleanField(help_text="Shape known and agreeing with the row, or confirmed by the office.")
    occupation_text = models.CharField(max_length=120)
    job_title_text = models.CharField(max_length=120, blank=True)
    occupation = models.ForeignKey(Occupation, null=True, on_delete=models.PROTECT, related_name="level_certificates")
    occupation_fixed = models.BooleanField(default=False, help_text="Set by the office for this certificate alone.")
    level = models.CharField(max_length=10, choices=LEVEL_CHOICES)
    theory_score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    skill_score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    employer_text = models.CharField(max_length=120, blank=True)

    audited: ClassVar[tuple[str, ...]] = (
        "number_shape", "number_confirmed", "occupation_text", "job_title_text", "occupation_id", "level", "theory_score",
        "skill_score", "employer_text",
    )  # fmt: skip
    personal: ClassVar[tuple[str, ...]] = ("theory_score", "skill_score")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(theory_score__isnull=True) | Q(theory_score__range=(0, 100)))
                & (Q(skill_score__isnull=True) | Q(skill_score__range=(0, 100))),
                name="level_certificate_scores",
            ),
            models.CheckConstraint(
                condition=Q(number_shape="other") | Q(number_confirmed=True), name="level_certificate_known_shape_is_confirmed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.credential} {self.level}"

    @property
    def public_id(self) -> uuid.UUID:
        """A level certificate goes by its credential's id, everywhere."""
        return self.credential.public_id

    @property
    def audit_text(self) -> str:
        return self.credential.audit_text
