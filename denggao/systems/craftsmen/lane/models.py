from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from denggao.foundation.files.models import StoredFile
from denggao.foundation.vault.fields import EncryptedJSONField
from denggao.systems.craftsmen.models import Craftsman


class Selection(models.TextChoices):
    """For what a craftsman is put forward."""

    SHANGHAI = "shanghai_craftsman", pgettext_lazy("a selection of the city", "Shanghai craftsman")
    OUTSTANDING = "outstanding_talent", pgettext_lazy("a selection of the city", "outstanding talent of the city")


class HandOver(models.Model):
    """A letter with which the area hands a list of candidates over: its number, to whom, on which day."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document = models.CharField(max_length=120, unique=True)
    recipient = models.CharField(max_length=160)
    handed_over_on = models.DateField()
    recorded_by = models.CharField(max_length=60)
    recorded_by_text = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("document", "recipient", "handed_over_on")

    class Meta:
        ordering: ClassVar = ["-handed_over_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(document="") & ~Q(recipient=""), name="lane_hand_over_says_which")
        ]

    def __str__(self) -> str:
        return self.document

    @property
    def audit_text(self) -> str:
        return self.document


class Candidacy(models.Model):
    """A craftsman put forward in a year for a selection of the city. ``revoked_after``: the title was revoked after the file was
    handed over; whom to tell, the hand-over says. Personal data: that this person is put forward, and what came of it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("a candidacy", "put forward")
        PREPARED = "prepared", pgettext_lazy("a candidacy", "file ready")
        HANDED_OVER = "handed_over", pgettext_lazy("a candidacy", "handed over")
        ACCEPTED = "accepted", pgettext_lazy("a candidacy", "accepted")
        NOT_ACCEPTED = "not_accepted", pgettext_lazy("a candidacy", "not accepted")
        WITHDRAWN = "withdrawn", pgettext_lazy("a candidacy", "withdrawn")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    craftsman = models.ForeignKey(Craftsman, on_delete=models.PROTECT, related_name="candidacies")
    selection = models.CharField(max_length=20, choices=Selection)
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.PROPOSED)
    recommendation = models.CharField(max_length=600, blank=True, help_text="What the area says of the candidate.")
    hand_over = models.ForeignKey(HandOver, null=True, on_delete=models.PROTECT, related_name="candidacies")
    decided_on = models.DateField(null=True)
    document = models.CharField(max_length=200, blank=True, help_text="Of the decision of the city.")
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    told_due = models.BooleanField(default=False, help_text="The title was revoked: whoever has the file is to be told.")
    told_note = models.CharField(max_length=300, blank=True)
    proposed_by = models.CharField(max_length=60)
    proposed_by_text = models.CharField(max_length=120)
    proposed_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = (
        "craftsman_id", "selection", "year", "state", "recommendation", "hand_over_id", "decided_on", "document",
        "withdrawn_reason", "told_due", "told_note",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["-year", "selection", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["craftsman", "selection", "year"], condition=~Q(state="withdrawn"), name="candidacy_once_a_year"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["handed_over", "accepted", "not_accepted"]) | Q(hand_over__isnull=False),
                name="candidacy_handed_over_by_a_letter",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=["accepted", "not_accepted"], decided_on__isnull=False) & ~Q(document=""))
                | (~Q(state__in=["accepted", "not_accepted"]) & Q(decided_on__isnull=True, document="")),
                name="candidacy_decided_by_a_document",
            ),
            models.CheckConstraint(condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""), name="candidacy_withdrawn_says_why"),
        ]
        indexes: ClassVar = [models.Index(fields=["year", "selection", "state"], name="candidacy_by_year")]

    def __str__(self) -> str:
        return f"{self.craftsman} · {self.selection} {self.year}"

    @property
    def audit_text(self) -> str:
        return f"{self.craftsman.person.masked_name} · {self.selection} {self.year}"

    @property
    def is_open(self) -> bool:
        return self.state in {"proposed", "prepared", "handed_over"}


class CandidateFile(models.Model):
    """One version of a candidate's file: document, PDF and package as they were made, and what they were made of. Facts that change
    make the next one; earlier ones stay. Personal data: all that is told of the candidate; content encrypted, files as well."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="files")
    version = models.PositiveSmallIntegerField()
    content = EncryptedJSONField()
    content_hash = models.CharField(max_length=64, help_text="SHA-256 over the canonical content.")
    whole_numbers = models.BooleanField(default=False, help_text="It holds the whole document number; else the masked one.")
    docx = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    pdf = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    package = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    evidence_count = models.PositiveSmallIntegerField()
    made_by = models.CharField(max_length=60)
    made_by_text = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("candidacy_id", "version", "content_hash", "whole_numbers", "evidence_count")

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["candidacy", "version"], name="candidate_file_version_once"),
            models.UniqueConstraint(fields=["candidacy", "content_hash"], name="candidate_file_content_once"),
        ]

    def __str__(self) -> str:
        return f"{self.candidacy} v{self.version}"

    @property
    def audit_text(self) -> str:
        return f"{self.candidacy.audit_text} v{self.version}"


class CandidacyOutcome(models.Model):
    """What the city decided, as one person of the office enters it and a second one confirms."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("an outcome", "waits for a second person")
        CONFIRMED = "confirmed", pgettext_lazy("an outcome", "confirmed")
        DISMISSED = "dismissed", pgettext_lazy("an outcome", "dismissed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="outcomes")
    accepted = models.BooleanField()
    decided_on = models.DateField()
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
        "candidacy_id", "accepted", "decided_on", "document", "state", "proposed_by", "answered_by", "remark",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["-proposed_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["candidacy"], condition=Q(state="proposed"), name="candidacy_outcome_one_proposed"),
            models.UniqueConstraint(fields=["candidacy"], condition=Q(state="confirmed"), name="candidacy_outcome_one_confirmed"),
            models.CheckConstraint(
                condition=Q(state="proposed", answered_at__isnull=True, answered_by="")
                | (~Q(state="proposed") & Q(answered_at__isnull=False) & ~Q(answered_by="")),
                name="candidacy_outcome_answered_means_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(answered_by=F("proposed_by")), name="candidacy_outcome_takes_two_persons"
            ),
            models.CheckConstraint(condition=~Q(document=""), name="candidacy_outcome_names_its_document"),
        ]

    def __str__(self) -> str:
        return f"{self.candidacy} {self.accepted}"

    @property
    def audit_text(self) -> str:
        return self.candidacy.audit_text
