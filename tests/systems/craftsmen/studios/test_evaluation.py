"""A studio is evaluated every two years: asked for in time, judged, graded by the dated thresholds, remedied or un-named."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from denggao.engines.cases import actions
from denggao.engines.cases.actions.deciding import award_case
from denggao.engines.reviews.actions.assigning import accept_assignment, assign_by_hand
from denggao.engines.reviews.actions.closing import close_panel
from denggao.engines.reviews.actions.scoring import EntryGiven, save_entries, submit_score
from denggao.engines.reviews.models import Assignment, Criterion, Panel
from denggao.foundation.audit.actions import NotAllowed, ReasonMissing
from denggao.foundation.audit.actors import operator
from denggao.foundation.messages.models import Message
from denggao.systems.craftsmen.studios import rules
from denggao.systems.craftsmen.studios.actions.evaluating import (
    EvaluationMoved,
    EvaluationRefused,
    ask_evaluation,
    check_remedy,
    conclude,
    remind_of_evaluations,
)
from denggao.systems.craftsmen.studios.actions.rubric import bring_rubric
from denggao.systems.craftsmen.studios.models import Evaluation, Studio, StudioAct
from tests.engines.reviews.scene import actor_of, an_expert
from tests.systems.craftsmen.scene import at_award
from tests.systems.craftsmen.studios.facts import a_craftsman, a_studio, decided

DUE = dt.timedelta(days=700)


@pytest.fixture
def studio(cast, now):
    studio = a_studio(cast, a_craftsman(cast))
    bring_rubric(studio.plan, actor=operator("test"), now=now)
    return studio


def reported(studio, cast, at):
    case = ask_evaluation(studio, actor=cast.hr, now=at)
    answers = {"report": "完成项目两项。", "targets_met": "全部完成。", "support_given": "全部到位。"}
    actions.save_draft(case, section="report", answers=answers, base_revision=0, actor=cast.hr, now=at)
    actions.submit_case(case, actor=cast.hr, now=at)
    for item in case.declared.system.checklist(case):
        actions.record_check(case, item=item.code, ok=True, actor=cast.clerk, now=at)
    return actions.pass_check(case, actor=cast.clerk, now=at)


def judged(case, cast, at, share):
    panel = Panel.objects.running().get(subject_id=case.public_id)
    seats = assign_by_hand(panel, [an_expert() for _seat in range(panel.seats)], actor=cast.reviewer, now=at)
    for seat in seats:
        accept_assignment(seat, actor=actor_of(seat.expert), now=at)
    lines = list(Criterion.objects.filter(version=panel.rubric_version))
    for seat in Assignment.objects.filter(panel=panel).select_related("panel__rubric_version", "expert__person"):
        entries = [
            EntryGiven(
                one.code, f"{(one.max_points * Decimal(share)).quantize(Decimal(1)):f}", "有据", uuid.uuid4(), dt.timedelta()
            )
            for one in lines
        ]
        save_entries(seat, entries=entries, actor=actor_of(seat.expert), now=at)
        submit_score(seat, actor=actor_of(seat.expert), now=at)
    close_panel(Panel.objects.get(pk=panel.pk), actor=cast.reviewer, now=at)
    case.refresh_from_db()
    return case


def evaluated(studio, cast, at, share):
    case = judged(reported(studio, cast, at), cast, at, share)
    actions.decide_case(case, approve=True, reason="同意。", actor=cast.approver, now=at)
    award_case(case, actor=cast.clerk, now=at)
    studio.refresh_from_db()
    return Evaluation.objects.get(case=case)


@pytest.mark.parametrize(("share", "grade"), [("1", "excellent"), ("0.8", "qualified"), ("0.4", "unqualified")])
def test_the_grade_follows_from_the_experts_points(cast, studio, now, share, grade):
    at = now + DUE

    found = evaluated(studio, cast, at, share)

    assert (found.grade, found.outcome) == (grade, "remedy" if grade == "unqualified" else "stays")
    assert (found.first_on, found.thresholds) == (studio.named_on, {"excellent": "90.00", "qualified": "60.00"})
    assert found.facts["projects"] == {"value": "0", "rows": []}
    assert studio.evaluation_due_on == rules.months_later(at.date(), 24)
    assert (studio.remedy_until is not None) is (grade == "unqualified")


def test_it_can_not_be_asked_for_too_early_nor_twice_nor_by_others(cast, studio, now):
    with pytest.raises(EvaluationRefused, match="2024-07-12"):
        ask_evaluation(studio, actor=cast.hr, now=now)
    for part in ("other_hr", "worker", "clerk", "visitor"):
        with pytest.raises(NotAllowed):
            ask_evaluation(studio, actor=getattr(cast, part), now=now + DUE)
    reported(studio, cast, now + DUE)
    with pytest.raises(EvaluationRefused, match="under way"):
        ask_evaluation(studio, actor=cast.hr, now=now + DUE)
    Studio.objects.update(state="suspended")
    with pytest.raises(EvaluationRefused, match="suspended"):
        ask_evaluation(studio, actor=cast.hr, now=now + DUE)


def test_without_the_experts_points_nothing_is_concluded(cast, studio, now):
    case = reported(studio, cast, now + DUE)
    with pytest.raises(EvaluationRefused, match="judged"):
        conclude(decided(at_award(case), cast), actor=cast.clerk, now=now + DUE)
    assert not Evaluation.objects.exists()


def test_what_was_remedied_leaves_the_studio_as_it_is(cast, studio, now):
    found = evaluated(studio, cast, now + DUE, "0.4")
    with pytest.raises(ReasonMissing):
        check_remedy(found, remedied=True, reason=" ", actor=cast.clerk, now=now + DUE)
    with pytest.raises(NotAllowed):
        check_remedy(found, remedied=True, reason="x", actor=cast.hr, now=now + DUE)

    check_remedy(found, remedied=True, reason="已整改。", actor=cast.clerk, now=now + DUE)

    studio.refresh_from_db()
    assert (found.outcome, studio.state, studio.remedy_until) == ("remedied", "named", None)
    with pytest.raises(EvaluationMoved, match="before"):
        check_remedy(found, remedied=True, reason="x", actor=cast.clerk, now=now + DUE)


def test_what_was_not_remedied_in_time_is_proposed_for_un_naming(cast, studio, now):
    at = now + DUE
    found = evaluated(studio, cast, at, "0.4")
    with pytest.raises(EvaluationMoved, match="only after that"):
        check_remedy(found, remedied=False, reason="未整改。", actor=cast.clerk, now=at)
    late = at + dt.timedelta(days=200)

    check_remedy(found, remedied=False, reason="未整改。", actor=cast.clerk, now=late)

    act = StudioAct.objects.get(kind="unname")
    assert (act.state, act.grounds, act.evaluation) == ("proposed", "evaluation", found)
    studio.refresh_from_db()
    assert studio.state == "named"


def test_studios_are_reminded_once_when_it_opens_and_once_when_it_is_overdue(cast, studio, now):
    told = [
        remind_of_evaluations(actor=operator("test"), now=now + dt.timedelta(days=days)) for days in (600, 650, 700, 731, 735, 740)
    ]

    assert told == [0, 1, 0, 0, 1, 0]
    assert Message.objects.filter(code="studios.evaluation.due", account=cast.user("hr")).count() == sum(told)
    with pytest.raises(NotAllowed):
        remind_of_evaluations(actor=cast.clerk, now=now)


@pytest.mark.parametrize(
    ("points", "grade"),
    [("90", "excellent"), ("89.99", "qualified"), ("60", "qualified"), ("59.99", "unqualified")],
)
def test_both_sides_of_each_threshold(points, grade):
    assert rules.grade_of(Decimal(points), excellent=Decimal(90), qualified=Decimal(60)) == grade


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (dt.date(2022, 10, 10), 24, dt.date(2024, 10, 10)),
        (dt.date(2022, 8, 31), 6, dt.date(2023, 2, 28)),
        (dt.date(2024, 2, 29), 24, dt.date(2026, 2, 28)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_there_is(day, months, then):
    assert rules.months_later(day, months) == then
