from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

CONFIDENCE = [("A", "A"), ("B", "B"), ("C", "C")]


class Named(models.Model):
    """Something the field names in Chinese and, for readers of English, in English."""

    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name_zh


class Industry(Named):
    """An industry a plan may promote, such as integrated circuits."""

    code = models.SlugField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "code"]


class OccupationQuerySet(models.QuerySet["Occupation"]):
    def current(self) -> OccupationQuerySet:
        """Without those that a move made part of another."""
        return self.filter(merged_into__isnull=True)


class Occupation(Named):
    """One occupation as a concept, whatever codes and names the editions of the national taxonomy gave it. Where a move
    joins two, the older name's row stays, for what already refers to it, and says which it became part of."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=20, unique=True, help_text="The code in the newest edition known.")
    name_key = models.CharField(max_length=120, unique=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")

    objects = OccupationQuerySet.as_manager()

    audited: ClassVar[tuple[str, ...]] = ("code", "name_zh", "merged_into_id")

    class Meta:
        ordering: ClassVar = ["code"]

    @property
    def audit_text(self) -> str:
        return f"{self.code} {self.name_zh}"


class OccupationEntry(models.Model):
    """A row of one edition of the national taxonomy: this code, this name, this occupation. The edition is recorded
    and never a ground for refusal."""

    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, related_name="entries")
    code = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    edition = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField(default=0, help_text="In which the edition begins.")
    source = models.CharField(max_length=300, blank=True)
    confidence = models.CharField(max_length=20)

    class Meta:
        ordering: ClassVar = ["-year", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "edition", "name_zh"], name="occupation_entry_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class OccupationMove(models.Model):
    """The office's word that two codes are one occupation: what ``old_code`` named moved to ``new_code``. A move taken
    back stays as a row, so that a shipped one does not return by itself."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    old_code = models.CharField(max_length=20)
    new_code = models.CharField(max_length=20)
    source = models.CharField(max_length=300, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    audited: ClassVar[tuple[str, ...]] = ("old_code", "new_code", "source", "removed_at")

    class Meta:
        ordering: ClassVar = ["old_code", "new_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["old_code", "new_code"], name="occupation_move_once"),
            models.CheckConstraint(condition=~Q(old_code=models.F("new_code")), name="occupation_move_goes_somewhere"),
        ]

    def __str__(self) -> str:
        return f"{self.old_code} → {self.new_code}"

    @property
    def audit_text(self) -> str:
        return str(self)


class JobTitle(models.Model):
    """A 工种 under an occupation (数控车工 under 车工): has no code of its own, resolves to its occupation. ``confidence``
    as in RuleValue; what the office adds is its own word (A)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name_zh = models.CharField(max_length=120)
    name_key = models.CharField(max_length=120, unique=True)
    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, related_name="job_titles")
    source = models.CharField(max_length=300, blank=True)
    confidence = models.CharField(max_length=1, choices=CONFIDENCE)
    removed_at = models.DateTimeField(null=True, blank=True)

    audited: ClassVar[tuple[str, ...]] = ("name_zh", "occupation_id", "source", "removed_at")

    class Meta:
        ordering: ClassVar = ["name_zh"]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def audit_text(self) -> str:
        return self.name_zh


class OccupationName(models.Model):
    """A name as people wrote it that no occupation or job title answers to, or several do: listed for mapping.
    Once mapped by the office it counts, for all rows that carry it."""

    class State(models.TextChoices):
        UNKNOWN = "unknown", _("unknown")
        AMBIGUOUS = "ambiguous", _("several are meant")
        MAPPED = "mapped", _("mapped")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.CharField(max_length=120)
    name_key = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.UNKNOWN)
    occupation = models.ForeignKey(Occupation, null=True, on_delete=models.PROTECT, related_name="mapped_names")
    first_seen_at = models.DateTimeField()
    mapped_at = models.DateTimeField(null=True)
    mapped_by = models.CharField(max_length=60, blank=True)

    audited: ClassVar[tuple[str, ...]] = ("text", "state", "occupation_id")

    class Meta:
        ordering: ClassVar = ["-first_seen_at", "text"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="mapped", occupation__isnull=False, mapped_at__isnull=False)
                | Q(state__in=["unknown", "ambiguous"], occupation__isnull=True, mapped_at__isnull=True),
                name="occupation_name_mapped_means_mapped",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def audit_text(self) -> str:
        return self.text


class RuleValue(models.Model):
    """A number of policy: dated, with its document. ``confidence`` is A (official text seen), B (second hand) or
    C (own knowledge): B and C are configurable defaults, never law, and pages say so."""

    key = models.CharField(max_length=60)
    region = models.CharField(max_length=40, default="national")
    value = models.DecimalField(max_digits=14, decimal_places=4)
    unit = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    document = models.CharField(max_length=200)
    clause = models.CharField(max_length=80, blank=True)
    confidence = models.CharField(max_length=1, choices=CONFIDENCE)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "region", "valid_from"], name="rule_value_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")), name="rule_value_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.value} {self.unit}"

    @property
    def source(self) -> str:
        """Where the number comes from; one that no official text gives says so."""
        source = " ".join(filter(None, [self.document, self.clause]))
        return source if self.confidence == "A" else gettext("a default, not law: %(source)s") % {"source": source}
