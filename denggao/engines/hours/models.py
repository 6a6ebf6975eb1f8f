from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.foundation.files.models import StoredFile
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person


class Sitting(models.Model):
    """One person at one activity, on one device, from opening it to leaving it: the record of how the time was spent. A
    person has one open sitting at most, so that two devices at once earn once; sittings of a person never overlap.
    Personal data: who learned what and when; device and address as keyed hashes."""

    class End(models.TextChoices):
        CLOSED = "closed", _("page left")
        IDLE = "idle", _("nobody there")
        ELSEWHERE = "elsewhere", _("went on elsewhere")
        CAP = "cap", _("day’s limit reached")
        GONE = "gone", _("line lost")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sittings")
    activity_kind = models.CharField(max_length=30)
    activity_id = models.UUIDField()
    context_kind = models.CharField(max_length=30)
    context_id = models.UUIDField(help_text="What the hours are for: an enrolment, say.")
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="sittings", help_text="Whose activity it is: a school."
    )
    device_hash = models.CharField(max_length=32, blank=True)
    device_text = models.CharField(max_length=60, blank=True, help_text="What kind of device, in words.")
    address_hash = models.CharField(max_length=32, blank=True)
    started_at = models.DateTimeField()
    last_beat_at = models.DateTimeField(help_text="The last contact; what was credited lies before it.")
    last_sequence = models.PositiveIntegerField(default=0)
    touched = models.PositiveIntegerField(default=0, help_text="Grows with each change: who writes must have read the last.")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=10, choices=End, blank=True)
    voided_at = models.DateTimeField(null=True, help_text="When a finding about it was upheld: it counts nothing any more.")
    days = models.JSONField(default=dict, help_text="Milliseconds credited, by day in Shanghai.")
    before = models.JSONField(default=dict, help_text="Milliseconds that other sittings had earned on a day: they share its cap.")
    seconds = models.PositiveIntegerField(default=0, help_text="Credited so far, in whole seconds.")
    present_ms = models.BigIntegerField(default=0, help_text="Attended, whatever the day's cap says.")
    quiet_ms = models.BigIntegerField(default=0, help_text="Time since the last sign of a hand.")
    last_state = models.CharField(max_length=10, default="counting", help_text="How the last beat was taken: counting, idle, cap.")
    entered = models.JSONField(default=dict, help_text="Seconds written as entries, by day.")
    entered_seconds = models.PositiveIntegerField(default=0)
    position_seconds = models.FloatField(null=True)
    length_seconds = models.FloatField(null=True, help_text="Of the film or recording, where there is one.")
    no_skip = models.BooleanField(default=False)
    covered_to = models.FloatField(default=0, help_text="How far without a gap it was watched before this sitting.")
    parts = models.JSONField(default=list, help_text="Watched intervals accepted, merged: [[from, to], …] in seconds.")
    watched_ms = models.BigIntegerField(default=0, help_text="Length of all parts accepted, repetitions too.")
    rhythm = models.BinaryField(default=b"", help_text="Four bytes a beat: see rhythm.py.")
    beats = models.PositiveIntegerField(default=0)
    clock_drift = models.IntegerField(null=True, help_text="The device's clock minus the server's at the last contact, seconds.")
    clock_swing = models.PositiveIntegerField(default=0, help_text="By how much the device's clock was moved meanwhile, seconds.")

    audited: ClassVar[tuple[str, ...]] = (
        "activity_kind",
        "activity_id",
        "context_id",
        "ended_at",
        "end_reason",
        "seconds",
        "voided_at",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at__isnull=True), name="sitting_open_once"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="sitting_ended_means_ended",
            ),
            models.CheckConstraint(condition=Q(last_beat_at__gte=F("started_at")), name="sitting_beats_follow"),
            models.CheckConstraint(condition=Q(entered_seconds__lte=F("seconds")), name="sitting_enters_what_it_earned"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "-started_at"], name="sitting_person"),
            models.Index(fields=["context_id", "context_kind"], name="sitting_context"),
            models.Index(fields=["last_beat_at"], name="sitting_last_beat"),
        ]
        ordering: ClassVar = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.person.masked_name} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def audit_text(self) -> str:
        return f"{self.person.masked_name} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def unentered_seconds(self) -> int:
        """Credited, and not yet written as entries."""
        return self.seconds - self.entered_seconds


class HourEntry(models.Model):
    """Seconds that count for a person on a day, from a source that stands behind them; or, negative, the reversal of such an
    entry. Never changed, never deleted. Personal data: who learned when."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="hour_entries")
    context_kind = models.CharField(max_length=30)
    context_id = models.UUIDField()
    activity_kind = models.CharField(max_length=30, blank=True)
    activity_id = models.UUIDField(null=True)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="hour_entries")
    kind = models.CharField(max_length=16, help_text="online, classroom, practical, workplace: see kinds.py.")
    day = models.DateField(help_text="In Shanghai.")
    from_at = models.DateTimeField(null=True, help_text="Where the source knows it: overlaps are looked for.")
    to_at = models.DateTimeField(null=True)
    seconds = models.IntegerField()
    source_kind = models.CharField(max_length=30, help_text="sitting, fix, finding, or what a higher room counts by.")
    source_id = models.UUIDField()
    part = models.PositiveSmallIntegerField(default=0, help_text="A source may enter more than once a day: it goes on.")
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversal")
    rule = models.CharField(max_length=200, blank=True, help_text="By which rule it was counted.")
    reason = models.CharField(max_length=500, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=60, help_text="The actor's id.")

    audited: ClassVar[tuple[str, ...]] = ("context_id", "kind", "day", "seconds", "source_kind", "source_id", "rule", "reason")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source_kind", "source_id", "day", "part"], name="hour_entry_once"),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, seconds__gt=0) | Q(reverses__isnull=False, seconds__lt=0),
                name="hour_entry_sign",
            ),
            models.CheckConstraint(condition=Q(seconds__lte=86400) & Q(seconds__gte=-86400), name="hour_entry_fits_a_day"),
            models.CheckConstraint(
                condition=Q(from_at__isnull=True, to_at__isnull=True) | Q(to_at__gt=F("from_at")), name="hour_entry_times"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "day"], name="hour_entry_person"),
            models.Index(fields=["context_id", "context_kind"], name="hour_entry_context"),
        ]
        ordering: ClassVar = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"{self.person.masked_name} {self.day} {self.seconds}"

    @property
    def audit_text(self) -> str:
        return f"{self.person.masked_name} {self.day}"


class Decided(models.Model):
    """What two persons settle: one proposes, another confirms or refuses."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asked_by = models.CharField(max_length=60, blank=True, help_text="The actor's id.")
    asked_by_text = models.CharField(max_length=120, blank=True)
    asked_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=60, blank=True)
    answered_by_text = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True


class Fix(Decided):
    """Hours put right by hand: added where no event stood for them, or an entry taken back. Asked for by one person with a
    reason and a paper, confirmed or refused by another, and always told apart from what events prove.
    Personal data: whose hours; what the reason tells."""

    class Kind(models.TextChoices):
        ADD = "add", _("hours added")
        REMOVE = "remove", _("hours taken back")

    class State(models.TextChoices):
        ASKED = "asked", _("waits for a second person")
        CONFIRMED = "confirmed", pgettext_lazy("hours", "confirmed")
        REFUSED = "refused", pgettext_lazy("hours", "refused")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="hour_fixes")
    context_kind = models.CharField(max_length=30)
    context_id = models.UUIDField()
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="hour_fixes")
    act = models.CharField(max_length=6, choices=Kind)
    kind = models.CharField(max_length=16, help_text="The kind of hours.")
    day = models.DateField()
    seconds = models.PositiveIntegerField()
    entry = models.ForeignKey(
        HourEntry, null=True, on_delete=models.PROTECT, related_name="fixes", help_text="Which is taken back."
    )
    reason = models.CharField(max_length=500)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="hour_fixes")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)

    personal: ClassVar[tuple[str, ...]] = ("reason",)
    audited: ClassVar[tuple[str, ...]] = ("act", "kind", "day", "seconds", "reason", "state", "answer")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="asked", answered_at__isnull=True)
                | (Q(state__in=["confirmed", "refused"], answered_at__isnull=False) & ~Q(answered_by="")),
                name="hour_fix_answered_means_answered",
            ),
            models.CheckConstraint(condition=~Q(state="confirmed", asked_by=F("answered_by")), name="hour_fix_takes_two"),
            models.CheckConstraint(
                condition=Q(act="add", entry__isnull=True) | Q(act="remove", entry__isnull=False), name="hour_fix_takes_an_entry"
            ),
            models.CheckConstraint(condition=Q(seconds__gt=0) & Q(seconds__lte=86400), name="hour_fix_fits_a_day"),
            models.UniqueConstraint(fields=["entry"], condition=Q(state="asked"), name="hour_fix_asked_once_an_entry"),
        ]
        ordering: ClassVar = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.person.masked_name} {self.day} {self.act}"

    @property
    def audit_text(self) -> str:
        return f"{self.person.masked_name} {self.day}"


class Finding(Decided):
    """A pattern that makes hours doubtful, with what shows it. It changes nothing by itself: a person clears it with a
    reason, or two uphold it, and the entries of its sittings are reversed. Personal data: whose pattern it is."""

    class Kind(models.TextChoices):
        RHYTHM = "rhythm", _("rhythm of a script")
        SAME_RHYTHM = "same_rhythm", _("one rhythm, several people")
        DEVICE = "device", _("several people on one device")
        IMPOSSIBLE_DAY = "impossible_day", _("impossible day")
        OVERLAP = "overlap", _("two places at once")
        CLOCK = "clock", _("clock moved")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("hours", "open")
        CLEARED = "cleared", pgettext_lazy("hours", "cleared")
        UPHELD = "upheld", pgettext_lazy("hours", "upheld")

    kind = models.CharField(max_length=16, choices=Kind)
    key = models.CharField(max_length=120, unique=True, help_text="What it is about: found again, it is the same finding.")
    group = models.UUIDField(null=True, help_text="Findings about several people that belong together share it.")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="hour_findings")
    day = models.DateField()
    sittings = models.ManyToManyField(Sitting, related_name="findings")
    evidence = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    found_at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True, help_text="Of who proposes to uphold it, or who cleared it.")

    audited: ClassVar[tuple[str, ...]] = ("kind", "day", "state", "asked_by", "answered_by", "reason", "answer")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True)
                | (Q(state__in=["cleared", "upheld"], answered_at__isnull=False) & ~Q(answered_by="") & ~Q(reason="")),
                name="hour_finding_settled_means_settled",
            ),
            models.CheckConstraint(
                condition=~Q(state="upheld") | (Q(asked_at__isnull=False) & ~Q(asked_by=F("answered_by"))),
                name="hour_finding_takes_two",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-day"], name="hour_finding_state")]
        ordering: ClassVar = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"{self.person.masked_name} {self.kind} {self.day}"

    @property
    def audit_text(self) -> str:
        return f"{self.person.masked_name} {self.kind} {self.day}"

    @property
    def is_proposed(self) -> bool:
        return self.state == self.State.OPEN and self.asked_at is not None
