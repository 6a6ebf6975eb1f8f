"""The API keeps what its own OpenAPI schema promises, whatever it is asked (schemathesis), and describes itself fully."""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from denggao.engines.ledger.actions import rebuild
from denggao.faces.api.actions import issue_token
from denggao.faces.api.rest import api
from denggao.faces.api.rules import Scope
from denggao.foundation.audit.actors import operator
from tests.facts import NOW, a_person, a_plan, an_employer, certified, in_post

pytestmark = [pytest.mark.django_db, pytest.mark.whole]
OPERATOR = operator("test")
EXAMPLES = 12
# No schema can say what a spreadsheet is; and tokens are tested by themselves.
NOT_SAID = {"/api/v1/imports": [ignored_auth, positive_data_acceptance]}
DESCRIPTION = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
OPERATIONS = [(method.upper(), path) for path, methods in DESCRIPTION["paths"].items() for method in methods]


@pytest.fixture(autouse=True)
def _connection_stays_open() -> Iterator[None]:
    """The test's transaction lives on the connection that a server would give back after each request."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def a_token() -> str:
    plan = a_plan()
    employer = an_employer(plan=plan)
    person = a_person()
    in_post(person, employer)
    certified(person)
    rebuild(plan, actor=OPERATOR, now=NOW)
    last = timezone.localdate() + dt.timedelta(days=9)
    issued = issue_token(employer, name="t", scopes=Scope.values, expires_on=last, actor=OPERATOR, now=timezone.now())
    return issued.text


@functools.cache
def _schema() -> Any:
    schema = schemathesis.openapi.from_dict(DESCRIPTION)
    schema.app = get_wsgi_application()
    return schema


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("with_token", [True, False], ids=["token", "visitor"])
def test_operation_keeps_its_schema(method: str, path: str, with_token: bool) -> None:
    headers = {"Authorization": f"Bearer {a_token()}"} if with_token else {}
    operation = _schema()[path][method]

    @seed(20)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        cache.clear()
        response = case.call(headers=headers)
        case.validate_response(response, excluded_checks=NOT_SAID.get(path, [ignored_auth]))

    check()


def test_schema_is_openapi_3_1_and_declares_errors() -> None:
    schema = Client().get("/api/v1/openapi.json").json()

    assert schema["openapi"].startswith("3.1")
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert {"422", "429"} <= set(operation["responses"]), (method, path)
            assert operation["description"], (method, path)
            if operation.get("security") == [{"Token": []}]:
                assert {"401", "403"} <= set(operation["responses"]), (method, path)
                assert operation["x-scope"] in Scope.values


def test_reference_page_names_every_operation() -> None:
    page = Client().get("/api/v1/docs/").content.decode()

    assert all(path in page for _method, path in OPERATIONS)
