"""How the product logs: JSON lines in production, readable lines in demo and development. Nothing personal is written:
numbers that may be an identity document's or a phone's are masked, tracebacks show no local variables, and a request is
logged without its query string."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

_MASKED = "[masked]"
# PRIVACY: resident IDs (18 characters, or 15 as it was), permits and passports, mobile phones, e-mail addresses. Bounded on both
# sides, so that hashes stay readable; a permit also by hyphens, for a part of a UUID may look like one.
_PERSONAL = re.compile(
    r"""(?<![0-9A-Za-z])(?: \d{17}[\dXx] | \d{15} | (?:\+?86[ -]?)?1[3-9]\d{9} )(?![0-9A-Za-z])
    | (?<![0-9A-Za-z-])[A-Za-z]{1,2}\d{7,10}(?![0-9A-Za-z-])
    | [\w.+-]+@[\w-]+\.[\w.-]+""",
    re.VERBOSE,
)
# PostgreSQL repeats the row that broke a constraint.
_ROW_DETAIL = re.compile(r"^(DETAIL|CONTEXT|PARAMETERS):.*$", re.MULTILINE)


def masked(value: Any) -> Any:
    """The value with what may be personal in its text masked, at any depth."""
    if isinstance(value, str):
        return _PERSONAL.sub(_MASKED, _ROW_DETAIL.sub(r"\1: [masked]", value))
    if isinstance(value, dict):
        return {key: masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value if not isinstance(value, int) or abs(value) < 10**10 else masked(str(value))
    return masked(str(value))


def _mask(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Only after exceptions were rendered: before, they are objects."""
    return {name: value if name.startswith("_") else masked(value) for name, value in event.items()}


def logging_settings(*, readable: bool, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything through structlog, the libraries' records too, to stderr."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=["status_code"]),
        structlog.processors.TimeStamper(fmt="iso", utc=False),
        # Never `dict_tracebacks` or rich ones: they print local variables.
        structlog.processors.format_exc_info,
        _mask,
    ]
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
        if readable
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"denggao": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "denggao"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "denggao": {"level": level},
            # Django's own handlers would write a second line, unmasked.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            # A visitor who mistypes an address is no event.
            "django.request": {"level": "ERROR"},
        },
    }


_requests = structlog.stdlib.get_logger("denggao.requests")


class RequestLogMiddleware:
    """One line for each request: method, path, status, milliseconds. PRIVACY: never the query string or a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        response = self.get_response(request)
        level = logging.ERROR if response.status_code >= 500 else logging.INFO
        _requests.log(
            level,
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            milliseconds=round((time.monotonic() - began) * 1000, 1),
        )
        return response
