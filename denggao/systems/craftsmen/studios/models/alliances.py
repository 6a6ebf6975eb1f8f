from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.models import Named
from denggao.systems.craftsmen.studios.models.studios import Studio


class Alliance(Named):
    """Studios of a plan that work together (工作室联盟), by a charter, led by one of them."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="studio_alliances")
    lead = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="alliances_led")
    charter = models.TextField()
    founded_on = models.DateField()
    created_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("name_zh", "name_en", "plan_id", "lead_id", "charter", "founded_on")

    class Meta:
        ordering: ClassVar = ["founded_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "name_zh"], name="alliance_named_once"),
            models.CheckConstraint(condition=~Q(charter=""), name="alliance_has_a_charter"),
        ]

    @property
    def audit_text(self) -> str:
        return self.name_zh


class AllianceMembership(models.Model):
    """A studio in an alliance: by its own yes and that of the leading studio, in either order; until the day it left."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("a studio in an alliance", "asked for by the studio")
        INVITED = "invited", pgettext_lazy("a studio in an alliance", "invited")
        MEMBER = "member", pgettext_lazy("a studio in an alliance", "member")
        REFUSED = "refused", pgettext_lazy("a studio in an alliance", "refused")
        LEFT = "left", pgettext_lazy("a studio in an alliance", "left")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey(Alliance, on_delete=models.PROTECT, related_name="memberships")
    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="alliance_memberships")
    state = models.CharField(max_length=8, choices=State)
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    answered_by = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True)

    audited: ClassVar[tuple[str, ...]] = ("alliance_id", "studio_id", "state", "from_on", "to_on", "reason")

    class Meta:
        ordering: ClassVar = ["from_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["alliance", "studio"], condition=Q(state__in=["asked", "invited", "member"]), name="alliance_studio_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "invited"], from_on__isnull=True, answered_at__isnull=True)
                | Q(state="refused", from_on__isnull=True, answered_at__isnull=False)
                | Q(state="member", from_on__isnull=False, to_on__isnull=True, answered_at__isnull=False)
                | Q(state="left", from_on__isnull=False, to_on__isnull=False),
                name="alliance_membership_whole",
            ),
            models.CheckConstraint(condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="alliance_membership_dates"),
            models.CheckConstraint(condition=~Q(state__in=["refused", "left"]) | ~Q(reason=""), name="alliance_ended_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.alliance} · {self.studio}"

    @property
    def audit_text(self) -> str:
        return f"{self.alliance.name_zh} · {self.studio.name_zh}"
