"""What every template gets."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "demo": settings.DEMO,
        "actor": getattr(request, "actor", None),
        "language": getattr(request, "LANGUAGE_CODE", "zh-hans"),
    }
