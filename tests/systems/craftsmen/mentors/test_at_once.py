"""Two at the same moment: one appointment, one session at a time, one answer; a title revoked while it is confirmed."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.foundation.organisations.models import Appointment
from denggao.systems.craftsmen.actions.revoking import confirm_act
from denggao.systems.craftsmen.mentors.actions.duties import answer_duty, confirm_duty
from denggao.systems.craftsmen.mentors.actions.sessions import answer_session, enter_session
from denggao.systems.craftsmen.mentors.models import MentorDuty, MentorSession
from denggao.systems.craftsmen.models import CraftsmanAct
from tests.at_once import at_once
from tests.cast import make_cast
from tests.systems.craftsmen.mentors.scene import a_craftsman, appointed, at_base, entered, proposed, slot
from tests.systems.craftsmen.test_revoking import proposed as revocation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(now):
    cast = make_cast(now)
    craftsman = a_craftsman(cast, now)
    at_base(cast, craftsman)
    return cast, craftsman


def test_two_confirm_and_one_is_appointed_once(scene, now):
    cast, craftsman = scene
    duty = proposed(cast, craftsman, now)
    answer_duty(duty, accept=True, actor=cast.worker, now=now)

    outcomes = at_once(
        *(lambda: confirm_duty(MentorDuty.objects.get(pk=duty.pk), actor=cast.approver, now=now) for _each in range(2))
    )

    assert sorted(outcomes) == ["DutyRefused", "done"]
    assert Appointment.objects.count() == 1


def test_both_sides_enter_the_same_hour_and_one_is_kept(scene, now):
    cast, craftsman = scene
    duty = appointed(cast, craftsman, now)
    day = dt.date(2022, 10, 8)

    outcomes = at_once(
        lambda: enter_session(MentorDuty.objects.get(pk=duty.pk), slot(day), actor=cast.worker, now=now),
        lambda: enter_session(MentorDuty.objects.get(pk=duty.pk), slot(day, "10:00", "12:00"), actor=cast.base_manager, now=now),
    )

    assert sorted(outcomes) == ["SessionRefused", "done"]
    assert MentorSession.objects.count() == 1


def test_a_yes_and_a_no_at_once_are_one_answer(scene, now):
    cast, craftsman = scene
    session = entered(cast, appointed(cast, craftsman, now), now)

    def said(*, agree):
        fresh = MentorSession.objects.get(pk=session.pk)
        return lambda: answer_session(fresh, agree=agree, reason="不是", actor=cast.base_manager, now=now)

    outcomes = at_once(said(agree=True), said(agree=False))

    assert sorted(outcomes) == ["SessionRefused", "done"]


def test_a_revocation_at_the_moment_of_the_confirmation_leaves_nobody_appointed(scene, now):
    cast, craftsman = scene
    duty = proposed(cast, craftsman, now)
    answer_duty(duty, accept=True, actor=cast.worker, now=now)
    act = revocation(cast, craftsman, now)

    at_once(
        lambda: confirm_duty(MentorDuty.objects.get(pk=duty.pk), actor=cast.approver, now=now),
        lambda: confirm_act(CraftsmanAct.objects.get(pk=act.pk), actor=cast.approver, now=now),
    )

    assert not Appointment.objects.filter(ended_on=None).exists()
    assert not MentorDuty.objects.filter(state__in=["proposed", "accepted"]).exists()
