"""Members, projects, results and visits: who enters them, what is refused, and that each number is counted from its rows."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from denggao.engines.agreements.models import Mentorship
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.files.actions import store_file
from denggao.systems.craftsmen.studios import facts as known_facts
from denggao.systems.craftsmen.studios.actions.doing import (
    DoingRefused,
    ProjectGiven,
    ResultDecided,
    ResultGiven,
    VisitGiven,
    begin_project,
    decide_result,
    end_project,
    record_visit,
    report_result,
)
from denggao.systems.craftsmen.studios.actions.members import MemberRefused, ask_member, confirm_member, end_member
from denggao.systems.craftsmen.studios.models import Result, Studio, StudioMember
from denggao.systems.craftsmen.studios.numbers import Span, numbers_of
from denggao.systems.craftsmen.studios.policies import EVIDENCE
from tests.facts import a_person, certified, in_post
from tests.systems.craftsmen.studios.facts import PDF, a_craftsman, a_studio

TODAY = dt.date(2022, 10, 10)
NEVER = ("other_hr", "base_manager", "worker", "clerk", "auditor", "visitor")


@pytest.fixture
def studio(cast):
    return a_studio(cast, a_craftsman(cast))


@pytest.fixture
def proof(cast, now):
    return store_file("证书.pdf", PDF, kind=EVIDENCE, actor=cast.hr, now=now)


def value_of(studio, code, last=TODAY):
    return next(one for one in numbers_of(studio, Span(studio.named_on, last)) if one.code == code)


def a_result(studio, cast, now, proof, **given):
    facts = {"kind": "patent", "title": "快换夹具", "on": TODAY, "number": "ZL2022000001", "proof": proof, **given}
    return report_result(studio, ResultGiven(**facts), actor=given.pop("actor", None) or cast.hr, now=now)


# People


def test_a_member_is_asked_and_in_with_the_own_yes(cast, studio, now):
    in_post(cast.worker_person, cast.employer)
    member = ask_member(studio, cast.worker_person, role="member", actor=cast.hr, now=now)
    assert not member.is_member_on(TODAY)
    with pytest.raises(NotAllowed):
        confirm_member(member, is_public=True, actor=cast.hr, now=now)

    confirm_member(member, is_public=False, actor=cast.worker, now=now)

    assert member.is_member_on(TODAY)
    assert member.public_name == "周**"
    confirm_member(member, is_public=True, actor=cast.worker, now=now)
    assert member.public_name == "周小登"


def test_who_can_not_be_asked_is_told_why(cast, studio, now):
    outsider, inside = a_person("外来人"), a_person("在岗人")
    in_post(inside, cast.employer)
    with pytest.raises(MemberRefused, match="does not work for the employer"):
        ask_member(studio, outsider, role="member", actor=cast.hr, now=now)
    with pytest.raises(MemberRefused, match="two persons"):
        ask_member(studio, inside, role="leader", actor=cast.hr, now=now)
    ask_member(studio, inside, role="learner", actor=cast.hr, now=now)
    with pytest.raises(MemberRefused, match="already"):
        ask_member(studio, inside, role="member", actor=cast.hr, now=now)
    for part in NEVER:
        with pytest.raises(NotAllowed):
            ask_member(studio, inside, role="member", actor=getattr(cast, part), now=now)


def test_a_membership_ends_with_a_reason_and_the_leaders_by_two_persons(cast, studio, now):
    learner = studio.members.select_related("studio__leader__person", "person").get(role="learner")
    with pytest.raises(MemberRefused, match="Reason"):
        end_member(learner, reason=" ", actor=cast.hr, now=now)
    with pytest.raises(MemberRefused, match="two persons"):
        end_member(studio.members.get(role="leader"), reason="x", actor=cast.hr, now=now)
    end_member(learner, reason="调岗。", actor=cast.hr, now=now)
    with pytest.raises(MemberRefused, match="ended"):
        end_member(learner, reason="x", actor=cast.hr, now=now)
    with pytest.raises(NotAllowed):
        end_member(learner, reason="x", actor=cast.other_hr, now=now)


# Projects


def test_a_project_begins_and_ends_within_the_studios_days(cast, studio, now):
    with pytest.raises(DoingRefused, match="First day"):
        begin_project(studio, ProjectGiven("innovation", "x", dt.date(2022, 10, 9)), actor=cast.hr, now=now)
    with pytest.raises(DoingRefused, match="First day"):
        begin_project(studio, ProjectGiven("innovation", "x", dt.date(2022, 10, 11)), actor=cast.hr, now=now)
    project = begin_project(studio, ProjectGiven("innovation", "自适应磨削", TODAY), actor=cast.hr, now=now)
    with pytest.raises(DoingRefused, match="Last day"):
        end_project(project, finished=True, on=dt.date(2022, 10, 11), actor=cast.hr, now=now)
    end_project(project, finished=True, on=TODAY, actor=cast.hr, now=now)
    with pytest.raises(DoingRefused, match="finished"):
        end_project(project, finished=False, on=TODAY, actor=cast.hr, now=now)
    assert value_of(studio, "projects").value == 1


# Results


def test_a_result_counts_once_a_second_person_confirmed_it(cast, studio, now, proof):
    result = a_result(studio, cast, now, proof)
    assert value_of(studio, "patents").value == 0
    with pytest.raises(ResultDecided, match="second person"):
        decide_result(result, confirmed=True, actor=cast.hr, now=now)

    decide_result(result, confirmed=True, actor=cast.clerk, now=now)

    number = value_of(studio, "patents")
    assert (number.value, [row.text for row in number.rows]) == (1, ["快换夹具"])
    with pytest.raises(ResultDecided, match="before"):
        decide_result(result, confirmed=False, reason="x", actor=cast.reviewer, now=now)


def test_what_is_saved_is_the_sum_of_its_rows(cast, studio, now, proof):
    for amount in ("120000.50", "30000"):
        given = {"kind": "saving", "number": "", "amount_yuan": Decimal(amount)}
        decide_result(a_result(studio, cast, now, proof, **given), confirmed=True, actor=cast.clerk, now=now)

    number = value_of(studio, "saved")
    assert (number.value, len(number.rows)) == (Decimal("150000.50"), 2)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"kind": "saving", "number": ""}, "Amount"),
        ({"amount_yuan": Decimal(5)}, "Amount"),
        ({"number": " "}, "Number"),
        ({"proof": None}, "Proof"),
        ({"title": ""}, "Title"),
        ({"on": dt.date(2022, 10, 9)}, "Day"),
        ({"course": uuid.UUID(int=1)}, "only of a result that is a course"),
        ({"kind": "course", "course": uuid.UUID(int=1)}, "no published course"),
    ],
)
def test_a_result_that_can_not_be_taken_says_which_part(cast, studio, now, proof, given, sentence):
    with pytest.raises(DoingRefused, match=sentence):
        a_result(studio, cast, now, **{"proof": proof, **given})
    assert not Result.objects.exists()


def test_a_course_the_platform_knows_counts_at_once_and_once(cast, studio, now, monkeypatch):
    monkeypatch.setitem(known_facts._KNOWN, "course", lambda _id: "五轴加工入门")
    given = ResultGiven("course", "", TODAY, course=uuid.UUID(int=7))

    result = report_result(studio, given, actor=cast.hr, now=now)

    assert (result.title, result.state) == ("五轴加工入门", "confirmed")
    assert value_of(studio, "courses").value == 1
    with pytest.raises(DoingRefused, match="already"):
        report_result(studio, given, actor=cast.hr, now=now)


def test_nobody_else_enters_or_confirms_anything(cast, studio, now, proof):
    result = a_result(studio, cast, now, proof)
    for part in NEVER:
        actor = getattr(cast, part)
        with pytest.raises(NotAllowed):
            begin_project(studio, ProjectGiven("innovation", "x", TODAY), actor=actor, now=now)
        with pytest.raises(NotAllowed):
            report_result(studio, ResultGiven("award", "x", TODAY, proof=proof), actor=actor, now=now)
        with pytest.raises(NotAllowed):
            record_visit(studio, VisitGiven(TODAY, "x", 3), actor=actor, now=now)
        if part != "clerk":
            with pytest.raises(NotAllowed):
                decide_result(result, confirmed=True, actor=actor, now=now)


# Visits, and the numbers of people


def test_visits_are_counted_and_refused_with_a_sentence(cast, studio, now):
    record_visit(studio, VisitGiven(TODAY, "上海电机学院", 24), actor=cast.hr, now=now)

    assert value_of(studio, "visits").value == 1
    for given, sentence in ((VisitGiven(TODAY, " ", 3), "Visitors"), (VisitGiven(TODAY, "x", 0), "People")):
        with pytest.raises(DoingRefused, match=sentence):
            record_visit(studio, given, actor=cast.hr, now=now)


def test_learners_come_from_memberships_and_mentorships_and_raised_from_the_register(cast, studio, now):
    inside = studio.members.get(role="learner")
    StudioMember.objects.filter(pk=inside.pk).update(confirmed_at=now)
    outside, unconfirmed = a_person("秦时雨"), a_person("陆一诺")
    for learner, confirmed in ((outside, now), (unconfirmed, None)):
        Mentorship.objects.create(
            mentor=studio.leader.person, learner=learner, from_on=TODAY, confirmed_by_mentor_at=now,
            confirmed_by_learner_at=confirmed, created_at=now,
        )  # fmt: skip
    certified(outside, issued="2022-11-01", level="3")
    certified(inside.person, issued="2022-01-01", level="4")

    later = dt.date(2022, 12, 31)
    assert value_of(studio, "learners", later).value == 2
    raised = value_of(studio, "raised", later)
    assert (raised.value, [row.text for row in raised.rows]) == (1, ["秦**"])


def test_nothing_is_entered_for_a_studio_that_was_un_named(cast, studio, now, proof):
    Studio.objects.filter(pk=studio.pk).update(state="unnamed", ended_on=TODAY)

    for enter in (
        lambda: begin_project(studio, ProjectGiven("innovation", "x", TODAY), actor=cast.hr, now=now),
        lambda: a_result(studio, cast, now, proof),
        lambda: record_visit(studio, VisitGiven(TODAY, "x", 3), actor=cast.hr, now=now),
    ):
        with pytest.raises(DoingRefused, match="un-named"):
            enter()
