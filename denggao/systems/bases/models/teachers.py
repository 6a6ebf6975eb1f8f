from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from denggao.foundation.files.models import StoredFile
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.standards.ladder import LEVEL_CHOICES
from denggao.foundation.standards.models import Industry
from denggao.systems.bases.models.bases import Base


class TeacherKind(models.TextChoices):
    STAFF = "staff", _("staff teacher")
    SPECIAL_MENTOR = "special_mentor", _("special mentor")
    GUEST = "guest", _("guest teacher")


class Teacher(models.Model):
    """A person who teaches at training bases: of one body, lent to the others by invitation.
    Personal data: that this person teaches."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="teacher")
    home = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teachers", help_text="Whose teacher it is.")
    industries = models.ManyToManyField(Industry, related_name="teachers")
    kind = models.CharField(max_length=15, choices=TeacherKind)
    from_on = models.DateField()
    left_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("person_id", "home_id", "kind", "from_on", "left_on")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(left_on__isnull=True) | Q(left_on__gte=models.F("from_on")), name="teacher_dates")
        ]

    def __str__(self) -> str:
        return self.person.masked_name

    @property
    def audit_text(self) -> str:
        return self.person.masked_name


class QualificationQuerySet(models.QuerySet["Qualification"]):
    def in_force(self, on: dt.date) -> QualificationQuerySet:
        """Issued by that day and not past its last day."""
        return self.filter(Q(issued_on__isnull=True) | Q(issued_on__lte=on)).filter(
            Q(expires_on__isnull=True) | Q(expires_on__gte=on)
        )


class Qualification(models.Model):
    """A paper by which a teacher may teach: kind, number, level, until when. ``expires_on`` is its last day, None has no end.
    Personal data: all of it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    teacher = models.ForeignKey(Teacher, on_delete=models.CASCADE, related_name="qualifications")
    kind = models.CharField(max_length=120, help_text="As written: 技师职业资格, 高校教师资格 …")
    number = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=10, choices=LEVEL_CHOICES, blank=True)
    issuer = models.CharField(max_length=120, blank=True)
    issued_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = QualificationQuerySet.as_manager()

    audited: ClassVar[tuple[str, ...]] = ("teacher_id", "kind", "number", "level", "issuer", "issued_on", "expires_on")
    personal: ClassVar[tuple[str, ...]] = ("kind", "number", "level", "issuer", "issued_on", "expires_on")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(issued_on__isnull=True) | Q(expires_on__gte=models.F("issued_on")),
                name="qualification_dates",
            ),
            models.UniqueConstraint(
                fields=["teacher", "kind", "number"], condition=~Q(number=""), name="qualification_once_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"qualification {str(self.public_id)[:8]}"

    @property
    def audit_text(self) -> str:
        return f"qualification {str(self.public_id)[:8]}"


class TeacherInvitation(models.Model):
    """A base asks a teacher of the pool to teach there for a time. The teacher's home answers. Both days included."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        ENDED = "ended", _("ended early")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    base = models.ForeignKey(Base, on_delete=models.CASCADE, related_name="invitations")
    teacher = models.ForeignKey(Teacher, on_delete=models.PROTECT, related_name="invitations")
    subject = models.CharField(max_length=120, help_text="What the teacher is asked to teach.")
    from_on = models.DateField()
    to_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was declined or ended.")
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    answered_by = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True)
    appointment_id = models.UUIDField(null=True, help_text="Public id of the appointment as special mentor, where there is one.")

    audited: ClassVar[tuple[str, ...]] = ("base_id", "teacher_id", "subject", "from_on", "to_on", "state", "reason", "answered_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(to_on__gte=models.F("from_on")), name="teacher_invitation_dates"),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at__isnull=True) | (~Q(state="asked") & Q(answered_at__isnull=False)),
                name="teacher_invitation_answered",
            ),
            models.UniqueConstraint(
                fields=["base", "teacher", "from_on"],
                condition=Q(state__in=["asked", "accepted"]),
                name="teacher_invitation_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.base} ← {self.teacher}"

    @property
    def audit_text(self) -> str:
        return str(self)
