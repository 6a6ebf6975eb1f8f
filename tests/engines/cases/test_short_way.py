"""From an empty application to the award, by the shortest procedure."""

from __future__ import annotations

from denggao.engines.cases.actions import decide_case, pass_check, record_check
from denggao.engines.cases.models import Case, Step
from denggao.engines.cases.states import State
from denggao.foundation.jobs import work
from tests.engines.cases.procedures import SYSTEM, a_submitted


def test_an_application_is_checked_decided_and_awarded(cast, now):
    case = a_submitted(cast, now)
    for item in ("papers", "seal"):
        record_check(case, item=item, ok=True, actor=cast.clerk, now=now)
    pass_check(case, actor=cast.clerk, now=now)
    decide_case(case, approve=True, reason="合格", actor=cast.approver, now=now)
    work.drain(clock=lambda: now)

    case.refresh_from_db()
    assert (case.state, case.stage, case.number) == (State.AWARDED, "award", "SY-2022-0001")
    assert SYSTEM.told == [("award", str(case.public_id))]
    assert list(Step.objects.filter(case=case).values_list("number", "kind")) == [
        (1, "opened"),
        (2, "submitted"),
        (3, "passed"),
        (4, "decided"),
        (5, "awarded"),
    ]
    assert Case.objects.get().snapshots.get().answers["plan"]["machines"][0]["name"] == "数控车床"
