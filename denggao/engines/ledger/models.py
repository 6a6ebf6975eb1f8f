from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Goal, ProofGrade
from denggao.foundation.standards.models import Occupation


def head_column(goal: Goal) -> str:
    """The column that holds the heads of a goal: persons, or bodies."""
    return "organisation_id" if goal.unit == Goal.Unit.BODY else "person_id"


class Standing(models.Model):
    """A head and a goal: the one place where "counts, and by which entry" stands, and the row that is locked while the
    head is derived anew. One row a head and goal: no head counts twice."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="standings")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="standings")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="standings")
    entry = models.OneToOneField("Entry", null=True, on_delete=models.PROTECT, related_name="standing")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(person__isnull=False) ^ Q(organisation__isnull=False), name="standing_has_one_head"),
            models.UniqueConstraint(fields=["goal", "person"], condition=Q(person__isnull=False), name="standing_once_a_person"),
            models.UniqueConstraint(
                fields=["goal", "organisation"], condition=Q(organisation__isnull=False), name="standing_once_a_body"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.goal.code} {self.head_id}"

    @property
    def head_id(self) -> int:
        """The person's id, or the body's."""
        return self.person_id or self.organisation_id or 0


class Entry(models.Model):
    """A head counts from here on, or no longer counts (``sign`` −1, naming the entry it takes back). Append-only.

    Two times: ``happened_on``, when it happened (a reversal carries the date of what it reverses), and ``known_at``,
    when we knew. What the head is counted under (industry, occupation …) is what held on the day it happened.
    """

    class Reason(models.TextChoices):
        PROVEN = "proven", "proven"
        FACTS_CHANGED = "facts_changed", "the facts changed"
        WITHDRAWN = "withdrawn", "the certificate was withdrawn"
        EARLIER_FOUND = "earlier_found", "an earlier proof was found"
        PLAN_CHANGED = "plan_changed", "the plan changed"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="entries")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="entries")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="entries")
    sign = models.SmallIntegerField()
    happened_on = models.DateField()
    known_at = models.DateTimeField()
    industry = models.CharField(max_length=40, blank=True, help_text="Code of the employer's industry.")
    occupation = models.ForeignKey(Occupation, null=True, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=10, blank=True)
    level_before = models.CharField(max_length=10, blank=True)
    employer = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=20, blank=True)
    proof = models.CharField(max_length=10, choices=ProofGrade)
    evidence_kind = models.CharField(max_length=30)
    evidence_id = models.UUIDField()
    evidence_hash = models.CharField(max_length=64)
    facts = models.JSONField(default=dict, help_text="Ids of everything the entry rests on, by kind; further evidence too.")
    reason = models.CharField(max_length=16, choices=Reason, default=Reason.PROVEN)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    act_id = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(person__isnull=False) ^ Q(organisation__isnull=False), name="entry_has_one_head"),
            models.CheckConstraint(
                condition=Q(sign=1, reverses__isnull=True) | Q(sign=-1, reverses__isnull=False),
                name="entry_reversal_names_its_entry",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["goal", "happened_on"], name="entry_by_event"),
            models.Index(fields=["goal", "known_at"], name="entry_by_knowledge"),
        ]

    def __str__(self) -> str:
        return f"{self.goal.code} {self.sign:+d} {self.happened_on}"

    @property
    def head_id(self) -> int:
        """The person's id, or the body's."""
        return self.person_id or self.organisation_id or 0


class Rollup(models.Model):
    """Net entries of a goal in one month, by one dimension: what the board reads. ``dimension`` ``total`` has an empty
    value. Derived from entries; ``rebuild_ledger --check`` compares."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="rollups")
    dimension = models.CharField(max_length=12)
    value = models.CharField(max_length=40, blank=True)
    month = models.DateField(help_text="First day of the month of the event.")
    net = models.IntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["goal", "dimension", "value", "month"], name="rollup_once")]

    def __str__(self) -> str:
        return f"{self.goal.code} {self.dimension} {self.value} {self.month} {self.net}"
