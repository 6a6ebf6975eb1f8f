from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from denggao.foundation.accounts.models import User


class Message(models.Model):
    """Something told to one account. Its text is made when it is read, in the reader's language, from the registered
    code and the values; values are names of bodies and files, numbers and dates, never a person's data."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="messages")
    code = models.CharField(max_length=60)
    values = models.JSONField(default=dict)
    link = models.CharField(max_length=200, blank=True, help_text="A path of this site.")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "-id"], name="message_by_account"),
            models.Index(fields=["account"], name="message_unread", condition=Q(read_at__isnull=True)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(link="") | (Q(link__startswith="/") & ~Q(link__startswith="//")), name="message_link_stays_here"
            )
        ]

    def __str__(self) -> str:
        return self.code


class MessagePreference(models.Model):
    """How an account wants to be told beside the message in the app; without a row, by e-mail as well."""

    account = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="message_preference")
    by_mail = models.BooleanField(default=True)

    audited: ClassVar[tuple[str, ...]] = ("by_mail",)

    def __str__(self) -> str:
        return f"preference of {self.account}"

    @property
    def audit_text(self) -> str:
        return self.account.audit_text
