"""Two persons: who checked does not decide, and the applicant's side does neither, whatever roles it holds."""

from __future__ import annotations

import pytest

from denggao.engines.cases import actions, policies, queries
from denggao.engines.cases.models import Case, Step
from denggao.engines.cases.refusals import CaseRefused, TwoPersons
from denggao.engines.cases.states import Act
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import Actor, Grant, Role, account
from denggao.foundation.audit.models import Record
from tests.engines.cases.placing import checked
from tests.engines.cases.procedures import a_draft, a_submitted

EVERYTHING = [Grant(role) for role in (Role.CLERK, Role.REVIEWER, Role.APPROVER)]


def mighty(cast, part: str, *more: Grant) -> Actor:
    """An account with every office role."""
    return account(cast.user(part), [*EVERYTHING, *more])


def test_who_checked_may_not_decide(cast, now):
    clerk = mighty(cast, "clerk")
    case = checked(a_submitted(cast, now), cast, now)
    before = case.lock

    for approve in (True, False):
        with pytest.raises(TwoPersons):
            actions.decide_case(case, approve=approve, reason="同意", actor=clerk, now=now)

    assert Case.objects.get().lock == before
    offer = next(offer for offer in queries.offers(case, actor=clerk, now=now) if offer.act == Act.DECIDE)
    assert not offer.allowed
    assert offer.reason
    assert actions.decide_case(case, approve=True, reason="同意", actor=cast.approver, now=now).stage == "award"


def test_who_recorded_one_line_of_an_earlier_submission_may_not_decide(cast, now):
    case = a_submitted(cast, now)
    actions.record_check(case, item="seal", ok=False, remark="未盖章", actor=mighty(cast, "reviewer"), now=now)
    remark = actions.FieldRemark("place", "name", "写全称")
    actions.return_case(case, reason="补正", fields=[remark], actor=cast.clerk, now=now)
    actions.save_draft(case, section="place", answers={"name": "新名"}, base_revision=1, actor=cast.base_manager, now=now)
    actions.resubmit_case(case, actor=cast.base_manager, now=now)
    checked(case, cast, now)

    with pytest.raises(TwoPersons):
        actions.decide_case(case, approve=True, reason="同意", actor=mighty(cast, "reviewer"), now=now)


@pytest.mark.parametrize("how", ["acts for the body", "opened it", "wrote in it", "submitted it"])
def test_the_applicants_side_neither_checks_nor_decides(cast, now, how):
    side = {
        "acts for the body": mighty(cast, "hr", Grant(Role.HR, cast.base.pk)),
        "opened it": mighty(cast, "base_manager"),
        "wrote in it": mighty(cast, "other_hr"),
        "submitted it": mighty(cast, "other_hr"),
    }[how]
    case = a_draft(cast, now)
    was_there = account(cast.user("other_hr"), [Grant(Role.HR, cast.base.pk)])
    if how == "wrote in it":
        actions.save_draft(case, section="place", answers={"name": "x"}, base_revision=1, actor=was_there, now=now)
    actions.submit_case(case, actor=was_there if how == "submitted it" else cast.base_manager, now=now)

    for attempt in (
        lambda: actions.record_check(case, item="seal", ok=True, actor=side, now=now),
        lambda: actions.pass_check(case, actor=side, now=now),
        lambda: actions.return_case(case, reason="x", actor=side, now=now),
        lambda: actions.reject_case(case, reason="x", actor=side, now=now),
    ):
        with pytest.raises(TwoPersons):
            attempt()
    checked(case, cast, now)
    with pytest.raises(TwoPersons):
        actions.decide_case(case, approve=True, reason="x", actor=side, now=now)
    assert case.stage == "decide"


@pytest.mark.parametrize(
    "part", ["visitor", "worker", "hr", "base_manager", "expert", "finance", "auditor", "authority", "administrator"]
)
def test_other_roles_neither_check_nor_decide(cast, now, part):
    actor = getattr(cast, part)
    case = a_submitted(cast, now)

    for attempt in (
        lambda: actions.record_check(case, item="seal", ok=True, actor=actor, now=now),
        lambda: actions.pass_check(case, actor=actor, now=now),
        lambda: actions.return_case(case, reason="x", actor=actor, now=now),
        lambda: actions.reject_case(case, reason="x", actor=actor, now=now),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    checked(case, cast, now)
    with pytest.raises(NotAllowed):
        actions.decide_case(case, approve=True, reason="x", actor=actor, now=now)
    assert Step.objects.filter(case=case).count() == 3


def test_a_reason_is_asked_for_and_recorded(cast, now):
    case = checked(a_submitted(cast, now), cast, now)

    with pytest.raises(CaseRefused):
        actions.decide_case(case, approve=False, reason="  ", actor=cast.approver, now=now)
    actions.decide_case(case, approve=False, reason="师资不足", actor=cast.approver, now=now)

    decision = case.decisions.get()
    assert (decision.approved, decision.reason, decision.by) == (False, "师资不足", cast.approver.id)
    record = Record.objects.filter(action="cases.case.decide").get()
    assert (record.after["state"], record.actor_id) == ("rejected", cast.approver.id)


def test_a_check_is_passed_only_whole(cast, now):
    case = a_submitted(cast, now)
    with pytest.raises(CaseRefused):
        actions.pass_check(case, actor=cast.clerk, now=now)
    actions.record_check(case, item="papers", ok=True, actor=cast.clerk, now=now)
    with pytest.raises(CaseRefused):
        actions.record_check(case, item="seal", ok=False, actor=cast.clerk, now=now)
    actions.record_check(case, item="seal", ok=False, remark="未盖章", actor=cast.clerk, now=now)
    with pytest.raises(CaseRefused):
        actions.pass_check(case, actor=cast.clerk, now=now)

    actions.record_check(case, item="seal", ok=True, actor=cast.clerk, now=now)

    assert actions.pass_check(case, actor=cast.clerk, now=now).stage == "decide"


def test_in_bulk_each_case_goes_by_its_own_rules(cast, now):
    ready = a_submitted(cast, now)
    for item in ("papers", "seal"):
        actions.record_check(ready, item=item, ok=True, actor=cast.clerk, now=now)
    unready = a_submitted(cast, now)
    draft = a_draft(cast, now)

    outcomes = actions.pass_many([ready, unready, draft], actor=cast.clerk, now=now)

    assert [outcome.done for outcome in outcomes] == [True, False, False]
    assert all(outcome.sentence for outcome in outcomes[1:])
    assert [Case.objects.get(pk=each.pk).stage for each in (ready, unready, draft)] == ["decide", "check", "draft"]


def test_the_office_sees_no_draft_and_a_stranger_nothing(cast, now):
    draft, case = a_draft(cast, now), a_submitted(cast, now)

    assert list(policies.visible_cases(cast.clerk)) == [case]
    assert set(policies.visible_cases(cast.base_manager)) == {draft, case}
    for part in ("hr", "other_hr", "worker", "expert", "authority", "visitor"):
        actor = getattr(cast, part)
        assert not policies.visible_cases(actor).exists(), part
        assert queries.counts(actor, today=queries.today_of(now)) == queries.Counts(0, 0, 0, 0)


def test_the_applicant_learns_what_was_done_not_by_whom(cast, now):
    case = checked(a_submitted(cast, now), cast, now)
    actions.reassign_case(case, to=cast.user("approver"), reason="休假", actor=cast.clerk, now=now)

    seen = queries.timeline(cast.base_manager, case)
    whole = queries.timeline(cast.clerk, case)

    assert [item.step.kind for item in seen] == ["passed", "submitted", "opened"]
    assert {item.actor_id for item in seen} == {""}
    assert (whole[0].step.kind, whole[0].actor_id) == ("reassigned", cast.clerk.id)


def test_handing_over_goes_to_who_works_on_the_stage(cast, now):
    case = a_submitted(cast, now)

    with pytest.raises(CaseRefused):
        actions.reassign_case(case, to=cast.user("approver"), reason="x", actor=cast.clerk, now=now)
    actions.reassign_case(case, to=cast.user("reviewer"), reason="休假", actor=cast.clerk, now=now)
    with pytest.raises(CaseRefused):
        actions.reassign_case(case, to=cast.user("reviewer"), reason="x", actor=cast.clerk, now=now)

    assert case.assignee == cast.reviewer.id
    assert list(queries.tab_of(cast.reviewer, "mine")) == [case]
    assert list(queries.tab_of(cast.clerk, "mine")) == []
    checked(case, cast, now)
    assert case.assignee == ""
    with pytest.raises(TwoPersons):
        actions.reassign_case(case, to=_clerk_who_approves(cast), reason="x", actor=cast.approver, now=now)


def _clerk_who_approves(cast):
    from denggao.foundation.organisations.models import Membership
    from tests.cast import MEMBER_SINCE

    Membership.objects.create(account=cast.user("clerk"), role=Role.APPROVER, from_on=MEMBER_SINCE)
    return cast.user("clerk")


@pytest.mark.parametrize(
    ("back_to", "taken"), [("", True), ("check", True), ("draft", False), ("decide", False), ("nowhere", False)]
)
def test_what_was_changed_is_looked_at_again(cast, now, back_to, taken):
    case = checked(a_submitted(cast, now), cast, now)

    if taken:
        actions.return_case(case, reason="补正", back_to=back_to, actor=cast.approver, now=now)
        assert queries.open_correction(case).resumes_at == "check"
    else:
        with pytest.raises(CaseRefused):
            actions.return_case(case, reason="补正", back_to=back_to, actor=cast.approver, now=now)
