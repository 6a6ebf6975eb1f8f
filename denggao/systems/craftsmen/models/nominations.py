from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from denggao.engines.cases.models import Case, Round
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.models import Industry


class Channel(models.TextChoices):
    """By which way a nominee is put forward (rules.md §2)."""

    EMPLOYER = "employer", pgettext_lazy("channel of nomination", "employer")
    ASSOCIATION = "association", pgettext_lazy("channel of nomination", "association or union")
    SELF = "self", pgettext_lazy("channel of nomination", "self-nomination")


class RoundTerms(models.Model):
    """What holds in one round beside what the engine keeps of it. A round that has none has those of the round before.

    ``channels`` by channel code: ``{"open": bool, "most": int|None, "stamp": bool}``: whether it is open, how many one body may
    put forward (None: as many as it likes), whether the employer's consent is needed. ``conditions_least``: of the four
    conditions, how many a nominee must show; None as the dated rule says."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="craftsman_terms")
    channels = models.JSONField(default=dict)
    conditions_least = models.PositiveSmallIntegerField(null=True)
    calendar = models.JSONField(default=list, help_text="What happens when: [{on, zh, en}], in the order of days.")
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=60)

    audited: ClassVar[tuple[str, ...]] = ("channels", "conditions_least", "calendar")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(conditions_least__isnull=True) | Q(conditions_least__range=(1, 4)), name="craftsman_terms_of_four"
            )
        ]

    def __str__(self) -> str:
        return f"terms of {self.round}"

    @property
    def audit_text(self) -> str:
        return self.round.title_zh


class Nomination(models.Model):
    """Who is nominated in a case, by whom and through which channel, as of the latest submission. ``stands`` until the case ends
    otherwise than by naming: nobody stands twice in one round. ``place`` is the nominee's place on the nominating body's own
    list. Personal data: that this person is nominated, and what is told of the person."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="nomination")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="nominations")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="nominations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="nominations")
    channel = models.CharField(max_length=12, choices=Channel)
    nominator = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="nominations_made", help_text="None for a self-nomination."
    )
    employer = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="nominations_of_staff")
    industry = models.ForeignKey(Industry, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=120, blank=True)
    occupation = models.CharField(max_length=120, blank=True, help_text="As told.")
    nationality = models.CharField(max_length=20)
    union_member = models.BooleanField()
    front_line_years = models.PositiveSmallIntegerField()
    conditions = models.JSONField(
        default=dict, help_text="What is told of each of the four conditions, by its code; empty ones out."
    )
    motto = models.CharField(max_length=120, blank=True)
    story = models.TextField(blank=True)
    place = models.PositiveSmallIntegerField(null=True)
    submitted_at = models.DateTimeField()
    stands = models.BooleanField(default=True)

    audited: ClassVar[tuple[str, ...]] = (
        "case_id", "person_id", "channel", "nominator_id", "employer_id", "industry_id", "place", "stands",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "person"], condition=Q(stands=True), name="nomination_stands_once"),
            models.UniqueConstraint(
                fields=["round", "nominator", "place"], condition=Q(stands=True, place__isnull=False), name="nomination_place_once"
            ),
            models.CheckConstraint(
                condition=Q(channel="self", nominator__isnull=True) | (~Q(channel="self") & Q(nominator__isnull=False)),
                name="nomination_has_its_nominator",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["round", "industry"], name="nomination_by_industry"),
            models.Index(fields=["person", "stands"], name="nomination_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.round}"

    @property
    def audit_text(self) -> str:
        return f"{self.person.masked_name} · {self.round.title_zh}"


class Deed(models.Model):
    """Something a nominee has done, as told with the evidence: a work, a patent, an award, a standard, somebody taught."""

    class Kind(models.TextChoices):
        WORK = "work", pgettext_lazy("deed of a craftsman", "work")
        PATENT = "patent", pgettext_lazy("deed of a craftsman", "patent")
        AWARD = "award", pgettext_lazy("deed of a craftsman", "award")
        STANDARD = "standard", pgettext_lazy("deed of a craftsman", "standard")
        TAUGHT = "taught", pgettext_lazy("deed of a craftsman", "person taught")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="deeds")
    kind = models.CharField(max_length=10, choices=Kind)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=160)
    detail = models.CharField(max_length=400, blank=True)
    number = models.CharField(max_length=80, blank=True, help_text="Of the patent or the standard.")
    year = models.PositiveSmallIntegerField(null=True)
    rank = models.PositiveSmallIntegerField(null=True, help_text="The nominee's place among the inventors or authors.")

    class Meta:
        ordering: ClassVar = ["kind", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["nomination", "kind", "position"], name="deed_has_its_place"),
            models.CheckConstraint(condition=~Q(title=""), name="deed_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def line(self) -> dict[str, Any]:
        return {"title": self.title, "detail": self.detail, "number": self.number, "year": self.year, "rank": self.rank}
