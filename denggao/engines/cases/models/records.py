from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.engines.cases.models.append_only import AppendOnly
from denggao.engines.cases.models.cases import Case
from denggao.engines.cases.procedures import Audience
from denggao.engines.cases.states import State
from denggao.foundation.accounts.models import User
from denggao.foundation.vault.fields import EncryptedJSONField

REASON_LENGTH = 2000


class Snapshot(AppendOnly):
    """The answers as they were submitted: cleaned, canonical, frozen and hashed. ``files`` are the files among them with
    their own hashes, ``[{id, name, sha256, size}]``; ``known`` what the platform itself knew then. Append-only. Personal data:
    whatever was answered and is known, encrypted."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="snapshots")
    number = models.PositiveIntegerField(help_text="1 for the first submission.")
    form_version = models.PositiveSmallIntegerField()
    answers = EncryptedJSONField(help_text="{section: {field: value}}")
    files = models.JSONField(default=list)
    known = EncryptedJSONField(null=True, help_text="What the platform knew, as ``known`` keeps it; empty where that was nothing.")
    content_hash = models.CharField(max_length=64, help_text="SHA-256 over the canonical content.")
    submitted_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=60)
    submitted_by_text = models.CharField(max_length=120)

    audited: ClassVar[tuple[str, ...]] = ("number", "form_version", "content_hash", "submitted_at")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="snapshot_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="snapshot_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.number}"

    @property
    def audit_text(self) -> str:
        return f"{self.case.audit_text} {self.number}"


class StepKind(models.TextChoices):
    """What a step was. Permanent."""

    OPENED = "opened", pgettext_lazy("an application", "opened")
    SUBMITTED = "submitted", _("submitted")
    RESUBMITTED = "resubmitted", _("submitted again")
    RETURNED = "returned", _("returned for correction")
    PASSED = "passed", _("check passed")
    CONSENTED = "consented", _("the other side agreed")
    CHANGES_ASKED = "changes_asked", _("the other side asks for changes")
    DECLINED = "declined", _("the other side declined")
    TAKEN_BACK = "taken_back", _("a consent was taken back")
    REVIEWED = "reviewed", _("review closed")
    RANKED = "ranked", _("ranked")
    VOTED = "voted", _("voted on by the jury")
    NOTICE_OPENED = "notice_opened", _("public notice opened")
    NOTICED = "noticed", _("public notice passed")
    UPHELD = "upheld", _("objection upheld")
    DECIDED = "decided", _("approved")
    COSIGNED = "cosigned", _("signed by all")
    SIGNING_REFUSED = "signing_refused", _("signature refused")
    ASKED_AGAIN = "asked_again", _("asked to sign again")
    REASSIGNED = "reassigned", _("handed to another colleague")
    ESCALATED = "escalated", _("overdue, the office was told")
    WITHDRAWN = "withdrawn", _("withdrawn by the applicant")
    REJECTED = "rejected", _("rejected")
    ENDED = "ended", _("ended")
    AWARDED = "awarded", _("awarded")


_WITH_REASON = [
    "returned", "changes_asked", "declined", "taken_back", "upheld", "signing_refused", "reassigned", "rejected", "ended",
]  # fmt: skip
_ENDS = {
    "withdrawn": "withdrawn", "rejected": "rejected", "declined": "ended", "taken_back": "ended", "ended": "ended",
    "awarded": "awarded",
}  # fmt: skip


class Step(AppendOnly):
    """One step of a case, written after the conditional update that took it; its number is the case's ``lock`` then.
    Append-only. ``shown_to`` is the widest audience that sees it: the public sees public steps, an applicant those and its
    own, the office all. Personal data: in the reason, if somebody wrote any."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=StepKind)
    stage_from = models.CharField(max_length=30, blank=True, help_text="Empty for the first step.")
    stage_to = models.CharField(max_length=30)
    state_to = models.CharField(max_length=10, choices=State)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=60)
    actor_text = models.CharField(max_length=120)
    shown_to = models.CharField(max_length=10, choices=[(item.value, item.value) for item in Audience])
    reason = models.TextField(max_length=REASON_LENGTH, blank=True)
    facts = models.JSONField(default=dict, help_text="What else belongs to the step: ids, numbers, dates.")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="step_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="step_counts_from_one"),
            models.CheckConstraint(
                condition=Q(kind="opened", number=1, stage_from="") | (~Q(kind="opened") & Q(number__gt=1) & ~Q(stage_from="")),
                name="step_first_is_the_opening",
            ),
            models.CheckConstraint(
                condition=(Q(kind__in=_WITH_REASON) & ~Q(reason="")) | ~Q(kind__in=_WITH_REASON), name="step_says_why"
            ),
            models.CheckConstraint(condition=~Q(actor_id="") & ~Q(actor_text=""), name="step_has_an_actor"),
            models.CheckConstraint(
                condition=Q(*[Q(kind=kind, state_to=state) for kind, state in _ENDS.items()], _connector=Q.OR)
                | (~Q(kind__in=list(_ENDS)) & Q(state_to__in=["open", "returned"])),
                name="step_kind_and_state",
            ),
            models.CheckConstraint(
                condition=~Q(state_to="returned") | Q(kind__in=["returned", "changes_asked", "upheld", "reassigned", "escalated"]),
                name="step_returned_is_a_return",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["actor_id", "case"], name="step_by_actor")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number} {self.kind}"


class Correction(models.Model):
    """What an applicant was asked to correct: ``fields`` as [{section, field, remark}], and by when. Closed by the
    submission that answers it, or by the end of the case."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="corrections")
    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="correction")
    snapshot = models.PositiveIntegerField(help_text="The number of the snapshot that is to be corrected.")
    fields = models.JSONField(default=list)
    resumes_at = models.CharField(max_length=30, help_text="The stage at which the case goes on once it is corrected.")
    due_on = models.DateField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["opened_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], condition=Q(closed_at__isnull=True), name="correction_open_once"),
        ]

    def __str__(self) -> str:
        return f"correction of {self.case}"


class CheckResult(models.Model):
    """Whether one line of the completeness check is well with one snapshot, in one person's judgement; the latest holds."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="check_results")
    snapshot = models.PositiveIntegerField(help_text="The number of the snapshot that was looked at.")
    item = models.CharField(max_length=60)
    ok = models.BooleanField()
    remark = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=60)
    by_text = models.CharField(max_length=120)
    at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("item", "ok", "remark", "by")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "snapshot", "item"], name="check_result_once"),
            models.CheckConstraint(condition=Q(ok=True) | ~Q(remark=""), name="check_not_well_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.item} {'✓' if self.ok else '✗'}"

    @property
    def audit_text(self) -> str:
        return f"{self.case.audit_text} {self.item}"


class Decision(AppendOnly):
    """An approver's word on a case, for or against, with its reason. Append-only; it belongs to the step it was."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="decision")
    snapshot = models.PositiveIntegerField()
    approved = models.BooleanField()
    reason = models.TextField(max_length=REASON_LENGTH)
    by = models.CharField(max_length=60)
    by_text = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.case_id} {'approved' if self.approved else 'rejected'}"


class Reminder(models.Model):
    """That one account was reminded of one deadline of a case: once for each day named."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reminders")
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=40)
    due_on = models.DateField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "account", "code", "due_on"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.due_on}"
