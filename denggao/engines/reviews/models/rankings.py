"""Who advances of all that were judged together."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import get_language

from denggao.engines.reviews.models.panels import Panel


class Ranking(models.Model):
    """One ranking of what belongs together (a round: ``subject_kind``, ``subject_id``), as it stood. Made again, the next
    ``number`` stands beside it and the old one is kept. ``inputs`` and ``result`` as ``rules.ranking`` gives them (codes are
    public ids of panels' subjects); ``input_hash`` covers the inputs, from which anyone can make the list again."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    panels = models.ManyToManyField(Panel, related_name="rankings", help_text="Whose results it was made from.")
    inputs = models.JSONField()
    input_hash = models.CharField(max_length=64)
    result = models.JSONField()
    labels = models.JSONField(
        default=dict, help_text='What its groups are called: {code: {"zh": …, "en": …}}; none without groups.'
    )
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was made again.")
    at = models.DateTimeField()
    made_by = models.CharField(max_length=60, help_text="The actor's id.")

    audited: ClassVar[tuple[str, ...]] = ("subject_kind", "subject_id", "number", "input_hash", "reason")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "number"], name="ranking_once"),
            models.CheckConstraint(condition=models.Q(number=1) | ~models.Q(reason=""), name="ranking_again_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} #{self.number}"

    def group_label(self, code: str) -> str:
        """What a group is called, in the active language; its code where nobody said."""
        label: dict[str, str] = self.labels.get(code) or {}
        return (label.get("en") if (get_language() or "").startswith("en") else "") or label.get("zh") or code

    @property
    def audit_text(self) -> str:
        return f"#{self.number}"
