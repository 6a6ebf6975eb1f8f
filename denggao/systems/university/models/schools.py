from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from denggao.foundation.accounts.models import User
from denggao.foundation.files.models import StoredFile
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.models import Named


class Colour(models.TextChoices):
    """The colours a school may wear: each readable with white on it, light and dark."""

    LAKE = "lake", _("lake")
    INK = "ink", _("ink")
    JADE = "jade", _("jade")
    VERMILION = "vermilion", _("vermilion")
    GOLD = "gold", _("gold")
    PLUM = "plum", _("plum")
    STEEL = "steel", _("steel")


class School(Named):
    """The space of one body within the university: its page, its brand, its people, its courses. ``about`` is clean HTML."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="school")
    about = models.TextField(blank=True)
    colour = models.CharField(max_length=10, choices=Colour, default=Colour.LAKE)
    logo = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.PROTECT, related_name="schools")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("name_zh", "name_en", "about", "colour", "logo_id", "opened_on", "closed_on", "state")

    class Meta:
        ordering: ClassVar = ["name_zh"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True) | Q(state="closed", closed_on__isnull=False),
                name="school_closed_on_a_day",
            )
        ]

    @property
    def audit_text(self) -> str:
        return self.name_zh


class SchoolMemberQuerySet(models.QuerySet["SchoolMember"]):
    def serving(self, on: dt.date) -> SchoolMemberQuerySet:
        """Who belongs to a school on a day."""
        return self.filter(Q(to_on__isnull=True) | Q(to_on__gte=on), from_on__lte=on)


class SchoolMember(models.Model):
    """An account teaches at a school, or leads it; both days included. A dean does all a teacher does and keeps the school's
    people; an assistant writes and marks, and does not publish. Personal data: that this account teaches."""

    class Role(models.TextChoices):
        DEAN = "dean", _("dean")
        TEACHER = "teacher", _("teacher")
        ASSISTANT = "assistant", _("assistant")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="members")
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="schools")
    role = models.CharField(max_length=10, choices=Role)
    title = models.CharField(max_length=80, blank=True, help_text="As the school's page shows it: 高级讲师 …")
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    objects = SchoolMemberQuerySet.as_manager()

    audited: ClassVar[tuple[str, ...]] = ("school_id", "account_id", "role", "title", "from_on", "to_on")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on")), name="school_member_dates"),
            models.UniqueConstraint(fields=["school", "account"], condition=Q(to_on__isnull=True), name="school_member_open_once"),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.role}"

    @property
    def audit_text(self) -> str:
        return f"{self.school.name_zh} {self.role}"
