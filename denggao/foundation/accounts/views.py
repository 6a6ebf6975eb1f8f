"""Whether the product is well: for the machine that watches it."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from denggao.foundation.vault.keys import KeyUnusable, key

_KEYS = ("field", "index", "audit")


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and the keys can be read, else 503. Says which, and nothing else."""
    state = {"database": _database_answers(), "keys": _keys_readable()}
    return JsonResponse(
        {
            "status": "ok" if all(state.values()) else "failing",
            **{name: "ok" if good else "failing" for name, good in state.items()},
        },
        status=200 if all(state.values()) else 503,
    )


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        return False


def _keys_readable() -> bool:
    """A key once read stays in memory; a folder that went away since must still be noticed."""
    try:
        return all(key(name) and os.access(Path(settings.KEYS_DIR) / f"{name}.key", os.R_OK) for name in _KEYS)
    except (KeyUnusable, OSError):
        return False
