"""Around every call of the API: the language that the caller's ``Accept-Language`` asks for."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

# The page that tells people of the API is in the site's language, like any other page.
PAGE = f"{settings.API_PREFIX}v1/docs/"


class ApiMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(settings.API_PREFIX) or request.path == PAGE:
            return self.get_response(request)
        language = _asked(request.headers.get("Accept-Language", ""))
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers["Content-Language"] = language
        return response


def _asked(header: str) -> str:
    """The first language of the header that the product speaks; Chinese otherwise."""
    for code, _weight in parse_accept_lang_header(header.lower()):
        if code.startswith("zh"):
            return "zh-hans"
        if code.startswith("en"):
            return "en"
    return settings.LANGUAGE_CODE
