from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from denggao.foundation.files.models import StoredFile
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.masks import mask_name
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Plan

NUMBER_LENGTH = 40
REASON_LENGTH = 300
ACTOR_TEXT_LENGTH = 120


class ReasonClass(models.TextChoices):
    """What of a reason anyone may know; the reason itself stays with the office and the holder."""

    GRANTERS = "granters", _("by decision of the granting bodies")
    CONDITIONS = "conditions", _("the conditions are no longer met")
    APPRAISAL = "appraisal", _("after an appraisal")
    REQUEST = "request", _("at the holder’s own request")
    ENDED = "ended", _("the underlying task or appointment has ended")
    ERROR = "error", _("issued by mistake")


class Standing(models.TextChoices):
    """How a credential stands on a day, as anyone is told. What the office decided goes before the term."""

    VALID = "valid", _("valid")
    NOT_YET = "not_yet", _("not yet in force")
    EXPIRED = "expired", _("expired")
    SUSPENDED = "suspended", _("suspended")
    WITHDRAWN = "withdrawn", _("withdrawn")


class IssuedQuerySet(models.QuerySet["Issued"]):
    """Days are inclusive: one valid until a day stands through that day."""

    def valid_on(self, day: dt.date) -> Self:
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), status=Issued.Status.VALID, valid_from__lte=day)

    def expired_on(self, day: dt.date) -> Self:
        return self.filter(status=Issued.Status.VALID, valid_until__lt=day)

    def standing_on(self, standing: Standing, day: dt.date) -> Self:
        match standing:
            case Standing.VALID:
                return self.valid_on(day)
            case Standing.EXPIRED:
                return self.expired_on(day)
            case Standing.NOT_YET:
                return self.filter(status=Issued.Status.VALID, valid_from__gt=day)
            case Standing.SUSPENDED:
                return self.filter(status=Issued.Status.SUSPENDED)
            case _:
                return self.filter(status=Issued.Status.WITHDRAWN)


class Issued(models.Model):
    """A plaque, a letter of appointment: what the platform itself issued, to one body or one person, and how it stands.
    The paper is made from what is kept here and nothing else; ``content_hash`` covers what it prints.
    Personal data: the holder's name, where the holder is a person."""

    class Status(models.TextChoices):
        VALID = "valid", _("valid")
        SUSPENDED = "suspended", _("suspended")
        WITHDRAWN = "withdrawn", _("withdrawn")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=30, help_text="Registered by the room that issues it: plaque, appointment …")
    number = models.CharField(max_length=NUMBER_LENGTH, unique=True)
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="issued")
    holder_organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="issued")
    holder_person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="issued")
    holder_zh = models.CharField(max_length=120)
    holder_en = models.CharField(max_length=200, blank=True)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200, blank=True)
    granters = models.JSONField(help_text="As printed, in their order: [{zh, en, code}].")
    facts = models.JSONField(default=dict, help_text="What else the paper prints; its kind says which.")
    subject_kind = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    issued_on = models.DateField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, help_text="The last day; empty for no end.")
    status = models.CharField(max_length=10, choices=Status, default=Status.VALID)
    status_at = models.DateTimeField(help_text="When the status last changed.")
    status_reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    status_reason_class = models.CharField(max_length=12, choices=ReasonClass, blank=True)
    content_hash = models.CharField(max_length=64)
    printed_at = models.DateTimeField(help_text="The moment the paper carries: of issue, or of the last renewal.")
    pdf = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    pdf_hash = models.CharField(max_length=64, blank=True, help_text="The content the PDF was made from.")

    objects = IssuedQuerySet.as_manager()

    audited: ClassVar[tuple[str, ...]] = (
        "kind", "number", "plan_id", "holder_organisation_id", "holder_person_id", "holder_zh", "holder_en", "title_zh",
        "granters", "subject_kind", "subject_id", "issued_on", "valid_from", "valid_until", "status", "status_reason",
        "status_reason_class", "content_hash",
    )  # fmt: skip
    personal: ClassVar[tuple[str, ...]] = ("holder_zh", "holder_en")

    class Meta:
        ordering: ClassVar = ["-issued_on", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "subject_kind", "subject_id", "valid_from"], name="issued_once"),
            models.CheckConstraint(
                condition=Q(holder_organisation__isnull=False) ^ Q(holder_person__isnull=False), name="issued_has_one_holder"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")), name="issued_dates"
            ),
            models.CheckConstraint(
                condition=Q(status="valid", status_reason="", status_reason_class="")
                | (Q(status__in=["suspended", "withdrawn"]) & ~Q(status_reason="") & ~Q(status_reason_class="")),
                name="issued_status_means_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"], name="issued_by_subject"),
            models.Index(fields=["-issued_on", "number"], name="issued_by_date"),
        ]

    def __str__(self) -> str:
        return f"{self.title_zh} {self.number}"

    @property
    def audit_text(self) -> str:
        return self.number

    @property
    def is_personal(self) -> bool:
        """Issued to a person: the public sees a masked name and no paper."""
        return self.holder_person_id is not None

    @property
    def title(self) -> str:
        return self.title_en if self.title_en and _in_english() else self.title_zh

    @property
    def holder(self) -> str:
        """The holder's whole name."""
        return self.holder_en if self.holder_en and _in_english() else self.holder_zh

    @property
    def public_holder(self) -> str:
        """The holder as anyone may see it."""
        return mask_name(self.holder_zh) if self.is_personal else self.holder

    @property
    def granter_names(self) -> list[str]:
        return [str((item.get("en") if _in_english() else "") or item["zh"]) for item in self.granters]

    def standing(self, day: dt.date) -> Standing:
        if self.status != self.Status.VALID:
            return Standing(self.status)
        if self.valid_until is not None and self.valid_until < day:
            return Standing.EXPIRED
        return Standing.NOT_YET if day < self.valid_from else Standing.VALID

    @property
    def has_current_pdf(self) -> bool:
        return self.pdf_id is not None and self.pdf_hash == self.content_hash

    def fact(self, name: str) -> Any:
        return self.facts.get(name, "")


class IssuedEvent(models.Model):
    """Something that happened to a credential: issued, suspended, restored, withdrawn, renewed. Append-only."""

    class Kind(models.TextChoices):
        ISSUED = "issued", _("issued")
        SUSPENDED = "suspended", _("suspended")
        RESTORED = "restored", _("restored")
        WITHDRAWN = "withdrawn", _("withdrawn")
        RENEWED = "renewed", _("renewed")

    issued = models.ForeignKey(Issued, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    reason_class = models.CharField(max_length=12, choices=ReasonClass, blank=True)
    valid_until = models.DateField(null=True, help_text="The last day from then on.")
    actor_id = models.CharField(max_length=60)
    actor_text = models.CharField(max_length=ACTOR_TEXT_LENGTH)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=["issued", "renewed"]) | ~Q(reason=""), name="issued_event_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.issued} {self.kind}"


class NumberCounter(models.Model):
    """The last serial taken under one number pattern. ``key`` is the pattern with everything filled in but the serial, so
    that two numbers can never be equal: LG-B-{serial:02d}."""

    key = models.CharField(max_length=60, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key} {self.last}"


def _in_english() -> bool:
    return (get_language() or "").startswith("en")
