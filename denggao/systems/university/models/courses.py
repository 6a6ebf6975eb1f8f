from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from denggao.foundation.files.models import StoredFile
from denggao.foundation.standards.ladder import LEVEL_CHOICES
from denggao.foundation.standards.models import Industry, Occupation
from denggao.systems.university.models.schools import School
from denggao.systems.university.models.titled import Titled


class Language(models.TextChoices):
    ZH = "zh", _("Chinese")
    EN = "en", _("English")


class CourseQuerySet(models.QuerySet["Course"]):
    def published(self) -> CourseQuerySet:
        """What the catalogue shows: published, of a school that is open."""
        return self.filter(state=Course.State.PUBLISHED, school__state=School.State.OPEN)


class Course(Titled):
    """A course of a school. Its content lies in versions; ``current`` is the one learners are given. ``fee_yuan`` is shown,
    never taken. ``package_key`` stays with a course wherever it is carried: by it an import knows the course again."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        RETIRED = "retired", _("archived")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="courses")
    code = models.SlugField(max_length=40)
    summary_zh = models.CharField(max_length=600, blank=True)
    summary_en = models.CharField(max_length=800, blank=True)
    industry = models.ForeignKey(Industry, null=True, blank=True, on_delete=models.PROTECT, related_name="courses")
    occupation = models.ForeignKey(Occupation, null=True, blank=True, on_delete=models.PROTECT, related_name="courses")
    level = models.CharField(max_length=10, choices=LEVEL_CHOICES, blank=True)
    language = models.CharField(max_length=2, choices=Language, default=Language.ZH)
    provider = models.CharField(max_length=120, blank=True, help_text="Who made it, where that is not the school.")
    licence = models.CharField(max_length=80, blank=True)
    source_version = models.CharField(max_length=40, blank=True, help_text="The version as its provider calls it.")
    cover = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    fee_yuan = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    current = models.ForeignKey("CourseVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    prerequisites = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="leads_to")
    package_key = models.UUIDField(default=uuid.uuid4, db_index=True)
    copied_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=60)

    objects = CourseQuerySet.as_manager()

    audited: ClassVar[tuple[str, ...]] = (
        "school_id", "code", "title_zh", "title_en", "summary_zh", "summary_en", "industry_id", "occupation_id", "level",
        "language", "provider", "licence", "source_version", "cover_id", "fee_yuan", "state", "current_id",
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school", "code"], name="course_code_once_a_school"),
            models.UniqueConstraint(fields=["school", "package_key"], name="course_package_once_a_school"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(current__isnull=False) | Q(state="retired"), name="course_published_has_a_version"
            ),
            models.CheckConstraint(condition=Q(fee_yuan__isnull=True) | Q(fee_yuan__gte=0), name="course_fee_not_negative"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "industry"], name="course_by_industry")]

    @property
    def summary(self) -> str:
        return self.summary_en if self.summary_en and (get_language() or "").startswith("en") else self.summary_zh


class CourseShare(models.Model):
    """Another school offers the course as well. ``joint``: both write and run it, both stand on its page; ``lent``: the other
    school runs classes of it and changes nothing. The school that is asked answers."""

    class Kind(models.TextChoices):
        JOINT = "joint", _("offered jointly")
        LENT = "lent", _("lent")

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        ENDED = "ended", _("ended")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="shares")
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="borrowed")
    kind = models.CharField(max_length=5, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    note = models.CharField(max_length=300, blank=True)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    answered_by = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    audited: ClassVar[tuple[str, ...]] = ("course_id", "school_id", "kind", "state", "note", "answered_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["course", "school"], condition=Q(state__in=["asked", "accepted"]), name="course_share_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at__isnull=True) | (~Q(state="asked") & Q(answered_at__isnull=False)),
                name="course_share_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} → {self.school}"

    @property
    def audit_text(self) -> str:
        return f"{self.course.title_zh} → {self.school.name_zh}"


class CourseVersion(models.Model):
    """The content of a course at a time. One is the draft; once published a version never changes (a trigger sees to it), so
    that what somebody learned can be read for ever. ``content_hash`` is over modules, units and their files."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    note = models.CharField(max_length=300, blank=True, help_text="What changed, in the author's words.")
    content_hash = models.CharField(max_length=64, blank=True)
    minutes = models.PositiveIntegerField(default=0, help_text="Of all units.")
    units_count = models.PositiveIntegerField(default=0)
    required_units = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=60, blank=True)

    audited: ClassVar[tuple[str, ...]] = (
        "course_id", "number", "state", "note", "content_hash", "minutes", "units_count", "required_units",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "number"], name="course_version_number_once"),
            models.UniqueConstraint(fields=["course"], condition=Q(state="draft"), name="course_version_one_draft"),
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True, published_by="")
                | (Q(state="published", published_at__isnull=False) & ~Q(content_hash="")),
                name="course_version_published_is_sealed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course.code} v{self.number}"

    @property
    def audit_text(self) -> str:
        return f"{self.course.title_zh} v{self.number}"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT
