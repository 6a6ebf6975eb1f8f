"""Errors as problem details (RFC 9457): ``application/problem+json``, in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from pydantic import Field

from denggao.foundation.audit.actions import AlreadyDone, NotAllowed, Refused

MEDIA_TYPE = "application/problem+json"

_TITLES = {
    400: gettext_lazy("The request can't be read."),
    401: gettext_lazy("A valid token is needed."),
    403: gettext_lazy("The token may not do this."),
    404: gettext_lazy("There is no such thing, or not for this token."),
    405: gettext_lazy("This address does not take this method."),
    409: gettext_lazy("The state of the record does not allow it."),
    413: gettext_lazy("The file is too large."),
    415: gettext_lazy("This kind of content is not taken."),
    422: gettext_lazy("Something in the request is not valid."),
    429: gettext_lazy("Too many requests in a short time."),
}
_CODES = {
    400: "unreadable", 401: "unauthenticated", 403: "forbidden", 404: "not-found", 405: "method-not-allowed", 409: "conflict",
    413: "too-large", 415: "unsupported-type", 422: "invalid", 429: "too-many-requests",
}  # fmt: skip

# pydantic's kinds of error, in words; the first that fits. Values come from the error's context.
_FAULTS: tuple[tuple[str, Any], ...] = (
    ("missing", gettext_lazy("This is required.")),
    ("uuid", gettext_lazy("This is not an id; it looks like 3f2b8c1e-….")),
    ("date", gettext_lazy("This is not a date; write it as 2022-12-31.")),
    ("int", gettext_lazy("This is not a whole number.")),
    ("bool", gettext_lazy("Write true or false.")),
    ("greater_than_equal", gettext_lazy("The least that is allowed is %(ge)s.")),
    ("less_than_equal", gettext_lazy("The most that is allowed is %(le)s.")),
    ("string_too_long", gettext_lazy("At most %(max_length)s characters are taken.")),
    ("string_too_short", gettext_lazy("At least %(min_length)s characters are needed.")),
    ("enum", gettext_lazy("This is none of the values allowed: %(expected)s.")),
    ("literal_error", gettext_lazy("This is none of the values allowed: %(expected)s.")),
)


class FieldProblem(Schema):
    """One field that is wrong."""

    field: str = Field(description=gettext_noop("Path to the field: where it stands, then its name, such as query.as_of."))
    detail: str


class Problem(Schema):
    """Why a request was not done."""

    type: str = Field(description=gettext_noop("Permanent: urn:denggao:problem: and a code."))
    title: str
    status: int
    detail: str = ""
    errors: list[FieldProblem] = Field(default_factory=list)


def problem(status: int, detail: object = "", errors: Sequence[Mapping[str, str]] = ()) -> HttpResponse:
    """A response that says what went wrong and what to do."""
    body = {
        "type": f"urn:denggao:problem:{_CODES.get(status, 'error')}",
        "title": str(_TITLES.get(status, _("The request could not be done."))),
        "status": status,
        "detail": str(detail),
        "errors": list(errors),
    }
    response = HttpResponse(json.dumps(body, ensure_ascii=False), content_type=MEDIA_TYPE, status=status)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="denggao"'
    return response


class TooLarge(Exception):
    """The file handed in exceeds the limit."""


def _words(error: Mapping[str, Any]) -> str:
    kind, context = str(error.get("type", "")), error.get("ctx") or {}
    for begins, text in _FAULTS:
        if kind.startswith(begins):
            return str(text) % context if context else str(text)
    return _("The value is not valid.")


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    errors = [{"field": ".".join(str(part) for part in item.get("loc", ())), "detail": _words(item)} for item in error.errors]
    return problem(422, errors=errors)


def _http_error(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error.status_code, "" if error.status_code in _TITLES and isinstance(error, AuthenticationError) else str(error))


def _too_often(request: HttpRequest, error: Any) -> HttpResponse:
    seconds = getattr(request, "retry_after", 60)
    response = problem(429, _("Try again in %(seconds)s seconds.") % {"seconds": seconds})
    response["Retry-After"] = str(seconds)
    return response


def set_handlers(api: NinjaAPI) -> None:
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(Http404, lambda request, error: problem(404))
    api.add_exception_handler(Throttled, _too_often)
    api.add_exception_handler(HttpError, _http_error)
    api.add_exception_handler(NotAllowed, lambda request, error: problem(403))
    api.add_exception_handler(AlreadyDone, lambda request, error: problem(409, _("This was done before.")))
    api.add_exception_handler(Refused, lambda request, error: problem(409, error))
    api.add_exception_handler(TooLarge, lambda request, error: problem(413, error))
