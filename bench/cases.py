"""The worklist and the page of a case among 20,000, warm; and how long many acts take."""

from __future__ import annotations

from bench.stage import cpu_ms, pace, queries, say, seconds, set_stage, tell

asked = set_stage()

import datetime as dt  # noqa: E402
import itertools  # noqa: E402
from collections.abc import Iterator  # noqa: E402

from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.limits import CASE_MS, CASES, Measure  # noqa: E402
from denggao.engines.cases.models import Case, Round, Snapshot, Step  # noqa: E402
from denggao.engines.cases.procedures import StageKind  # noqa: E402
from denggao.engines.cases.states import State, whose_turn  # noqa: E402
from denggao.engines.notices.models import Notice, NoticeItem  # noqa: E402
from denggao.foundation.audit.bulk import insert  # noqa: E402
from denggao.foundation.organisations.models import Organisation  # noqa: E402
from denggao.foundation.plans.models import Plan  # noqa: E402
from tests.cast import Cast, make_cast  # noqa: E402
from tests.engines.cases.procedures import ANSWERS, FULL, a_round, register_trials  # noqa: E402

BODIES = 400
REPEATS = 15
# Of ten cases: where they stand. Most of a full house has been decided long ago.
STANDING = (
    *[(StageKind.AWARD, State.AWARDED)] * 4,
    (StageKind.CHECK, State.REJECTED),
    (StageKind.CHECK, State.OPEN),
    (StageKind.CHECK, State.RETURNED),
    (StageKind.NOTICE, State.OPEN),
    (StageKind.COSIGN, State.OPEN),
    (StageKind.DECIDE, State.OPEN),
)
_KINDS = ("opened", "submitted", "passed", "reviewed")


def main() -> Iterator[Measure]:
    now = timezone.now()
    register_trials()
    cast = make_cast(now)
    round_ = a_round(cast, now, procedure=FULL.code)
    took, _nothing = seconds(lambda: make_cases(cast, round_, CASES, now))
    say(f"{Case.objects.count()} cases, {Step.objects.count()} steps in {took:.0f} s")
    yield Measure("cases: the machine's pace, a million additions", pace(), "ms")
    pages = {
        "worklist, waiting for me": ("clerk", "/cases/"),
        "worklist, all": ("clerk", "/cases/?view=all"),
        "worklist, all, last page": ("clerk", "/cases/?view=all&page=400"),
        "worklist of an approver": ("approver", "/cases/"),
        "applications of a body": ("base_manager", "/cases/mine/"),
    }
    for name, (part, path) in pages.items():
        yield from _page(f"cases: {name}", cast.client_of(part), path)
    for kind in (StageKind.CHECK, StageKind.NOTICE, StageKind.DECIDE):
        case = Case.objects.filter(stage_kind=kind, state="open").order_by("pk")[CASES // 30]
        yield from _page(f"cases: page of one in {kind}", cast.client_of("clerk"), case.link)
    yield Measure("cases: the machine's pace afterwards", pace(), "ms")


def _page(name: str, client: Client, path: str) -> Iterator[Measure]:
    answer = client.get(path)
    if answer.status_code != 200:
        say(f"{name}: {answer.status_code}")
        return
    found = Measure(name, cpu_ms(lambda: client.get(path), REPEATS), "ms", CASE_MS, f"{queries(lambda: client.get(path))} q")
    say(f"{name}: {found.value:.1f} ms, {found.note}")
    yield found


def make_cases(cast: Cast, round_: Round, count: int, now: dt.datetime) -> None:
    """Rows as the engine would have left them, over two years, of 400 bodies; every tenth in each place of ``STANDING``."""
    bodies = [cast.base, *_bodies(BODIES - 1, now)]
    with transaction.atomic():
        cases = [_case(at, bodies[at % BODIES], round_, now) for at in range(count)]
        insert(cases)
        insert([step for case in cases for step in _steps(case)])
        insert([_snapshot(case) for case in cases])
        _notice([case for case in cases if case.stage_kind == StageKind.NOTICE and case.state == State.OPEN], round_.plan, now)


def _bodies(count: int, now: dt.datetime) -> list[Organisation]:
    return Organisation.objects.bulk_create(
        Organisation(name_zh=f"申报单位{at}", name_key=f"申报单位{at}", kind="provider", created_at=now) for at in range(count)
    )


def _case(at: int, body: Organisation, round_: Round, now: dt.datetime) -> Case:
    kind, state = STANDING[at % len(STANDING)]
    since = now - dt.timedelta(days=at % 700, minutes=at % 1440)
    standing = state in {State.OPEN, State.RETURNED}
    return Case(
        number=f"QS-{since.year}-{at:05d}",
        procedure=FULL.code,
        version=1,
        form_version=1,
        round=round_,
        body=body,
        title=f"{body.name_zh} 第{at}号申请",
        stage=kind.value,
        stage_kind=kind,
        state=state,
        waits_for=whose_turn(state, kind),
        stage_since=since,
        waits_since=since,
        due_on=(since + dt.timedelta(days=14)).date() if standing and kind != StageKind.NOTICE else None,
        clock_days=10 if standing else None,
        clock_from_on=since.date() if state == State.OPEN else None,
        clock_stopped_at=since if state == State.RETURNED else None,
        opened_by="bench",
        opened_at=since,
        submitted_at=since,
        ended_at=None if standing else since,
        lock=len(_KINDS),
    )


def _steps(case: Case) -> Iterator[Step]:
    for number, kind in enumerate(_KINDS, 1):
        yield Step(
            case=case,
            number=number,
            kind=kind,
            stage_from="" if number == 1 else "check",
            stage_to=case.stage,
            state_to=State.OPEN,
            at=case.opened_at,
            actor_kind="account",
            actor_id="bench",
            actor_text="bench",
            shown_to="office",
        )


def _snapshot(case: Case) -> Snapshot:
    return Snapshot(
        case=case,
        number=1,
        form_version=1,
        answers=ANSWERS,
        content_hash="0" * 64,
        submitted_at=case.opened_at,
        submitted_by="bench",
        submitted_by_text="bench",
    )


def _notice(cases: list[Case], plan: Plan | None, now: dt.datetime) -> None:
    """All on show together, a hundred on each notice."""
    serial = itertools.count(1)
    for start in range(0, len(cases), 100):
        today = now.date()
        notice = Notice.objects.create(
            subject_kind="case",
            number=f"GS-{next(serial):05d}",
            title_zh="公示",
            plan=plan,
            days=5,
            first_on=today,
            counts_from=today,
            last_on=today + dt.timedelta(days=7),
            opened_at=now,
            opened_by="bench",
            opened_by_text="bench",
        )
        part = cases[start : start + 100]
        insert(
            [
                NoticeItem(notice=notice, subject_id=case.public_id, position=at, name_zh=case.title, shown=[])
                for at, case in enumerate(part, 1)
            ]
        )


if __name__ == "__main__":
    tell(list(main()))
