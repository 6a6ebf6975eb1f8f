from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.engines.cases.models import Case, Round
from denggao.engines.credentials.models import Issued
from denggao.foundation.files.models import StoredFile
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.models import Industry, Named
from denggao.systems.craftsmen.models import Craftsman


class StudioOrder(models.Model):
    """The document by which studios of a call are named (命名文件): its number, title and date, with its scan. A naming rests on
    the newest order of its call."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="studio_orders")
    number = models.CharField(max_length=60, unique=True, help_text="As printed: 嘉工〔2021〕18号.")
    title = models.CharField(max_length=200)
    issued_on = models.DateField()
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.CharField(max_length=60)
    recorded_by_text = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("round_id", "number", "title", "issued_on")

    class Meta:
        ordering: ClassVar = ["-issued_on", "-id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(number="") & ~Q(title=""), name="studio_order_says_which")]

    def __str__(self) -> str:
        return self.number

    @property
    def audit_text(self) -> str:
        return self.number


class StudioQuerySet(models.QuerySet["Studio"]):
    def in_force(self) -> StudioQuerySet:
        """Named, or suspended for the time being: those that hold their place."""
        return self.filter(state__in=[Studio.State.NAMED, Studio.State.SUSPENDED])


class Studio(Named):
    """A craftsman studio in an employer: named by a decided case, led by a craftsman. ``leader`` is who leads it now. Once un-named
    it never stands again: the employer applies anew, and another row begins. Personal data: who leads it, which is public as the
    naming is."""

    class State(models.TextChoices):
        NAMED = "named", pgettext_lazy("a studio", "named")
        SUSPENDED = "suspended", pgettext_lazy("a studio", "suspended")
        UNNAMED = "unnamed", pgettext_lazy("a studio", "un-named")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="studios")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="studios")
    leader = models.ForeignKey(Craftsman, on_delete=models.PROTECT, related_name="studios_led")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="studio", help_text="The one that founded it.")
    order = models.ForeignKey(StudioOrder, on_delete=models.PROTECT, related_name="studios")
    industry = models.ForeignKey(Industry, on_delete=models.PROTECT, related_name="studios")
    plaque = models.OneToOneField(Issued, null=True, on_delete=models.PROTECT, related_name="studio")
    state = models.CharField(max_length=10, choices=State, default=State.NAMED)
    place = models.CharField(max_length=200)
    floor_area_m2 = models.DecimalField(max_digits=8, decimal_places=1)
    equipment = models.TextField(blank=True)
    purpose = models.TextField()
    funds_yuan = models.DecimalField(max_digits=12, decimal_places=2)
    hours_a_week = models.PositiveSmallIntegerField()
    named_on = models.DateField()
    evaluation_due_on = models.DateField(help_text="By which day it is to be evaluated next.")
    remedy_until = models.DateField(null=True, help_text="Last day to remedy what an evaluation found; None where nothing is open.")
    reminded_on = models.DateField(null=True, help_text="When it was last reminded of its evaluation.")
    ended_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    objects = StudioQuerySet.as_manager()

    audited: ClassVar[tuple[str, ...]] = (
        "name_zh", "name_en", "plan_id", "organisation_id", "leader_id", "case_id", "order_id", "industry_id", "plaque_id", "state",
        "place", "named_on", "evaluation_due_on", "remedy_until", "ended_on",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["named_on", "id"]
        constraints: ClassVar = [
            # A suspended studio whose leader lost the title keeps naming that leader until another is confirmed.
            models.UniqueConstraint(fields=["leader"], condition=Q(state__in=["named", "suspended"]), name="studio_led_once"),
            models.CheckConstraint(
                condition=Q(state__in=["named", "suspended"], ended_on__isnull=True) | Q(state="unnamed", ended_on__isnull=False),
                name="studio_ended_means_ended",
            ),
            models.CheckConstraint(condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("named_on")), name="studio_dates"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["plan", "state"], name="studio_by_plan"),
            models.Index(fields=["organisation", "state"], name="studio_by_body"),
        ]

    @property
    def audit_text(self) -> str:
        return self.name_zh

    @property
    def is_in_force(self) -> bool:
        return self.state in {self.State.NAMED, self.State.SUSPENDED}


class StudioAct(models.Model):
    """Something done to a studio: proposed by one person and confirmed by another. A suspension because its leader lost the title
    is done at once, with that act. Append-only but for the decision. Personal data: in the reason, and who is to lead."""

    class Kind(models.TextChoices):
        SUSPEND = "suspend", pgettext_lazy("an act on a studio", "suspension")
        RESTORE = "restore", pgettext_lazy("an act on a studio", "restoration")
        LEAD = "lead", pgettext_lazy("an act on a studio", "change of its leader")
        UNNAME = "unname", pgettext_lazy("an act on a studio", "un-naming")

    class Grounds(models.TextChoices):
        """No document was found that lists grounds; these are the product's defaults (confidence C)."""

        LEADER = "leader", _("its leader no longer holds the title, or left")
        EVALUATION = "evaluation", _("did not meet the evaluation, nor remedied it in time")
        FORGED = "forged", _("forged or false material")
        IDLE = "idle", _("does not work any more")
        REQUEST = "request", _("at the employer’s own request")
        MENDED = "mended", _("the reason for the suspension is gone")
        OTHER = "other", _("other grounds, told in the reason")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for a second person")
        DONE = "done", _("done")
        DISMISSED = "dismissed", _("dismissed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=8, choices=Kind)
    grounds = models.CharField(max_length=10, choices=Grounds)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    reason = models.CharField(max_length=500)
    evidence = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    leader = models.ForeignKey(Craftsman, null=True, on_delete=models.PROTECT, related_name="+", help_text="Who is to lead it.")
    evaluation = models.ForeignKey("craftsmen_studios.Evaluation", null=True, on_delete=models.PROTECT, related_name="acts")
    effective_on = models.DateField()
    proposed_by = models.CharField(max_length=60)
    proposed_by_text = models.CharField(max_length=120)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=60, blank=True)
    decided_by_text = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True)

    audited: ClassVar[tuple[str, ...]] = (
        "studio_id", "kind", "grounds", "state", "reason", "leader_id", "effective_on", "proposed_by", "decided_by",
        "decision_reason",
    )  # fmt: skip
    personal: ClassVar[tuple[str, ...]] = ("reason",)

    class Meta:
        ordering: ClassVar = ["-proposed_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["studio"], condition=Q(state="proposed"), name="studio_act_one_proposed"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True, decided_by="")
                | (~Q(state="proposed") & Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="studio_act_decided_means_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(decided_by=F("proposed_by")) | Q(kind="suspend", grounds="leader"),
                name="studio_act_takes_two_persons",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="studio_act_has_a_reason"),
            models.CheckConstraint(
                condition=Q(kind="lead", leader__isnull=False) | (~Q(kind="lead") & Q(leader__isnull=True)),
                name="studio_act_names_who_leads",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.studio}"

    @property
    def audit_text(self) -> str:
        return f"{self.studio.name_zh} {self.kind}"


class StudioMember(models.Model):
    """A person works in a studio, from a day to a day, the last included; it counts once the person has said yes. ``is_public``:
    the person agreed to be named to everybody, else a masked name is shown. Personal data: that the person works here."""

    class Role(models.TextChoices):
        LEADER = "leader", pgettext_lazy("in a studio", "leader")
        MEMBER = "member", pgettext_lazy("in a studio", "member")
        LEARNER = "learner", pgettext_lazy("in a studio", "learner")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="studio_memberships")
    role = models.CharField(max_length=8, choices=Role)
    post = models.CharField(max_length=80, blank=True)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    is_public = models.BooleanField(default=False)
    end_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = (
        "studio_id", "person_id", "role", "from_on", "to_on", "confirmed_at", "is_public", "end_reason",
    )  # fmt: skip
    personal: ClassVar[tuple[str, ...]] = ("end_reason",)

    class Meta:
        ordering: ClassVar = ["from_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["studio", "person"], condition=Q(to_on__isnull=True), name="studio_member_once"),
            models.UniqueConstraint(
                fields=["studio"], condition=Q(to_on__isnull=True, role="leader"), name="studio_has_one_leader"
            ),
            models.CheckConstraint(condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="studio_member_dates"),
            models.CheckConstraint(condition=Q(is_public=False) | Q(confirmed_at__isnull=False), name="studio_member_agreed"),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "to_on"], name="studio_member_by_person")]

    def __str__(self) -> str:
        return f"{self.studio} · {self.role}"

    @property
    def audit_text(self) -> str:
        return f"{self.person.masked_name} · {self.studio.name_zh}"

    @property
    def public_name(self) -> str:
        return self.person.name if self.is_public else self.person.masked_name

    def is_member_on(self, day: dt.date) -> bool:
        return self.confirmed_at is not None and self.from_on <= day and (self.to_on is None or day <= self.to_on)
