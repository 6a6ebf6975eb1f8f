"""The documentation's worked example is code that works: run as it stands on the page, walked from the draft to the award."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from denggao.engines.cases import actions, procedures
from denggao.engines.cases.models import Case
from denggao.engines.cases.refusals import AnswersIncomplete
from denggao.foundation.jobs.work import drain
from tests.engines.cases.procedures import a_round

PAGE = Path(__file__).parents[3] / "docs/new-application.md"

pytestmark = pytest.mark.django_db


@pytest.fixture
def example() -> Any:
    """The page's names, with its procedure registered for a while."""
    names: dict[str, Any] = {"__name__": "tests.engines.cases.example"}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL):
        exec(compile(block, PAGE.name, "exec"), names)
    with procedures.registered(names["OPEN_DAY"]):
        yield names


def filled(cast, now, *, visitors: int = 120) -> Case:
    case = actions.open_case(a_round(cast, now, procedure="open_day"), body=cast.base, actor=cast.base_manager, now=now)
    answers = {"day": {"held_on": "2022-11-12", "visitors": str(visitors)}, "programme": {"programme": "上午参观，下午体验。"}}
    for section, given in answers.items():
        actions.save_draft(case, section=section, answers=given, base_revision=0, actor=cast.base_manager, now=now)
    case.refresh_from_db()
    return case


def test_the_example_goes_from_the_draft_to_the_award(example, cast, now):
    case = actions.submit_case(filled(cast, now), actor=cast.base_manager, now=now)
    assert case.number == "KF-2022-001"
    actions.record_check(case, item="safety", ok=True, actor=cast.clerk, now=now)
    case.refresh_from_db()
    case = actions.pass_check(case, actor=cast.clerk, now=now)
    case = actions.decide_case(case, approve=True, reason="同意。", actor=cast.approver, now=now)
    drain()

    case.refresh_from_db()
    assert case.state == "awarded"
    assert example["APPROVED_DAYS"] == [str(case.public_id)]


def test_its_own_rule_is_asked_at_submission(example, cast, now):
    with pytest.raises(AnswersIncomplete) as refused:
        actions.submit_case(filled(cast, now, visitors=301), actor=cast.base_manager, now=now)

    assert [fault[:2] for fault in refused.value.faults] == [("programme", "programme")]


@pytest.mark.parametrize(("part", "path"), [("base_manager", ""), ("base_manager", "edit/day/"), ("clerk", "")])
def test_its_pages_are_there_without_a_line_of_their_own(part, path, example, cast, now):
    case = filled(cast, now)
    if part == "clerk":
        actions.submit_case(case, actor=cast.base_manager, now=now)

    page = cast.client_of(part).get(f"/cases/{case.public_id}/{path}")

    assert page.status_code == 200
    assert "技能开放日" in page.content.decode()
