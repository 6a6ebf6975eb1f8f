"""Few seats: who may apply, who looks an application through, who chooses, and that no more are chosen than there are seats."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from denggao.engines.cases import actions
from denggao.engines.cases.actions.deciding import award_case
from denggao.engines.cases.models import Case
from denggao.engines.cases.refusals import AnswersIncomplete, CaseRefused, TwoPersons
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import Actor, Grant, Role, account, operator
from denggao.foundation.messages.models import Message
from denggao.foundation.people.models import Person
from denggao.systems.university.learning.actions import enrolling
from denggao.systems.university.learning.actions.refusals import LearningRefused
from denggao.systems.university.learning.models import Enrolment, Run, SeatApplication
from denggao.systems.university.learning.selection.actions import Choice, apply_for_seat, choose, rate
from denggao.systems.university.learning.selection.queries import seats_to_give, waiting
from denggao.systems.university.models import Programme, ProgrammeCourse, SchoolMember
from tests.cast import Cast, browser_of
from tests.facts import a_person
from tests.systems.university.facts import make_school
from tests.systems.university.learning.facts import a_course, a_run, teacher

SAID = {"why": "想学五轴加工。", "background": "车工四级，八年。"}


@pytest.fixture
def run(cast: Cast, now: dt.datetime) -> Run:
    school = make_school(cast, now)
    colleague = cast.user("expert")
    SchoolMember.objects.create(school=school, account=colleague, role="teacher", from_on=dt.date(2022, 1, 1))
    return a_run(a_course(school, now, "reading"), now, title="高级研修班", entry="selected", seats=1)


def colleague(cast: Cast) -> Actor:
    """The other teacher of the school."""
    return account(cast.user("expert"), [Grant(Role.TEACHER, cast.base.pk)], "web:127.0.0.1")


def somebody(name: str) -> tuple[Person, Actor]:
    user = User.objects.create()
    person = a_person(name)
    person.account = user
    person.save()
    return person, account(user, [])


def applied(run: Run, actor: Actor, now: dt.datetime) -> SeatApplication:
    case = apply_for_seat(run, actor=actor, now=now)
    actions.save_draft(case, section="application", answers=SAID, base_revision=0, actor=actor, now=now)
    actions.submit_case(case, actor=actor, now=now)
    return SeatApplication.objects.select_related("case", "run__school", "run__course", "person").get(case=case)


def looked_through(application: SeatApplication, actor: Actor, now: dt.datetime) -> None:
    actions.pass_check(Case.objects.with_labels().get(pk=application.case_id), actor=actor, now=now)


def test_the_school_chooses_within_its_seats_and_tells_the_others_why(cast: Cast, now: dt.datetime, run: Run) -> None:
    _person, other = somebody("乙")
    mine, second = applied(run, cast.worker, now), applied(run, other, now)
    assert mine.case.number == "XK-2022-0001"
    dean, two = teacher(cast), colleague(cast)
    assert (waiting(dean), waiting(cast.hr)) == (2, 0)
    rate(mine, points=88, remark="经历合适", actor=dean, now=now)
    for one in (mine, second):
        looked_through(one, two, now)

    def chosen(actor: Actor, *verdicts: str) -> list[str]:
        pairs = zip((mine, second), verdicts, strict=True)
        choices = [Choice(one, verdict) for one, verdict in pairs if verdict]
        return [one.sentence for one in choose(run, choices, yes="符合条件。", no="本期名额已满。", actor=actor, now=now)]

    assert all("second person" in sentence for sentence in chosen(two, "yes", "no"))
    assert any("seats of this class are given" in sentence for sentence in chosen(dean, "yes", "yes"))
    assert seats_to_give(run) == 0
    assert chosen(dean, "", "no") == [""]
    award_case(Case.objects.with_labels().get(pk=mine.case_id), actor=operator("tests"), now=now)

    learner = Enrolment.objects.get(run=run)
    assert (learner.person, learner.state, learner.how) == (cast.worker_person, "enrolled", "selected")
    refused = Case.objects.get(pk=second.case_id)
    assert refused.state == "rejected"
    assert refused.steps.get(kind="rejected").reason == "本期名额已满。"
    assert Message.objects.filter(account=other.user, code="cases.rejected").exists()
    with pytest.raises(LearningRefused, match="decided"):
        rate(second, points=1, actor=dean, now=now)
    with pytest.raises(LearningRefused, match="already"):
        apply_for_seat(run, actor=cast.worker, now=now)


def test_nobody_else_applies_or_decides(cast: Cast, now: dt.datetime, run: Run) -> None:
    with pytest.raises(LearningRefused, match="not open to everybody"):
        enrolling.enrol_self(run, actor=cast.worker, now=now)
    application = applied(run, cast.worker, now)
    with pytest.raises(CaseRefused, match="under way already"):
        apply_for_seat(run, actor=cast.worker, now=now)
    with pytest.raises(NotAllowed):
        apply_for_seat(run, actor=cast.clerk, now=now)
    open_run = a_run(run.course, now, title="公开班")
    with pytest.raises(LearningRefused, match="not open to everybody"):
        apply_for_seat(open_run, actor=somebody("丙")[1], now=now)

    elsewhere = account(cast.user("other_hr"), [Grant(Role.TEACHER, cast.other_employer.pk)])
    for actor in (elsewhere, cast.hr, cast.clerk, cast.worker):
        with pytest.raises(NotAllowed):
            looked_through(application, actor, now)
        with pytest.raises(NotAllowed):
            rate(application, points=5, actor=actor, now=now)
    with pytest.raises(LearningRefused, match="0 to 100"):
        rate(application, points=101, actor=teacher(cast), now=now)
    looked_through(application, teacher(cast), now)
    SchoolMember.objects.filter(account=cast.user("expert")).update(role="assistant")
    case = Case.objects.with_labels().get(pk=application.case_id)
    with pytest.raises(LearningRefused, match="teachers and deans decide"):
        actions.decide_case(case, approve=True, reason="同意。", actor=colleague(cast), now=now)
    with pytest.raises(TwoPersons):
        actions.decide_case(case, approve=True, reason="同意。", actor=teacher(cast), now=now)
    assert Case.objects.get(pk=case.pk).stage == "decide"


def test_an_application_to_a_class_that_is_over_is_not_taken(cast: Cast, now: dt.datetime, run: Run) -> None:
    case = apply_for_seat(run, actor=cast.worker, now=now)
    actions.save_draft(case, section="application", answers=SAID, base_revision=0, actor=cast.worker, now=now)
    Run.objects.filter(pk=run.pk).update(state="closed")

    with pytest.raises(AnswersIncomplete) as refused:
        actions.submit_case(case, actor=cast.worker, now=now)

    assert "has ended" in str(refused.value.faults)
    assert not SeatApplication.objects.exists()


def test_a_worker_applies_and_the_school_chooses_in_a_browser(cast: Cast, now: dt.datetime, run: Run, client: Client) -> None:
    programme = Programme.objects.create(
        school=run.school, title_zh="高级研修", track="advanced", entry="selected", seats=1, state="published",
        published_on=now.date(), created_at=now,
    )  # fmt: skip
    ProgrammeCourse.objects.create(programme=programme, course=run.course, position=0)
    for page in (f"/courses/{run.course.public_id}/", f"/courses/programmes/{programme.public_id}/"):
        shown = client.get(f"{page}?lang=en").text
        assert f"/learn/enter/{run.public_id}/" in shown
        assert "Apply for a seat" in shown
    worker = cast.client_of("worker")
    assert "the school reads every application" in worker.get(f"/learn/enter/{run.public_id}/?lang=en").text
    begun = worker.post(f"/learn/enter/{run.public_id}/apply/")
    case = Case.objects.get()
    assert begun["Location"] == case.link
    assert worker.post(f"/learn/enter/{run.public_id}/apply/")["Location"] == case.link
    assert worker.get(case.link).status_code == 200
    assert worker.get(f"{case.link}edit/").status_code in {200, 302}
    actions.save_draft(case, section="application", answers=SAID, base_revision=0, actor=cast.worker, now=now)
    dean, two = cast.client_of("base_manager"), browser_of(cast.user("expert"), ["password"])
    assert dean.get(case.link).status_code == 404
    assert "not submitted yet" in worker.get("/learn/?lang=en").text
    actions.submit_case(Case.objects.with_labels().get(), actor=cast.worker, now=timezone.now())
    assert "with the school" in worker.get("/learn/?lang=en").text

    page = dean.get(f"/classes/{run.public_id}/selection/?lang=en").text
    assert "周小登" in page
    assert "想学五轴加工" in dean.get(case.link).text
    assert cast.client_of("other_hr").get(case.link).status_code == 404
    assert cast.client_of("hr").get(f"/classes/{run.public_id}/selection/").status_code == 403
    one = SeatApplication.objects.get()
    at = f"/classes/{run.public_id}/selection/"
    two.post(at, {f"points-{one.pk}": "77", f"verdict-{one.pk}": "complete", f"lock-{one.pk}": "2", "do": "choose"})
    case.refresh_from_db()
    one.refresh_from_db()
    assert (case.stage, one.points) == ("decide", 77)
    dean.post(at, {f"verdict-{one.pk}": "yes", f"lock-{one.pk}": str(case.lock), "yes": "", "do": "choose"})
    assert Case.objects.get().stage == "decide"
    dean.post(at, {f"verdict-{one.pk}": "yes", f"lock-{one.pk}": str(case.lock), "yes": "符合条件。", "do": "choose"})
    assert Case.objects.get().stage == "award"
    assert "You have applied" in worker.get(f"/learn/enter/{run.public_id}/?lang=en").text


def test_the_page_of_choosing_costs_the_same_however_many_applied(cast: Cast, now: dt.datetime, run: Run) -> None:
    dean, address = cast.client_of("base_manager"), f"/classes/{run.public_id}/selection/"
    applied(run, cast.worker, now)
    dean.get(address)
    with CaptureQueriesContext(connection) as few:
        dean.get(address)
    for name in ("甲", "乙", "丙"):
        applied(run, somebody(name)[1], now)
    with CaptureQueriesContext(connection) as many:
        assert dean.get(address).status_code == 200

    assert len(many) == len(few)
