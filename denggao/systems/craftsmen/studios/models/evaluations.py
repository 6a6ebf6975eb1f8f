from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from denggao.engines.cases.models import Case
from denggao.systems.craftsmen.studios.models.studios import Studio


class Evaluation(models.Model):
    """A studio's evaluation over a span of time, decided by its case: the experts' points and the grade that follows from them by
    the dated thresholds. ``facts``: what the platform itself knew of the span when the report was handed in, by code, each with the
    ids of its rows: {code: {"value": …, "rows": [public ids]}}. Who does not meet it has until ``remedy_until`` to remedy."""

    class Grade(models.TextChoices):
        EXCELLENT = "excellent", pgettext_lazy("evaluation of a studio", "excellent")
        QUALIFIED = "qualified", pgettext_lazy("evaluation of a studio", "qualified")
        UNQUALIFIED = "unqualified", pgettext_lazy("evaluation of a studio", "not qualified")

    class Outcome(models.TextChoices):
        STAYS = "stays", pgettext_lazy("evaluation of a studio", "stays a studio")
        REMEDY = "remedy", pgettext_lazy("evaluation of a studio", "is to remedy")
        REMEDIED = "remedied", pgettext_lazy("evaluation of a studio", "remedied, stays a studio")
        UNNAME = "unname", pgettext_lazy("evaluation of a studio", "is to be un-named")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="evaluations")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="studio_evaluation")
    first_on = models.DateField()
    last_on = models.DateField()
    facts = models.JSONField(default=dict)
    points = models.DecimalField(max_digits=6, decimal_places=2)
    grade = models.CharField(max_length=12, choices=Grade)
    thresholds = models.JSONField(help_text='{"excellent": "90", "qualified": "60"}, as dated on the day of the decision.')
    outcome = models.CharField(max_length=10, choices=Outcome)
    remedy_until = models.DateField(null=True)
    checked_reason = models.CharField(max_length=500, blank=True)
    decided_on = models.DateField()
    created_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = (
        "studio_id", "case_id", "points", "grade", "outcome", "remedy_until", "checked_reason", "decided_on",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["-decided_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last_on__gte=models.F("first_on")), name="studio_evaluation_dates"),
            models.CheckConstraint(
                condition=(~Q(grade="unqualified") & Q(outcome="stays"))
                | Q(grade="unqualified", outcome__in=["remedy", "remedied", "unname"]),
                name="studio_evaluation_outcome_fits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.studio} {self.decided_on}"

    @property
    def audit_text(self) -> str:
        return f"{self.studio.name_zh} {self.decided_on}"
