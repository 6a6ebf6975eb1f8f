"""One subject's review: who is asked, and who must not be."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from denggao.engines.reviews.models.experts import Expert
from denggao.engines.reviews.models.rubrics import RubricVersion
from denggao.foundation.accounts.models import User
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Plan


class PanelQuerySet(models.QuerySet["Panel"]):
    def running(self) -> PanelQuerySet:
        """Not closed: conflicts are still looked for."""
        return self.exclude(state=Panel.State.CLOSED)


class Panel(models.Model):
    """The experts who judge one subject (a case: ``subject_kind`` "case", its public id), by one version of a rubric.

    ``seats`` is how many submitted reviews are wanted. ``rule``: ``{"aggregate": "mean"|"median"|"trimmed", "max_spread":
    "15.00", "visit_required": bool, "extra_seats": 1}``, points as text. ``parties`` are who the experts must have nothing
    to do with, by database ids: ``{"organisations": [], "persons": [], "nominators": [], "nominator_persons": []}``
    (``nominators`` are bodies). Personal data: who is party and who chairs."""

    class State(models.TextChoices):
        OPEN = "open", _("experts are being asked")
        SCORING = "scoring", _("being scored")
        CLOSED = "closed", _("closed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="+")
    rubric_version = models.ForeignKey(RubricVersion, on_delete=models.PROTECT, related_name="panels")
    seats = models.PositiveSmallIntegerField()
    rule = models.JSONField(default=dict)
    parties = models.JSONField(default=dict)
    fields = models.JSONField(default=list, help_text="Codes of the industries it is about; empty for any.")
    chair = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    due_on = models.DateField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    result = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    is_demo = models.BooleanField(default=False)

    objects = PanelQuerySet.as_manager()

    audited: ClassVar[tuple[str, ...]] = (
        "subject_kind", "subject_id", "rubric_version_id", "seats", "rule", "chair_id", "state", "due_on", "closed_at", "result",
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id"], condition=~Q(state="closed"), name="panel_running_once"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="panel_closed_means_closed",
            ),
            models.CheckConstraint(condition=Q(seats__gte=1), name="panel_has_seats"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"], name="panel_by_subject"),
            models.Index(fields=["state", "due_on"], name="panel_by_state"),
        ]

    def __str__(self) -> str:
        return self.title_zh

    @property
    def title(self) -> str:
        return self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title_zh

    @property
    def audit_text(self) -> str:
        return self.title_zh


class Assignment(models.Model):
    """One expert in one panel, from the asking to the submitted scores. ``set_aside`` keeps the scores and counts them
    no more: a conflict came to light. Personal data: who judges whom."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        SCORING = "scoring", _("scoring")
        SUBMITTED = "submitted", _("submitted")
        SET_ASIDE = "set_aside", _("set aside")
        REPLACED = "replaced", _("replaced")

    class How(models.TextChoices):
        HAND = "hand", _("by hand")
        RULE = "rule", _("by rule")
        AUTO = "auto", _("balanced automatically")
        EXTRA = "extra", _("a further expert")

    WORKING: ClassVar[tuple[str, ...]] = ("asked", "accepted", "scoring", "submitted")
    PENDING: ClassVar[tuple[str, ...]] = ("asked", "accepted", "scoring")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="assignments")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    how = models.CharField(max_length=5, choices=How)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60, help_text="The actor's id.")
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="When declined, replaced or set aside.")
    reason = models.CharField(max_length=300, blank=True, help_text="Why declined, replaced or set aside.")
    was_state = models.CharField(max_length=10, choices=State, blank=True, help_text="The state before it was set aside.")

    audited: ClassVar[tuple[str, ...]] = ("panel_id", "expert_id", "state", "how", "ended_at", "reason")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["panel", "expert"], name="assignment_once"),
            models.CheckConstraint(
                condition=(Q(state__in=["declined", "replaced", "set_aside"], ended_at__isnull=False) & ~Q(reason=""))
                | Q(state__in=["asked", "accepted", "scoring", "submitted"], ended_at__isnull=True, reason=""),
                name="assignment_ended_for_a_reason",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["expert", "state"], name="assignment_by_expert")]

    def __str__(self) -> str:
        return f"{self.expert} · {self.panel}"

    @property
    def audit_text(self) -> str:
        return f"{self.expert.audit_text} · {self.panel.title_zh}"

    @property
    def is_working(self) -> bool:
        """Whether the expert still has, or used, the seat."""
        return self.state in self.WORKING


class Conflict(models.Model):
    """Why this person must not judge, chair or see this panel's subject. The person is mostly an expert, sometimes the
    chair or an office account. ``fact`` says what the finding rests on, so that it is written once, however often it is
    found. ``detail``: ``{"body": {"zh", "en"}, "person": masked name, "from": day, "to": day, "twin": true}`` as far as
    known, or ``{"text"}`` as declared or pinned. Clearing gives a reason and leaves the fact. Personal data: the whole row;
    for the chair and the office."""

    class Kind(models.TextChoices):
        PARTY = "party", _("is a party")
        EMPLOYER = "employer", _("works for a party")
        FORMER_EMPLOYER = "former_employer", _("worked for a party lately")
        APPOINTMENT = "appointment", _("holds an appointment or role with a party")
        MENTORSHIP = "mentorship", _("mentor or learner of a party")
        NOMINATOR = "nominator", _("belongs to the nominating body, or nominated")
        KIN = "kin", _("declared kin")
        DECLARED = "declared", _("declared by the expert")
        PINNED = "pinned", _("pinned by the chair")

    class Source(models.TextChoices):
        DECLARED = "declared", _("declared")
        FOUND = "found", _("found by the platform")
        PINNED = "pinned", _("pinned by the chair")

    class State(models.TextChoices):
        STANDING = "standing", _("stands")
        CLEARED = "cleared", _("cleared")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="conflicts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=15, choices=Kind)
    source = models.CharField(max_length=8, choices=Source)
    fact = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.STANDING)
    found_at = models.DateTimeField()
    found_by = models.CharField(max_length=60, help_text="The actor's id.")
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.CharField(max_length=60, blank=True)
    cleared_reason = models.CharField(max_length=300, blank=True)

    audited: ClassVar[tuple[str, ...]] = (
        "panel_id", "person_id", "kind", "source", "detail", "state", "cleared_by", "cleared_reason",
    )  # fmt: skip
    personal: ClassVar[tuple[str, ...]] = ("detail",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["panel", "person", "kind", "fact"], name="conflict_once"),
            models.CheckConstraint(
                condition=Q(state="standing", cleared_at__isnull=True, cleared_by="", cleared_reason="")
                | (Q(state="cleared", cleared_at__isnull=False) & ~Q(cleared_by="") & ~Q(cleared_reason="")),
                name="conflict_cleared_for_a_reason",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "state"], name="conflict_by_person")]

    def __str__(self) -> str:
        return f"{self.kind} · {self.person} · {self.panel}"

    @property
    def audit_text(self) -> str:
        return f"{self.person.audit_text} · {self.panel.title_zh}"
