from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from denggao.engines.cases.models import Case
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.models import Named
from denggao.systems.craftsmen.models import Craftsman


class StudioApplication(Named):
    """What an employer said of the studio to be founded when it last submitted: the case's answers as typed rows, remade at each
    submission. ``name`` is the studio's. Personal data: who is to lead it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="studio_application")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    snapshot = models.PositiveSmallIntegerField(help_text="Number of the submission these rows are from.")
    leader = models.ForeignKey(Craftsman, on_delete=models.PROTECT, related_name="studio_applications")
    place = models.CharField(max_length=200)
    floor_area_m2 = models.DecimalField(max_digits=8, decimal_places=1)
    equipment = models.TextField(blank=True)
    purpose = models.TextField(help_text="What the studio is for.")
    planned_projects = models.TextField()
    planned_learners = models.PositiveSmallIntegerField()
    targets = models.TextField()
    funds_yuan = models.DecimalField(max_digits=12, decimal_places=2)
    hours_a_week = models.PositiveSmallIntegerField(help_text="That the employer gives its people for the studio.")
    submitted_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = (
        "case_id", "snapshot", "name_zh", "name_en", "leader_id", "place", "floor_area_m2", "funds_yuan", "hours_a_week",
    )  # fmt: skip

    @property
    def audit_text(self) -> str:
        return self.name_zh


class ApplicationMember(models.Model):
    """Somebody named for the studio, and who of the employer's roster that is, where one alone fits. Personal data: the name."""

    class Role(models.TextChoices):
        MEMBER = "member", pgettext_lazy("in a studio", "member")
        LEARNER = "learner", pgettext_lazy("in a studio", "learner")

    application = models.ForeignKey(StudioApplication, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    post = models.CharField(max_length=80, blank=True)
    occupation = models.CharField(max_length=120, blank=True)
    level = models.CharField(max_length=10, blank=True)
    role = models.CharField(max_length=8, choices=Role)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(name=""), name="studio_application_member_named")]

    def __str__(self) -> str:
        return f"{self.application} · {self.role}"
