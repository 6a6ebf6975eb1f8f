"""Around every call of the API: the language the caller's ``Accept-Language`` asks for, and the note that a token was used."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation.trans_real import parse_accept_lang_header

from denggao.faces.api.actions import note_use
from denggao.faces.api.models import ApiToken


class ApiMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(settings.API_PREFIX):
            return self.get_response(request)
        language = _asked(request.headers.get("Accept-Language", ""))
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers["Content-Language"] = language
        # Only here: what is inside runs under the guard that lets a GET write nothing.
        token: ApiToken | None = getattr(request, "api_token", None)
        if token is not None and token.last_used_on != timezone.localdate():
            note_use(token, actor=request.actor, now=timezone.now())  # type: ignore[attr-defined]
        return response


def _asked(header: str) -> str:
    """The first language of the header that the product speaks; Chinese otherwise."""
    for code, _weight in parse_accept_lang_header(header.lower()):
        if code.startswith("zh"):
            return "zh-hans"
        if code.startswith("en"):
            return "en"
    return settings.LANGUAGE_CODE
