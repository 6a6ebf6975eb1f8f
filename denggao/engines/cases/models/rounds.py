from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy

from denggao.engines.cases.focus import Sought, looked_for
from denggao.foundation.plans.models import Plan


class Round(models.Model):
    """A call for applications: which procedure, for which plan, from when to when, and what is decided differently this
    time (``options``: rubric weights, days of notice … as the stages know them)."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("a call", "being prepared")
        OPEN = "open", pgettext_lazy("a call", "open")
        CLOSED = "closed", pgettext_lazy("a call", "closed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    procedure = models.CharField(max_length=30, help_text="The code of the procedure.")
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="rounds")
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160, blank=True)
    call_zh = models.TextField(blank=True, help_text="The text of the call.")
    call_en = models.TextField(blank=True)
    document = models.CharField(max_length=200, blank=True, help_text="The document the call rests on.")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(help_text="Applications submitted after this moment are refused.")
    quota = models.PositiveIntegerField(null=True, help_text="How many can be awarded; None for no limit.")
    options = models.JSONField(default=dict)
    focus = models.JSONField(default=list, blank=True, help_text="What the call looks for, as it was when it was opened.")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    created_by = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    audited: ClassVar[tuple[str, ...]] = (
        "procedure", "plan_id", "title_zh", "title_en", "document", "opens_at", "closes_at", "quota", "options", "focus", "state",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["-opens_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="round_lasts"),
            models.CheckConstraint(
                condition=Q(state="draft", opened_at__isnull=True, closed_at__isnull=True)
                | Q(state="open", opened_at__isnull=False, closed_at__isnull=True)
                | Q(state="closed", opened_at__isnull=False, closed_at__isnull=False),
                name="round_state_and_times",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-opens_at"], name="round_by_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title_zh

    @property
    def looks_for(self) -> list[Sought]:
        return looked_for(self.focus)

    @property
    def call(self) -> str:
        return self.call_en if self.call_en and (get_language() or "").startswith("en") else self.call_zh

    @property
    def audit_text(self) -> str:
        return self.title_zh
