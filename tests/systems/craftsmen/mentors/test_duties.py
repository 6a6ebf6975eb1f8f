"""A craftsman asked by a base, appointed by letter, renewed, ended."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.engines.credentials.appointing import withdraw_ended
from denggao.engines.credentials.models import Issued
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import system
from denggao.foundation.messages.models import Message
from denggao.foundation.organisations.actions.appointments import AppointmentRefused, end_appointment
from denggao.foundation.organisations.models import Appointment
from denggao.systems.bases.models import Base
from denggao.systems.craftsmen.actions.revoking import confirm_act
from denggao.systems.craftsmen.mentors.actions.duties import (
    DutyRefused,
    answer_duty,
    confirm_duty,
    dismiss_duty,
    end_duty,
    propose_duty,
)
from denggao.systems.craftsmen.mentors.actions.reminding import remind_behind
from denggao.systems.craftsmen.mentors.models import MentorDuty, MentorSession
from tests.systems.craftsmen.mentors.scene import (
    FROM,
    TO,
    a_craftsman,
    appointed,
    at_base,
    confirmed,
    entered,
    proposed,
    terms,
)
from tests.systems.craftsmen.test_revoking import proposed as revocation

pytestmark = pytest.mark.django_db


@pytest.fixture
def craftsman(cast, now):
    craftsman = a_craftsman(cast, now)
    at_base(cast, craftsman)
    return craftsman


def test_base_asks_craftsman_accepts_and_the_office_appoints_by_letter(cast, now, craftsman):
    duty = proposed(cast, craftsman, now)
    told = Message.objects.filter(account=cast.user("worker"), code="mentors.proposed").count()
    answer_duty(duty, accept=True, actor=cast.worker, now=now)
    confirm_duty(duty, actor=cast.approver, now=now)

    held, letter = Appointment.objects.get(), Issued.objects.get(kind="appointment")
    assert told == 1
    assert (duty.state, duty.appointment) == ("appointed", held)
    assert (held.role, held.from_on, held.to_on, held.letter_number) == ("special_mentor", FROM, TO, letter.number)
    assert letter.holder_person == craftsman.person
    assert duty.standing_on(now.date()) == "current"


@pytest.mark.parametrize("part", ["hr", "expert", "worker", "authority", "auditor", "visitor", "approver"])
def test_nobody_else_asks(cast, now, craftsman, part):
    with pytest.raises(NotAllowed):
        propose_duty(craftsman, cast.base, terms(), actor=getattr(cast, part), now=now)


def test_a_base_asks_for_itself_alone(cast, now, craftsman):
    with pytest.raises(NotAllowed):
        propose_duty(craftsman, cast.employer, terms(), actor=cast.base_manager, now=now)
    with pytest.raises(DutyRefused, match="not an accredited base"):
        propose_duty(craftsman, cast.employer, terms(), actor=cast.clerk, now=now)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"subject": " "}, "Subject"),
        ({"hours_a_year": 0}, "Hours"),
        ({"to_on": dt.date(2022, 9, 1)}, "before the first"),
        ({"from_on": dt.date(2021, 1, 1), "to_on": dt.date(2022, 10, 9)}, "passed"),
    ],
)
def test_terms_that_cannot_be_are_refused_in_a_sentence(cast, now, craftsman, given, word):
    with pytest.raises(DutyRefused, match=word):
        proposed(cast, craftsman, now, **given)


def test_the_same_is_not_asked_twice_nor_beside_one_that_stands(cast, now, craftsman):
    proposed(cast, craftsman, now)
    with pytest.raises(DutyRefused, match="waits for an answer"):
        proposed(cast, craftsman, now)
    duty = MentorDuty.objects.get()
    answer_duty(duty, accept=True, actor=cast.worker, now=now)
    confirm_duty(duty, actor=cast.approver, now=now)
    with pytest.raises(DutyRefused, match="Renew"):
        proposed(cast, craftsman, now)


def test_a_no_needs_a_reason_and_nobody_is_appointed(cast, now, craftsman):
    duty = proposed(cast, craftsman, now)
    with pytest.raises(DutyRefused, match="Reason"):
        answer_duty(duty, accept=False, actor=cast.worker, now=now)
    answer_duty(duty, accept=False, reason="生产任务紧", actor=cast.worker, now=now)

    with pytest.raises(DutyRefused, match="can’t be confirmed"):
        confirm_duty(duty, actor=cast.approver, now=now)
    with pytest.raises(DutyRefused, match="before"):
        answer_duty(duty, accept=True, actor=cast.worker, now=now)
    assert not Appointment.objects.exists()


def test_whoever_proposed_does_not_confirm(cast, now, craftsman):
    duty = proposed(cast, craftsman, now)
    answer_duty(duty, accept=True, actor=cast.worker, now=now)
    MentorDuty.objects.update(proposed_by=cast.approver.id)
    duty.refresh_from_db()

    with pytest.raises(DutyRefused, match="second person"):
        confirm_duty(duty, actor=cast.approver, now=now)


def test_a_base_that_exits_meanwhile_appoints_nobody(cast, now, craftsman):
    duty = proposed(cast, craftsman, now)
    answer_duty(duty, accept=True, actor=cast.worker, now=now)
    Base.objects.update(state="exited", ended_on=now.date())

    with pytest.raises(DutyRefused, match="not an accredited base"):
        confirm_duty(duty, actor=cast.approver, now=now)


def test_a_title_revoked_meanwhile_dismisses_what_is_proposed(cast, now, craftsman):
    duty = proposed(cast, craftsman, now)
    confirm_act(revocation(cast, craftsman, now), actor=cast.approver, now=now)
    duty.refresh_from_db()

    assert duty.state == "dismissed"
    assert "revoked" in duty.reason
    with pytest.raises(DutyRefused):
        answer_duty(duty, accept=True, actor=cast.worker, now=now)


def test_an_appointment_that_stands_already_takes_the_duties_on(cast, now, craftsman):
    held = Appointment.objects.create(
        person=craftsman.person, organisation=cast.base, role="special_mentor", title_zh="特聘导师", from_on=FROM, created_at=now
    )
    duty = appointed(cast, craftsman, now)

    assert duty.appointment == held
    assert Appointment.objects.count() == 1
    assert not Issued.objects.filter(kind="appointment").exists()


def test_a_renewal_lengthens_the_same_appointment_and_letter(cast, now, craftsman):
    duty = appointed(cast, craftsman, now)
    until = dt.date(2024, 9, 30)
    next_ = propose_duty(
        craftsman, cast.base, terms(from_on=TO + dt.timedelta(days=1), to_on=until), renews=duty, actor=cast.base_manager, now=now
    )
    answer_duty(next_, accept=True, actor=cast.worker, now=now)
    confirm_duty(next_, actor=cast.approver, now=now)

    held, letter = Appointment.objects.get(), Issued.objects.get(kind="appointment")
    assert (held.to_on, letter.valid_until) == (until, until)
    assert next_.standing_on(now.date()) == "coming"


@pytest.mark.parametrize("part", ["base_manager", "clerk", "worker"])
def test_ending_it_early_withdraws_the_letter_and_calls_planned_sessions_off(cast, now, craftsman, part):
    duty = appointed(cast, craftsman, now)
    confirmed(cast, duty, now)
    entered(cast, duty, now, day=dt.date(2022, 11, 8))

    end_duty(duty, on=now.date(), reason="调离", actor=getattr(cast, part), now=now)

    letter = Issued.objects.get(kind="appointment")
    assert Appointment.objects.get().ended_on == now.date()
    assert (letter.status, letter.status_reason_class) == ("withdrawn", "ended")
    assert sorted(MentorSession.objects.values_list("state", flat=True)) == ["confirmed", "void"]
    with pytest.raises((DutyRefused, AppointmentRefused), match="ended"):
        end_duty(duty, on=now.date(), reason="调离", actor=cast.clerk, now=now)


def test_whichever_door_it_ends_through_the_same_ends_with_it(cast, now, craftsman):
    duty = appointed(cast, craftsman, now)
    entered(cast, duty, now, day=dt.date(2022, 11, 8))

    end_appointment(duty.appointment, on=now.date(), reason="基地退出", actor=cast.clerk, now=now)

    assert Issued.objects.get(kind="appointment").status == "withdrawn"
    assert MentorSession.objects.get().state == "void"


def test_a_letter_whose_last_day_lies_ahead_holds_until_then(cast, now, craftsman):
    duty = appointed(cast, craftsman, now)
    end_duty(duty, on=dt.date(2022, 12, 31), reason="调离", actor=cast.clerk, now=now)
    standing = Issued.objects.get(kind="appointment").status

    withdraw_ended(actor=system("credentials.ended_letters"), now=dt.datetime(2022, 12, 31, 8, tzinfo=now.tzinfo))
    assert (standing, Issued.objects.get(kind="appointment").status) == ("valid", "valid")
    withdraw_ended(actor=system("credentials.ended_letters"), now=dt.datetime(2023, 1, 1, 8, tzinfo=now.tzinfo))
    withdraw_ended(actor=system("credentials.ended_letters"), now=dt.datetime(2023, 1, 2, 8, tzinfo=now.tzinfo))
    assert Issued.objects.get(kind="appointment").status == "withdrawn"


def test_taking_a_proposal_back(cast, now, craftsman):
    duty = proposed(cast, craftsman, now)
    with pytest.raises(NotAllowed):
        dismiss_duty(duty, reason="x", actor=cast.hr, now=now)
    dismiss_duty(duty, reason="另请他人", actor=cast.base_manager, now=now)

    assert duty.state == "dismissed"


def test_a_duty_that_is_behind_is_reminded_of_once_a_month(cast, now, craftsman):
    appointed(cast, craftsman, now, from_on=dt.date(2022, 10, 1), to_on=dt.date(2023, 12, 31))
    actor, summer = system("craftsmen.mentors.remind"), dt.datetime(2023, 7, 1, 9, tzinfo=now.tzinfo)

    told = [remind_behind(actor=actor, now=each) for each in (now, summer, summer, summer + dt.timedelta(days=31))]

    assert told == [0, 1, 0, 1]
