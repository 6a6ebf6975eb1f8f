from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from denggao.foundation.standards.models import Industry
from denggao.systems.university.models.courses import Course
from denggao.systems.university.models.schools import School
from denggao.systems.university.models.titled import Titled


class Track(models.TextChoices):
    GENERAL = "general", _("general")
    URGENT = "urgent", _("urgently needed talent")
    ADVANCED = "advanced", _("advanced seminar")
    INTERNATIONAL = "international", _("international")


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def published(self) -> ProgrammeQuerySet:
        return self.filter(state=Programme.State.PUBLISHED, school__state=School.State.OPEN)


class Programme(Titled):
    """A programme of study: courses in an order. ``selected`` entry has seats and selects; ``about`` is clean HTML."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        RETIRED = "retired", _("archived")

    class Entry(models.TextChoices):
        OPEN = "open", _("open to everybody")
        SELECTED = "selected", _("by application and selection")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="programmes")
    industry = models.ForeignKey(Industry, null=True, blank=True, on_delete=models.PROTECT, related_name="programmes")
    track = models.CharField(max_length=15, choices=Track, default=Track.GENERAL)
    about = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    published_on = models.DateField(null=True, blank=True)
    entry = models.CharField(max_length=10, choices=Entry, default=Entry.OPEN)
    seats = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = ProgrammeQuerySet.as_manager()

    audited: ClassVar[tuple[str, ...]] = (
        "school_id", "title_zh", "title_en", "industry_id", "track", "about", "state", "published_on", "entry", "seats",
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_on__isnull=False) | Q(state="retired"), name="programme_published_on_a_day"
            ),
            models.CheckConstraint(condition=Q(entry="open") | Q(seats__gt=0), name="programme_selected_has_seats"),
        ]


class ProgrammeCourse(models.Model):
    """A course's place in a programme."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="places")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="places")
    position = models.PositiveSmallIntegerField()
    required = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["programme", "course"], name="programme_course_once")]

    def __str__(self) -> str:
        return f"{self.programme} {self.position}"
