"""REST under ``/api/v1/``: what the pages do, for other programs. Assembled here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from denggao.faces.api.rest import (
    bases,
    cases,
    certificates,
    courses,
    craftsmen,
    enrolments,
    experts,
    hours,
    imports,
    notices,
    organisations,
    plans,
    standards,
    verification,
)
from denggao.faces.api.rest.problems import MEDIA_TYPE, problem, set_handlers

VERSION = "1.0.0"


class Api(NinjaAPI):
    """Describes itself in the reader's language."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._descriptions: dict[tuple[str | None, str | None], OpenAPISchema] = {}

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None) -> OpenAPISchema:
        """Made once a language: operations do not change while the program runs."""
        kept = (path_prefix, get_language())
        if kept not in self._descriptions:
            schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
            _translate(schema)
            for methods in schema["paths"].values():
                for operation in methods.values():
                    _name_problems(operation["responses"])
            self._descriptions[kept] = schema
        return self._descriptions[kept]

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return str(operation.view_func.__name__)


def _translate(part: Any) -> None:
    """Put every summary and description of a schema into the language in force."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name in {"summary", "description"} and isinstance(value, str) and value:
                part[name] = gettext(value)
            else:
                _translate(value)
    elif isinstance(part, list):
        for value in part:
            _translate(value)


def _name_problems(responses: dict[int, dict[str, Any]]) -> None:
    """Errors are problem details, not plain JSON."""
    for status, response in responses.items():
        if status >= 400 and "content" in response:
            response["content"] = {MEDIA_TYPE: next(iter(response["content"].values()))}


api = Api(
    title="Denggao 登高",
    version=VERSION,
    description=_("Read plans and boards, organisations, people and certificates; hand in spreadsheets; verify certificates."),
    urls_namespace="api",
    docs_url=None,
    openapi_extra={"info": {"license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}}},
)
set_handlers(api)
for room in (
    plans, organisations, imports, certificates, verification, notices, cases, experts, bases, hours, standards, courses,
    enrolments, craftsmen,
):  # fmt: skip
    api.add_router("", room.router)


def not_there(request: HttpRequest, path: str = "") -> HttpResponse:
    """Any address under /api/ that is none."""
    return problem(404)
