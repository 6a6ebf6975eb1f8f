"""Appointments: a person, a body, a post, a term, a letter."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.models import Record
from denggao.foundation.organisations.actions.appointments import AppointmentRefused, appoint, end_appointment, note_letter
from denggao.foundation.organisations.models import Appointment
from denggao.foundation.organisations.policies import visible_appointments

pytestmark = pytest.mark.django_db
FROM, TO = dt.date(2022, 3, 1), dt.date(2025, 2, 28)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def appointed(cast, now, actor=None, **changed):
    given = {
        "role": "special_mentor",
        "title_zh": "特聘导师",
        "title_en": "Special mentor",
        "from_on": FROM,
        "to_on": TO,
        **changed,
    }
    return appoint(cast.worker_person, cast.base, actor=actor or cast.clerk, now=now, **given)


@pytest.mark.parametrize("part", ["clerk", "reviewer", "approver", "base_manager"])
def test_the_office_and_the_bodys_manager_appoint(cast, now, part):
    appointment = appointed(cast, now, getattr(cast, part))

    assert appointment.last_on == TO
    assert Record.objects.filter(action="organisations.appointment.make", object_id=str(appointment.public_id)).count() == 1


@pytest.mark.parametrize("part", ["hr", "other_hr", "authority", "expert", "worker", "auditor", "visitor"])
def test_nobody_appoints_for_another_body(cast, now, part):
    with pytest.raises(NotAllowed):
        appointed(cast, now, getattr(cast, part))

    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("from_on", "to_on", "fits"),
    [
        (TO, None, False),
        (FROM - dt.timedelta(days=9), FROM, False),
        (TO + dt.timedelta(days=1), None, True),
        (FROM - dt.timedelta(days=9), FROM - dt.timedelta(days=1), True),
    ],
)
def test_terms_of_the_same_appointment_do_not_overlap(cast, now, from_on, to_on, fits):
    appointed(cast, now)

    if fits:
        appointed(cast, now, from_on=from_on, to_on=to_on)
    else:
        with pytest.raises(AppointmentRefused, match="End it first"):
            appointed(cast, now, from_on=from_on, to_on=to_on)


def test_a_term_does_not_end_before_it_begins(cast, now):
    with pytest.raises(AppointmentRefused, match="before the first"):
        appointed(cast, now, to_on=FROM - dt.timedelta(days=1))


def test_ending_early_keeps_the_term_and_the_reason(cast, now):
    appointment = end_appointment(appointed(cast, now), on=dt.date(2022, 9, 1), reason="工作调动", actor=cast.base_manager, now=now)

    assert (appointment.to_on, appointment.last_on, appointment.ended_reason) == (TO, dt.date(2022, 9, 1), "工作调动")
    with pytest.raises(AppointmentRefused, match="already"):
        end_appointment(appointment, on=dt.date(2022, 9, 1), reason="再次", actor=cast.clerk, now=now)
    appointed(cast, now, from_on=dt.date(2022, 10, 1))


@pytest.mark.parametrize(("on", "reason", "said"), [
    (FROM - dt.timedelta(days=1), "调动", "within the term"), (TO + dt.timedelta(days=1), "调动", "within the term"), (FROM, " ", "Reason"),
])  # fmt: skip
def test_an_end_lies_in_the_term_and_has_a_reason(cast, now, on, reason, said):
    appointment = appointed(cast, now)

    with pytest.raises(AppointmentRefused, match=said):
        end_appointment(appointment, on=on, reason=reason, actor=cast.clerk, now=now)


def test_the_database_refuses_an_end_without_a_reason(cast, now):
    appointment = appointed(cast, now)

    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(pk=appointment.pk).update(ended_on=TO)


def test_only_the_office_the_body_and_the_person_see_it(cast, now):
    appointment = appointed(cast, now)

    sees = {
        part
        for part in ("clerk", "auditor", "base_manager", "worker", "hr", "other_hr", "expert", "authority", "visitor")
        if visible_appointments(getattr(cast, part)).filter(pk=appointment.pk).exists()
    }

    assert sees == {"clerk", "auditor", "base_manager", "worker"}


def test_the_person_and_the_body_show_it_with_its_letter(cast, now):
    letter = uuid.uuid4()
    note_letter(appointed(cast, now), letter_number="LG-P-0001", letter_id=letter, actor=cast.clerk, now=now)

    person = cast.client_of("worker").get(f"/people/{cast.worker_person.public_id}/").content.decode()
    body = cast.client_of("base_manager").get(f"/organisations/{cast.base.public_id}/").content.decode()

    for page in (person, body):
        assert f"/credentials/{letter}/" in page
        assert "LG-P-0001" in page
        assert "特聘导师" in page
    assert cast.worker_person.masked_name in body
    assert cast.worker_person.name not in body


def test_a_body_without_appointments_shows_no_empty_table(cast, now):
    page = cast.client_of("base_manager").get(f"/organisations/{cast.base.public_id}/").content.decode()

    assert "/credentials/" not in page
