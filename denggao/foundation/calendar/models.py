from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CalendarYear(models.Model):
    """The arrangement of one year's days off and make-up days. A year without a row is not known: nobody may count its
    working days. What the office entered is never overwritten by the library."""

    class Source(models.TextChoices):
        LIBRARY = "library", _("the holiday library the product ships with")
        OFFICE = "office", _("entered by the office")

    year = models.PositiveSmallIntegerField(unique=True)
    source = models.CharField(max_length=10, choices=Source)
    document = models.CharField(
        max_length=200, help_text="The State Council's notice with its number; of the library, its name and version."
    )
    document_on = models.DateField(null=True, help_text="Day of the document; None where only the library is known.")
    entered_by = models.CharField(max_length=60, blank=True)
    entered_by_text = models.CharField(max_length=120, blank=True)
    entered_at = models.DateTimeField(null=True)

    audited: ClassVar[tuple[str, ...]] = ("year", "source", "document", "document_on")

    class Meta:
        ordering: ClassVar = ["-year"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(source="library", entered_at__isnull=True, entered_by="")
                | (Q(source="office", entered_at__isnull=False, document_on__isnull=False) & ~Q(entered_by="") & ~Q(document="")),
                name="calendar_year_entered_means_entered",
            )
        ]

    def __str__(self) -> str:
        return str(self.year)

    @property
    def audit_text(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day the arrangement names: a day off (on a weekday or a weekend), or a Saturday or Sunday that is worked to make up
    for one. Every other day is as the plain week has it. An arrangement may reach back into the last days of December;
    where two name a day, the later year's holds."""

    year = models.ForeignKey(CalendarYear, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    is_working = models.BooleanField()
    note = models.CharField(max_length=60, blank=True, help_text="The holiday's name, as the document writes it.")

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["year", "day"], name="calendar_day_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.note}"
