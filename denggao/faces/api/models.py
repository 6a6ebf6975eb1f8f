from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from denggao.faces.api.rules import PREFIX_LENGTH
from denggao.foundation.organisations.models import Organisation


class ApiToken(models.Model):
    """The right of another program to act for one organisation, until a day. The secret itself is never stored."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80, help_text="Which program holds it, in the words of who issued it.")
    prefix = models.CharField(max_length=PREFIX_LENGTH, unique=True, help_text="The part that is shown.")
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_by = models.CharField(max_length=60)
    created_by_text = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    expires_on = models.DateField(help_text="The last day it holds.")
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by_text = models.CharField(max_length=120, blank=True)

    audited: ClassVar[tuple[str, ...]] = ("organisation_id", "name", "prefix", "scopes", "expires_on", "last_used_on", "revoked_at")

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by_text="") | (Q(revoked_at__isnull=False) & ~Q(revoked_by_text="")),
                name="api_token_revoked_means_revoked",
            )
        ]

    def __str__(self) -> str:
        return f"dg_{self.prefix}…"

    @property
    def audit_text(self) -> str:
        return str(self)

    def holds_on(self, day: dt.date) -> bool:
        return self.revoked_at is None and day <= self.expires_on
