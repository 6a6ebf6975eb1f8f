"""Applications of a round are heard: who is on the order, who is told, and what happens when one is withdrawn."""

from __future__ import annotations

import pytest

from denggao.engines.cases import actions
from denggao.engines.cases.models import Consent
from denggao.engines.cases.procedures import registered
from denggao.engines.cases.stages.interview import ROUND_KIND, RoundsHear
from denggao.engines.reviews.interviews import policies
from denggao.engines.reviews.interviews.actions import DayGiven, plan_day, publish_day
from denggao.engines.reviews.interviews.models import Slot
from denggao.foundation.messages.models import Message
from tests.engines.cases.procedures import a_draft, a_round
from tests.engines.cases.test_meeting_stage import JUDGED, waiting


@pytest.fixture(autouse=True)
def _with_a_jury(_trial_procedures):
    with registered(JUDGED):
        yield


@pytest.fixture
def round_(cast, now):
    return a_round(cast, now, procedure="trial_jury")


def test_those_past_the_check_are_heard_and_their_side_is_told(cast, now, round_):
    case = waiting(cast, now, round_)
    actions.submit_case(a_draft(cast, now, title_zh="另一批", procedure="trial_jury"), actor=cast.base_manager, now=now)
    day = plan_day(ROUND_KIND, round_.public_id, DayGiven("面试", "室", now), actor=cast.reviewer, now=now)

    publish_day(day, actor=cast.reviewer, now=now)

    assert [slot.subject_id for slot in day.slots.all()] == [case.public_id]
    assert Message.objects.filter(account=cast.user("base_manager"), code="interviews.published").count() == 1
    assert policies.own_slots(cast.base_manager).count() == 1
    assert policies.own_slots(cast.hr).count() == 0


def test_who_agreed_to_be_put_forward_is_told_and_named_masked(cast, now, round_):
    case = waiting(cast, now, round_)
    Consent.objects.create(
        case=case, snapshot=1, content_hash="h", person=cast.worker_person, state="agreed", asked_at=now, answered_at=now,
        answered_by=cast.worker.id, name="周小登", hash_seen="h",
    )  # fmt: skip

    accounts = RoundsHear().accounts([case.public_id], now=now)

    assert {user.pk for user in accounts[case.public_id]} == {cast.user("base_manager").pk, cast.user("worker").pk}
    assert RoundsHear().attended_by(cast.worker) == {case.public_id}
    assert RoundsHear().attended_by(cast.hr) == set()
    assert RoundsHear().attendees(round_.public_id)[0].masked == cast.worker_person.masked_name


def test_a_case_withdrawn_is_waited_for_no_more(cast, now, round_):
    case = waiting(cast, now, round_)
    day = plan_day(ROUND_KIND, round_.public_id, DayGiven("面试", "室", now), actor=cast.reviewer, now=now)

    actions.withdraw_case(case, actor=cast.base_manager, now=now)

    assert Slot.objects.get(day=day).state == "absent"
