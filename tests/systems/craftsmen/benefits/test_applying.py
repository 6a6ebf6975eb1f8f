"""A benefit: applied for by the craftsman, handed over by the office, its outcome by two persons, and what a revocation means."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.engines.cases import actions
from denggao.engines.cases.refusals import CaseRefused
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.models import Record
from denggao.foundation.messages.models import Message
from denggao.systems.craftsmen.actions.revoking import confirm_act, propose_act
from denggao.systems.craftsmen.benefits.actions import (
    BenefitRefused,
    confirm_outcome,
    dismiss_outcome,
    note_told,
    propose_outcome,
)
from denggao.systems.craftsmen.benefits.gathering import thawed
from denggao.systems.craftsmen.benefits.models import BenefitApplication, BenefitOutcome
from tests.at_once import at_once
from tests.systems.craftsmen.benefits.scene import a_craftsman, a_draft, applied, benefits_round, handed_over


def revoke(cast, craftsman, now) -> None:
    act = propose_act(craftsman, kind="revoke", grounds="forged", reason="业绩材料不实。", actor=cast.clerk, now=now)
    confirm_act(act, actor=cast.approver, now=now)


def entered(cast, application, now, **given) -> BenefitOutcome:
    facts = {"result": "granted", "document": "沪人社〔2022〕1号", "decided_on": now.date(), **given}
    return propose_outcome(application, **facts, actor=cast.clerk, now=now)


def test_an_application_freezes_the_reckoning_of_its_day(cast, now):
    case = applied(cast, a_craftsman(cast, now), now)

    application = BenefitApplication.objects.get(case=case)
    assert case.number == "RCZC-2022-0001"
    assert (application.kind, application.outcome) == ("points", "none")
    assert application.declared["lives_since"] == "2018-01-01"
    answer = thawed(application.reckoned)
    assert [step.code for step in answer.steps] == ["area_years", "area_points", "skill", "points_sum"]
    assert answer.steps[0].rules[0].confidence == "C"


def test_only_a_craftsman_in_force_applies(cast, now):
    round_ = benefits_round(cast, now)

    with pytest.raises(CaseRefused, match="title is in force"):
        actions.open_case(round_, person=cast.worker_person, actor=cast.worker, now=now)


def test_a_draft_of_a_revoked_craftsman_is_not_taken(cast, now):
    craftsman = a_craftsman(cast, now)
    case = a_draft(cast, craftsman, benefits_round(cast, now), now)
    revoke(cast, craftsman, now)

    with pytest.raises(CaseRefused, match="you hold none today"):
        actions.submit_case(case, actor=cast.worker, now=now)


def test_forwarding_notes_the_day(cast, now):
    application = handed_over(cast, a_craftsman(cast, now), now)

    assert (application.handed_over_on, application.outcome) == (now.date(), "none")


def test_the_outcome_takes_two_persons_and_the_craftsman_is_told(cast, now):
    application = handed_over(cast, a_craftsman(cast, now), now)
    proposed = entered(cast, application, now)
    confirm_outcome(proposed, actor=cast.approver, now=now)
    application.refresh_from_db()

    assert (application.outcome, application.outcome_document) == ("granted", "沪人社〔2022〕1号")
    assert Message.objects.filter(code="benefits.granted", account=cast.user("worker")).count() == 1
    assert Record.objects.filter(action="craftsmen.benefit.outcome.record").count() == 1


def test_whoever_entered_it_does_not_confirm_it(cast, now):
    proposed = entered(cast, handed_over(cast, a_craftsman(cast, now), now), now)
    BenefitOutcome.objects.filter(pk=proposed.pk).update(proposed_by=cast.approver.id)
    proposed.refresh_from_db()

    with pytest.raises(BenefitRefused, match="a second person must"):
        confirm_outcome(proposed, actor=cast.approver, now=now)


@pytest.mark.parametrize(
    "given",
    [{"document": " "}, {"result": "none"}, {"decided_on": dt.date(2022, 10, 9)}, {"decided_on": dt.date(2022, 10, 11)}],
)
def test_an_outcome_without_a_paper_or_out_of_its_days_is_refused(cast, now, given):
    application = handed_over(cast, a_craftsman(cast, now), now)

    with pytest.raises(BenefitRefused):
        entered(cast, application, now, **given)


def test_nothing_is_recorded_of_what_was_not_handed_over_and_one_waits_at_a_time(cast, now):
    craftsman, round_ = a_craftsman(cast, now), benefits_round(cast, now)
    waiting = BenefitApplication.objects.get(case=applied(cast, craftsman, now, round_=round_))
    over = handed_over(cast, craftsman, now, round_=round_, kind="residence")
    first = entered(cast, over, now)

    with pytest.raises(BenefitRefused, match="not handed over"):
        entered(cast, waiting, now)
    with pytest.raises(BenefitRefused, match="second person already"):
        entered(cast, over, now)
    dismiss_outcome(first, reason="录错", actor=cast.clerk, now=now)
    assert entered(cast, over, now).state == "proposed"


@pytest.mark.parametrize("part", ["worker", "hr", "approver", "auditor", "authority", "expert"])
def test_only_clerk_and_reviewer_enter(cast, now, part):
    application = handed_over(cast, a_craftsman(cast, now), now)

    with pytest.raises(NotAllowed):
        propose_outcome(application, result="granted", document="某号", decided_on=now.date(), actor=getattr(cast, part), now=now)


def test_a_revocation_ends_open_applications_and_marks_what_is_with_the_authority(cast, now):
    craftsman, round_ = a_craftsman(cast, now), benefits_round(cast, now)
    open_case = applied(cast, craftsman, now, round_=round_)
    granted = handed_over(cast, craftsman, now, round_=round_, kind="residence")
    confirm_outcome(entered(cast, granted, now), actor=cast.approver, now=now)
    refused = handed_over(cast, craftsman, now, round_=round_, kind="settlement")
    confirm_outcome(entered(cast, refused, now, result="refused"), actor=cast.approver, now=now)
    revoke(cast, craftsman, now)
    for one in (open_case, granted, refused):
        one.refresh_from_db()

    assert (open_case.state, open_case.steps.last().kind) == ("ended", "ended")
    assert "was revoked" in open_case.steps.last().reason
    assert (granted.outcome, granted.review, refused.review) == ("granted", "due", "none")
    assert Message.objects.filter(code="benefits.review").exists()
    assert BenefitApplication.objects.count() == 3, "nothing is deleted"


def test_what_the_authority_was_told_is_noted_once(cast, now):
    craftsman = a_craftsman(cast, now)
    application = handed_over(cast, craftsman, now)
    revoke(cast, craftsman, now)
    note_told(application, how="2022年10月10日函告市人社局", actor=cast.clerk, now=now)

    assert application.review == "told"
    with pytest.raises(BenefitRefused, match="Nothing of this application"):
        note_told(application, how="再次函告", actor=cast.clerk, now=now)


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_record_one_outcome(cast, now):
    proposed = entered(cast, handed_over(cast, a_craftsman(cast, now), now), now)

    done = at_once(
        *(lambda: confirm_outcome(BenefitOutcome.objects.get(pk=proposed.pk), actor=cast.approver, now=now) for _ in range(2))
    )

    assert done == ["BenefitRefused", "done"]
