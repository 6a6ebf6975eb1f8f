"""Deadlines in working days, the clock that stands still, escalation and reminders."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.engines.cases import actions, queries, telling
from denggao.engines.cases.actions.office import fix_deadlines, prune_versions
from denggao.engines.cases.actions.reminding import remind_experts
from denggao.engines.cases.models import Case, DraftVersion, Reminder
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import system
from denggao.foundation.messages.models import Message
from tests.engines.cases.judging import hand_in, seated
from tests.engines.cases.placing import checked
from tests.engines.cases.procedures import a_draft, a_round, a_submitted
from tests.engines.notices.test_periods import enter_2027
from tests.engines.reviews.scene import a_rubric

PRODUCT = system("test")


def at(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T10:00:00+08:00")


def test_the_check_is_due_in_working_days_with_holidays_and_make_up_days(cast):
    # National day of 2022: off from 1 to 7 October, at work on Saturday the 8th and Sunday the 9th.
    case = a_submitted(cast, at("2022-09-29"))

    assert case.due_on == dt.date(2022, 10, 11)


def test_the_clock_stands_still_while_the_applicant_has_it_and_then_runs_on(cast):
    case = a_submitted(cast, at("2022-10-10"))
    assert case.due_on == dt.date(2022, 10, 17)

    remark = actions.FieldRemark("place", "name", "写全称")
    actions.return_case(case, reason="补正", fields=[remark], days=3, actor=cast.clerk, now=at("2022-10-12"))
    assert (case.due_on, case.clock_days, case.waits_for) == (dt.date(2022, 10, 17), 3, "applicant")

    actions.save_draft(
        case, section="place", answers={"name": "新名"}, base_revision=1, actor=cast.base_manager, now=at("2022-10-28")
    )
    actions.resubmit_case(case, actor=cast.base_manager, now=at("2022-10-28"))
    assert (case.due_on, case.clock_days, case.clock_stopped_at) == (dt.date(2022, 11, 2), 3, None)


def test_the_default_for_corrections_is_the_rules(cast):
    case = a_submitted(cast, at("2022-10-10"))

    actions.return_case(case, reason="补正", actor=cast.clerk, now=at("2022-10-10"))

    assert queries.open_correction(case).due_on == case.due_on == dt.date(2022, 10, 24)


def test_a_year_without_an_arrangement_leaves_the_end_open_until_it_is_entered(cast):
    now = at("2026-12-28")
    case = a_submitted(cast, now)
    assert case.due_on is None
    waits = queries.waiting([Case.objects.with_labels().get()], today=queries.today_of(now))[case.pk]
    assert (waits.open_end, waits.overdue) == (True, False)

    enter_2027(at("2026-12-30"))

    assert Case.objects.get().due_on == dt.date(2027, 1, 5)
    assert fix_deadlines(actor=PRODUCT, now=now) == 0


@pytest.mark.parametrize(("day", "told"), [("2022-10-17", 0), ("2022-10-19", 0), ("2022-10-20", 1)])
def test_what_is_overdue_by_the_rules_days_is_told_to_reviewers_and_approvers_once(cast, day, told):
    case = a_submitted(cast, at("2022-10-10"))

    assert actions.escalate_due(actor=PRODUCT, now=at(day)) == told
    assert actions.escalate_due(actor=PRODUCT, now=at(day)) == 0

    case.refresh_from_db()
    assert (case.escalated_at is not None) is bool(told)
    accounts = set(Message.objects.filter(code="cases.overdue").values_list("account_id", flat=True))
    assert accounts == ({cast.user("reviewer").pk, cast.user("approver").pk} if told else set())


def test_whoever_is_in_conflict_with_an_overdue_case_learns_nothing_of_it(cast, monkeypatch):
    a_submitted(cast, at("2022-10-10"))
    monkeypatch.setattr(telling, "accounts_in_conflict", lambda kind, of: [cast.user("approver").pk])

    assert actions.escalate_due(actor=PRODUCT, now=at("2022-10-20")) == 1

    assert set(Message.objects.filter(code="cases.overdue").values_list("account_id", flat=True)) == {cast.user("reviewer").pk}


def test_the_next_stage_is_escalated_anew(cast):
    case = a_submitted(cast, at("2022-10-10"))
    actions.escalate_due(actor=PRODUCT, now=at("2022-10-25"))
    case.refresh_from_db()
    checked(case, cast, at("2022-10-25"))
    assert case.escalated_at is None

    assert actions.escalate_due(actor=PRODUCT, now=at("2022-11-30")) == 1


def test_a_returned_case_is_the_applicants_to_be_reminded_of_once_a_day_named(cast):
    case = a_submitted(cast, at("2022-10-10"))
    actions.return_case(case, reason="补正", days=5, actor=cast.clerk, now=at("2022-10-10"))

    assert actions.remind(actor=PRODUCT, now=at("2022-10-11")) == 0
    assert actions.remind(actor=PRODUCT, now=at("2022-10-14")) == 1
    assert actions.remind(actor=PRODUCT, now=at("2022-10-17")) == 0

    assert actions.escalate_due(actor=PRODUCT, now=at("2022-12-01")) == 0
    assert Message.objects.filter(code="cases.due_soon", account=cast.user("base_manager")).count() == 1
    assert Reminder.objects.get().due_on == dt.date(2022, 10, 17)


def test_a_draft_is_reminded_of_before_its_call_closes(cast):
    now = at("2022-10-10")
    a_draft(cast, now, round_=a_round(cast, now, closes_at=at("2022-10-20")))

    assert actions.remind(actor=PRODUCT, now=at("2022-10-17")) == 0
    assert actions.remind(actor=PRODUCT, now=at("2022-10-19")) == 1


def test_experts_are_reminded_of_what_they_still_owe(cast):
    a_rubric()
    now = at("2022-10-10")
    case = checked(a_submitted(cast, now, procedure="trial_full"), cast, now)
    assert case.due_on == dt.date(2022, 11, 7)
    done, owing = seated(case, cast, now)
    hand_in(case, done, "8", "1", now)

    assert remind_experts(actor=PRODUCT, now=at("2022-11-02")) == 0
    assert remind_experts(actor=PRODUCT, now=at("2022-11-03")) == 1
    assert remind_experts(actor=PRODUCT, now=at("2022-11-04")) == 0

    message = Message.objects.get(code="cases.review_due")
    assert (message.account, message.link.split("/")[1]) == (owing.person.account, "reviews")


def test_texts_typed_over_are_forgotten_once_the_case_has_long_ended(cast, now):
    case = actions.withdraw_case(a_draft(cast, now), actor=cast.base_manager, now=now)
    a_draft(cast, now)

    assert prune_versions(actor=PRODUCT, now=now + dt.timedelta(days=29)) == 0
    assert prune_versions(actor=PRODUCT, now=now + dt.timedelta(days=31)) == 2
    assert (case.drafts.count(), DraftVersion.objects.count()) == (2, 2)


def test_only_the_product_escalates_and_reminds(cast, now):
    for act in (actions.escalate_due, actions.remind):
        with pytest.raises(NotAllowed):
            act(actor=cast.administrator, now=now)
