"""Every act in every state and every kind of stage: it does its work, or says why not and changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from denggao.engines.cases import actions
from denggao.engines.cases.actions import following
from denggao.engines.cases.actions.noticing import publish_notice
from denggao.engines.cases.models import Case, CheckResult, Consent, Correction, Decision, Draft, DraftVersion, Snapshot, Step
from denggao.engines.cases.procedures import StageKind
from denggao.engines.cases.refusals import StageMoved
from denggao.engines.cases.states import WHILE_OPEN, WHILE_RETURNED, Act, State, can
from denggao.foundation.audit.models import Record
from denggao.foundation.jobs.models import Job
from denggao.foundation.messages.models import Message
from tests.cast import Cast
from tests.engines.cases.placing import PLACES, Place, place

Doing = Callable[[Case, Cast, dt.datetime], Any]


def _save(case: Case, cast: Cast, now: dt.datetime) -> Any:
    answers = {"name": "改过的名称"}
    return actions.save_draft(case, section="place", answers=answers, base_revision=1, actor=cast.base_manager, now=now)


def _check(case: Case, cast: Cast, now: dt.datetime) -> Any:
    return actions.record_check(case, item="seal", ok=True, actor=cast.reviewer, now=now)


def _decide(case: Case, cast: Cast, now: dt.datetime) -> Any:
    return actions.decide_case(case, approve=True, reason="合格", actor=cast.approver, now=now)


def _reassign(case: Case, cast: Cast, now: dt.datetime) -> Any:
    to = cast.user("approver") if case.stage_kind == "decide" else cast.user("reviewer")
    return actions.reassign_case(case, to=to, reason="出差", actor=cast.administrator, now=now)


def _handler(kind: StageKind) -> Doing:
    return lambda case, cast, now: following.go_on(case, kind, facts={}, actor=cast.reviewer, now=now)


ACTS: dict[Act, Doing] = {
    Act.SAVE: _save,
    Act.SUBMIT: lambda case, cast, now: actions.submit_case(case, actor=cast.base_manager, now=now),
    Act.RESUBMIT: lambda case, cast, now: actions.resubmit_case(case, actor=cast.base_manager, now=now),
    Act.WITHDRAW: lambda case, cast, now: actions.withdraw_case(case, actor=cast.base_manager, now=now),
    Act.RETURN: lambda case, cast, now: actions.return_case(case, reason="缺页", actor=cast.reviewer, now=now),
    Act.CHECK: _check,
    Act.PASS: lambda case, cast, now: actions.pass_check(case, actor=cast.reviewer, now=now),
    Act.REJECT: lambda case, cast, now: actions.reject_case(
        case, reason="不符合条件", actor=cast.reviewer if case.stage_kind == "check" else cast.approver, now=now
    ),
    Act.DECIDE: _decide,
    Act.REASSIGN: _reassign,
    Act.CONSENTED: _handler(StageKind.CONSENT),
    Act.DECLINED: lambda case, cast, now: actions.decline(
        case.consents.get(), reason="不同意", hash_seen="0" * 64, actor=cast.worker, now=now
    ),
    Act.TAKEN_BACK: lambda case, cast, now: actions.take_back_consent(
        case.consents.get(), reason="撤回", actor=cast.worker, now=now
    ),
    Act.REVIEWED: _handler(StageKind.REVIEW),
    Act.RANKED: _handler(StageKind.RANK),
    Act.VOTED: _handler(StageKind.MEETING),
    Act.OPEN_NOTICE: lambda case, cast, now: publish_notice([case], actor=cast.clerk, now=now),
    Act.NOTICED: _handler(StageKind.NOTICE),
    Act.UPHELD: lambda case, cast, now: following.objection_upheld(
        case, consequence="end", reason="属实", facts={}, actor=cast.reviewer, now=now
    ),
    Act.FALL: lambda case, cast, now: following.ground_fell(case, reason="称号已撤销", facts={}, actor=cast.approver, now=now),
    Act.COSIGNED: _handler(StageKind.COSIGN),
    Act.REFUSED: lambda case, cast, now: following.signing_refused(case, reason="异议", facts={}, actor=cast.authority, now=now),
    Act.ASK_AGAIN: lambda case, cast, now: actions.ask_again(case, actor=cast.clerk, now=now),
    Act.AWARD: lambda case, cast, now: actions.award_case(case, actor=cast.clerk, now=now),
}


def test_the_table_names_every_act():
    assert set(ACTS) == set(Act) == set(WHILE_OPEN)
    assert set(Act) > WHILE_RETURNED


def everything() -> dict[str, list[Any]]:
    """All rows that an act may write; of cases all columns."""
    tables = [Case, Consent, Step, Snapshot, Correction, Decision, CheckResult, Draft, DraftVersion, Job, Message]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in tables} | {"records": Record.objects.count()}


@pytest.mark.parametrize("at", PLACES, ids=str)
def test_what_the_table_refuses_changes_nothing_and_says_where_the_case_is(cast, now, at: Place):
    case = place(cast, now, at)
    before = everything()

    for act in [act for act in Act if not can(act, at.state, at.kind)]:
        with pytest.raises(StageMoved) as refused:
            ACTS[act](case, cast, now)

        assert str(case.steps.last().get_kind_display()) in str(refused.value), act
        assert (case.stage_kind, case.state) == (at.kind, at.state), act

    assert everything() == before


@pytest.mark.parametrize("at", PLACES, ids=str)
def test_what_the_table_allows_is_done_whole(cast, now, at: Place):
    for act in [act for act in Act if can(act, at.state, at.kind)]:
        with transaction.atomic():
            case = place(cast, now, at, for_act=act)
            before = everything()

            ACTS[act](case, cast, now)

            assert everything() != before, act
            stored = Case.objects.get(pk=case.pk)
            assert list(case.steps.values_list("number", flat=True)) == [
                *case.steps.exclude(number__gt=stored.lock).values_list("number", flat=True)
            ]
            assert case.steps.last().number == stored.lock, act
            transaction.set_rollback(True)


@pytest.mark.parametrize("state", State)
def test_an_ended_case_takes_no_act(state):
    taken = {act for act in Act for kind in StageKind if can(act, state, kind)}

    assert bool(taken) == (state in {State.OPEN, State.RETURNED})
