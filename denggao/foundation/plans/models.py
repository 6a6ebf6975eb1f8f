from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from denggao.foundation.organisations.models import Organisation
from denggao.foundation.standards.models import Industry, Named


class ProofGrade(models.TextChoices):
    """How well a fact is proven, from the lowest: a row in a sheet; a scan compared by a second person; confirmed by
    the issuer's own account or by a register query with date and name."""

    DECLARED = "declared", _("declared")
    DOCUMENTED = "documented", _("documented")
    CONFIRMED = "confirmed", _("confirmed")

    @property
    def rank(self) -> int:
        return list(ProofGrade).index(self)


class Plan(Named):
    """What a region wants in a few years."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    short_name_zh = models.CharField(max_length=60, blank=True)
    short_name_en = models.CharField(max_length=80, blank=True)
    region_zh = models.CharField(max_length=60, blank=True)
    region_en = models.CharField(max_length=80, blank=True)
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    industries = models.ManyToManyField(Industry, through="PlanIndustry", related_name="plans")
    facts = models.JSONField(default=list, help_text="What else the plan says: [{code, zh, en, items: [{zh, en}]}].")
    source_hash = models.CharField(max_length=64, help_text="SHA-256 of the plan file it was loaded from.")
    is_demo = models.BooleanField(default=False)
    loaded_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("code", "name_zh", "first_year", "last_year", "source_hash")

    class Meta:
        ordering: ClassVar = ["-first_year", "code"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last_year__gte=models.F("first_year")), name="plan_years"),
        ]

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.first_year, 1, 1)

    @property
    def last_day(self) -> dt.date:
        return dt.date(self.last_year, 12, 31)

    @property
    def years(self) -> range:
        return range(self.first_year, self.last_year + 1)

    @property
    def short_name(self) -> str:
        short = self.short_name_en if (get_language() or "").startswith("en") else self.short_name_zh
        return short or self.name

    @property
    def region(self) -> str:
        return self.region_en if self.region_en and (get_language() or "").startswith("en") else self.region_zh

    @property
    def audit_text(self) -> str:
        return self.code


class PlanIndustry(models.Model):
    """An industry the plan promotes, in the plan's order."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE)
    industry = models.ForeignKey(Industry, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "industry"], name="plan_industry_once")]

    def __str__(self) -> str:
        return f"{self.plan.code} {self.industry}"


class Goal(Named):
    """One number the plan wants, what is counted for it and by which registered rule."""

    class Unit(models.TextChoices):
        PERSON = "person", _("person")
        BODY = "body", _("body")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="goals")
    code = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    short_name_zh = models.CharField(max_length=40)
    short_name_en = models.CharField(max_length=60)
    unit = models.CharField(max_length=6, choices=Unit)
    target = models.PositiveIntegerField()
    counting_rule = models.CharField(
        max_length=60, blank=True, help_text="Name of a registered rule; empty while no system counts it."
    )
    parameters = models.JSONField(default=dict)
    facts = models.JSONField(default=list, help_text="As the plan's facts.")
    lowest_proof = models.CharField(max_length=10, choices=ProofGrade, default=ProofGrade.DECLARED)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "code"], name="goal_once")]

    @property
    def short_name(self) -> str:
        return self.short_name_en if self.short_name_en and (get_language() or "").startswith("en") else self.short_name_zh


class GoalTarget(models.Model):
    """What a goal should reach within one year, where the plan says so."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="yearly_targets")
    year = models.PositiveSmallIntegerField()
    target = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["year"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["goal", "year"], name="goal_target_once")]

    def __str__(self) -> str:
        return f"{self.goal} {self.year}: {self.target}"


class Part(models.Model):
    """What a body, or a class of bodies, does towards a goal, or (``goal`` None) for the plan as a whole."""

    class Role(models.TextChoices):
        GUIDE = "guide", _("guidance")
        HOST = "host", _("host")
        CO_HOST = "co_host", _("co-host")
        LEAD = "lead", _("lead")
        UNDERTAKE = "undertake", _("undertaking")
        IMPLEMENT = "implement", _("implementation")
        PARTNER = "partner", _("partner")
        ACCREDIT = "accredit", _("joint accreditation")
        COOPERATE = "cooperate", _("cooperation")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="parts")
    goal = models.ForeignKey(Goal, null=True, on_delete=models.CASCADE, related_name="parts")
    role = models.CharField(max_length=30, choices=Role)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="parts")
    class_zh = models.CharField(max_length=80, blank=True, help_text="A class of bodies, such as 新片区重点企业.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(organisation__isnull=False) ^ ~Q(class_zh=""), name="part_is_a_body_or_a_class")
        ]

    def __str__(self) -> str:
        return f"{self.goal.code if self.goal else self.plan.code} {self.role}"


class Participation(models.Model):
    """An employer takes part in a plan; for its whole span unless dated, both ends included."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="participations")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="participations")
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)

    audited: ClassVar[tuple[str, ...]] = ("plan_id", "organisation_id", "from_on", "to_on")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "organisation"], name="participation_once"),
            models.CheckConstraint(
                condition=Q(from_on__isnull=True) | Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on")),
                name="participation_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan.code} {self.organisation}"

    @property
    def audit_text(self) -> str:
        return f"{self.plan.code} · {self.organisation.name_zh}"
