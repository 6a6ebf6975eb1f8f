"""催办: who is reminded, how often, and what is told of it."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.engines.cases import actions
from denggao.engines.cases.actions import nudge
from denggao.engines.cases.models import Case, Reminder
from denggao.engines.cases.procedures import StageKind
from denggao.engines.cases.refusals import CaseRefused
from denggao.engines.cases.states import State
from denggao.engines.reviews.models import Conflict
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.models import Record
from denggao.foundation.messages.models import Message
from tests.cast import Cast
from tests.engines.cases.judging import hand_in, seated
from tests.engines.cases.placing import Place, checked, place
from tests.engines.cases.procedures import a_round, a_submitted
from tests.engines.reviews.scene import a_rubric

DAY = dt.timedelta(hours=24)


def told() -> set[tuple[str, str]]:
    return {(str(m.account.public_id), m.link) for m in Message.objects.filter(code="cases.nudged").select_related("account")}


def test_whoever_has_the_case_is_reminded_and_not_again_within_a_day(cast: Cast, now: dt.datetime) -> None:
    case = a_submitted(cast, now)
    actions.reassign_case(case, to=cast.user("clerk"), reason="Yours.", actor=cast.reviewer, now=now)

    nudge(case, actor=cast.reviewer, now=now)
    with pytest.raises(CaseRefused, match="24"):
        nudge(case, actor=cast.approver, now=now + DAY - dt.timedelta(minutes=1))
    with pytest.raises(CaseRefused):
        nudge(case, actor=cast.clerk, now=now + DAY)
    nudge(case, actor=cast.reviewer, now=now + DAY)

    assert told() == {(cast.clerk.id, case.link)}
    assert Message.objects.filter(code="cases.nudged").count() == 2
    records = Record.objects.filter(action="cases.case.nudge")
    assert {(record.actor_id, record.object_text) for record in records} == {(cast.reviewer.id, case.number)}


def test_the_applicant_is_reminded_of_a_correction(cast: Cast, now: dt.datetime) -> None:
    case = a_submitted(cast, now)
    actions.return_case(case, reason="补正", fields=[actions.FieldRemark("place", "name", "写全称")], actor=cast.clerk, now=now)

    nudge(case, actor=cast.clerk, now=now)

    assert told() == {(cast.base_manager.id, case.link)}


def test_nobodys_turn_and_no_right_are_refused(cast: Cast, now: dt.datetime) -> None:
    case = place(cast, now, Place(StageKind.NOTICE, State.OPEN))
    for waits_for in ("notice", "signers"):
        Case.objects.filter(pk=case.pk).update(waits_for=waits_for)
        case.refresh_from_db()
        with pytest.raises(CaseRefused):
            nudge(case, actor=cast.clerk, now=now)
    for who in (cast.base_manager, cast.expert, cast.auditor, cast.worker):
        with pytest.raises(NotAllowed):
            nudge(case, actor=who, now=now)

    assert not Message.objects.filter(code="cases.nudged").exists()
    assert not Reminder.objects.exists()


def test_experts_are_reminded_at_their_own_sheet_and_only_those_who_owe_one(cast: Cast, now: dt.datetime) -> None:
    a_rubric()
    case = checked(a_submitted(cast, now, round_=a_round(cast, now, procedure="trial_full")), cast, now)
    first, second = seated(case, cast, now)
    hand_in(case, first, "8", "1", now)

    nudge(case, actor=cast.clerk, now=now)

    seat = second.assignments.get()
    assert told() == {(str(second.person.account.public_id), f"/reviews/{seat.public_id}/")}


def test_an_officer_in_conflict_is_told_nothing(cast: Cast, now: dt.datetime) -> None:
    a_rubric()
    case = checked(a_submitted(cast, now, round_=a_round(cast, now, procedure="trial_full")), cast, now)
    first, _second = seated(case, cast, now)
    panel = first.assignments.get().panel
    first.person.account = cast.user("reviewer")
    first.person.save()
    Conflict.objects.create(panel=panel, person=first.person, kind="declared", source="declared", state="standing", found_at=now)
    Case.objects.filter(pk=case.pk).update(waits_for="office", stage="check", stage_kind="check")
    case.refresh_from_db()

    nudge(case, actor=cast.approver, now=now)

    assert (cast.clerk.id, case.link) in told()
    assert (cast.reviewer.id, case.link) not in told()
