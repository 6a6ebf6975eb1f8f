from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from denggao.engines.cases.models import Case
from denggao.foundation.files.models import StoredFile
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.models import Named
from denggao.systems.university.models.programmes import Programme


class FoundingApplication(Named):
    """What a body said of the university to be founded when it last submitted: the case's answers as typed rows, remade at each
    submission (the case's snapshots keep what was said before). ``name`` is the university's."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="founding")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="foundings")
    snapshot = models.PositiveSmallIntegerField(help_text="Number of the submission these rows are from.")
    lead = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    implementers = models.ManyToManyField(Organisation, related_name="+")
    partners = models.ManyToManyField(Organisation, related_name="+")
    other_partners = models.TextField(blank=True, help_text="Partners that are no body here, one a line: 临港地区高校 …")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="foundings")
    opened_on = models.DateField(help_text="The day the university opened.")
    statutes = models.TextField(help_text="How it is run, in words.")
    papers = models.ManyToManyField(StoredFile, related_name="+")
    submitted_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = (
        "case_id", "snapshot", "name_zh", "name_en", "lead_id", "other_partners", "programme_id", "opened_on",
    )  # fmt: skip

    @property
    def audit_text(self) -> str:
        return self.name_zh


class University(Named):
    """An industry online university: founded by a decided case, led by a body, begun with a programme that was published.
    ``founded_on`` is the day of the decision. It ends when the decision is withdrawn, or when it closes of its own accord."""

    class State(models.TextChoices):
        FOUNDED = "founded", _("founded")
        WITHDRAWN = "withdrawn", _("founding withdrawn")
        CLOSED = "closed", _("university closed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="universities")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="universities", help_text="The body that leads it."
    )
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="university", help_text="The one that founded it.")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="universities")
    opened_on = models.DateField()
    founded_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.FOUNDED)
    ended_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = (
        "name_zh", "name_en", "plan_id", "organisation_id", "case_id", "programme_id", "opened_on", "founded_on", "state",
        "ended_on",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["founded_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "plan"], condition=Q(state="founded"), name="university_led_once"),
            models.UniqueConstraint(fields=["programme"], condition=Q(state="founded"), name="university_of_one_programme"),
            models.CheckConstraint(condition=Q(founded_on__gte=F("opened_on")), name="university_open_when_founded"),
            models.CheckConstraint(
                condition=Q(state="founded", ended_on__isnull=True) | (~Q(state="founded") & Q(ended_on__isnull=False)),
                name="university_ended_means_ended",
            ),
        ]

    @property
    def audit_text(self) -> str:
        return self.name_zh


class UniversityAct(models.Model):
    """An end put to a university: proposed by one person, confirmed or dismissed by another. Append-only but for that."""

    class Kind(models.TextChoices):
        WITHDRAW = "withdraw", _("withdrawal of the founding")
        CLOSE = "close", _("closing of the university")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for a second person")
        DONE = "done", _("done")
        DISMISSED = "dismissed", _("dismissed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    university = models.ForeignKey(University, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    reason = models.CharField(max_length=500)
    proposed_by = models.CharField(max_length=60)
    proposed_by_text = models.CharField(max_length=120)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=60, blank=True)
    decided_by_text = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True)

    audited: ClassVar[tuple[str, ...]] = (
        "university_id", "kind", "state", "reason", "proposed_by", "decided_by", "decision_reason",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["-proposed_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["university"], condition=Q(state="proposed"), name="university_act_one_proposed"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True, decided_by="")
                | (~Q(state="proposed") & Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="university_act_decided_means_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(decided_by=F("proposed_by")), name="university_act_takes_two_persons"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="university_act_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.university}"

    @property
    def audit_text(self) -> str:
        return f"{self.university.name_zh} {self.kind}"
