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
from denggao.foundation.people.models import IdentityDocument
from denggao.foundation.people.queries import identity_index
from tests.facts import a_person

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
    (FROM - dt.timedelta(days=2), "调动", "within the term"), (TO + dt.timedelta(days=1), "调动", "within the term"), (FROM, " ", "Reason"),
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


# Pages

WHERE = "/organisations/appointments/"


def test_a_bodys_manager_appoints_names_the_letter_and_ends_it(cast, now):
    manager, body = cast.client_of("base_manager"), str(cast.base.public_id)
    number = "11010519491231002X"
    IdentityDocument.objects.create(
        person=cast.worker_person, kind="resident_id", number=number, created_at=now,
        number_index=identity_index("resident_id", number),
    )  # fmt: skip
    given = {"body": body, "name": "周小登", "number": number, "role": "special_mentor", "from_on": "2022-03-01"}

    assert f"{WHERE}new/?body={body}" in manager.get(f"/organisations/{body}/").content.decode()
    wrong = (
        {**given, "number": ""},
        {**given, "name": "周大登"},
        {**given, "number": "110105194912310021"},
        {**given, "role": "other"},
        {**given, "to_on": "2022-02-01"},
        {**given, "body": str(cast.employer.public_id)},
    )
    for each in wrong:
        assert manager.post(f"{WHERE}new/", each).status_code == 422
    made = manager.post(f"{WHERE}new/", given)
    appointment = Appointment.objects.get()
    page = f"{WHERE}{appointment.public_id}/"
    assert made["Location"] == page
    assert (appointment.title_zh, appointment.title_en, appointment.to_on) == ("特聘导师", "Special mentor", None)
    assert manager.post(f"{WHERE}new/", given).status_code == 422
    assert number not in str(list(Record.objects.values_list("before", "after")))

    manager.post(f"{page}letter/", {"letter_number": "聘字第7号"})
    assert manager.post(f"{page}end/", {"on": "2022-09-30", "reason": ""}).status_code == 422
    assert cast.client_of("worker").post(f"{page}end/", {"on": "2022-09-30", "reason": "x"}).status_code == 404
    manager.post(f"{page}end/", {"on": "2022-09-30", "reason": "调任"})

    shown = cast.client_of("worker").get(page).content.decode()
    assert all(text in shown for text in ("聘字第7号", "调任", "周小登"))
    assert f"{page}end/" not in manager.get(page).content.decode()
    assert "周小登" not in manager.get(page).content.decode().split("<main")[1]


def test_the_list_is_the_office_s_the_bodys_and_ones_own(cast, now, django_assert_max_num_queries):
    mine = appointed(cast, now, to_on=dt.date(2098, 12, 31))
    clerk = cast.client_of("clerk")
    with django_assert_max_num_queries(30) as asked:
        clerk.get(WHERE)
    over = appoint(
        a_person("王专家"), cast.employer, role="adviser", title_zh="技术顾问", from_on=FROM, to_on=FROM, actor=cast.clerk, now=now
    )
    coming = appoint(
        a_person("李专家"), cast.employer, role="adviser", title_zh="顾问", from_on=dt.date(2099, 1, 1), actor=cast.clerk, now=now
    )
    with django_assert_max_num_queries(len(asked)):
        clerk.get(WHERE)

    def ids(part, **query) -> set[str]:
        return {str(row.appointment.public_id) for row in cast.client_of(part).get(WHERE, query).context["rows"]}

    one, two, three = (str(item.public_id) for item in (mine, over, coming))
    assert ids("clerk") == ids("auditor") == {one, two, three}
    assert ids("worker") == ids("base_manager") == {one}
    assert ids("hr") == {two, three}
    assert ids("other_hr") == ids("expert") == set()
    assert [ids("clerk", state=state) for state in ("current", "over", "coming")] == [{one}, {two}, {three}]
    assert ids("clerk", q="王专") == ids("clerk", q="技术") == {two}
    assert ids("clerk", role="adviser", body=str(cast.employer.public_id), sort="-until") == {two, three}
    assert ids("hr", body=str(cast.base.public_id)) == {two, three}, "a filter of another body is not understood"
    table = clerk.get(WHERE, {"export": "csv"}).content.decode()
    assert "技术顾问" in table
    assert "王专家" not in table
    assert cast.client_of("other_hr").get(f"{WHERE}{one}/").status_code == 404
    assert cast.client_of("worker").get(f"{WHERE}new/").status_code == 403
