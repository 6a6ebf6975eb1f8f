"""What a learner does, what it comes to, and what is told of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from denggao.engines.hours.actions import finding
from denggao.engines.hours.models import Finding, HourEntry
from denggao.engines.hours.queries import hours_by_context
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import Grant, Role, account
from denggao.foundation.audit.models import Record
from denggao.foundation.messages.models import Message
from denggao.systems.university.learning.actions import progressing, talking, working
from denggao.systems.university.learning.actions.refusals import LearningRefused
from denggao.systems.university.learning.models import Note, Thread, UnitDate, UnitProgress
from denggao.systems.university.learning.queries import learner
from denggao.systems.university.models import SchoolMember, Unit
from tests.cast import Cast
from tests.systems.university.learning.facts import a_class, again, key_of, sat, teacher


def progress(enrolment: Any, key: Any) -> UnitProgress:
    return UnitProgress.objects.get(enrolment=enrolment, unit_key=key)


def test_watching_counts_what_was_watched_and_then_the_course_goes_on(cast: Cast, now: dt.datetime) -> None:
    run, mine = a_class(cast, now, "video", "reading")
    film, text = key_of(run, "video"), key_of(run, "reading")

    sat(mine, film, 60, cast.worker, now, parts=[(0, 50)], length=100)

    half = progress(mine, film)
    assert (half.state, half.coverage, half.seconds, half.position_seconds) == ("started", 0.5, 60, 50)
    assert again(mine).next_key == film

    sat(mine, film, 60, cast.worker, now + dt.timedelta(hours=1), parts=[(45, 90)], length=100)

    done = progress(mine, film)
    assert (done.state, done.how, done.coverage, done.seconds) == ("done", "watched", 0.9, 120)
    stands = again(mine)
    assert (stands.done, stands.required, stands.seconds, stands.next_key) == (1, 2, 120, text)

    progressing.say_read(again(mine), text, actor=cast.worker, now=now + dt.timedelta(hours=2))
    progressing.say_read(again(mine), text, actor=cast.worker, now=now + dt.timedelta(hours=3))

    finished = again(mine)
    assert (finished.state, finished.done, finished.next_key) == ("finished", 2, None)
    assert finished.finished_at == now + dt.timedelta(hours=2)
    assert Message.objects.filter(account=cast.user("worker"), code="learning.finished").count() == 1
    assert Record.objects.filter(action="learning.enrolment.finish", object_id=str(mine.public_id)).count() == 1
    with pytest.raises(NotAllowed):
        progressing.say_read(again(mine), text, actor=cast.hr, now=now)
    with pytest.raises(LearningRefused, match="not done by reading"):
        progressing.say_read(again(mine), film, actor=cast.worker, now=now)


def test_what_a_script_watched_is_to_be_learned_again_once_that_is_upheld(cast: Cast, now: dt.datetime) -> None:
    run, mine = a_class(cast, now, "video", "reading")
    film, text = key_of(run, "video"), key_of(run, "reading")
    sat(mine, film, 60, cast.worker, now, parts=[(0, 40)], length=100)
    faked = sat(mine, film, 60, cast.worker, now + dt.timedelta(hours=1), parts=[(30, 95)], length=100)
    progressing.say_read(again(mine), text, actor=cast.worker, now=now + dt.timedelta(hours=2))
    assert again(mine).state == "finished"
    doubt = Finding.objects.create(kind="rhythm", key="rhythm:1", person=mine.person, day=now.date(), found_at=now)
    doubt.sittings.add(faked)

    finding.propose_upholding(doubt, reason="Signs every 20.0 seconds.", actor=cast.clerk, now=now)
    assert again(mine).state == "finished"
    finding.uphold_finding(doubt, actor=cast.reviewer, now=now)

    stands, left = again(mine), progress(mine, film)
    assert (stands.state, stands.done, stands.finished_at, stands.seconds, stands.next_key) == ("enrolled", 1, None, 60, film)
    assert (left.state, left.how, left.watched, left.coverage, left.seconds) == ("started", "", [[0.0, 40.0]], 0.4, 60)
    assert progress(mine, text).state == "done"
    sat(mine, film, 60, cast.worker, now + dt.timedelta(hours=3), parts=[(40, 100)], length=100)
    assert (again(mine).state, again(mine).seconds) == ("finished", 120)


def test_a_check_counts_its_best_go(cast: Cast, now: dt.datetime) -> None:
    run, mine = a_class(cast, now, "check")
    key = key_of(run, "check")

    def go(answers: dict[str, list[str]]) -> int:
        return working.answer_check(again(mine), key, answers, actor=cast.worker, now=now).percent

    assert go({"q1": ["b"], "q2": ["118.35"], "strange": ["x"]}) == 50
    assert progress(mine, key).state == "started"
    assert go({"q1": ["a"], "q2": ["118.35"]}) == 100
    assert go({"q1": ["b"]}) == 0
    assert (progress(mine, key).state, progress(mine, key).score) == ("done", 100)
    assert again(mine).state == "finished"
    with pytest.raises(LearningRefused, match="at least one"):
        go({"strange": ["x"]})


def test_work_is_handed_in_returned_and_marked(cast: Cast, now: dt.datetime) -> None:
    run, mine = a_class(cast, now, "assignment")
    key = key_of(run, "assignment")
    UnitDate.objects.create(run=run, unit_key=key, due_at=now - dt.timedelta(hours=1))
    marks = {"size": Decimal(55), "surface": Decimal("30.5")}

    first = working.hand_in(mine, key, text="<p>Mine<script>x()</script></p>", actor=cast.worker, now=now)

    assert (first.is_late, progress(mine, key).state) == (True, "waiting")
    assert again(mine).next_key is None
    with pytest.raises(LearningRefused, match="not marked yet"):
        working.hand_in(again(mine), key, text="again", actor=cast.worker, now=now)
    with pytest.raises(NotAllowed):
        working.mark_work(first, marks, feedback="", actor=cast.worker, now=now)
    with pytest.raises(LearningRefused, match="what is to be mended"):
        working.return_work(first, feedback=" ", actor=teacher(cast), now=now)

    working.return_work(first, feedback="Say the tolerance.", actor=teacher(cast), now=now)
    second = working.hand_in(again(mine), key, text="With tolerance.", actor=cast.worker, now=now)

    assert second.number == 2
    with pytest.raises(LearningRefused, match="Surface"):
        working.mark_work(second, {"size": Decimal(10)}, feedback="", actor=teacher(cast), now=now)
    marked = working.mark_work(second, marks, feedback="Good.", actor=teacher(cast), now=now)
    with pytest.raises(LearningRefused, match="already"):
        working.mark_work(second, marks, feedback="", actor=teacher(cast), now=now)

    assert (marked.points, marked.marks) == (Decimal("85.5"), {"size": "55", "surface": "30.5"})
    assert again(mine).state == "finished"
    with pytest.raises(LearningRefused, match="nothing to hand in"):
        working.hand_in(again(mine), key, text="more", actor=cast.worker, now=now)
    told = list(Message.objects.filter(account=cast.user("worker")).order_by("pk").values_list("code", flat=True))
    assert told == ["learning.returned", "learning.finished", "learning.marked"]


def test_a_practical_is_signed_and_a_signature_taken_back(cast: Cast, now: dt.datetime) -> None:
    run, mine = a_class(cast, now, "practical", "reading")
    key = key_of(run, "practical")

    def hours() -> int:
        found = hours_by_context([("learning.enrolment", mine.public_id)])
        return found[mine.public_id].seconds if found else 0

    first = working.sign_practical(mine, key, ["s1"], minutes=45, actor=teacher(cast), now=now)
    assert (progress(mine, key).state, hours()) == ("started", 2700)
    working.sign_practical(again(mine), key, ["s2"], actor=teacher(cast), now=now)
    assert (progress(mine, key).state, progress(mine, key).seconds) == ("done", 2700)

    working.take_back_signing(first, reason="Wrong learner.", actor=teacher(cast), now=now)

    assert (progress(mine, key).state, progress(mine, key).done_at, hours()) == ("started", None, 0)
    assert HourEntry.objects.count() == 2
    with pytest.raises(LearningRefused, match="taken back already"):
        working.take_back_signing(first, reason="Again.", actor=teacher(cast), now=now)
    with pytest.raises(LearningRefused, match="at least one"):
        working.sign_practical(again(mine), key, ["zz"], actor=teacher(cast), now=now)
    with pytest.raises(NotAllowed):
        working.sign_practical(again(mine), key, ["s1"], actor=cast.worker, now=now)


def test_attendance_is_confirmed_and_put_right(cast: Cast, now: dt.datetime) -> None:
    run, mine = a_class(cast, now, "live", "reading")
    key = key_of(run, "live")

    assert working.join_live(mine, key, actor=cast.worker, now=now) == "https://live.example/room"
    assert progress(mine, key).state == "started"

    def confirm(minutes: int) -> int:
        there = [working.Present(again(mine), minutes)]
        return working.confirm_attendance(run, key, now.date(), 60, there, actor=teacher(cast), now=now)

    assert confirm(40) == 1
    assert progress(mine, key).state == "started"
    assert confirm(60) == 1
    assert confirm(60) == 0
    assert progress(mine, key).state == "done"
    assert hours_by_context([("learning.enrolment", mine.public_id)])[mine.public_id].seconds == 3600
    assert HourEntry.objects.filter(reverses__isnull=True).count() == 2
    with pytest.raises(LearningRefused, match="not been held"):
        working.confirm_attendance(run, key, dt.date(2023, 1, 1), 60, [], actor=teacher(cast), now=now)


def test_before_its_first_day_a_class_can_be_entered_and_not_learned_in(cast: Cast, now: dt.datetime) -> None:
    run, mine = a_class(cast, now, "check", "reading", "live", opens_on=now.date() + dt.timedelta(days=2))
    begins = run.begins_at

    for act in (
        lambda: working.answer_check(mine, key_of(run, "check"), {"q1": ["a"]}, actor=cast.worker, now=now),
        lambda: progressing.say_read(mine, key_of(run, "reading"), actor=cast.worker, now=begins - dt.timedelta(seconds=1)),
        lambda: working.join_live(mine, key_of(run, "live"), actor=cast.worker, now=now),
    ):
        with pytest.raises(LearningRefused, match="begins on 2022-10-12"):
            act()

    today = now.date()
    page = learner.course_page(mine, learner.standing_of(mine), now=now)
    home = learner.home_of(mine.person_id, now=now, today=today)
    assert page.following is None
    assert page.opens is not None
    assert (home.top, home.learning[0].unit, home.learning[0].begins_on) == (None, None, run.opens_on)
    there = learner.home_of(mine.person_id, now=begins, today=run.opens_on)
    assert there.top is not None
    progressing.say_read(mine, key_of(run, "reading"), actor=cast.worker, now=begins)
    assert again(mine).done == 1


def test_a_teacher_who_learns_vouches_for_nothing_of_their_own(cast: Cast, now: dt.datetime) -> None:
    run, mine = a_class(cast, now, "assignment", "practical", "live")
    work = working.hand_in(mine, key_of(run, "assignment"), text="Mine.", actor=cast.worker, now=now)
    user = cast.user("worker")
    SchoolMember.objects.create(school=run.school, account=user, role="teacher", from_on=now.date())
    both = account(user, [Grant(Role.TEACHER, run.school.organisation_id)], "web:127.0.0.1")
    marks = {"size": Decimal(60), "surface": Decimal(40)}

    with pytest.raises(NotAllowed):
        working.mark_work(work, marks, feedback="", actor=both, now=now)
    with pytest.raises(NotAllowed):
        working.sign_practical(again(mine), key_of(run, "practical"), ["s1", "s2"], actor=both, now=now)
    there = [working.Present(again(mine), 60)]
    with pytest.raises(LearningRefused, match="a colleague does"):
        working.confirm_attendance(run, key_of(run, "live"), now.date(), 60, there, actor=both, now=now)

    working.mark_work(work, marks, feedback="", actor=teacher(cast), now=now)
    assert (again(mine).done, hours_by_context([("learning.enrolment", mine.public_id)])) == (1, {})


def test_a_unit_that_is_not_open_takes_nothing(cast: Cast, now: dt.datetime) -> None:
    run, mine = a_class(cast, now, "check", "reading")
    key = key_of(run, "check")
    UnitDate.objects.create(run=run, unit_key=key, opens_at=now + dt.timedelta(days=1))

    with pytest.raises(LearningRefused, match="not open yet"):
        working.answer_check(mine, key, {"q1": ["a"]}, actor=cast.worker, now=now)
    assert working.answer_check(mine, key, {"q1": ["a"]}, actor=cast.worker, now=now + dt.timedelta(days=2)).percent == 50


def test_questions_are_answered_accepted_and_taken_out(cast: Cast, now: dt.datetime) -> None:
    run, mine = a_class(cast, now, "reading")

    asked = talking.ask(run, "  Why   Z? ", "<b>Because</b>", unit_key=key_of(run, "reading"), actor=cast.worker, now=now)
    given = talking.reply(asked, "It is the spindle.", actor=teacher(cast), now=now)

    assert (asked.title, asked.text, given.by_teacher) == ("Why Z?", "<b>Because</b>", True)
    assert Message.objects.filter(account=cast.user("base_manager"), code="learning.asked").count() == 1
    assert Message.objects.filter(account=cast.user("worker"), code="learning.answered").count() == 1
    with pytest.raises(NotAllowed):
        talking.accept_reply(given, actor=cast.hr, now=now)
    talking.accept_reply(given, actor=cast.worker, now=now)
    other = talking.reply(asked, "No, the tool.", actor=cast.worker, now=now)
    talking.accept_reply(other, actor=cast.worker, now=now)
    assert Thread.objects.get(pk=asked.pk).state == "answered"
    given.refresh_from_db()
    assert given.accepted_at is None
    with pytest.raises(NotAllowed):
        talking.hide(other, reason="Rude.", actor=cast.worker, now=now)
    talking.hide(other, reason="Rude.", actor=teacher(cast), now=now)
    thread = Thread.objects.get(pk=asked.pk)
    assert (thread.state, thread.replies_count) == ("open", 1)
    for stranger in (cast.hr, cast.other_hr, cast.expert):
        with pytest.raises(NotAllowed):
            talking.ask(run, "Hm", "", actor=stranger, now=now)

    made = talking.announce(run, "Tomorrow", "<p>At seven<img src=x onerror=y></p>", actor=teacher(cast), now=now)
    assert made.told == 1
    assert Message.objects.filter(account=cast.user("worker"), code="learning.announced").count() == 1

    mine = again(mine)
    kept = talking.write_note(mine, key_of(run, "reading"), "Warm up first.", second=252, actor=cast.worker, now=now)
    talking.change_note(kept, "Warm up 10 minutes.", actor=cast.worker, now=now)
    with pytest.raises(NotAllowed):
        talking.delete_note(kept, actor=teacher(cast), now=now)
    talking.delete_note(kept, actor=cast.worker, now=now)
    assert not Note.objects.exists()


def test_what_was_done_stays_done_in_a_newer_version(cast: Cast, now: dt.datetime) -> None:
    run, mine = a_class(cast, now, "reading", "video")
    key = key_of(run, "reading")
    progressing.say_read(mine, key, actor=cast.worker, now=now)

    progressing.recount(again(mine), now=now)

    assert again(mine).done == 1
    assert Unit.objects.filter(version=run.version).count() == 2
