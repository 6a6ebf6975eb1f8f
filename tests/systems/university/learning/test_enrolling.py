"""Who comes into a class, who waits, who leaves."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import Role
from denggao.foundation.audit.models import Record
from denggao.foundation.messages.models import Message
from denggao.foundation.people.models import Person
from denggao.systems.university.learning.actions import enrolling, runs
from denggao.systems.university.learning.actions.refusals import LearningRefused
from denggao.systems.university.learning.models import Enrolment, Run
from tests.cast import Cast
from tests.facts import a_person, in_post
from tests.systems.university.facts import make_school
from tests.systems.university.learning.facts import a_class, a_course, a_run, again, enrolled, teacher


def test_a_worker_enrols_waits_and_comes_in_when_a_seat_is_free(cast: Cast, now: dt.datetime) -> None:
    school = make_school(cast, now)
    run = a_run(a_course(school, now, "video", "reading"), now, seats=1)
    other = enrolled(run, a_person("在先"), now)

    mine = enrolling.enrol_self(run, actor=cast.worker, now=now)

    assert (mine.state, mine.how, mine.enrolled_at) == ("waiting", "self", None)
    assert mine.required == 2
    with pytest.raises(LearningRefused, match="already"):
        enrolling.enrol_self(run, actor=cast.worker, now=now)

    with pytest.raises(LearningRefused, match="Reason"):
        enrolling.remove(other, reason=" ", actor=teacher(cast), now=now)
    enrolling.remove(other, reason="Changed plans.", actor=teacher(cast), now=now)

    assert again(mine).state == "enrolled"
    assert again(other).state == "removed"
    told = list(Message.objects.filter(account=cast.user("worker")).order_by("pk").values_list("code", flat=True))
    assert told == ["learning.waiting", "learning.seat"]
    actions = set(Record.objects.filter(object_id=str(mine.public_id)).values_list("action", flat=True))
    assert actions == {"learning.enrolment.self", "learning.enrolment.seat"}

    left = enrolling.leave(again(mine), actor=cast.worker, now=now)
    back = enrolling.enrol_self(run, actor=cast.worker, now=now)

    assert left.pk == back.pk
    assert again(back).state == "enrolled"
    assert again(back).ended_at is None


def test_more_seats_bring_in_who_waits_in_their_order(cast: Cast, now: dt.datetime) -> None:
    school = make_school(cast, now)
    run = a_run(a_course(school, now, "reading"), now, seats=1, entry="employer")
    people = [a_person(f"登小{place}") for place in "甲乙丙"]
    for person in people:
        in_post(person, cast.employer)

    entered = enrolling.enrol_staff(cast.employer, run, people, due_on=dt.date(2022, 12, 1), actor=cast.hr, now=now)

    assert [item.enrolment.state for item in entered] == ["enrolled", "waiting", "waiting"]
    assert {item.enrolment.employer_id for item in entered} == {cast.employer.pk}
    assert {item.enrolment.due_on for item in entered} == {dt.date(2022, 12, 1)}
    again_so = enrolling.enrol_staff(cast.employer, run, people, actor=cast.hr, now=now)
    assert {item.outcome for item in again_so} == {"unchanged"}

    facts = runs.RunFacts("Autumn", run.opens_on, seats=2, entry="employer")
    runs.change_run(run, facts, actor=teacher(cast), now=now)

    assert [again(item.enrolment).state for item in entered] == ["enrolled", "enrolled", "waiting"]


def test_doors_stay_shut_for_whom_they_are_shut(cast: Cast, now: dt.datetime) -> None:
    school = make_school(cast, now)
    base = a_course(school, now, "reading", code="first")
    course = a_course(school, now, "reading", code="second")
    course.prerequisites.add(base)
    stranger = a_person("路人")
    run = a_run(course, now)

    def refused(text: str, call: Any) -> None:
        with pytest.raises(LearningRefused, match=text):
            call()

    refused("Finish the courses", lambda: enrolling.enrol_self(run, actor=cast.worker, now=now))
    refused("not on your roster", lambda: enrolling.enrol_staff(cast.employer, run, [stranger], actor=cast.hr, now=now))
    refused(
        "has passed",
        lambda: enrolling.enrol_staff(cast.employer, run, [], due_on=dt.date(2022, 1, 1), actor=cast.hr, now=now),
    )
    invited = a_run(course, now, entry="invited")
    refused("not open to everybody", lambda: enrolling.enrol_self(invited, actor=cast.worker, now=now))
    refused("not open to everybody", lambda: enrolling.enrol_staff(cast.employer, invited, [], actor=cast.hr, now=now))
    over = a_run(course, now, closes_on=dt.date(2022, 10, 9))
    refused("has ended", lambda: enrolling.enrol_self(over, actor=cast.worker, now=now))
    for actor, call in (
        (cast.other_hr, lambda who: enrolling.enrol_staff(cast.employer, run, [stranger], actor=who, now=now)),
        (cast.worker, lambda who: enrolling.enrol_persons(run, [stranger], actor=who, now=now)),
        (cast.hr, lambda who: enrolling.enrol_self(run, actor=who, now=now)),
    ):
        with pytest.raises(NotAllowed):
            call(actor)

    enrolled(a_run(base, now), cast.worker_person, now, state="finished", finished_at=now)
    assert enrolling.enrol_self(run, actor=cast.worker, now=now).state == "enrolled"
    assert not Enrolment.objects.filter(person=stranger).exists()


def test_an_invitation_is_accepted_or_declined_once(cast: Cast, now: dt.datetime) -> None:
    school = make_school(cast, now)
    run = a_run(a_course(school, now, "reading"), now, entry="invited")

    (made,) = enrolling.enrol_persons(run, [cast.worker_person], invite=True, actor=teacher(cast), now=now)

    invited = again(made.enrolment)
    assert (invited.state, invited.enrolled_at) == ("invited", None)
    assert Message.objects.filter(account=cast.user("worker"), code="learning.invited").count() == 1
    with pytest.raises(NotAllowed):
        enrolling.accept_invitation(invited, actor=cast.hr, now=now)
    assert enrolling.accept_invitation(invited, actor=cast.worker, now=now).state == "enrolled"
    with pytest.raises(LearningRefused):
        enrolling.accept_invitation(invited, actor=cast.worker, now=now)


def test_a_school_opens_classes_of_what_it_may_run(cast: Cast, now: dt.datetime) -> None:
    school = make_school(cast, now)
    foreign = make_school(cast, now, body="other_employer", dean="other_hr", name_zh="望潮学院")
    course = a_course(school, now, "reading")
    facts = runs.RunFacts("Winter", dt.date(2022, 12, 1), dt.date(2023, 2, 1), seats=30)

    run = runs.open_run(school, course, facts, actor=teacher(cast), now=now)

    assert (run.version_id, run.state) == (course.current_id, "open")
    assert Record.objects.filter(action="learning.run.open", object_id=str(run.public_id)).count() == 1
    with pytest.raises(LearningRefused, match="may not run"):
        runs.open_run(foreign, course, facts, actor=cast.clerk, now=now)
    with pytest.raises(NotAllowed):
        runs.open_run(foreign, course, facts, actor=teacher(cast), now=now)
    with pytest.raises(LearningRefused, match="before the first"):
        runs.change_run(run, runs.RunFacts("W", dt.date(2023, 1, 1), dt.date(2022, 1, 1)), actor=teacher(cast), now=now)

    closed = runs.set_run_state(run, Run.State.CLOSED, actor=teacher(cast), now=now)

    assert closed.state == "closed"
    with pytest.raises(LearningRefused):
        runs.change_run(run, facts, actor=teacher(cast), now=now)


def test_reminders_are_told_once_before_and_once_after(cast: Cast, now: dt.datetime) -> None:
    from denggao.foundation.audit.actors import system
    from denggao.systems.university.learning.actions.reminding import remind, remind_due

    run, mine = a_class(cast, now, "reading")
    Enrolment.objects.filter(pk=mine.pk).update(due_on=dt.date(2022, 10, 12), employer=cast.employer)
    product = system("learning.remind")

    assert remind_due(actor=product, now=now) == 1
    assert remind_due(actor=product, now=now + dt.timedelta(days=1)) == 0
    assert remind_due(actor=product, now=now + dt.timedelta(days=4)) == 1
    assert remind_due(actor=product, now=now + dt.timedelta(days=5)) == 0
    codes = list(Message.objects.filter(account=cast.user("worker")).order_by("pk").values_list("code", flat=True))
    assert codes == ["learning.due", "learning.overdue"]
    assert remind(run, [again(mine)], "Please go on.", actor=teacher(cast), now=now) == 1
    assert remind(cast.employer, [again(mine)], "", actor=cast.hr, now=now) == 1
    with pytest.raises(LearningRefused, match="none of yours"):
        remind(cast.other_employer, [again(mine)], "", actor=cast.other_hr, now=now)


def test_whoever_has_no_business_sees_no_enrolment(cast: Cast, now: dt.datetime) -> None:
    from denggao.systems.university.learning.policies import visible_enrolments, visible_runs

    _run, mine = a_class(cast, now, "reading")
    sees = {
        part: visible_enrolments(getattr(cast, part)).filter(pk=mine.pk).exists()
        for part in ("worker", "hr", "other_hr", "expert", "authority", "clerk", "visitor")
    }

    assert sees == {
        "worker": True, "hr": False, "other_hr": False, "expert": False, "authority": False, "clerk": True, "visitor": False,
    }  # fmt: skip
    assert visible_enrolments(teacher(cast)).filter(pk=mine.pk).exists()
    assert not visible_runs(cast.worker).exists()
    Enrolment.objects.filter(pk=mine.pk).update(employer=cast.employer)
    assert visible_enrolments(cast.hr).filter(pk=mine.pk).exists()
    assert not visible_enrolments(cast.other_hr).filter(pk=mine.pk).exists()
    assert Person.objects.count() >= 1
    assert not cast.worker.has(Role.TEACHER)
