from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.foundation.files.models import StoredFile
from denggao.foundation.plans.models import Plan
from denggao.systems.bases.models.bases import Base


class AppraisalCycle(models.Model):
    """The yearly appraisal of a plan's bases. ``indicators`` are those of the year, frozen when it was opened
    (``appraisal.indicators``); ``thresholds`` likewise: {"excellent": "90", "good": "80", "pass": "60"}."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", pgettext_lazy("an appraisal", "closed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="appraisal_cycles")
    year = models.PositiveSmallIntegerField(help_text="The year appraised.")
    indicators = models.JSONField()
    thresholds = models.JSONField()
    remedy_days = models.PositiveSmallIntegerField(help_text="Working days to remedy in.")
    document = models.CharField(max_length=200, blank=True, help_text="The notice it rests on, with its number.")
    opened_on = models.DateField()
    due_on = models.DateField(help_text="The last day to hand in.")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=60)
    closed_at = models.DateTimeField(null=True)

    audited: ClassVar[tuple[str, ...]] = ("plan_id", "year", "indicators", "thresholds", "remedy_days", "due_on", "state")

    class Meta:
        ordering: ClassVar = ["-year"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "year"], name="appraisal_cycle_once_a_year"),
            models.CheckConstraint(condition=Q(due_on__gte=models.F("opened_on")), name="appraisal_cycle_dates"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | Q(state="closed", closed_at__isnull=False),
                name="appraisal_cycle_closed_means_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan.code} {self.year}"

    @property
    def audit_text(self) -> str:
        return str(self)

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, 1, 1)

    @property
    def last_day(self) -> dt.date:
        return dt.date(self.year, 12, 31)


class Appraisal(models.Model):
    """One base in one year's appraisal: handed in by the base, graded by one person of the office, confirmed by another.
    A base that fails remedies within ``remedy_until`` (its last day) and is checked again."""

    class State(models.TextChoices):
        OPEN = "open", _("with the base")
        HANDED_IN = "handed_in", _("handed in")
        PROPOSED = "proposed", _("grade proposed")
        REMEDY = "remedy", _("remedying")
        REMEDIED = "remedied", _("remedy reported")
        CLOSED = "closed", pgettext_lazy("an appraisal", "closed")

    class Grade(models.TextChoices):
        EXCELLENT = "excellent", _("excellent")
        GOOD = "good", _("good")
        PASS = "pass", _("pass")
        FAIL = "fail", _("fail")

    class Outcome(models.TextChoices):
        STAYS = "stays", _("stays a base")
        REMEDIED = "remedied", _("remedied, stays a base")
        EXIT = "exit", _("is to leave")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(AppraisalCycle, on_delete=models.PROTECT, related_name="appraisals")
    base = models.ForeignKey(Base, on_delete=models.PROTECT, related_name="appraisals")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    grade = models.CharField(max_length=10, choices=Grade, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    handed_in_at = models.DateTimeField(null=True)
    proposed_by = models.CharField(max_length=60, blank=True)
    confirmed_by = models.CharField(max_length=60, blank=True)
    opinion = models.TextField(blank=True, help_text="What the office says of the year, shown to the base.")
    demands = models.TextField(blank=True, help_text="What is to be remedied.")
    remedy_until = models.DateField(null=True)
    remedy_report = models.TextField(blank=True)
    remedy_file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    audited: ClassVar[tuple[str, ...]] = (
        "cycle_id", "base_id", "state", "points", "grade", "outcome", "proposed_by", "confirmed_by", "opinion", "demands",
        "remedy_until", "remedy_report", "remedy_file_id",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["-cycle__year", "base_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cycle", "base"], name="appraisal_once_a_year"),
            models.CheckConstraint(
                condition=Q(confirmed_by="") | ~Q(confirmed_by=models.F("proposed_by")), name="appraisal_takes_two_persons"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | (Q(closed_at__isnull=False) & ~Q(grade="") & ~Q(outcome="") & ~Q(confirmed_by="")),
                name="appraisal_closed_is_graded",
            ),
            models.CheckConstraint(condition=Q(grade="") | Q(points__isnull=False), name="appraisal_grade_has_points"),
            models.CheckConstraint(
                condition=~Q(state__in=["remedy", "remedied"]) | Q(grade="fail"), name="appraisal_remedies_after_failing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.base} {self.cycle.year}"

    @property
    def audit_text(self) -> str:
        return f"{self.base.name_zh} {self.cycle.year}"


class AppraisalValue(models.Model):
    """What one indicator says of one base: filled by the platform from its own records, with the rows it rests on, or
    entered by the base with a file. ``points`` by the indicator's rule; the office may set others, with a remark."""

    class Source(models.TextChoices):
        PLATFORM = "platform", _("from the platform’s records")
        ENTERED = "entered", _("entered by the base")

    appraisal = models.ForeignKey(Appraisal, on_delete=models.CASCADE, related_name="values")
    indicator = models.CharField(max_length=40)
    source = models.CharField(max_length=10, choices=Source)
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    rows = models.JSONField(default=list, help_text="Public ids of the rows behind a number of the platform.")
    remark = models.CharField(max_length=500, blank=True)
    evidence = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    set_points = models.DecimalField(max_digits=5, decimal_places=2, null=True, help_text="By the office, in place of the rule's.")
    set_reason = models.CharField(max_length=300, blank=True)
    filled_at = models.DateTimeField(null=True)

    audited: ClassVar[tuple[str, ...]] = (
        "appraisal_id", "indicator", "source", "value", "remark", "evidence_id", "points", "set_points", "set_reason",
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["appraisal", "indicator"], name="appraisal_value_once"),
            models.CheckConstraint(
                condition=Q(set_points__isnull=True, set_reason="") | (Q(set_points__isnull=False) & ~Q(set_reason="")),
                name="appraisal_points_set_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.value}"

    @property
    def audit_text(self) -> str:
        return f"{self.appraisal.audit_text} {self.indicator}"


class AppraisalStep(models.Model):
    """What happened to an appraisal, in order. Append-only."""

    appraisal = models.ForeignKey(Appraisal, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    state_from = models.CharField(max_length=10, blank=True)
    state_to = models.CharField(max_length=10)
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    actor_text = models.CharField(max_length=120)
    reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["appraisal", "number"], name="appraisal_step_once")]

    def __str__(self) -> str:
        return f"{self.appraisal} {self.number}"
