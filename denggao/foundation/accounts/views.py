"""The pages that belong to the door itself: health, and what is shown when a request is turned away."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
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


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """Says who can grant what is missing. A sentence given with the refusal is shown."""
    return render(request, "403.html", {"sentence": str(exception or "")}, status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was opened too long ago, or in another session: nothing was changed."""
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """No context processors and no database: whatever failed may be one of them."""
    return HttpResponse(render_to_string("500.html"), status=500)
