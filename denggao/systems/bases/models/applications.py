from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from denggao.engines.cases.models import Case
from denggao.foundation.files.models import StoredFile
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.masks import mask_name, mask_number
from denggao.foundation.people.models import IdentityDocument
from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.ladder import LEVEL_CHOICES
from denggao.foundation.standards.models import Industry, Named, Occupation
from denggao.foundation.vault.fields import INDEX_BYTES, EncryptedTextField
from denggao.systems.bases.models.bases import CoverageFact, EquipmentFact
from denggao.systems.bases.models.teachers import TeacherKind


class BaseApplication(Named):
    """What a body said of itself when it last submitted its application: the case's answers as typed rows, remade at
    each submission (the case's snapshots keep what was said before). Money in yuan."""

    class Kind(models.TextChoices):
        COLLEGE = "college", _("college or vocational school")
        PROVIDER = "provider", _("training provider")
        PUBLIC = "public", _("public training base")
        EMPLOYER = "employer", _("training centre of an employer")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="base_application")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="base_applications")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="base_applications")
    snapshot = models.PositiveSmallIntegerField(help_text="Number of the submission these rows are from.")
    kind = models.CharField(max_length=10, choices=Kind)
    industry = models.ForeignKey(Industry, on_delete=models.PROTECT, related_name="base_applications")
    industries = models.ManyToManyField(Industry, related_name="+")
    capability = models.TextField(help_text="What the body has trained so far, in its own words.")
    shares_with = models.TextField(blank=True, help_text="Which employers, upstream and downstream, it is open to.")
    managing_district = models.CharField(max_length=60, blank=True, help_text="属地管理区, where there is one.")
    contact = models.CharField(max_length=120, blank=True, help_text="An office telephone or address, not a person's.")
    address = models.CharField(max_length=200)
    longitude = models.DecimalField(max_digits=9, decimal_places=6)
    latitude = models.DecimalField(max_digits=9, decimal_places=6)
    floor_area_m2 = models.DecimalField(max_digits=9, decimal_places=1)
    workstations = models.PositiveIntegerField()
    site_right = models.CharField(max_length=10, choices=EquipmentFact.Ownership)
    site_right_until = models.DateField(null=True, help_text="The last day of a lease.")
    training_plan = models.TextField(help_text="Aims and course of the three years, in words.")
    invested_yuan = models.DecimalField(max_digits=14, decimal_places=2)
    yearly_income_yuan = models.DecimalField(max_digits=14, decimal_places=2)
    yearly_cost_yuan = models.DecimalField(max_digits=14, decimal_places=2)
    own_funds_yuan = models.DecimalField(max_digits=14, decimal_places=2, help_text="What the body itself gives in three years.")
    submitted_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = (
        "case_id", "organisation_id", "snapshot", "kind", "industry_id", "address", "longitude", "latitude", "floor_area_m2",
        "workstations", "invested_yuan", "yearly_income_yuan", "yearly_cost_yuan", "own_funds_yuan",
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(longitude__range=(-180, 180), latitude__range=(-90, 90)), name="base_application_coordinates"
            ),
            models.CheckConstraint(
                condition=Q(invested_yuan__gte=0, yearly_income_yuan__gte=0, yearly_cost_yuan__gte=0, own_funds_yuan__gte=0),
                name="base_application_money",
            ),
        ]

    @property
    def audit_text(self) -> str:
        return self.name_zh


class ApplicationCoverage(CoverageFact):
    """What an applicant means to train for: one occupation at one level."""

    application = models.ForeignKey(BaseApplication, on_delete=models.CASCADE, related_name="coverage")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "occupation", "level"], name="application_coverage_once")
        ]


class ApplicationEquipment(EquipmentFact):
    """What an applicant says stands at its site."""

    application = models.ForeignKey(BaseApplication, on_delete=models.CASCADE, related_name="equipment")


class ApplicationTeacher(models.Model):
    """A teacher an applicant names. The teacher joins the pool when the base is accredited.
    Personal data: name, number of the identity document and phone (both encrypted), qualification."""

    application = models.ForeignKey(BaseApplication, on_delete=models.CASCADE, related_name="teachers")
    name = models.CharField(max_length=80)
    document_kind = models.CharField(max_length=20, choices=IdentityDocument.Kind)
    number = EncryptedTextField()
    number_index = models.BinaryField(max_length=INDEX_BYTES)
    phone = EncryptedTextField(blank=True, default="")
    kind = models.CharField(max_length=15, choices=TeacherKind)
    industry = models.ForeignKey(Industry, null=True, on_delete=models.PROTECT, related_name="+")
    qualification = models.CharField(max_length=120, blank=True)
    qualification_number = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=10, choices=LEVEL_CHOICES, blank=True)
    issued_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)

    personal: ClassVar[tuple[str, ...]] = ("name", "number", "phone", "qualification", "qualification_number")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "document_kind", "number_index"], name="application_teacher_once")
        ]

    def __str__(self) -> str:
        return self.masked_name

    @property
    def masked_name(self) -> str:
        return mask_name(self.name)

    @property
    def masked_number(self) -> str:
        return mask_number(self.number)


class PlannedTraining(models.Model):
    """One line of the three-year training plan: in that year, so many people of one occupation to one level."""

    application = models.ForeignKey(BaseApplication, on_delete=models.CASCADE, related_name="planned")
    year = models.PositiveSmallIntegerField()
    programme = models.CharField(max_length=80, help_text="上岗培训, 高师带徒, 转岗培训, 技术研修 or another, as written.")
    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=10, choices=LEVEL_CHOICES, blank=True)
    people = models.PositiveIntegerField()
    hours = models.PositiveIntegerField(help_text="课时 for each person.")

    class Meta:
        ordering: ClassVar = ["year", "id"]

    def __str__(self) -> str:
        return f"{self.year} {self.occupation} {self.people}"


class ApplicationPaper(models.Model):
    """A paper handed in with an application: fire, health, safety and the like. Personal data: whatever the file holds."""

    class Kind(models.TextChoices):
        LICENCE = "licence", _("registration certificate of the body")
        SITE = "site", _("title deed or lease of the site")
        FIRE = "fire", _("fire safety")
        HEALTH = "health", _("health")
        SAFETY = "safety", _("work safety")
        FINANCE = "finance", _("audit report or financial statement")
        OTHER = "other", _("other paper")

    application = models.ForeignKey(BaseApplication, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=10, choices=Kind)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    valid_until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["application", "file"], name="application_paper_once")]

    def __str__(self) -> str:
        return self.kind
