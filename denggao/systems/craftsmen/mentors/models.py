from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.engines.agreements.models import Mentorship
from denggao.foundation.organisations.models import Appointment, Organisation
from denggao.systems.craftsmen.mentors import rules
from denggao.systems.craftsmen.models import Craftsman


class MentorDuty(models.Model):
    """What a craftsman owes a base as its special mentor, for a term: proposed by the base or the office, accepted by the
    craftsman, confirmed by a second person of the office, who appoints by letter with that. ``renews`` is the duty whose term it
    follows, under the same appointment. Whether it is in force is the appointment's to say: nothing of it is kept twice.
    Personal data: that this craftsman is asked for, and what was answered."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for the craftsman")
        ACCEPTED = "accepted", _("waits for the office")
        APPOINTED = "appointed", _("appointed")
        DECLINED = "declined", pgettext_lazy("an appointment", "declined by the craftsman")
        DISMISSED = "dismissed", pgettext_lazy("an appointment", "not confirmed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    craftsman = models.ForeignKey(Craftsman, on_delete=models.PROTECT, related_name="duties")
    place = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="mentor_duties", help_text="The body of the base."
    )
    appointment = models.ForeignKey(Appointment, null=True, on_delete=models.PROTECT, related_name="duties")
    renews = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="renewed_by")
    from_on = models.DateField()
    to_on = models.DateField()
    subject = models.CharField(max_length=120, help_text="What is taught.")
    hours_a_year = models.PositiveSmallIntegerField()
    learners_at_once = models.PositiveSmallIntegerField(default=0, help_text="How many learners at a time; 0 is not asked for.")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.CharField(max_length=60)
    proposed_by_text = models.CharField(max_length=120)
    proposed_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_by_text = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was declined or not confirmed.")
    reminded_on = models.DateField(null=True)

    audited: ClassVar[tuple[str, ...]] = (
        "craftsman_id", "place_id", "appointment_id", "renews_id", "from_on", "to_on", "subject", "hours_a_year",
        "learners_at_once", "state", "proposed_by", "decided_by", "reason",
    )  # fmt: skip
    personal: ClassVar[tuple[str, ...]] = ("reason",)

    class Meta:
        ordering: ClassVar = ["-from_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="mentor_duty_dates"),
            models.CheckConstraint(condition=Q(hours_a_year__range=(1, 2000)), name="mentor_duty_hours"),
            models.CheckConstraint(
                condition=Q(state="appointed", appointment__isnull=False, decided_at__isnull=False)
                | (~Q(state="appointed") & Q(appointment__isnull=True)),
                name="mentor_duty_appointed_means_so",
            ),
            models.CheckConstraint(
                condition=~Q(state="appointed") | ~Q(decided_by=F("proposed_by")), name="mentor_duty_takes_two_persons"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "dismissed"]) | ~Q(reason=""), name="mentor_duty_refused_says_why"
            ),
            models.UniqueConstraint(
                fields=["craftsman", "place"], condition=Q(state__in=["proposed", "accepted"]), name="mentor_duty_one_open"
            ),
            models.UniqueConstraint(fields=["renews"], condition=Q(state="appointed"), name="mentor_duty_renewed_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["place", "state"], name="mentor_duty_by_place")]

    def __str__(self) -> str:
        return f"{self.craftsman} → {self.place}"

    @property
    def audit_text(self) -> str:
        return f"{self.craftsman.person.masked_name} · {self.place.name_zh}"

    @property
    def last_on(self) -> dt.date:
        """The last day of it, the appointment's early end included."""
        ended = self.appointment.ended_on if self.appointment is not None else None
        return self.to_on if ended is None else min(self.to_on, ended)

    def standing_on(self, day: dt.date) -> str:
        """The state, or of one that was appointed: ``coming``, ``current``, ``over``, ``ended`` (early; on its
        last day already)."""
        if self.state != self.State.APPOINTED or self.appointment is None:
            return str(self.state)
        ended = self.appointment.ended_on
        if ended is not None and ended < self.to_on and (ended <= day or ended < self.from_on):
            return "ended"
        if self.last_on < day:
            return "over"
        return "coming" if self.from_on > day else "current"


class MentorSession(models.Model):
    """A time in which a special mentor taught at the base: from one side, confirmed by the other. A correction is a session of its
    own that takes the place of another once the other side has confirmed it (or strikes it out). ``learners`` counts all who were
    there. Personal data: whom the mentor taught by name."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("a session", "planned")
        ENTERED = "entered", _("waits for the other side")
        CONFIRMED = "confirmed", pgettext_lazy("a session", "confirmed by both")
        REFUSED = "refused", pgettext_lazy("a session", "not confirmed")
        REPLACED = "replaced", pgettext_lazy("a session", "corrected")
        VOID = "void", pgettext_lazy("a session", "called off")

    class Side(models.TextChoices):
        MENTOR = "mentor", _("the mentor")
        BASE = "base", _("the base")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    duty = models.ForeignKey(MentorDuty, on_delete=models.PROTECT, related_name="sessions")
    day = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()
    topic = models.CharField(max_length=120)
    room = models.CharField(max_length=80, blank=True)
    learners = models.PositiveSmallIntegerField(default=0)
    mentored = models.ManyToManyField(Mentorship, related_name="sessions", help_text="Those mentored who were there.")
    state = models.CharField(max_length=10, choices=State)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    strikes = models.BooleanField(default=False, help_text="The correction says that there was none.")
    entered_side = models.CharField(max_length=8, choices=Side)
    entered_by = models.CharField(max_length=60)
    entered_at = models.DateTimeField()
    answered_by = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was corrected, refused or called off.")

    audited: ClassVar[tuple[str, ...]] = (
        "duty_id", "day", "starts", "ends", "topic", "learners", "state", "corrects_id", "strikes", "entered_side", "entered_by",
        "answered_by", "reason",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["-day", "-starts", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="mentor_session_within_a_day"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | (~Q(answered_by="") & ~Q(answered_by=F("entered_by"))),
                name="mentor_session_takes_two",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "void"]) | ~Q(reason=""), name="mentor_session_refused_says_why"
            ),
            models.UniqueConstraint(fields=["corrects"], condition=Q(state="entered"), name="mentor_session_one_correction"),
        ]
        indexes: ClassVar = [models.Index(fields=["duty", "state", "day"], name="mentor_session_by_duty")]

    def __str__(self) -> str:
        return f"{self.duty} {self.day}"

    @property
    def audit_text(self) -> str:
        return f"{self.duty.audit_text} {self.day}"

    @property
    def minutes(self) -> int:
        return 0 if self.strikes else rules.minutes(self.starts, self.ends)

    @property
    def hours(self) -> float:
        return round(self.minutes / 60, 2)


class LearnerGap(models.Model):
    """A learner whose mentorship ended because the mentor's appointment did: a new mentor is to be named by ``due_on``. It is
    filled when the mentorship is continued, else closed with a reason. Personal data: that this learner is without a mentor."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mentorship = models.OneToOneField(Mentorship, on_delete=models.PROTECT, related_name="gap")
    duty = models.ForeignKey(MentorDuty, on_delete=models.PROTECT, related_name="gaps")
    since = models.DateField()
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=60, blank=True)
    close_reason = models.CharField(max_length=300, blank=True)

    audited: ClassVar[tuple[str, ...]] = ("mentorship_id", "duty_id", "since", "due_on", "closed_at", "closed_by", "close_reason")

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, close_reason="") | (Q(closed_at__isnull=False) & ~Q(close_reason="")),
                name="learner_gap_closed_says_why",
            )
        ]

    def __str__(self) -> str:
        return f"{self.mentorship} {self.since}"

    @property
    def audit_text(self) -> str:
        return self.mentorship.audit_text
