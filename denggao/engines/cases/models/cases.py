from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from denggao.engines.cases import procedures
from denggao.engines.cases.models.rounds import Round
from denggao.engines.cases.procedures import Procedure, Stage, StageKind
from denggao.engines.cases.states import STANDING, State, WaitsFor
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Plan

SUBJECT_KIND = "case"
_IN_ROWS = (
    "public_id", "number", "procedure", "version", "title", "stage", "stage_kind", "state", "waits_for", "waits_since", "due_on",
    "clock_days", "escalated_at", "ended_at", "assignee",
)  # fmt: skip


class CaseQuerySet(models.QuerySet["Case"]):
    def standing(self) -> CaseQuerySet:
        """Not ended: under way or with the applicant for correction."""
        return self.filter(state__in=STANDING)

    def submitted(self) -> CaseQuerySet:
        return self.filter(submitted_at__isnull=False)

    def overdue(self, today: dt.date) -> CaseQuerySet:
        """Past the day by which whoever's turn it is should have acted."""
        return self.filter(state__in=STANDING, due_on__lt=today)

    def with_labels(self) -> CaseQuerySet:
        """Ready to be shown in a list without further queries."""
        return self.select_related("body", "person", "round", "plan")

    def for_rows(self) -> CaseQuerySet:
        """As ``with_labels``, with no more of it than the worklist's rows show."""
        names = ("body__name_zh", "body__name_en", "person__name", "round__title_zh", "round__title_en")
        return self.select_related("body", "person", "round").only(*_IN_ROWS, *names)


class Case(models.Model):
    """One application on its way through its procedure. ``stage`` and ``state`` say where it stands; every move of them is
    one conditional update that also counts ``lock`` up, and a Step with that number. ``due_on`` is the day by which whoever's
    turn it is should act; None where there is no limit, or while the calendar of that year is not known. While the
    applicant has it back, the office's clock stands still: ``clock_days`` is what is left of it.
    Personal data: that this person applies."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=40, null=True, unique=True, help_text="Given at the first submission, without gaps.")
    procedure = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    form_version = models.PositiveSmallIntegerField(help_text="The form its drafts are written on.")
    round = models.ForeignKey(Round, null=True, on_delete=models.PROTECT, related_name="cases")
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="cases")
    body = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="cases")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="cases")
    about_id = models.UUIDField(null=True, help_text="Public id of what of the system's own the case is about, if anything.")
    title = models.CharField(max_length=120, blank=True)
    stage = models.CharField(max_length=30)
    stage_kind = models.CharField(max_length=10, choices=StageKind)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    waits_for = models.CharField(max_length=10, choices=WaitsFor, default=WaitsFor.APPLICANT)
    stage_since = models.DateTimeField(help_text="When the case came to this stage.")
    waits_since = models.DateTimeField(help_text="Since when it has been the turn of whoever's turn it is.")
    due_on = models.DateField(null=True)
    clock_days = models.SmallIntegerField(null=True, help_text="Working days left to the stage when its clock last started.")
    clock_from_on = models.DateField(null=True, help_text="The day on which the clock last started.")
    clock_stopped_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True, help_text="When the office was told that this stage is overdue.")
    assignee = models.CharField(max_length=60, blank=True, help_text="Public id of the office's account that works on it.")
    once_key = models.CharField(max_length=80, blank=True, help_text="No two standing cases share it; empty where several may.")
    opened_by = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, help_text="The first submission.")
    ended_at = models.DateTimeField(null=True)
    lock = models.PositiveIntegerField(default=0)
    is_demo = models.BooleanField(default=False)

    objects = CaseQuerySet.as_manager()

    audited: ClassVar[tuple[str, ...]] = ("number", "title", "stage", "state", "due_on", "assignee", "lock")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(body__isnull=False) ^ Q(person__isnull=False), name="case_of_a_body_or_a_person"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "returned"], ended_at__isnull=True)
                | (~Q(state__in=["open", "returned"]) & Q(ended_at__isnull=False)),
                name="case_ended_means_ended",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, number__isnull=True) | Q(submitted_at__isnull=False, number__isnull=False),
                name="case_submitted_means_numbered",
            ),
            models.CheckConstraint(
                condition=Q(stage_kind="draft", state__in=["open", "withdrawn"], submitted_at__isnull=True)
                | (~Q(stage_kind="draft") & Q(submitted_at__isnull=False)),
                name="case_beyond_draft_means_submitted",
            ),
            models.CheckConstraint(
                condition=Q(state="returned", clock_stopped_at__isnull=False)
                | (~Q(state="returned") & Q(clock_stopped_at__isnull=True)),
                name="case_returned_means_clock_stopped",
            ),
            models.UniqueConstraint(
                fields=["once_key"], condition=Q(state__in=["open", "returned"]) & ~Q(once_key=""), name="case_standing_once"
            ),
            models.CheckConstraint(condition=~Q(state="awarded") | Q(stage_kind="award"), name="case_awarded_in_its_last_stage"),
            models.CheckConstraint(
                condition=(Q(state__in=["open", "returned"]) & ~Q(waits_for="nobody"))
                | (~Q(state__in=["open", "returned"]) & Q(waits_for="nobody", due_on__isnull=True)),
                name="case_ended_waits_for_nobody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "stage_kind", "waits_since"], name="case_by_stage"),
            # The whole of what the worklist asks when it counts and sorts what waits: it reads no case for that.
            models.Index(
                fields=["waits_for", "assignee", "procedure", "version", "stage", "due_on", "waits_since", "id"],
                name="case_by_turn",
            ),
            models.Index(fields=["waits_for", "waits_since", "id"], name="case_by_turn_wait"),
            models.Index(fields=["body", "state"], name="case_by_body"),
            models.Index(fields=["procedure", "stage", "state"], name="case_by_procedure"),
            models.Index(fields=["assignee", "state"], name="case_by_assignee"),
            models.Index(fields=["due_on"], name="case_due", condition=Q(state__in=["open", "returned"])),
            models.Index(fields=["opened_by"], name="case_by_opener"),
            models.Index(fields=["waits_since", "id"], name="case_by_wait", condition=Q(submitted_at__isnull=False)),
            models.Index(fields=["about_id"], name="case_by_about", condition=Q(about_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number or self.title

    @property
    def audit_text(self) -> str:
        return self.number or f"{self.procedure} {str(self.public_id)[:8]}"

    @property
    def declared(self) -> Procedure:
        """The procedure, in the version this case was opened under. Raises KeyError."""
        return procedures.procedure(self.procedure, self.version)

    @property
    def at(self) -> Stage:
        """The stage it stands in. Raises KeyError."""
        return self.declared.stage(self.stage)

    @property
    def is_standing(self) -> bool:
        return self.state in STANDING

    @property
    def applicant_name(self) -> str:
        """A body's name; of a person the masked one."""
        if self.body is not None:
            return self.body.name
        return self.person.masked_name if self.person is not None else ""

    @property
    def link(self) -> str:
        return f"/cases/{self.public_id}/"


class CaseCounter(models.Model):
    """The last number given to a case of a procedure in a year. Counted up by one conditional update, in the transaction of
    the submission: no number twice, none left out."""

    procedure = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["procedure", "year"], name="case_counter_once")]

    def __str__(self) -> str:
        return f"{self.procedure} {self.year} {self.last}"
