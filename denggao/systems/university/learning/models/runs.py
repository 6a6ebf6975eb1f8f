from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denggao.foundation.plans.models import Plan
from denggao.systems.university.learning.rules.entry import Door
from denggao.systems.university.models import Course, CourseVersion, School


class Run(models.Model):
    """A class of a course: from a day, with seats and dates of its own, of one version that stays the same for its learners.
    The school is the one that holds it: the course's own, or one that was lent the course. ``closes_on`` is its last day.
    ``touched`` grows with every seat given: who gives one holds the row."""

    class Entry(models.TextChoices):
        OPEN = "open", _("open to everybody")
        EMPLOYER = "employer", _("through the employer")
        INVITED = "invited", _("by invitation")
        SELECTED = "selected", _("by selection")

    class State(models.TextChoices):
        PLANNED = "planned", _("class planned")
        OPEN = "open", _("open for entry")
        CLOSED = "closed", _("class ended")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="runs")
    version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="runs")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="runs")
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="runs")
    title = models.CharField(max_length=120)
    opens_on = models.DateField()
    closes_on = models.DateField(null=True)
    seats = models.PositiveIntegerField(null=True, help_text="Empty: as many as come.")
    entry = models.CharField(max_length=10, choices=Entry, default=Entry.OPEN)
    fee_yuan = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    touched = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = (
        "course_id", "version_id", "school_id", "title", "opens_on", "closes_on", "seats", "entry", "fee_yuan", "note", "state",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["-opens_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(closes_on__isnull=True) | Q(closes_on__gte=F("opens_on")), name="run_dates"),
            models.CheckConstraint(condition=Q(seats__isnull=True) | Q(seats__gt=0), name="run_has_seats"),
            models.CheckConstraint(condition=Q(fee_yuan__isnull=True) | Q(fee_yuan__gte=0), name="run_fee"),
        ]
        indexes: ClassVar = [models.Index(fields=["course", "state"], name="run_by_course")]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_text(self) -> str:
        return self.title

    @property
    def begins_at(self) -> dt.datetime:
        """When its first day begins: who has a seat learns from then on, not before."""
        return timezone.make_aware(dt.datetime.combine(self.opens_on, dt.time.min))

    @property
    def door(self) -> Door:
        return Door(self.state, self.entry, self.opens_on, self.closes_on, self.seats)


class UnitDate(models.Model):
    """What a class says of one unit's dates: before ``opens_at`` nobody gets in; ``due_at`` is when it should be done. Of a
    live class ``opens_at`` is when it begins."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="unit_dates")
    unit_key = models.UUIDField()
    opens_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    audited: ClassVar[tuple[str, ...]] = ("run_id", "unit_key", "opens_at", "due_at")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "unit_key"], name="unit_date_once"),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(due_at__isnull=True) | Q(due_at__gte=F("opens_at")), name="unit_date_order"
            ),
            models.CheckConstraint(condition=Q(opens_at__isnull=False) | Q(due_at__isnull=False), name="unit_date_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.unit_key}"
