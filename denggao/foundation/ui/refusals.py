"""What is shown when a request is turned away: one sentence that says why, and what to do next."""

from __future__ import annotations

import math
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from denggao.foundation.accounts.limits import TooOften
from denggao.foundation.audit.actions import NotAllowed


class RefusalMiddleware:
    """An action that may not be done becomes the page of status 403, one tried too often that of 429."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if request.path.startswith(settings.API_PREFIX):
            return None
        if isinstance(exception, TooOften):
            return too_often(request, exception)
        if isinstance(exception, NotAllowed):
            return forbidden(request)
        return None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Says who can grant what is missing. A sentence given with the refusal is shown."""
    sentence = str(exception) if isinstance(exception, PermissionDenied) else ""
    return render(request, "403.html", {"sentence": sentence}, status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was opened too long ago, or in another session: nothing was changed."""
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def too_often(request: HttpRequest, refusal: TooOften) -> HttpResponse:
    context = {"seconds": refusal.retry_after, "minutes": math.ceil(refusal.retry_after / 60)}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(refusal.retry_after)
    return response


def failed(request: HttpRequest) -> HttpResponse:
    """No context processors and no database: whatever failed may be one of them."""
    return HttpResponse(render_to_string("500.html"), status=500)
