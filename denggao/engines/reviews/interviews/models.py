"""A day of interviews: a running order of so many minutes each, and what became of each turn."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class InterviewDay(models.Model):
    """One day on which candidates of a subject (a round: ``subject_kind`` "case_round", its public id) are heard one after the
    other.

    Each has ``minutes_each``; after every ``break_after`` of them comes a break of ``break_minutes``. ``order`` says how the order
    was made, ``seed`` by which lot: it can be drawn again by anyone. ``lock`` counts its changes."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("a meeting", "planned")
        PUBLISHED = "published", _("published")
        CLOSED = "closed", pgettext_lazy("a meeting", "closed")
        CANCELLED = "cancelled", _("called off")

    class Order(models.TextChoices):
        NUMBER = "number", _("by number")
        GROUP = "group", _("by group, then by number")
        LOT = "lot", _("by lot")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    minutes_each = models.PositiveSmallIntegerField()
    break_after = models.PositiveSmallIntegerField(help_text="So many turns between two breaks; 0 for none.")
    break_minutes = models.PositiveSmallIntegerField()
    order = models.CharField(max_length=6, choices=Order, default=Order.NUMBER)
    seed = models.CharField(max_length=40, blank=True, help_text="The lot, where the order was drawn.")
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was called off.")
    lock = models.PositiveIntegerField(default=0)
    planned_by = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    audited: ClassVar[tuple[str, ...]] = (
        "subject_kind", "subject_id", "title_zh", "place", "starts_at", "minutes_each", "break_after", "break_minutes", "order",
        "seed", "state", "reason",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["-starts_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(minutes_each__gte=1, minutes_each__lte=240), name="interview_day_minutes"),
            models.CheckConstraint(condition=Q(order="lot") & ~Q(seed="") | ~Q(order="lot"), name="interview_lot_has_a_seed"),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "cancelled"], ended_at__isnull=False)
                | (~Q(state__in=["closed", "cancelled"]) & Q(ended_at__isnull=True)),
                name="interview_day_ended_means_ended",
            ),
            models.CheckConstraint(condition=~Q(state="cancelled") | ~Q(reason=""), name="interview_day_cancelled_for_a_reason"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "starts_at"], name="interview_day_by_state")]

    def __str__(self) -> str:
        return self.title_zh

    @property
    def title(self) -> str:
        return self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title_zh

    @property
    def audit_text(self) -> str:
        return self.title_zh

    @property
    def each(self) -> dt.timedelta:
        return dt.timedelta(minutes=self.minutes_each)

    @property
    def is_running(self) -> bool:
        return self.state in {self.State.PLANNED, self.State.PUBLISHED}


class Slot(models.Model):
    """One turn. ``moved``: it was put at the end, where another slot of the same candidate stands. ``masked`` is what a screen in
    the corridor may show. ``break_before``: minutes of break that come before it. Personal data: who is heard when; ``title_zh``
    may name a person."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CALLED = "called", pgettext_lazy("a turn", "called")
        IN_ROOM = "in_room", _("in the room")
        DONE = "done", pgettext_lazy("a turn", "done")
        ABSENT = "absent", _("did not come")
        MOVED = "moved", _("put at the end")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    day = models.ForeignKey(InterviewDay, on_delete=models.CASCADE, related_name="slots")
    position = models.PositiveSmallIntegerField()
    subject_kind = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    number = models.CharField(max_length=40)
    title_zh = models.CharField(max_length=200)
    masked = models.CharField(max_length=120)
    group = models.CharField(max_length=60, blank=True)
    planned_at = models.DateTimeField()
    break_before = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    called_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    audited: ClassVar[tuple[str, ...]] = (
        "day_id", "position", "subject_id", "planned_at", "state", "called_at", "started_at", "ended_at", "note",
    )  # fmt: skip
    personal: ClassVar[tuple[str, ...]] = ("note",)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "subject_id"], condition=~Q(state="moved"), name="interview_once"),
            models.UniqueConstraint(fields=["day"], condition=Q(state="in_room"), name="interview_one_in_the_room"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "called", "absent", "moved"], started_at__isnull=True, ended_at__isnull=True)
                | Q(state="in_room", started_at__isnull=False, ended_at__isnull=True)
                | Q(state="done", started_at__isnull=False, ended_at__isnull=False, ended_at__gte=F("started_at")),
                name="interview_state_and_times",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["subject_kind", "subject_id"], name="interview_by_subject")]

    def __str__(self) -> str:
        return f"{self.number} · {self.day}"

    @property
    def audit_text(self) -> str:
        return f"{self.number} · {self.day.title_zh}"

    @property
    def is_ahead(self) -> bool:
        return self.state in {self.State.WAITING, self.State.CALLED}
