"""What was done: entered by one side, confirmed by the other, corrected by both, summed by year."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from denggao.foundation.audit.actions import NotAllowed
from denggao.systems.craftsmen.mentors import queries
from denggao.systems.craftsmen.mentors.actions.sessions import (
    SessionRefused,
    answer_session,
    call_off_session,
    correct_session,
    enter_session,
    session_held,
)
from denggao.systems.craftsmen.mentors.models import MentorSession
from tests.systems.craftsmen.mentors.scene import a_craftsman, a_learner, appointed, at_base, confirmed, entered, slot

pytestmark = pytest.mark.django_db
DAY = dt.date(2022, 10, 8)


@pytest.fixture
def duty(cast, now):
    craftsman = a_craftsman(cast, now)
    at_base(cast, craftsman)
    return appointed(cast, craftsman, now)


def year(duty, now):
    return queries.standings([duty], now.date())[duty.pk][0]


def test_hours_count_once_the_other_side_has_confirmed(cast, now, duty):
    session = entered(cast, duty, now)
    before = year(duty, now)
    with pytest.raises(SessionRefused, match="other side"):
        answer_session(session, agree=True, actor=cast.worker, now=now)
    answer_session(session, agree=True, actor=cast.base_manager, now=now)

    after = year(duty, now)
    assert ((before.done, before.waiting), (after.done, after.waiting)) == ((0, 2), (2, 0))
    assert after.owed == round(100 * 92 / 365, 1)


@pytest.mark.parametrize("part", ["hr", "clerk", "approver", "expert", "visitor"])
def test_nobody_else_enters_or_confirms(cast, now, duty, part):
    with pytest.raises(NotAllowed):
        enter_session(duty, slot(DAY), actor=getattr(cast, part), now=now)
    session = entered(cast, duty, now)
    with pytest.raises(NotAllowed):
        answer_session(session, agree=True, actor=getattr(cast, part), now=now)


def test_two_sessions_of_one_mentor_share_no_minute_and_may_touch(cast, now, duty):
    entered(cast, duty, now)
    for times in (("10:59", "12:00"), ("08:00", "09:01"), ("09:30", "10:00"), ("08:00", "12:00")):
        with pytest.raises(SessionRefused, match="another session"):
            enter_session(duty, slot(DAY, *times), actor=cast.base_manager, now=now)
    enter_session(duty, slot(DAY, "11:00", "12:00"), actor=cast.base_manager, now=now)


def test_a_session_lies_within_term_and_day(cast, now, duty):
    with pytest.raises(SessionRefused, match="outside the term"):
        entered(cast, duty, now, day=dt.date(2022, 9, 30))
    with pytest.raises(SessionRefused, match="same day"):
        entered(cast, duty, now, starts="11:00", ends="11:00")
    with pytest.raises(SessionRefused, match="Topic"):
        entered(cast, duty, now, topic=" ")
    with pytest.raises(SessionRefused, match="Number of learners"):
        entered(cast, duty, now, learners=0)


def test_a_day_ahead_is_planned_and_entered_when_it_came(cast, now, duty):
    planned = entered(cast, duty, now, day=dt.date(2022, 10, 20))
    with pytest.raises(SessionRefused, match="lies ahead"):
        session_held(planned, actor=cast.worker, now=now)
    later = dt.datetime(2022, 10, 20, 18, tzinfo=now.tzinfo)
    session_held(planned, actor=cast.base_manager, now=later)
    answer_session(planned, agree=True, actor=cast.worker, now=later)

    assert planned.state == "confirmed"


def test_a_correction_holds_once_the_other_side_confirms_it(cast, now, duty):
    session = confirmed(cast, duty, now)
    fix = correct_session(session, slot(DAY, "09:00", "12:00"), reason="多讲一小时", actor=cast.base_manager, now=now)
    before = year(duty, now).done
    with pytest.raises(SessionRefused, match="waits for an answer"):
        correct_session(session, slot(DAY, "09:00", "10:00"), reason="少", actor=cast.worker, now=now)
    answer_session(fix, agree=True, actor=cast.worker, now=now)
    session.refresh_from_db()

    assert (before, year(duty, now).done, session.state) == (2, 3, "replaced")


def test_striking_a_session_out_takes_its_hours(cast, now, duty):
    session = confirmed(cast, duty, now)
    fix = correct_session(session, None, reason="当天未到", actor=cast.base_manager, now=now)
    answer_session(fix, agree=True, actor=cast.worker, now=now)

    assert year(duty, now).done == 0
    confirmed(cast, duty, now)
    assert year(duty, now).done == 2


def test_a_refusal_says_why_and_calling_off_is_for_who_entered(cast, now, duty):
    session = entered(cast, duty, now)
    with pytest.raises(SessionRefused, match="Reason"):
        answer_session(session, agree=False, actor=cast.base_manager, now=now)
    with pytest.raises(NotAllowed):
        call_off_session(session, reason="x", actor=cast.base_manager, now=now)
    call_off_session(session, reason="记错了", actor=cast.worker, now=now)
    with pytest.raises(SessionRefused, match="called off"):
        answer_session(session, agree=True, actor=cast.base_manager, now=now)


def test_learners_by_name_are_the_mentors_own_on_that_day(cast, now, duty):
    mine = a_learner(cast, duty.craftsman, now)
    session = entered(cast, duty, now, mentored=[mine])
    type(mine).objects.filter(pk=mine.pk).update(from_on=dt.date(2022, 10, 9))
    mine.refresh_from_db()

    assert list(session.mentored.all()) == [mine]
    with pytest.raises(SessionRefused, match="not this mentor’s"):
        entered(cast, duty, now, starts="13:00", ends="14:00", mentored=[mine])


def test_the_database_keeps_to_both_sides(cast, now, duty):
    session = entered(cast, duty, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        MentorSession.objects.filter(pk=session.pk).update(state="confirmed", answered_by=session.entered_by)
