"""The worked example of ``docs/new-application.md`` is run as it stands there: a declaration and a form are enough."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from denggao.engines.cases import actions
from denggao.engines.cases.models import Case
from denggao.engines.cases.procedures import registered
from denggao.engines.cases.refusals import CaseRefused
from denggao.engines.notices.actions import close_due_notices
from denggao.foundation.audit.actors import Grant, Role, account
from denggao.foundation.jobs import work

DOCUMENT = Path(__file__).resolve().parents[3] / "docs/new-application.md"


@pytest.fixture
def example():
    told: dict[str, Any] = {"__name__": "worked_example"}
    for block in re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.S):
        exec(compile(block, str(DOCUMENT), "exec"), told)
    with registered(told["STUDIO"]):
        yield told


def test_the_example_walks_from_an_empty_form_to_the_naming(cast, example):
    now = timezone.now().replace(year=2022, month=10, day=10, hour=2)
    call = actions.RoundGiven("masters_studio", "大师工作室申报", now, now.replace(month=11))
    round_ = actions.open_round(actions.prepare_round(call, actor=cast.clerk, now=now), actor=cast.clerk, now=now)
    case = actions.open_case(round_, body=cast.employer, actor=cast.hr, now=now)
    answers = {"name": "陈师傅工作室", "floor_area_m2": "80", "members": [{"name": "陈晨", "level": "高级技师"}]}
    actions.save_draft(case, section="studio", answers=answers, base_revision=0, actor=cast.hr, now=now)
    actions.submit_case(case, actor=cast.hr, now=now)
    actions.record_check(case, item="members", ok=True, actor=cast.clerk, now=now)
    actions.pass_check(case, actor=cast.clerk, now=now)
    assert "技能大师工作室公示" in Client().get("/notices/").content.decode()

    later = now.replace(day=20)
    assert close_due_notices(now=later) == 1
    case = Case.objects.with_labels().get(pk=case.pk)
    actions.decide_case(case, approve=True, reason="同意", actor=cast.approver, now=later)
    work.drain(clock=lambda: later)

    case.refresh_from_db()
    assert (case.number, case.state) == ("DS-2022-001", "awarded")
    assert example["NAMED"] == ["陈师傅工作室"]


def test_the_example_says_who_may_not_apply(cast, now, example):
    call = actions.RoundGiven("masters_studio", "大师工作室申报", now, now.replace(month=11))
    round_ = actions.open_round(actions.prepare_round(call, actor=cast.clerk, now=now), actor=cast.clerk, now=now)
    writer = account(cast.user("hr"), [Grant(Role.HR, cast.authority_body.pk)])

    with pytest.raises(CaseRefused, match=r"Studios|工作室"):
        actions.open_case(round_, body=cast.authority_body, actor=writer, now=now)
