"""Bulk writes that Django's own would do one row at a time in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db import models

BATCH_ROWS = 2000
M = TypeVar("M", bound=models.Model)


def overwrite(model: type[M], rows: Sequence[M], fields: Sequence[str]) -> None:
    """Write these fields (attribute names) of rows that are there already, in one statement a batch."""
    names = [model._meta.get_field(name.removesuffix("_id") if name.endswith("_id") else name).name for name in fields]
    if rows:
        model._default_manager.bulk_create(
            rows, batch_size=BATCH_ROWS, update_conflicts=True, unique_fields=["pk"], update_fields=names
        )
