"""Who may be asked to judge, and whom they say they are close to."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.standards.ladder import LEVEL_CHOICES
from denggao.foundation.standards.models import Industry, Occupation
from denggao.foundation.vault.fields import EncryptedTextField


class Expert(models.Model):
    """One person in the expert register. The expert signs in by the person's account; without one nothing can be asked of
    them. ``employer`` is a body the platform knows, ``employer_text`` what the register says where it knows none; the
    conflict finders also read the person's employments. Personal data: that this person is an expert, and their title."""

    class State(models.TextChoices):
        ACTIVE = "active", _("may be asked")
        PAUSED = "paused", _("paused")
        LEFT = "left", _("left the register")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="expert")
    fields = models.ManyToManyField(Industry, related_name="experts")
    occupations = models.ManyToManyField(Occupation, blank=True, related_name="experts")
    level = models.CharField(max_length=10, choices=LEVEL_CHOICES, blank=True, help_text="The skill level; empty if none.")
    title = models.CharField(max_length=80, blank=True, help_text="The professional title or post (高级工程师).")
    employer = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="experts")
    employer_text = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=6, choices=State, default=State.ACTIVE)
    state_reason = models.CharField(max_length=300, blank=True)
    from_on = models.DateField(help_text="The first day in the register.")
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = (
        "person_id", "level", "title", "employer_id", "employer_text", "state", "state_reason", "from_on",
    )  # fmt: skip
    personal: ClassVar[tuple[str, ...]] = ("title", "employer_text")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state="active") | ~Q(state_reason=""), name="expert_paused_for_a_reason"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "id"], name="expert_by_state")]

    def __str__(self) -> str:
        return self.person.masked_name

    @property
    def audit_text(self) -> str:
        return self.person.masked_name

    @property
    def employer_name(self) -> str:
        return self.employer.name if self.employer is not None else self.employer_text


class KinDeclaration(models.Model):
    """An expert says: this person is kin of mine, or: kin of mine owns, runs or works for this body. It is a conflict in
    every panel with that party, until taken back. Kin is a ``person`` whom the office chose, or a ``name`` (and, where the expert
    knows it, ``born_on``) as declared: whoever it fits, now or later, is meant, and who declares learns nothing of whom the
    platform knows. Personal data: the whole row; ``note`` is encrypted."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="kin")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80, blank=True)
    born_on = models.DateField(null=True)
    note = EncryptedTextField(blank=True, default="")
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    audited: ClassVar[tuple[str, ...]] = (
        "expert_id", "person_id", "organisation_id", "name", "born_on", "note", "ended_at",
    )  # fmt: skip
    personal: ClassVar[tuple[str, ...]] = ("person_id", "organisation_id", "name", "born_on", "note")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(person__isnull=True, organisation__isnull=False, name="")
                | Q(person__isnull=False, organisation__isnull=True, name="")
                | (Q(person__isnull=True, organisation__isnull=True) & ~Q(name="")),
                name="kin_names_one",
            ),
            models.UniqueConstraint(
                fields=["expert", "person"], condition=Q(ended_at__isnull=True, person__isnull=False), name="kin_person_once"
            ),
            models.UniqueConstraint(
                fields=["expert", "organisation"],
                condition=Q(ended_at__isnull=True, organisation__isnull=False),
                name="kin_organisation_once",
            ),
            models.UniqueConstraint(
                "expert",
                "name",
                Coalesce("born_on", dt.date.min),
                condition=Q(ended_at__isnull=True) & ~Q(name=""),
                name="kin_name_once",
            ),
        ]

    def __str__(self) -> str:
        return f"kin of {self.expert}"

    @property
    def audit_text(self) -> str:
        return f"kin of {self.expert.audit_text}"
