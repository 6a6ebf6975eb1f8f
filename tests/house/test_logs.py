"""What is logged, and what never is."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Callable, Iterator

import pytest
import structlog
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from denggao.logs import RequestLogMiddleware, logging_settings, masked

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002X",
        "号码11010519491231002x不对",
        "110105491231002",
        "13800000001",
        "+86 13800000001",
        "H1234567",
        "HA1234567",
        "E12345678",
        "worker@example.org",
    ],
)
def test_personal_numbers_are_masked(text):
    shown = masked(f"refused ({text}).")

    assert "[masked]" in shown
    assert not any(part in shown for part in ("4912", "0000", "1234567", "worker"))


@pytest.mark.parametrize(
    "text",
    [
        "6f1c2b9e-a123-4567-8901-123456789012",
        "a1234567-b123-4c12-9d12-123456789012",
        "S000031000010123456789",
        "91310115MA1H7A5B2K",
        "row 12 of 10000",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "2026-11-23T17:40:00+08:00",
    ],
)
def test_other_numbers_stay_readable(text):
    assert masked(text) == text


def test_values_at_any_depth_are_masked():
    assert masked({"rows": [{"id": "11010519491231002X", "n": 3}], "phone": 13800000001}) == {
        "rows": [{"id": "[masked]", "n": 3}],
        "phone": "[masked]",
    }


def test_the_row_that_broke_a_constraint_is_not_repeated():
    assert "陈建国" not in masked("duplicate key\nDETAIL: Failing row contains (1, 陈建国).")


@pytest.fixture
def lines(settings) -> Iterator[Callable[[], list[dict[str, object]]]]:
    """What production would have written so far."""
    stream = io.StringIO()
    chosen = logging_settings(readable=False, level="INFO")
    chosen["handlers"]["stderr"]["stream"] = stream
    logging.config.dictConfig(chosen)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.config.dictConfig(settings.LOGGING)


def test_a_traceback_shows_no_local_variables_and_no_number(lines):
    def importing() -> None:
        name, number = "陈建国", "11010519491231002X"
        raise ValueError(f"{number} is taken", len(name))

    try:
        importing()
    except ValueError:
        logging.getLogger("denggao.sheets").exception("import failed for %s", "11010519491231002X")

    (line,) = lines()
    assert "in importing" in str(line["exception"])
    assert (line["event"], line["level"], line["logger"]) == ("import failed for [masked]", "error", "denggao.sheets")
    assert "陈建国" not in json.dumps(line, ensure_ascii=False)
    assert "4912" not in json.dumps(line)


def test_a_request_is_logged_without_its_query_string(lines):
    RequestLogMiddleware(lambda request: HttpResponse(status=404))(RequestFactory().get("/verify/", {"name": "陈建国"}))

    (line,) = lines()
    assert (line["event"], line["method"], line["path"], line["status"]) == ("request", "GET", "/verify/", 404)
    assert "陈" not in json.dumps(line, ensure_ascii=False)


def test_a_page_that_broke_is_an_error(lines):
    def broken(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=500)

    RequestLogMiddleware(broken)(RequestFactory().get("/"))

    assert lines()[0]["level"] == "error"


def test_structured_values_are_masked_too(lines):
    structlog.stdlib.get_logger("denggao.people").info("seen", number="11010519491231002X")

    assert lines()[0]["number"] == "[masked]"
