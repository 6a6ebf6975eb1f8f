"""Two at the same moment: a university is founded once and ended once; university and count agree."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.engines.cases import actions
from denggao.engines.cases.models import Case
from denggao.engines.cases.refusals import StageMoved
from denggao.engines.ledger.models import Entry
from denggao.foundation.audit.actors import Grant, Role, account, operator
from denggao.systems.university.founding.actions import NotFounded, confirm_end, dismiss_end, found_university, propose_end
from denggao.systems.university.founding.actions.ending import EndRefused
from denggao.systems.university.models import University, UniversityAct
from tests.cast import Cast, make_cast
from tests.engines.cases.test_at_once import side_by_side
from tests.systems.bases.test_at_once import _one_audit_head
from tests.systems.university.founding.facts import a_plan_with_programme, a_programme, a_university, decided

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["_one_audit_head"]


@pytest.fixture
def cast(transactional_db: None, now: dt.datetime) -> Cast:
    return make_cast(now)


def refusals(outcomes: list[object]) -> list[object]:
    return [outcome for outcome in outcomes if isinstance(outcome, Exception)]


def test_a_founding_made_twice_at_once_counts_once(cast: Cast, now: dt.datetime) -> None:
    plan, programme = a_plan_with_programme(cast, now)
    case = decided(cast, plan, programme, now)
    other = decided(cast, plan, a_programme(programme.school, now, title_zh="另一专业"), now)
    copies = [Case.objects.with_labels().get(pk=case.pk) for _at in range(2)]

    outcomes = side_by_side(
        *[lambda copy=copy: actions.award_case(copy, actor=cast.clerk, now=now) for copy in copies],
        lambda: actions.award_case(Case.objects.with_labels().get(pk=other.pk), actor=cast.clerk, now=now),
    )

    refused = refusals(outcomes)
    assert len(refused) == 2, outcomes
    assert all(isinstance(one, StageMoved | NotFounded) for one in refused), outcomes
    assert University.objects.count() == Entry.objects.filter(goal__code="university").count() == 1
    founded = University.objects.get()
    assert found_university(founded.case, actor=operator("tests"), now=now).pk == founded.pk


def test_of_two_who_decide_on_an_end_one_holds(cast: Cast, now: dt.datetime) -> None:
    university = a_university(cast)
    end = propose_end(university, kind="withdraw", reason="申报材料不实。", actor=cast.clerk, now=now)
    second = account(cast.user("administrator"), [Grant(Role.APPROVER)])
    mine, theirs, third = (UniversityAct.objects.select_related("university").get(pk=end.pk) for _at in range(3))

    outcomes = side_by_side(
        lambda: confirm_end(mine, actor=cast.approver, now=now),
        lambda: confirm_end(theirs, actor=second, now=now),
        lambda: dismiss_end(third, reason="不撤销。", actor=second, now=now),
    )

    assert len(refusals(outcomes)) == 2, outcomes
    assert all(isinstance(one, EndRefused) for one in refusals(outcomes)), outcomes
    university.refresh_from_db()
    taken_back = Entry.objects.filter(goal__code="university", sign=-1).count()
    assert (university.state == "withdrawn") is (taken_back == 1) is (UniversityAct.objects.get().state == "done")
