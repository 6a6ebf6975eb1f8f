"""From an empty application to a counted university, down to its evidence, and back when it ends."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from denggao.engines.cases import actions
from denggao.engines.cases.models import Case
from denggao.engines.cases.refusals import AnswersIncomplete, CaseRefused, TwoPersons
from denggao.engines.ledger.actions import rebuild
from denggao.engines.ledger.models import Entry
from denggao.engines.ledger.queries import board_of
from denggao.foundation.audit.actions import NotAllowed, ReasonMissing
from denggao.foundation.audit.actors import Grant, Role, account, operator
from denggao.foundation.audit.models import Record
from denggao.foundation.messages.models import Message
from denggao.foundation.plans.models import Part, Plan
from denggao.systems.university.actions.programmes import retire_programme
from denggao.systems.university.actions.schools import close_school, reopen_school
from denggao.systems.university.founding.actions import NotFounded, confirm_end, dismiss_end, found_university, propose_end
from denggao.systems.university.founding.actions.ending import EndRefused
from denggao.systems.university.models import FoundingApplication, Programme, University, UniversityAct
from tests.cast import Cast
from tests.facts import a_plan
from tests.systems.bases.facts import a_paper, a_round
from tests.systems.university.facts import make_school
from tests.systems.university.founding.facts import (
    a_plan_with_programme,
    a_programme,
    a_university,
    checked,
    decided,
    drafted,
    typed_answers,
)


def on_the_board(plan: Plan) -> int:
    return board_of(plan, as_of=plan.last_day).of("university").count


def test_a_decided_founding_counts_its_lead_once_and_opens_to_its_evidence(cast: Cast, now: dt.datetime, client: Client) -> None:
    plan, programme = a_plan_with_programme(cast, now)
    case = checked(drafted(cast, plan, programme, now), cast, now)
    assert (case.number, case.title) == ("WD-2022-001", "滴水湖产业网络大学")
    kept = FoundingApplication.objects.get(case=case)
    assert (kept.lead, kept.programme, kept.opened_on) == (cast.employer, programme, dt.date(2022, 9, 1))
    assert kept.implementers.count() == kept.partners.count() == kept.papers.count() == 1
    assert on_the_board(plan) == 0

    actions.decide_case(case, approve=True, reason="符合规划。", actor=cast.approver, now=now)
    later = now + dt.timedelta(days=2)
    actions.award_case(case, actor=operator("tests"), now=later)

    university = University.objects.get(case=case)
    assert (university.organisation, university.founded_on, university.state) == (cast.employer, now.date(), "founded")
    entry = Entry.objects.get(goal__code="university")
    assert (entry.organisation, entry.happened_on, entry.proof) == (cast.employer, now.date(), "confirmed")
    assert entry.facts == {"case": str(case.public_id), "programme": str(programme.public_id)}
    assert on_the_board(plan) == 1
    assert found_university(case, actor=cast.clerk, now=later).pk == university.pk
    assert rebuild(plan, actor=operator("tests"), now=later) == 0
    codes = set(Record.objects.filter(object_id=str(university.public_id)).values_list("action", flat=True))
    assert codes == {"university.founding.found"}

    address = f"/board/{plan.code}/university/heads/{entry.public_id}/"
    shown = client.get(f"{address}?lang=en").text
    for said in ("WD-2022-001", "Dishui Lake Online University", "Machining", "approved", str(entry.evidence_hash)):
        assert said in shown
    assert "broken" not in shown
    assert "符合规划" not in shown


def test_what_does_not_fit_the_plan_is_refused_by_field(cast: Cast, now: dt.datetime) -> None:
    plan, programme = a_plan_with_programme(cast, now)
    elsewhere = a_programme(make_school(cast, now, body="other_employer", dean="other_hr", name_zh="他处学院"), now)
    tomorrow = (dt.datetime.now(tz=now.tzinfo) + dt.timedelta(days=1)).date().isoformat()
    case = drafted(cast, plan, elsewhere, now, opened_on=tomorrow)

    with pytest.raises(AnswersIncomplete) as refused:
        actions.submit_case(case, actor=cast.base_manager, now=now)

    assert [(section, field) for section, field, _said in refused.value.faults] == [
        ("opening", "programme"),
        ("opening", "opened_on"),
    ]
    assert "outside this plan" in refused.value.faults[0][2]
    unpublished = a_programme(programme.school, now, state="draft", published_on=None)
    typed = typed_answers(plan, unpublished, a_paper(cast.base_manager))["opening"]
    actions.save_draft(case, section="opening", answers=typed, base_revision=1, actor=cast.base_manager, now=now)
    with pytest.raises(AnswersIncomplete) as refused:
        actions.submit_case(case, actor=cast.base_manager, now=now)
    assert [(section, field) for section, field, _said in refused.value.faults] == [("opening", "programme")]


def test_only_a_body_the_plan_names_applies(cast: Cast, now: dt.datetime) -> None:
    plan, _programme = a_plan_with_programme(cast, now)
    call = a_round(plan, "university")

    with pytest.raises(CaseRefused, match="Denggao Precision Works"):
        actions.open_case(call, body=cast.other_employer, actor=cast.other_hr, now=now)
    with pytest.raises(NotAllowed):
        actions.open_case(call, body=cast.employer, actor=cast.other_hr, now=now)
    Part.objects.filter(plan=plan).delete()
    with pytest.raises(CaseRefused, match="names nobody"):
        actions.open_case(call, body=cast.employer, actor=cast.hr, now=now)
    with pytest.raises(CaseRefused, match="no goal"):
        actions.open_case(a_round(a_plan("other"), "university"), body=cast.employer, actor=cast.hr, now=now)


def test_two_persons_decide_and_none_of_a_body_it_names(cast: Cast, now: dt.datetime) -> None:
    plan, programme = a_plan_with_programme(cast, now)
    case = checked(drafted(cast, plan, programme, now), cast, now)

    def decide(*grants: Grant, part: str = "approver") -> None:
        actor = account(cast.user(part), [Grant(Role.APPROVER), *grants])
        actions.decide_case(Case.objects.get(pk=case.pk), approve=True, reason="同意。", actor=actor, now=now)

    with pytest.raises(TwoPersons, match="checked"):
        decide(part="clerk")
    with pytest.raises(TwoPersons, match="a body this application is about"):
        decide(Grant(Role.EXPERT, cast.employer.pk))
    with pytest.raises(NotAllowed):
        actions.decide_case(case, approve=True, reason="同意。", actor=cast.finance, now=now)
    assert not University.objects.exists()
    decide(Grant(Role.EXPERT, cast.other_employer.pk))
    assert Case.objects.get(pk=case.pk).stage == "award"


def test_nothing_is_founded_before_it_opened_or_without_its_programme(cast: Cast, now: dt.datetime) -> None:
    plan, programme = a_plan_with_programme(cast, now)
    case = decided(cast, plan, programme, now)
    with pytest.raises(NotAllowed):
        found_university(case, actor=cast.base_manager, now=now)

    with pytest.raises(NotFounded, match="can’t be founded before"):
        actions.award_case(case, actor=operator("tests"), now=now - dt.timedelta(days=90))
    Programme.objects.filter(pk=programme.pk).update(state="retired")
    with pytest.raises(NotFounded, match="not in the catalogue"):
        actions.award_case(case, actor=operator("tests"), now=now)
    assert (Case.objects.get(pk=case.pk).state, University.objects.count()) == ("open", 0)

    Programme.objects.filter(pk=programme.pk).update(state="published")
    actions.award_case(case, actor=operator("tests"), now=now)
    again = drafted(cast, plan, a_programme(programme.school, now, title_zh="另一专业"), now)
    with pytest.raises(AnswersIncomplete) as refused:
        actions.submit_case(again, actor=cast.base_manager, now=now)
    assert [field for _section, field, _said in refused.value.faults] == ["lead"]


def test_a_withdrawn_founding_is_taken_back_by_two_persons(cast: Cast, now: dt.datetime) -> None:
    university = a_university(cast)
    end = propose_end(university, kind="withdraw", reason="申报材料不实。", actor=cast.clerk, now=now)

    for refused in (cast.hr, cast.clerk, cast.auditor):
        with pytest.raises(NotAllowed):
            confirm_end(end, actor=refused, now=now)
    with pytest.raises(EndRefused, match="second person"):
        confirm_end(end, actor=account(cast.user("clerk"), [Grant(Role.APPROVER)]), now=now)
    with pytest.raises(EndRefused, match="Something else"):
        propose_end(university, kind="close", reason="停办。", actor=cast.reviewer, now=now)
    assert on_the_board(university.plan) == 1
    confirm_end(end, reason="属实。", actor=cast.approver, now=now)

    university.refresh_from_db()
    assert (university.state, university.ended_on) == ("withdrawn", now.date())
    assert on_the_board(university.plan) == 0
    assert Entry.objects.get(sign=-1).reason == "withdrawn"
    assert Message.objects.filter(code="university.end.done", account=cast.user("hr")).exists()
    with pytest.raises(EndRefused, match="founding withdrawn"):
        propose_end(university, kind="close", reason="停办。", actor=cast.clerk, now=now)
    with pytest.raises(EndRefused, match="decided before"):
        confirm_end(UniversityAct.objects.get(pk=end.pk), actor=cast.approver, now=now)
    codes = set(Record.objects.filter(object_id=str(university.public_id)).values_list("action", flat=True))
    assert codes == {"university.founding.found", "university.founding.end"}


def test_a_closed_university_counts_if_the_plan_was_over(cast: Cast, now: dt.datetime) -> None:
    university = a_university(cast)
    with pytest.raises(ReasonMissing):
        propose_end(university, kind="close", reason=" ", actor=cast.clerk, now=now)
    with pytest.raises(NotAllowed):
        propose_end(university, kind="close", reason="停办。", actor=cast.hr, now=now)
    dismissed = propose_end(university, kind="close", reason="停办。", actor=cast.clerk, now=now)
    dismiss_end(dismissed, reason="继续办学。", actor=cast.approver, now=now)
    after = now + dt.timedelta(days=120)
    end = propose_end(university, kind="close", reason="停办。", actor=cast.clerk, now=after)
    confirm_end(end, actor=cast.approver, now=after)

    university.refresh_from_db()
    assert (university.state, on_the_board(university.plan)) == ("closed", 1)


def test_a_school_that_closes_takes_the_count_back_until_it_opens_again(cast: Cast, now: dt.datetime, client: Client) -> None:
    university = a_university(cast)
    school = university.programme.school
    retire_programme(university.programme, actor=operator("tests"), now=now)
    assert on_the_board(university.plan) == 1

    close_school(school, on=now.date(), actor=cast.clerk, now=now)
    assert on_the_board(university.plan) == 0
    gone = Entry.objects.get(sign=1)
    page = client.get(f"/board/{university.plan.code}/university/heads/{gone.public_id}/?lang=en")
    assert page.status_code == 200
    reopen_school(school, actor=cast.clerk, now=now)

    assert on_the_board(university.plan) == 1
    assert Entry.objects.filter(goal__code="university").count() == 3
