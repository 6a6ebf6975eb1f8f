from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actors import Role
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.people.signin.proofs import Factor
from denggao.foundation.standards.ladder import LEVEL_CHOICES
from denggao.foundation.standards.models import Occupation

FACTORS = [
    (Factor.APP.value, _("code of the authenticator app")),
    (Factor.RECOVERY_CODE.value, _("recovery code")),
    (Factor.PASSWORD.value, _("password again (demonstration)")),
]


class SigningRequest(models.Model):
    """One text that several bodies must sign, in any order. It counts when the last of them has signed, and not before.
    The text is never edited: a changed text is a new request of the next round, and what was signed of the old one is void.
    What it is about is named by kind and public id; the room above that asked knows it (``registry``)."""

    class State(models.TextChoices):
        OPEN = "open", _("waits for signatures")
        COMPLETE = "complete", _("signed by all")
        REFUSED = "refused", _("ended by a refusal")
        VOID = "void", _("void")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    round = models.PositiveSmallIntegerField(default=1)
    title_zh = models.CharField(max_length=160)
    title_en = models.CharField(max_length=160, blank=True)
    content = models.JSONField(help_text="What is signed, as plain values; shown to the signers and hashed.")
    content_hash = models.CharField(max_length=64, help_text="SHA-256 over title, content, subject and signers.")
    role = models.CharField(max_length=16, default=Role.AUTHORITY, help_text="The role to be held in the signing body.")
    link = models.CharField(max_length=200, blank=True, help_text="Address of the page it is about, without host.")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    touched = models.PositiveIntegerField(default=0, help_text="Grows with each act: who changes it holds the row.")
    asked_by = models.CharField(max_length=60, help_text="The actor's id.")
    asked_by_text = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=500, blank=True)

    audited: ClassVar[tuple[str, ...]] = (
        "subject_kind", "subject_id", "round", "title_zh", "content_hash", "role", "state", "due_on", "end_reason",
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "round"], name="signing_round_once"),
            models.UniqueConstraint(fields=["subject_kind", "subject_id"], condition=Q(state="open"), name="signing_open_once"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True, end_reason="")
                | Q(state="complete", ended_at__isnull=False, end_reason="")
                | (Q(state__in=["refused", "void"], ended_at__isnull=False) & ~Q(end_reason="")),
                name="signing_ended_means_ended",
            ),
        ]
        ordering: ClassVar = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.title_zh} ({self.round})"

    @property
    def title(self) -> str:
        return self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title_zh

    @property
    def audit_text(self) -> str:
        return f"{self.title_zh} · {self.round}"


class Signer(models.Model):
    """A body whose signature a request needs."""

    class State(models.TextChoices):
        WAITING = "waiting", _("not yet signed")
        SIGNED = "signed", _("signed")
        REFUSED = "refused", _("refused to sign")

    request = models.ForeignKey(SigningRequest, on_delete=models.PROTECT, related_name="signers")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="signings")
    position = models.PositiveSmallIntegerField(help_text="The order on paper; they sign in any.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reminded_on = models.DateField(null=True, help_text="The last day on which its signatories were reminded.")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["request", "organisation"], name="signer_once_a_body")]
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.state}"


class Word(models.Model):
    """What an account said for a body, and how it is known: append-only. Personal data: the name as shown, the address
    it came from."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    signer = models.OneToOneField(Signer, on_delete=models.PROTECT, related_name="%(class)s")
    account_id = models.CharField(max_length=60, help_text="Public id of the account.")
    account_text = models.CharField(max_length=120)
    name = models.CharField(max_length=120, help_text="The person's name as shown to the person.")
    body_name = models.CharField(max_length=120, help_text="The body's name on that day.")
    hash_seen = models.CharField(max_length=64, help_text="The hash of the text that stood on the page.")
    origin = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    personal: ClassVar[tuple[str, ...]] = ("name", "origin")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.body_name} {self.at:%Y-%m-%d}"

    @property
    def audit_text(self) -> str:
        return self.body_name


class Signature(Word):
    """A body's yes to the text behind the hash. Personal data: the signatory's name, the address it came from."""

    second_factor = models.CharField(max_length=20, choices=FACTORS)

    audited: ClassVar[tuple[str, ...]] = ("signer_id", "account_id", "name", "body_name", "hash_seen", "second_factor", "origin")


class Refusal(Word):
    """A body's no, with its reason. Personal data: the name of who refused, the address it came from."""

    reason = models.CharField(max_length=500)

    audited: ClassVar[tuple[str, ...]] = ("signer_id", "account_id", "name", "body_name", "hash_seen", "reason", "origin")

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="refusal_has_a_reason")]


class MentorshipQuerySet(models.QuerySet["Mentorship"]):
    def standing(self) -> MentorshipQuerySet:
        """Not declined: confirmed, or waiting to be."""
        return self.filter(declined_at__isnull=True)

    def touching(self, first: dt.date, last: dt.date | None) -> MentorshipQuerySet:
        """Those that hold on at least one day of a span; None: without an end."""
        found = self.filter(Q(to_on__isnull=True) | Q(to_on__gte=first))
        return found if last is None else found.filter(from_on__lte=last)


class Mentorship(models.Model):
    """A person teaches another (师徒), from a day to a day, the last included; in force once both have confirmed it. A mentorship
    that was declined never was. ``organisation`` is the body of the learner's work, ``place`` where they meet. ``goal_level`` is
    what the learner wants to reach in the occupation; what was reached is told by facts (``outcomes``), never typed. Of one mentor
    and one learner no two hold on the same day: the action sees to it under a lock on the mentor, as no constraint of every
    database can. Personal data: that these two belong together."""

    class Kind(models.TextChoices):
        WORK = "work", _("mentoring at work")
        CRAFTSMAN = "craftsman", _("learner of a craftsman (1+N)")
        APPRENTICESHIP = "apprenticeship", _("apprenticeship")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.WORK)
    mentor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mentorships_given")
    learner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mentorships_taken")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="mentorships")
    place = models.ForeignKey(
        Organisation,
        null=True,
        on_delete=models.PROTECT,
        related_name="mentorships_here",
        help_text="The body where they meet: a base.",
    )
    occupation = models.ForeignKey(Occupation, null=True, on_delete=models.PROTECT, related_name="+")
    goal_level = models.CharField(max_length=10, choices=LEVEL_CHOICES, blank=True)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    confirmed_by_mentor_at = models.DateTimeField(null=True)
    confirmed_by_learner_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True, help_text="Why it ended early, or was declined.")
    continues = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="continued_by", help_text="The one before, with another mentor."
    )
    created_at = models.DateTimeField()

    objects = MentorshipQuerySet.as_manager()

    audited: ClassVar[tuple[str, ...]] = (
        "kind", "mentor_id", "learner_id", "organisation_id", "place_id", "occupation_id", "goal_level", "from_on", "to_on",
        "confirmed_by_mentor_at", "confirmed_by_learner_at", "declined_at", "end_reason", "continues_id",
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(mentor=F("learner")), name="mentorship_joins_two"),
            models.CheckConstraint(condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="mentorship_dates"),
            models.CheckConstraint(condition=Q(declined_at__isnull=True) | ~Q(end_reason=""), name="mentorship_declined_says_why"),
            models.UniqueConstraint(
                fields=["mentor", "learner"],
                condition=Q(to_on__isnull=True, declined_at__isnull=True),
                name="mentorship_open_once",
            ),
            models.UniqueConstraint(fields=["continues"], condition=Q(declined_at__isnull=True), name="mentorship_continued_once"),
            models.CheckConstraint(
                condition=Q(continues__isnull=True) | ~Q(continues=F("id")), name="mentorship_continues_another"
            ),
        ]
        ordering: ClassVar = ["-from_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.mentor} → {self.learner}"

    @property
    def audit_text(self) -> str:
        return f"{self.mentor.masked_name} → {self.learner.masked_name}"

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_by_mentor_at is not None and self.confirmed_by_learner_at is not None

    def state_on(self, day: dt.date) -> str:
        """``declined``, ``over``, ``waiting``, ``coming`` or ``current``."""
        if self.declined_at is not None:
            return "declined"
        if self.to_on is not None and self.to_on < day:
            return "over"
        if not self.is_confirmed:
            return "waiting"
        return "coming" if self.from_on > day else "current"


class DateFix(models.Model):
    """Other dates for a mentorship, as somebody asks for them: they hold once mentor and learner have both agreed. Personal data:
    in the reason."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        DONE = "done", _("agreed by both")
        REFUSED = "refused", _("refused")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mentorship = models.ForeignKey(Mentorship, on_delete=models.PROTECT, related_name="date_fixes")
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    before_from_on = models.DateField()
    before_to_on = models.DateField(null=True)
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    agreed_by_mentor_at = models.DateTimeField(null=True)
    agreed_by_learner_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    audited: ClassVar[tuple[str, ...]] = (
        "mentorship_id", "from_on", "to_on", "before_from_on", "before_to_on", "reason", "state", "agreed_by_mentor_at",
        "agreed_by_learner_at",
    )  # fmt: skip
    personal: ClassVar[tuple[str, ...]] = ("reason",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mentorship"], condition=Q(state="asked"), name="date_fix_one_asked"),
            models.CheckConstraint(condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="date_fix_dates"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(agreed_by_mentor_at__isnull=False, agreed_by_learner_at__isnull=False),
                name="date_fix_done_by_both",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="date_fix_says_why"),
        ]
        ordering: ClassVar = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.mentorship} {self.from_on}"

    @property
    def audit_text(self) -> str:
        return self.mentorship.audit_text
