from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from denggao.foundation.files.models import StoredFile
from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.models import CONFIDENCE
from denggao.foundation.vault.fields import INDEX_BYTES, EncryptedTextField


def _spoken(zh: str, en: str) -> str:
    return en if en and (get_language() or "").startswith("en") else zh


class NoticeCounter(models.Model):
    """The last number given to a notice of one year."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Notice(models.Model):
    """A public notice: what is shown to everybody for some working days before anything is decided. ``last_on`` is the day
    at whose end (24:00) it ends; None while a year on the way has no arrangement. Of persons it shows masked fields only."""

    class State(models.TextChoices):
        OPEN = "open", _("on show")
        PASSED = "passed", pgettext_lazy("a notice, as planned", "ended")
        CLOSED_EARLY = "closed_early", _("ended without a result")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject_kind = models.CharField(max_length=30)
    number = models.CharField(max_length=30, unique=True)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    body_zh = models.TextField(blank=True)
    body_en = models.TextField(blank=True)
    issuer_zh = models.CharField(max_length=200, blank=True, help_text="Who publishes it.")
    issuer_en = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=200, blank=True, help_text="An office's telephone or address, never a person's own.")
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="notices")
    document = models.CharField(max_length=200, blank=True, help_text="What the notice is made under.")
    days = models.PositiveSmallIntegerField(help_text="Working days, without extensions.")
    days_document = models.CharField(max_length=200, blank=True, help_text="Where the number of days comes from.")
    days_confidence = models.CharField(max_length=1, choices=CONFIDENCE, blank=True)
    extended_days = models.PositiveSmallIntegerField(default=0)
    first_on = models.DateField()
    counts_from = models.DateField(help_text="From which day on working days are counted.")
    last_on = models.DateField(null=True)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=60)
    opened_by_text = models.CharField(max_length=120)
    closed_at = models.DateTimeField(null=True)

    audited: ClassVar[tuple[str, ...]] = (
        "subject_kind", "number", "title_zh", "document", "days", "extended_days", "first_on", "counts_from", "last_on", "state",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["-first_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="notice_closed_means_closed",
            ),
            models.CheckConstraint(condition=~Q(state="passed") | Q(last_on__isnull=False), name="notice_passes_at_an_end"),
            models.CheckConstraint(condition=Q(last_on__isnull=True) | Q(last_on__gte=models.F("first_on")), name="notice_days"),
            models.CheckConstraint(condition=Q(days__gte=1), name="notice_lasts"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["last_on"], name="notice_open", condition=Q(state="open")),
            models.Index(fields=["-first_on", "-id"], name="notice_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title_zh}"

    @property
    def audit_text(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        return _spoken(self.title_zh, self.title_en)

    @property
    def body(self) -> str:
        return _spoken(self.body_zh, self.body_en)

    @property
    def issuer(self) -> str:
        return _spoken(self.issuer_zh, self.issuer_en)

    @property
    def all_days(self) -> int:
        """Working days with all extensions."""
        return self.days + self.extended_days

    @property
    def is_open(self) -> bool:
        return self.state == Notice.State.OPEN

    def takes_objections(self, today: dt.date) -> bool:
        """From its first day to 24:00 of its last."""
        return self.is_open and self.first_on <= today and (self.last_on is None or today <= self.last_on)


class NoticeItem(models.Model):
    """One subject on a notice (a body, a person, a case): ``shown`` is what the public reads, in order:
    [{label: {zh, en}, value: {zh, en}}]. Personal data: masked, in ``shown``."""

    class State(models.TextChoices):
        SHOWN = "shown", _("on show")
        DROPPED = "dropped", _("no longer on the notice")
        PASSED = "passed", _("passed the notice")
        UPHELD = "upheld", _("objection upheld")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="items")
    subject_id = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    shown = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State, default=State.SHOWN)
    settled_at = models.DateTimeField(null=True, help_text="When it was no longer merely shown.")
    dropped_reason = models.CharField(max_length=300, blank=True)

    audited: ClassVar[tuple[str, ...]] = ("notice_id", "subject_id", "name_zh", "state", "dropped_reason")

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "subject_id"], name="notice_item_once"),
            models.UniqueConstraint(fields=["subject_id"], condition=Q(state="shown"), name="notice_item_on_one_notice"),
            models.CheckConstraint(
                condition=Q(state="shown", settled_at__isnull=True) | (~Q(state="shown") & Q(settled_at__isnull=False)),
                name="notice_item_settled_means_settled",
            ),
            models.CheckConstraint(
                condition=(Q(state="dropped") & ~Q(dropped_reason="")) | (~Q(state="dropped") & Q(dropped_reason="")),
                name="notice_item_dropped_means_dropped",
            ),
        ]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def audit_text(self) -> str:
        return self.name_zh

    @property
    def name(self) -> str:
        return _spoken(self.name_zh, self.name_en)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Label and value, in the reader's language."""
        return shown_lines(self.shown)


def shown_lines(shown: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [
        (_spoken(line["label"]["zh"], line["label"]["en"]), _spoken(line["value"]["zh"], line["value"]["en"])) for line in shown
    ]


class NoticeSnapshot(models.Model):
    """What the public page showed from ``at`` until the next snapshot: the page is drawn from it. Written once; the database
    refuses changes. ``content_hash`` is the SHA-256 of ``content`` in canonical form, which names the hash before it.
    Personal data: masked, in ``content``."""

    class Cause(models.TextChoices):
        OPENED = "opened", pgettext_lazy("a notice", "opened")
        EXTENDED = "extended", _("extended")
        END_FIXED = "end_fixed", _("its end was fixed")
        DROPPED = "dropped", _("a name dropped out")
        UPHELD = "upheld", _("an objection was upheld")
        REDACTED = "redacted", _("an objection was published")
        RULED = "ruled", _("an objection was ruled on")
        PASSED = "passed", _("a name passed")
        CLOSED = "closed", pgettext_lazy("a notice", "ended")

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="snapshots")
    number = models.PositiveSmallIntegerField()
    cause = models.CharField(max_length=10, choices=Cause)
    at = models.DateTimeField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["notice", "number"], name="notice_snapshot_once")]

    def __str__(self) -> str:
        return f"{self.notice_id}/{self.number}"


class NoticeDisplay(models.Model):
    """That the page was looked at by the product itself on one day, and showed this snapshot unchanged: first and last time."""

    snapshot = models.ForeignKey(NoticeSnapshot, on_delete=models.CASCADE, related_name="displays")
    on = models.DateField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["on", "first_at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["snapshot", "on"], name="notice_display_once_a_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.snapshot}"


class Objection(models.Model):
    """Somebody's objection against a notice, or one name on it. Its original lies in ObjectionOriginal and is never changed;
    ``redacted_text`` is what of it the public may read. ``receipt_index`` finds it by its receipt code.
    Personal data: whatever its text says; name and contact, encrypted, for those who handle it."""

    class Kind(models.TextChoices):
        NAMED = "named", _("by name")
        PROTECTED = "protected", _("identity protected")

    class State(models.TextChoices):
        OPEN = "open", _("received")
        INVESTIGATING = "investigating", _("under investigation")
        UPHELD = "upheld", _("upheld")
        DISMISSED = "dismissed", _("dismissed")

    class Consequence(models.TextChoices):
        NONE = "none", _("goes on")
        SEND_BACK = "send_back", _("goes back")
        END = "end", _("ends")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="objections")
    item = models.ForeignKey(
        NoticeItem, null=True, on_delete=models.PROTECT, related_name="objections", help_text="None: the whole notice."
    )
    kind = models.CharField(max_length=10, choices=Kind)
    name = EncryptedTextField(blank=True)
    contact = EncryptedTextField(blank=True)
    body_name = models.CharField(
        max_length=120, blank=True, help_text="The organisation that objects, under its seal; empty for a person."
    )
    receipt_index = models.BinaryField(max_length=INDEX_BYTES, unique=True)
    received_at = models.DateTimeField()
    answer_due_on = models.DateField(null=True, help_text="None while the year's arrangement isn't known.")
    state = models.CharField(max_length=14, choices=State, default=State.OPEN)
    investigator = models.CharField(max_length=60, blank=True, help_text="Id of the actor who handles it.")
    investigator_text = models.CharField(max_length=120, blank=True)
    investigating_at = models.DateTimeField(null=True)
    redacted_text = models.TextField(blank=True)
    redacted_by = models.CharField(max_length=60, blank=True)
    redacted_at = models.DateTimeField(null=True)
    ruling_reason = models.CharField(max_length=1000, blank=True)
    consequence = models.CharField(max_length=10, choices=Consequence, default=Consequence.NONE)
    ruled_by = models.CharField(max_length=60, blank=True)
    ruled_by_text = models.CharField(max_length=120, blank=True)
    ruled_at = models.DateTimeField(null=True)

    audited: ClassVar[tuple[str, ...]] = (
        "notice_id", "item_id", "kind", "answer_due_on", "state", "investigator", "redacted_text", "ruling_reason", "consequence",
    )  # fmt: skip
    personal: ClassVar[tuple[str, ...]] = ("name", "contact", "redacted_text", "ruling_reason")

    class Meta:
        ordering: ClassVar = ["received_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(
                    Q(state__in=["open", "investigating"], ruled_at__isnull=True, ruled_by="", ruling_reason="", consequence="none")
                )
                | (
                    Q(state="upheld", ruled_at__isnull=False, consequence__in=["send_back", "end"])
                    & ~Q(ruled_by="")
                    & ~Q(ruling_reason="")
                )
                | (Q(state="dismissed", ruled_at__isnull=False, consequence="none") & ~Q(ruled_by="") & ~Q(ruling_reason="")),
                name="objection_ruled_means_ruled",
            ),
            models.CheckConstraint(
                condition=Q(investigating_at__isnull=True, investigator="")
                | (Q(investigating_at__isnull=False) & ~Q(investigator="")),
                name="objection_investigated_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="investigating") | ~Q(investigator=""), name="objection_investigating_means_so"
            ),
            models.CheckConstraint(
                condition=Q(redacted_at__isnull=True, redacted_text="") | (Q(redacted_at__isnull=False) & ~Q(redacted_text="")),
                name="objection_redacted_means_redacted",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["received_at"], name="objection_open", condition=Q(state__in=["open", "investigating"]))
        ]

    def __str__(self) -> str:
        return f"{self.notice.number} {self.received_at:%Y-%m-%d}"

    @property
    def audit_text(self) -> str:
        return f"{self.notice.number} / {str(self.public_id)[:8]}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_protected(self) -> bool:
        return self.kind == Objection.Kind.PROTECTED


OPEN_STATES = (Objection.State.OPEN, Objection.State.INVESTIGATING)


class ObjectionOriginal(models.Model):
    """What the objector wrote, as received. Written once; the database refuses changes. Personal data: in the text, encrypted."""

    objection = models.OneToOneField(Objection, on_delete=models.CASCADE, primary_key=True, related_name="original")
    text = EncryptedTextField()
    text_hash = models.CharField(max_length=64, help_text="SHA-256 of the text in UTF-8.")

    personal: ClassVar[tuple[str, ...]] = ("text",)
    audited: ClassVar[tuple[str, ...]] = ("text_hash",)

    def __str__(self) -> str:
        return self.text_hash[:12]


class ObjectionFile(models.Model):
    """A file that came with an objection. Personal data: in the file."""

    objection = models.ForeignKey(Objection, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["objection", "position"], name="objection_file_once")]

    def __str__(self) -> str:
        return f"{self.objection_id}/{self.position}"


class ObjectionNote(models.Model):
    """What an investigation found, noted by who handles it; the office's alone. Personal data: in the text, encrypted."""

    objection = models.ForeignKey(Objection, on_delete=models.CASCADE, related_name="notes")
    text = EncryptedTextField()
    noted_by = models.CharField(max_length=60)
    noted_by_text = models.CharField(max_length=120)
    noted_at = models.DateTimeField()

    personal: ClassVar[tuple[str, ...]] = ("text",)
    audited: ClassVar[tuple[str, ...]] = ("objection_id", "noted_by")

    class Meta:
        ordering: ClassVar = ["noted_at", "id"]

    def __str__(self) -> str:
        return f"{self.objection_id} {self.noted_at:%Y-%m-%d}"
