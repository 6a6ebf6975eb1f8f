from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from denggao.foundation.files.models import StoredFile
from denggao.systems.university.models.courses import Course, CourseVersion


class Module(models.Model):
    """A chapter of one version. ``key`` is the same in every version, and in the package."""

    version = models.ForeignKey(CourseVersion, on_delete=models.CASCADE, related_name="modules")
    key = models.UUIDField(default=uuid.uuid4)
    title = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()

    audited: ClassVar[tuple[str, ...]] = ("version_id", "key", "title", "position")

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "key"], name="module_key_once_a_version")]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_text(self) -> str:
        return self.title


class Unit(models.Model):
    """One thing to learn or to do. ``kind`` is one of ``kinds.py``'s register; ``settings`` what its form lets pass; ``body``
    clean HTML. ``key`` is the same in every version: what a learner did stays with it. ``lock`` counts its savings, so
    that of two who write at once neither loses a word."""

    version = models.ForeignKey(CourseVersion, on_delete=models.CASCADE, related_name="units")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="units")
    key = models.UUIDField(default=uuid.uuid4)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField(default=0)
    required = models.BooleanField(default=True)
    body = models.TextField(blank=True)
    settings = models.JSONField(default=dict, blank=True)
    lock = models.PositiveIntegerField(default=0)

    audited: ClassVar[tuple[str, ...]] = (
        "version_id", "module_id", "key", "kind", "title", "position", "minutes", "required", "body", "settings",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["module__position", "position", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "key"], name="unit_key_once_a_version")]
        indexes: ClassVar = [models.Index(fields=["key"], name="unit_by_key")]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_text(self) -> str:
        return self.title


class FileRole(models.TextChoices):
    MAIN = "main", _("what the unit shows")
    RENDITION = "rendition", _("a smaller version of it")
    POSTER = "poster", _("still picture")
    SUBTITLE = "subtitle", _("subtitles")
    PAGE = "page", _("picture of a page")
    IMAGE = "image", _("picture in the text")
    ATTACHMENT = "attachment", _("material to take along")


class UnitFile(models.Model):
    """A file of a unit. ``path`` is its name within the package, by which the body speaks of it. Versions share the stored
    file. ``facts`` is what is known of it: seconds, width, height, pages."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="unit_files")
    role = models.CharField(max_length=10, choices=FileRole)
    path = models.CharField(max_length=160)
    language = models.CharField(max_length=10, blank=True)
    label = models.CharField(max_length=120, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    audited: ClassVar[tuple[str, ...]] = ("unit_id", "file_id", "role", "path", "language", "label")

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["unit", "path"], name="unit_file_path_once")]

    def __str__(self) -> str:
        return self.label or self.path

    @property
    def audit_text(self) -> str:
        return self.label or self.path


class UnitItem(models.Model):
    """A course, or one of its units, serves an item of a teaching standard. Both are kept by their codes, as the package names
    them: a standard that is not here yet is served once it comes."""

    course = models.ForeignKey(Course, null=True, on_delete=models.CASCADE, related_name="items")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.CASCADE, related_name="items")
    standard_code = models.CharField(max_length=60)
    item_code = models.CharField(max_length=20)

    class Meta:
        ordering: ClassVar = ["standard_code", "item_code"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(course__isnull=False) ^ Q(unit__isnull=False), name="unit_item_of_one"),
            models.UniqueConstraint(
                fields=["course", "standard_code", "item_code"], condition=Q(course__isnull=False), name="course_item_once"
            ),
            models.UniqueConstraint(
                fields=["unit", "standard_code", "item_code"], condition=Q(unit__isnull=False), name="unit_item_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["standard_code", "item_code"], name="unit_item_by_standard")]

    def __str__(self) -> str:
        return f"{self.standard_code} {self.item_code}"
