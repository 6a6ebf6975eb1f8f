"""What every template gets."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from denggao.foundation.ui import navigation


def page(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    return {
        "demo": settings.DEMO,
        "actor": actor,
        "language": getattr(request, "LANGUAGE_CODE", "zh-hans"),
        "html_language": "en" if getattr(request, "LANGUAGE_CODE", "").startswith("en") else "zh-CN",
        "navigation": SimpleLazyObject(lambda: navigation.links_for(actor, request.path)) if actor is not None else [],
        "public_navigation": SimpleLazyObject(lambda: navigation.public_links(request.path)),
        "footer_navigation": SimpleLazyObject(lambda: navigation.public_links(request.path, footer=True)),
        "identity": SimpleLazyObject(lambda: navigation.identity_of(actor)) if actor is not None else None,
    }
