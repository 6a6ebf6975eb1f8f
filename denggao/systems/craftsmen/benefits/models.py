from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from denggao.engines.cases.models import Case
from denggao.foundation.people.models import Person
from denggao.foundation.vault.fields import EncryptedJSONField
from denggao.systems.craftsmen.models import Craftsman


class SavedAnswers(models.Model):
    """What a craftsman told the reckoner and wanted kept. Gone when the person deletes it.
    Personal data: the answers (home, schooling, permit), encrypted."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="benefit_answers")
    answers = EncryptedJSONField()
    saved_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("person_id", "saved_at")

    def __str__(self) -> str:
        return f"answers of {self.person}"

    @property
    def audit_text(self) -> str:
        return self.person.masked_name


class BenefitApplication(models.Model):
    """What a craftsman applied for, as of the latest submission: kind, what was declared, and the reckoning of that day. It is
    decided by the authority; ``outcome`` is what the office recorded of it. After a revocation an outcome granted is marked for
    the authority to look at again: nothing is taken back here.
    Personal data: what was declared, and the reckoning; encrypted."""

    class Kind(models.TextChoices):
        POINTS = "points", pgettext_lazy("kind of benefit", "points of the residence permit")
        RESIDENCE = "residence", pgettext_lazy("kind of benefit", "shorter way from permit to hukou")
        SETTLEMENT = "settlement", pgettext_lazy("kind of benefit", "direct settlement")
        OUTSTANDING = "outstanding", pgettext_lazy("kind of benefit", "outstanding talent")

    class Outcome(models.TextChoices):
        NONE = "none", pgettext_lazy("outcome of a benefit", "not decided yet")
        GRANTED = "granted", pgettext_lazy("outcome of a benefit", "granted")
        REFUSED = "refused", pgettext_lazy("outcome of a benefit", "refused")

    class Review(models.TextChoices):
        NONE = "none", pgettext_lazy("review of a benefit", "none")
        DUE = "due", pgettext_lazy("review of a benefit", "to be reviewed by the authority")
        TOLD = "told", pgettext_lazy("review of a benefit", "the authority was told")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="benefit")
    craftsman = models.ForeignKey(Craftsman, on_delete=models.PROTECT, related_name="benefits")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="benefits")
    kind = models.CharField(max_length=12, choices=Kind)
    declared = EncryptedJSONField()
    reckoned = EncryptedJSONField(help_text="The steps as they were on the day of the submission.")
    submitted_at = models.DateTimeField()
    handed_over_on = models.DateField(null=True, help_text="When the office handed it to the authority.")
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.NONE)
    outcome_on = models.DateField(null=True)
    outcome_document = models.CharField(max_length=200, blank=True)
    review = models.CharField(max_length=6, choices=Review, default=Review.NONE)
    review_reason = models.CharField(max_length=300, blank=True)
    reviewed_note = models.CharField(max_length=300, blank=True, help_text="How the authority was told.")

    audited: ClassVar[tuple[str, ...]] = (
        "case_id", "craftsman_id", "kind", "handed_over_on", "outcome", "outcome_on", "outcome_document", "review", "reviewed_note",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["-submitted_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome="none", outcome_on__isnull=True, outcome_document="")
                | (~Q(outcome="none") & Q(outcome_on__isnull=False) & ~Q(outcome_document="")),
                name="benefit_outcome_has_day_and_document",
            ),
            models.CheckConstraint(
                condition=Q(outcome="none") | Q(handed_over_on__isnull=False), name="benefit_outcome_after_handing_over"
            ),
            models.CheckConstraint(
                condition=Q(review="none") | Q(handed_over_on__isnull=False), name="benefit_review_of_what_was_handed_over"
            ),
            models.CheckConstraint(condition=Q(review="none") | ~Q(review_reason=""), name="benefit_review_says_why"),
            models.CheckConstraint(condition=~Q(review="told") | ~Q(reviewed_note=""), name="benefit_told_says_how"),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "outcome"], name="benefit_by_outcome")]

    def __str__(self) -> str:
        return f"{self.case.number} {self.kind}"

    @property
    def audit_text(self) -> str:
        return f"{self.case.number} · {self.person.masked_name}"


class BenefitOutcome(models.Model):
    """What the authority decided, as one person of the office enters it from the paper and a second one confirms."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("an outcome", "waits for a second person")
        CONFIRMED = "confirmed", pgettext_lazy("an outcome", "confirmed")
        DISMISSED = "dismissed", pgettext_lazy("an outcome", "dismissed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(BenefitApplication, on_delete=models.PROTECT, related_name="outcomes")
    result = models.CharField(
        max_length=8, choices=[(o.value, o.label) for o in BenefitApplication.Outcome if o != "none"]  # type: ignore[misc]
    )  # fmt: skip
    decided_on = models.DateField(help_text="The day of the authority's document.")
    document = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.CharField(max_length=60)
    proposed_by_text = models.CharField(max_length=120)
    proposed_at = models.DateTimeField()
    answered_by = models.CharField(max_length=60, blank=True)
    answered_by_text = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=300, blank=True)

    audited: ClassVar[tuple[str, ...]] = (
        "application_id", "result", "decided_on", "document", "state", "proposed_by", "answered_by", "remark",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["-proposed_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application"], condition=Q(state="proposed"), name="benefit_outcome_one_proposed"),
            models.UniqueConstraint(fields=["application"], condition=Q(state="confirmed"), name="benefit_outcome_one_confirmed"),
            models.CheckConstraint(
                condition=Q(state="proposed", answered_at__isnull=True, answered_by="")
                | (~Q(state="proposed") & Q(answered_at__isnull=False) & ~Q(answered_by="")),
                name="benefit_outcome_answered_means_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(answered_by=F("proposed_by")), name="benefit_outcome_takes_two_persons"
            ),
            models.CheckConstraint(condition=~Q(document=""), name="benefit_outcome_names_its_document"),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.result}"

    @property
    def audit_text(self) -> str:
        return f"{self.application.audit_text} {self.result}"
