from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.systems.university.learning.models.runs import Run
from denggao.systems.university.learning.rules.progress import Tally


class Enrolment(models.Model):
    """A person learns in a class. ``done``, ``required``, ``seconds`` and ``next_key`` follow from the units' progress and are
    kept for lists; ``seconds`` are those the hours engine credited. ``employer`` is the body that enrolled, and that therefore
    follows the progress: nobody else's HR does. Personal data: that this person learns here, and how it goes."""

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        WAITING = "waiting", _("waits for a seat")
        ENROLLED = "enrolled", _("learning")
        FINISHED = "finished", _("finished")
        LEFT = "left", _("left the class")
        REMOVED = "removed", _("taken out of the class")

    class How(models.TextChoices):
        SELF = "self", _("by oneself")
        EMPLOYER = "employer", _("by the employer")
        INVITED = "invited", _("by invitation")
        SHEET = "sheet", _("from a list")
        SELECTED = "selected", _("by selection")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="learning")
    state = models.CharField(max_length=10, choices=State)
    how = models.CharField(max_length=10, choices=How)
    employer = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="learning")
    created_at = models.DateTimeField()
    enrolled_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    finished_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Of leaving or being taken out.")
    last_at = models.DateTimeField(null=True)
    last_key = models.UUIDField(null=True, help_text="The unit last learned in.")
    next_key = models.UUIDField(null=True)
    done = models.PositiveSmallIntegerField(default=0)
    required = models.PositiveSmallIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)
    reminded_on = models.DateField(null=True)
    source = models.CharField(max_length=40, blank=True, help_text="Public id of the sheet's row it came from.")

    audited: ClassVar[tuple[str, ...]] = (
        "run_id", "person_id", "state", "how", "employer_id", "due_on", "finished_at", "reason", "source",
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "person"], name="enrolment_once"),
            models.CheckConstraint(
                condition=Q(state__in=["invited", "waiting"], enrolled_at__isnull=True)
                | Q(state__in=["enrolled", "finished"], enrolled_at__isnull=False)
                | Q(state__in=["left", "removed"]),
                name="enrolment_enrolled_on_a_day",
            ),
            models.CheckConstraint(
                condition=(Q(state="finished") & Q(finished_at__isnull=False))
                | (~Q(state="finished") & Q(finished_at__isnull=True)),
                name="enrolment_finished_means_finished",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["left", "removed"], ended_at__isnull=False)
                | (~Q(state__in=["left", "removed"]) & Q(ended_at__isnull=True)),
                name="enrolment_ended_means_ended",
            ),
            models.CheckConstraint(condition=~Q(state="removed") | ~Q(reason=""), name="enrolment_removed_says_why"),
            models.CheckConstraint(condition=Q(done__lte=F("required")), name="enrolment_done_within_required"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "state"], name="enrolment_by_person"),
            models.Index(fields=["run", "state"], name="enrolment_by_run"),
            models.Index(fields=["employer", "state"], name="enrolment_by_employer"),
            models.Index(fields=["due_on"], name="enrolment_due", condition=Q(state="enrolled", due_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.run}"

    @property
    def audit_text(self) -> str:
        return f"{self.person.masked_name} · {self.run.title}"

    @property
    def is_learning(self) -> bool:
        """Whether the content is open to the learner: also after finishing, for looking things up."""
        return self.state in {self.State.ENROLLED, self.State.FINISHED}

    @property
    def share(self) -> float:
        """0–1 of the required units."""
        return Tally(self.done, self.required).share


class UnitProgress(models.Model):
    """How far a learner is in one unit; no row while it was not touched. What is done stays done. ``watched`` are intervals in
    seconds, merged; ``coverage`` their share (0–1) of the length. ``score`` is points, or percent of a check. ``how`` says
    by what it was done: watched, read, attended, graded, signed, passed. Personal data: what this person did."""

    class State(models.TextChoices):
        STARTED = "started", _("begun")
        WAITING = "waiting", _("waits for somebody else")
        DONE = "done", _("unit done")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="progress")
    unit_key = models.UUIDField()
    state = models.CharField(max_length=8, choices=State, default=State.STARTED)
    seconds = models.PositiveIntegerField(default=0)
    position_seconds = models.PositiveIntegerField(null=True)
    watched = models.JSONField(default=list)
    coverage = models.FloatField(default=0)
    score = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    said_read = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enrolment", "unit_key"], name="unit_progress_once"),
            models.CheckConstraint(
                condition=(Q(state="done", done_at__isnull=False) & ~Q(how=""))
                | (~Q(state="done") & Q(done_at__isnull=True, how="")),
                name="unit_progress_done_means_done",
            ),
            models.CheckConstraint(condition=Q(coverage__gte=0, coverage__lte=1), name="unit_progress_coverage"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_key} {self.state}"
