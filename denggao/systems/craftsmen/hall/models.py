from __future__ import annotations

import re
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.engines.agreements.models import Mentorship
from denggao.foundation.files.models import StoredFile
from denggao.foundation.people.models import Person
from denggao.systems.craftsmen.models import Craftsman


class Part(models.TextChoices):
    """What a craftsman may let be seen; each has a yes of its own. Without the name nothing is shown at all."""

    NAME = "name", pgettext_lazy("part of a craftsman's page", "Name, employer, post and title")
    PORTRAIT = "portrait", pgettext_lazy("part of a craftsman's page", "Portrait")
    STORY = "story", pgettext_lazy("part of a craftsman's page", "Motto, story and years")
    WORKS = "works", pgettext_lazy("part of a craftsman's page", "Works, patents and awards")
    FILM = "film", pgettext_lazy("part of a craftsman's page", "Film")
    LINEAGE = "lineage", pgettext_lazy("part of a craftsman's page", "Mentors and learners")


class Drawing(models.TextChoices):
    """The product's own line drawings, for a page without a portrait and a work without a picture."""

    TURBINE = "turbine", pgettext_lazy("a line drawing", "turbine disk")
    SPINDLE = "spindle", pgettext_lazy("a line drawing", "five-axis head")
    WAFER = "wafer", pgettext_lazy("a line drawing", "wafer")
    FIXTURE = "fixture", pgettext_lazy("a line drawing", "fixture")
    MEASURING = "measuring", pgettext_lazy("a line drawing", "measuring")
    BIOREACTOR = "bioreactor", pgettext_lazy("a line drawing", "bioreactor")
    CHIP = "chip", pgettext_lazy("a line drawing", "chip package")
    ROBOT = "robot", pgettext_lazy("a line drawing", "robot arm")
    BLADE = "blade", pgettext_lazy("a line drawing", "hollow blade")
    GEAR = "gear", pgettext_lazy("a line drawing", "gear train")


class ProfileQuerySet(models.QuerySet["Profile"]):
    def public(self) -> ProfileQuerySet:
        """Shown, agreed to, and of a title in force."""
        return self.filter(state=Profile.State.SHOWN, name_yes_at__isnull=False, craftsman__state=Craftsman.State.NAMED)


class Profile(models.Model):
    """The page of a craftsman in the hall of fame: what it says, and to what of it the craftsman agreed, each with the moment
    of the yes; a yes that was taken back is empty, and the audit keeps when. Shown only by the craftsman's own act; the office
    may hide it with a reason. Personal data: all of it; the portrait is a face, used on this page and on its card and for nothing
    else."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("a page of the hall", "not shown")
        SHOWN = "shown", pgettext_lazy("a page of the hall", "shown")
        HIDDEN = "hidden", pgettext_lazy("a page of the hall", "hidden by the office")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    craftsman = models.OneToOneField(Craftsman, on_delete=models.PROTECT, related_name="profile")
    state = models.CharField(max_length=6, choices=State, default=State.DRAFT)
    trade = models.CharField(max_length=60, blank=True, help_text="What the craft is called, as told.")
    headline = models.CharField(max_length=120, blank=True)
    motto = models.CharField(max_length=120, blank=True)
    story = models.TextField(blank=True, help_text="Plain text; an empty line parts paragraphs.")
    drawing = models.CharField(max_length=12, choices=Drawing, default=Drawing.TURBINE)
    portrait = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    name_yes_at = models.DateTimeField(null=True)
    portrait_yes_at = models.DateTimeField(null=True)
    story_yes_at = models.DateTimeField(null=True)
    works_yes_at = models.DateTimeField(null=True)
    film_yes_at = models.DateTimeField(null=True)
    lineage_yes_at = models.DateTimeField(null=True)
    first_shown_at = models.DateTimeField(null=True, help_text="Whether the public has ever seen it.")
    hidden_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = ProfileQuerySet.as_manager()

    audited: ClassVar[tuple[str, ...]] = (
        "craftsman_id", "state", "trade", "headline", "motto", "story", "drawing", "portrait_id", "name_yes_at", "portrait_yes_at",
        "story_yes_at", "works_yes_at", "film_yes_at", "lineage_yes_at", "hidden_reason",
    )  # fmt: skip
    personal: ClassVar[tuple[str, ...]] = ("trade", "headline", "motto", "story")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="shown") | Q(name_yes_at__isnull=False, first_shown_at__isnull=False),
                name="hall_shown_means_agreed",
            ),
            models.CheckConstraint(
                condition=Q(state="hidden") & ~Q(hidden_reason="") | ~Q(state="hidden") & Q(hidden_reason=""),
                name="hall_hidden_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"page of {self.craftsman}"

    @property
    def audit_text(self) -> str:
        return self.craftsman.audit_text

    def said_yes(self, part: str) -> bool:
        return getattr(self, f"{part}_yes_at") is not None

    @property
    def is_public(self) -> bool:
        """With the craftsman at hand."""
        return self.state == self.State.SHOWN and self.said_yes(Part.NAME) and self.craftsman.is_in_force

    @property
    def clauses(self) -> list[str]:
        """The motto in the parts between which a line may break."""
        return [part for part in re.split(r"(?<=[，。；！？,;])\s*", self.motto) if part]

    @property
    def paragraphs(self) -> list[str]:
        return [part.strip() for part in self.story.replace("\r\n", "\n").split("\n") if part.strip()]


class Work(models.Model):
    """A work on the page: a process, a tool, a product. ``line`` is what was reached, in figures; ``note`` what became of it.
    Personal data: that it is this person's."""

    class Kind(models.TextChoices):
        PROCESS = "process", pgettext_lazy("kind of work", "process")
        TOOL = "tool", pgettext_lazy("kind of work", "tool or fixture")
        PRODUCT = "product", pgettext_lazy("kind of work", "product")
        METHOD = "method", pgettext_lazy("kind of work", "working method")
        SYSTEM = "system", pgettext_lazy("kind of work", "system or software")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="works")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=160)
    line = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=120, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PROCESS)
    drawing = models.CharField(max_length=12, choices=Drawing, default=Drawing.FIXTURE)
    picture = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    shown = models.BooleanField(default=True)

    audited: ClassVar[tuple[str, ...]] = (
        "profile_id", "position", "title", "line", "note", "year", "kind", "drawing", "picture_id", "shown",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(title=""), name="hall_work_has_a_title")]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_text(self) -> str:
        return self.title


class Film(models.Model):
    """The film on the page. ``captions`` are WebVTT. Personal data: it shows the craftsman at work."""

    profile = models.OneToOneField(Profile, on_delete=models.CASCADE, related_name="film")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    poster = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    captions = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("profile_id", "file_id", "poster_id", "captions_id")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(captions__isnull=True) | ~Q(captions=F("file")), name="hall_film_captions_are_another_file"
            )
        ]

    def __str__(self) -> str:
        return f"film of {self.profile}"

    @property
    def audit_text(self) -> str:
        return self.profile.audit_text


class LineageYes(models.Model):
    """That one of the two of a mentorship lets the own name be seen in the tree of a craftsman, with the levels reached. Taken back
    any time; then the row says so, and the tree shows a learner without a name. Personal data: the yes."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="lineage_yes")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="lineage_yes")
    given_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    audited: ClassVar[tuple[str, ...]] = ("mentorship_id", "person_id", "given_at", "taken_back_at")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mentorship", "person"], name="lineage_yes_once"),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True) | Q(taken_back_at__gte=F("given_at")), name="lineage_yes_before_no"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {_('yes')}"

    @property
    def audit_text(self) -> str:
        return self.person.masked_name
