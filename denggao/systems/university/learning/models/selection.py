from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from denggao.engines.cases.models import Case
from denggao.foundation.people.models import Person
from denggao.systems.university.learning.models.runs import Run


class SeatApplication(models.Model):
    """Somebody applies for a seat in a class that selects: what the school's people make of it, in points of 100. What was
    said stands in the case alone. Personal data: that this person applies, and how it was judged."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="seat_application")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="applications")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="seat_applications")
    submitted_at = models.DateTimeField()
    points = models.PositiveSmallIntegerField(null=True)
    remark = models.CharField(max_length=300, blank=True, help_text="Of whoever gave the points; the applicant does not read it.")
    rated_by = models.CharField(max_length=60, blank=True)
    rated_at = models.DateTimeField(null=True)

    audited: ClassVar[tuple[str, ...]] = ("case_id", "run_id", "person_id", "points", "remark", "rated_by")
    personal: ClassVar[tuple[str, ...]] = ("remark",)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(points__isnull=True) | Q(points__lte=100), name="seat_application_points"),
            models.CheckConstraint(
                condition=Q(points__isnull=True, rated_at__isnull=True, rated_by="")
                | (Q(points__isnull=False, rated_at__isnull=False) & ~Q(rated_by="")),
                name="seat_application_rated_means_rated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.run}"

    @property
    def audit_text(self) -> str:
        return f"{self.case.audit_text} · {self.run.title}"
