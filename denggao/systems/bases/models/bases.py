from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from denggao.engines.cases.models import Case
from denggao.engines.credentials.models import Issued
from denggao.foundation.files.models import StoredFile
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.ladder import LEVEL_CHOICES
from denggao.foundation.standards.models import Industry, Named, Occupation


class CoverageFact(models.Model):
    """An occupation at one level that is trained for, under an industry of the plan, and how many people a year."""

    industry = models.ForeignKey(Industry, on_delete=models.PROTECT, related_name="+")
    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=10, choices=LEVEL_CHOICES)
    people_a_year = models.PositiveIntegerField(default=0, help_text="How many can be trained in a year; 0 is not told.")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.occupation} {self.level}"


class EquipmentFact(models.Model):
    """Machines of one make that stand at a site: how many, how many workstations they give, whose they are."""

    class Ownership(models.TextChoices):
        OWN = "own", _("own")
        LEASED = "leased", _("leased")
        SHARED = "shared", _("shared by another body")

    name = models.CharField(max_length=120)
    make = models.CharField(max_length=120, blank=True, help_text="Maker and model as written.")
    quantity = models.PositiveIntegerField()
    workstations = models.PositiveIntegerField(default=0)
    bought_on = models.DateField(null=True)
    value_yuan = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    ownership = models.CharField(max_length=10, choices=Ownership, default=Ownership.OWN)
    room = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class BaseQuerySet(models.QuerySet["Base"]):
    def in_force(self) -> BaseQuerySet:
        """Accredited, or suspended for the time being: those that hold their place."""
        return self.filter(state__in=[Base.State.ACCREDITED, Base.State.SUSPENDED])

    def accredited(self, on: dt.date) -> BaseQuerySet:
        """Those that may call themselves a base on a day: accredited and within their term, its last day included."""
        return self.filter(state=Base.State.ACCREDITED, valid_from__lte=on, valid_until__gte=on)


class Base(Named):
    """A training base: a body that three authorities accredited for a term. A renewal lengthens the term; after an
    exit or withdrawal the body may apply anew and gets another row, with another plaque. ``valid_until`` is the last day."""

    class State(models.TextChoices):
        ACCREDITED = "accredited", _("accredited")
        SUSPENDED = "suspended", _("suspended")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXPIRED = "expired", _("expired")
        EXITED = "exited", _("left of its own accord")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="bases")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="bases")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="base", help_text="The one that accredited it.")
    plaque = models.OneToOneField(Issued, null=True, on_delete=models.PROTECT, related_name="base")
    state = models.CharField(max_length=10, choices=State)
    industry = models.ForeignKey(Industry, on_delete=models.PROTECT, related_name="bases", help_text="The one it stands for.")
    industries = models.ManyToManyField(Industry, related_name="bases_serving", help_text="All it trains for.")
    address = models.CharField(max_length=200)
    longitude = models.DecimalField(max_digits=9, decimal_places=6)
    latitude = models.DecimalField(max_digits=9, decimal_places=6)
    floor_area_m2 = models.DecimalField(max_digits=9, decimal_places=1)
    workstations = models.PositiveIntegerField()
    contact = models.CharField(max_length=120, blank=True, help_text="An office telephone or address, not a person's.")
    accredited_on = models.DateField(help_text="The day the last authority signed.")
    valid_from = models.DateField()
    valid_until = models.DateField()
    ended_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    objects = BaseQuerySet.as_manager()

    audited: ClassVar[tuple[str, ...]] = (
        "name_zh", "name_en", "plan_id", "organisation_id", "case_id", "plaque_id", "state", "industry_id", "address", "longitude",
        "latitude", "floor_area_m2", "workstations", "contact", "accredited_on", "valid_from", "valid_until", "ended_on",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["accredited_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "plan"],
                condition=Q(state__in=["accredited", "suspended"]),
                name="base_in_force_once",
            ),
            models.CheckConstraint(condition=Q(valid_until__gte=models.F("valid_from")), name="base_term"),
            models.CheckConstraint(
                condition=Q(state__in=["accredited", "suspended"], ended_on__isnull=True)
                | Q(state__in=["withdrawn", "expired", "exited"], ended_on__isnull=False),
                name="base_ended_means_ended",
            ),
            models.CheckConstraint(
                condition=Q(longitude__range=(-180, 180), latitude__range=(-90, 90)), name="base_coordinates_on_earth"
            ),
        ]

    @property
    def audit_text(self) -> str:
        return self.name_zh

    @property
    def is_in_force(self) -> bool:
        return self.state in {self.State.ACCREDITED, self.State.SUSPENDED}


class Coverage(CoverageFact):
    """What a base trains for: one occupation at one level."""

    base = models.ForeignKey(Base, on_delete=models.CASCADE, related_name="coverage")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["base", "occupation", "level"], name="base_coverage_once")]


class Equipment(EquipmentFact):
    """What stands at a base: as accredited, until the base tells otherwise."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    base = models.ForeignKey(Base, on_delete=models.CASCADE, related_name="equipment")

    audited: ClassVar[tuple[str, ...]] = ("base_id", "name", "make", "quantity", "workstations", "ownership", "room")


class BaseAct(models.Model):
    """Something done to a base that changes what it may call itself. What takes something away is proposed by one person
    and confirmed by another; what follows from the calendar or from a case is done at once. Append-only but for the
    confirmation. Personal data: none; actors by id and text as everywhere in the audit."""

    class Kind(models.TextChoices):
        ACCREDIT = "accredit", _("accreditation")
        RENEW = "renew", _("renewal")
        SUSPEND = "suspend", _("suspension")
        RESTORE = "restore", _("restoration")
        WITHDRAW = "withdraw", _("withdrawal")
        EXIT = "exit", _("voluntary exit")
        EXPIRE = "expire", _("end of term")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for a second person")
        DONE = "done", _("done")
        DISMISSED = "dismissed", _("dismissed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    base = models.ForeignKey(Base, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    reason = models.CharField(max_length=500)
    evidence = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    appraisal = models.ForeignKey(
        "bases.Appraisal", null=True, on_delete=models.PROTECT, related_name="acts", help_text="The appraisal it follows from."
    )
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+", help_text="The renewal it follows from.")
    effective_on = models.DateField()
    proposed_by = models.CharField(max_length=60)
    proposed_by_text = models.CharField(max_length=120)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=60, blank=True)
    decided_by_text = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True)

    audited: ClassVar[tuple[str, ...]] = (
        "base_id", "kind", "state", "reason", "effective_on", "proposed_by", "decided_by", "decision_reason",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["-proposed_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["base"], condition=Q(state="proposed"), name="base_act_one_proposed"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True, decided_by="")
                | (~Q(state="proposed") & Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="base_act_decided_means_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="done", kind__in=["suspend", "restore", "withdraw", "exit"])
                | ~Q(decided_by=models.F("proposed_by")),
                name="base_act_takes_two_persons",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="base_act_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.base}"

    @property
    def audit_text(self) -> str:
        return f"{self.base.name_zh} {self.kind}"
