"""A title revoked while learners are mid-term."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.engines.agreements.mentorships import decline_mentorship, hand_on
from denggao.engines.agreements.models import Mentorship
from denggao.engines.credentials.models import Issued
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.messages.models import Message
from denggao.systems.craftsmen.actions.revoking import confirm_act
from denggao.systems.craftsmen.mentors import queries
from denggao.systems.craftsmen.mentors.actions.duties import end_duty
from denggao.systems.craftsmen.mentors.actions.ending import GapRefused, close_gap
from denggao.systems.craftsmen.mentors.models import LearnerGap, MentorDuty, MentorSession
from tests.facts import a_person
from tests.systems.craftsmen.mentors.scene import a_craftsman, a_learner, appointed, at_base, confirmed, entered
from tests.systems.craftsmen.test_revoking import proposed as revocation

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(cast, now):
    craftsman = a_craftsman(cast, now)
    at_base(cast, craftsman)
    return appointed(cast, craftsman, now)


@pytest.fixture
def revoked(cast, now, duty):
    """With a confirmed and a planned session, a learner of the appointment and one at work."""
    bound = a_learner(cast, duty.craftsman, now)
    free = a_learner(cast, duty.craftsman, now, kind="work", name="学徒二", part="finance")
    confirmed(cast, duty, now, mentored=[bound])
    entered(cast, duty, now, day=dt.date(2022, 11, 8))
    confirm_act(revocation(cast, duty.craftsman, now), actor=cast.approver, now=now)
    for thing in (duty, bound, free):
        thing.refresh_from_db()
    return duty, bound, free


def test_what_rests_on_the_title_ends_that_day_and_the_rest_goes_on(cast, now, revoked):
    duty, bound, free = revoked

    letter = Issued.objects.get(kind="appointment")
    assert duty.appointment.ended_on == now.date()
    assert duty.standing_on(now.date()) == "ended"
    assert (letter.status, letter.status_reason_class) == ("withdrawn", "ended")
    assert sorted(MentorSession.objects.values_list("state", flat=True)) == ["confirmed", "void"]
    assert (bound.to_on, bool(bound.end_reason)) == (now.date(), True)
    assert (free.to_on, free.end_reason) == (dt.date(2023, 9, 30), "")
    assert queries.others_going_on(duty.craftsman.person_id, now.date()) == 1
    assert queries.standings([duty], now.date())[duty.pk][0].done == 2


def test_learner_base_employer_and_office_are_told_what_holds_on(cast, now, revoked):
    gap = LearnerGap.objects.get()

    assert gap.due_on > now.date()
    assert Message.objects.filter(account=cast.user("expert"), code="mentors.learner_without").count() == 1
    for part in ("base_manager", "hr", "clerk"):
        assert Message.objects.filter(account=cast.user(part), code="mentors.learners_without").count() == 1, part
    assert queries.learners_without_mentor(cast.clerk) == 1
    assert queries.learners_without_mentor(cast.other_hr) == 0


def test_the_work_item_stands_until_the_learner_has_another_mentor(cast, now, revoked):
    _duty, bound, _free = revoked
    tomorrow = now.date() + dt.timedelta(days=1)
    next_ = hand_on(bound, a_person("新师傅"), from_on=tomorrow, reason="原导师聘任终止", actor=cast.hr, now=now)
    filled = queries.learners_without_mentor(cast.clerk)
    decline_mentorship(Mentorship.objects.get(pk=next_.pk), reason="不愿意", actor=cast.expert, now=now)

    assert (next_.continues, next_.place) == (bound, cast.base)
    assert (filled, queries.learners_without_mentor(cast.clerk)) == (0, 1)


def test_or_is_closed_with_a_reason(cast, now, revoked):
    gap = LearnerGap.objects.get()
    with pytest.raises(GapRefused, match="Reason"):
        close_gap(gap, reason=" ", actor=cast.clerk, now=now)
    with pytest.raises(NotAllowed):
        close_gap(gap, reason="x", actor=cast.hr, now=now)
    close_gap(gap, reason="学徒已结业", actor=cast.clerk, now=now)

    assert queries.learners_without_mentor(cast.clerk) == 0
    with pytest.raises(GapRefused, match="settled"):
        close_gap(gap, reason="又一次", actor=cast.clerk, now=now)


def test_a_reinstatement_begins_nothing(cast, now, revoked):
    duty, _bound, _free = revoked
    act = revocation(cast, duty.craftsman, now, kind="reinstate", grounds="mistake")
    confirm_act(act, actor=cast.approver, now=now)

    assert MentorDuty.objects.count() == 1
    assert MentorDuty.objects.get().standing_on(now.date() + dt.timedelta(days=1)) == "ended"
    assert Mentorship.objects.filter(kind="craftsman", end_reason="").count() == 0


def test_an_appointment_to_come_never_begins(cast, now):
    craftsman = a_craftsman(cast, now)
    at_base(cast, craftsman)
    duty = appointed(cast, craftsman, now, from_on=dt.date(2022, 12, 1))
    confirm_act(revocation(cast, craftsman, now), actor=cast.approver, now=now)
    duty.refresh_from_db()

    assert duty.appointment.ended_on == dt.date(2022, 11, 30)
    assert duty.standing_on(dt.date(2022, 12, 1)) == "ended"
    assert duty.standing_on(now.date()) == "ended"


def test_a_revocation_brings_an_end_that_lies_ahead_forward(cast, now, duty):
    bound = a_learner(cast, duty.craftsman, now)
    end_duty(duty, on=dt.date(2022, 12, 31), reason="调离", actor=cast.clerk, now=now)
    confirm_act(revocation(cast, duty.craftsman, now), actor=cast.approver, now=now)
    duty.refresh_from_db()
    bound.refresh_from_db()

    assert (duty.appointment.ended_on, bound.to_on, LearnerGap.objects.get().since) == (now.date(),) * 3
    assert Issued.objects.get(kind="appointment").status == "withdrawn"
