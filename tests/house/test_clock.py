"""The time is told to actions and rules, never asked by them; the request never reaches them."""

from __future__ import annotations

import ast

import pytest

from tests.house.rooms import PACKAGE, files

pytestmark = pytest.mark.once

_CLOCKS = {"now", "today", "utcnow", "time", "time_ns"}
# Told a time they convert it; asked for none they look at the clock.
_CLOCKS_WHEN_ASKED = {"localdate", "localtime"}
_OF = {"timezone", "datetime", "date", "dt", "time"}
TIMELESS = {"actions", "rules", "states"}

DOMAIN = [path for path in files(".py") if path.stem in TIMELESS or path.parent.name in TIMELESS]


def _asks_a_clock(call: ast.Call, name: str) -> bool:
    return name in _CLOCKS or (name in _CLOCKS_WHEN_ASKED and not call.args)


@pytest.mark.parametrize("path", DOMAIN, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_clock_and_no_request_in_the_domain(path):
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _asks_a_clock(node, node.func.attr):
            base = node.func.value
            name = base.attr if isinstance(base, ast.Attribute) else base.id if isinstance(base, ast.Name) else ""
            if name in _OF:
                found.append(f"line {node.lineno}: {name}.{node.func.attr}()")
        if isinstance(node, ast.ImportFrom) and node.module == "django.http" and any(a.name == "HttpRequest" for a in node.names):
            found.append(f"line {node.lineno}: HttpRequest")

    assert found == []
