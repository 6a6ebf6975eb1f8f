"""Two who choose at the same moment: the last seat is promised once."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.engines.cases import actions
from denggao.engines.cases.models import Case
from denggao.systems.university.learning.actions.refusals import LearningRefused
from denggao.systems.university.models import SchoolMember
from tests.cast import Cast, make_cast
from tests.engines.cases.test_at_once import side_by_side
from tests.systems.bases.test_at_once import _one_audit_head
from tests.systems.university.facts import make_school
from tests.systems.university.learning.facts import a_course, a_run, teacher
from tests.systems.university.learning.test_selection import applied, colleague, looked_through, somebody

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["_one_audit_head"]


@pytest.fixture
def cast(transactional_db: None, now: dt.datetime) -> Cast:
    return make_cast(now)


def test_the_last_seat_is_promised_once(cast: Cast, now: dt.datetime) -> None:
    school = make_school(cast, now)
    SchoolMember.objects.create(school=school, account=cast.user("expert"), role="teacher", from_on=dt.date(2022, 1, 1))
    run = a_run(a_course(school, now, "reading"), now, entry="selected", seats=1)
    both = [applied(run, cast.worker, now), applied(run, somebody("乙")[1], now)]
    for one in both:
        looked_through(one, colleague(cast), now)
    cases = [Case.objects.with_labels().get(pk=one.case_id) for one in both]

    outcomes = side_by_side(
        *[
            lambda case=case: actions.decide_case(case, approve=True, reason="同意。", actor=teacher(cast), now=now)
            for case in cases
        ]
    )

    assert sum(isinstance(outcome, LearningRefused) for outcome in outcomes) == 1, outcomes
    assert sorted(Case.objects.values_list("stage", flat=True)) == ["award", "decide"]
