from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from denggao.foundation.accounts.models import User


class SavedView(models.Model):
    """A set of the worklist's filters that one account named for itself: what stands in the address after ``?``, without the
    page. No personal data, unless somebody searched for a name."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="case_views")
    name = models.CharField(max_length=30)
    query = models.CharField(max_length=500)
    created_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("name",)

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "name"], name="saved_view_name_once")]

    def __str__(self) -> str:
        return self.name
