"""Every public page of the board and every call of the API, over a ledger of 100,000 entries, warm."""

from __future__ import annotations

from bench.stage import cpu_ms, queries, say, seconds, set_stage, tell

asked = set_stage()

import datetime as dt  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from typing import Any  # noqa: E402

from django.core.cache import cache  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench import region  # noqa: E402
from bench.limits import PAGE_MS, VERIFY_MS, Measure  # noqa: E402
from denggao.engines.credentials.models import Credential  # noqa: E402
from denggao.engines.ledger.models import Entry  # noqa: E402
from denggao.engines.ledger.queries import check_plan  # noqa: E402
from denggao.faces.api.actions import issue_token  # noqa: E402
from denggao.faces.api.rest import access  # noqa: E402
from denggao.faces.api.rules import Scope  # noqa: E402
from denggao.foundation.accounts.limits import Limit  # noqa: E402
from denggao.foundation.audit.actors import operator  # noqa: E402
from denggao.foundation.plans.models import Plan  # noqa: E402

ACTOR = operator("bench")
PAGES = {
    "page /": "/",
    "page /board/<plan>/": "/board/lingang-2020/",
    "page /board/<plan>/screen/": "/board/lingang-2020/screen/",
    "page /board/<plan>/upgrades/": "/board/lingang-2020/upgrades/",
    "page …/upgrades/?by=employer": "/board/lingang-2020/upgrades/?by=employer",
    "page …/upgrades/?by=month": "/board/lingang-2020/upgrades/?by=month",
}
# 霁微: a body of the middle, some 2,600 people among 100,000.
TYPICAL = 14
DIMENSIONS = ("industry", "occupation", "level", "employer", "month", "proof", "year")


def main() -> Iterator[Measure]:
    now = timezone.now()
    plan = region.make_plan(ACTOR, now)
    employers = region.make_employers(plan, now)
    took, _nothing = seconds(lambda: region.make_heads(plan, employers, asked.entries, actor=ACTOR, now=now))
    say(f"{Entry.objects.count()} entries in {took:.0f} s")
    _lift_limits()
    client = Client()
    for name, path in PAGES.items():
        yield from _page(name, lambda path=path: client.get(path), PAGE_MS)
    yield from _api(client, plan)
    last = timezone.localdate() + dt.timedelta(days=9)
    issued = issue_token(employers[TYPICAL], name="bench", scopes=Scope.values, expires_on=last, actor=ACTOR, now=now)
    yield from _api_with_token(client, {"authorization": f"Bearer {issued.text}"})
    took, problems = seconds(lambda: check_plan(Plan.objects.get(pk=plan.pk)))
    yield Measure("rebuild_ledger --check, all heads", took, "s", note=f"{len(problems)} diff")


def _lift_limits() -> None:
    for pace in (access.READING, access.WRITING, access.VERIFYING):
        pace.visitor = pace.token = Limit("bench", 10_000_000, 60)


def _page(name: str, call: Callable[[], Any], limit: float) -> Iterator[Measure]:
    answer = call()
    if answer.status_code not in {200, 304}:
        say(f"{name}: {answer.status_code}")
        return
    yield Measure(name, cpu_ms(call), "ms", limit, f"{queries(call)} q")


def _api(client: Client, plan: Plan) -> Iterator[Measure]:
    base = f"/api/v1/plans/{plan.code}"
    calls = {"plans": "/api/v1/plans", "one plan": base, "board": f"{base}/board", "dates": f"{base}/dates"}
    calls |= {f"breakdown {by}": f"{base}/goals/upgrades/breakdown?by={by}" for by in DIMENSIONS}
    for name, path in calls.items():
        yield from _page(f"api {name}", lambda path=path: client.get(path), PAGE_MS)
    etag = client.get(f"{base}/board").headers["ETag"]
    yield from _page("api board, unchanged", lambda: client.get(f"{base}/board", headers={"if-none-match": etag}), PAGE_MS)
    certificate = Credential.objects.order_by("pk")[777]
    genuine = {"number": certificate.number, "name": certificate.holder_name}
    wrong = {"number": certificate.number, "name": "无此人"}

    def verify(body: dict[str, str]) -> Callable[[], Any]:
        return lambda: client.post("/api/v1/verify", body, content_type="application/json")

    yield from _page("api verify, valid", verify(genuine), VERIFY_MS)
    yield from _page("api verify, not found", verify(wrong), VERIFY_MS)
    cache.clear()


def _api_with_token(client: Client, headers: dict[str, str]) -> Iterator[Measure]:
    base = "/api/v1/plans/lingang-2020"
    calls = {
        "board in full": f"{base}/board",
        "heads": f"{base}/goals/upgrades/heads",
        "heads, filtered": f"{base}/goals/upgrades/heads?industry=ic&level=4&offset=500",
        "persons": "/api/v1/persons",
        "certificates": "/api/v1/certificates",
        "imports": "/api/v1/imports",
        "organisations": "/api/v1/organisations",
    }
    for name, path in calls.items():
        yield from _page(f"api {name} (token)", lambda path=path: client.get(path, headers=headers), PAGE_MS)


if __name__ == "__main__":
    tell(list(main()))
