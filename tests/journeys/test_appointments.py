"""Appointments and mentorships as the office, a body and a worker on the phone walk through them."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from denggao.engines.agreements.mentorships import record_mentorship
from denggao.engines.agreements.models import Mentorship
from denggao.engines.reviews.actions.experts import declare_kin
from denggao.foundation.organisations.actions.appointments import appoint, end_appointment
from tests.engines.reviews.facts import an_expert
from tests.facts import NOW, a_person, an_employer, in_post
from tests.journeys.conftest import Language, Size, Visitor, look

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def scene(office: Visitor) -> dict[str, str]:
    """Three appointments, three mentorships, an expert with kin."""
    cast = office.cast
    assert cast is not None
    given = {"role": "special_mentor", "title_zh": "特聘导师", "title_en": "Special mentor", "actor": cast.clerk, "now": NOW}
    mine = appoint(cast.worker_person, cast.base, from_on=dt.date(2022, 3, 1), letter_number="LG-P-0001", **given)
    over = appoint(a_person("欧阳晓峰"), cast.employer, from_on=dt.date(2021, 3, 1), to_on=dt.date(2021, 12, 31), **given)
    end_appointment(over, on=dt.date(2021, 6, 30), reason="调任外地", actor=cast.clerk, now=NOW)
    appoint(a_person("李明"), an_employer("沧屿微电子有限公司"), from_on=dt.date(2099, 1, 1), **given)
    mentor = a_person("登小师傅")
    for person in (mentor, cast.worker_person):
        in_post(person, cast.employer)
    paired = {"organisation": cast.employer, "from_on": dt.date(2022, 3, 1), "actor": cast.hr, "now": NOW}
    waiting = record_mentorship(mentor, cast.worker_person, **paired)
    record_mentorship(a_person("老师傅"), a_person("小学徒"), to_on=dt.date(2022, 9, 1), **paired)
    person = a_person("郑国栋")
    person.account = cast.user("expert")
    person.save()
    judge = an_expert(person=person, title="高级工程师", level="1")
    declare_kin(judge, name="王芳", born_on=dt.date(1990, 5, 1), note_text="配偶", actor=cast.clerk, now=NOW)
    return {
        "appointments": "/organisations/appointments/",
        "appointment-new": "/organisations/appointments/new/",
        "appointment": f"/organisations/appointments/{mine.public_id}/",
        "mentorships": "/signatures/mentorships/",
        "mentorship-new": "/signatures/mentorships/new/",
        "mentorship": f"/signatures/mentorships/{waiting.public_id}/",
        "kin": f"/reviews/experts/{judge.public_id}/",
        "body": f"/organisations/{cast.base.public_id}/",
    }


def test_the_pages_read_well(office: Visitor) -> None:
    pages = scene(office)
    ways: list[tuple[Size, Language, bool]] = [("desk", "zh", False), ("phone", "en", True)]
    for size, language, dark in ways:
        tail = f"{size}-{language}{'-dark' if dark else ''}"
        with office.at("/desk/", size=size, language=language, signed_in_as="clerk", dark=dark) as page:
            for name, path in pages.items():
                page.goto(path)
                look(page, f"{name}-{tail}")
        with office.at("/desk/", size="phone", language=language, signed_in_as="worker", dark=not dark) as page:
            for name in ("appointments", "appointment", "mentorships", "mentorship"):
                page.goto(pages[name])
                look(page, f"own-{name}-{tail}")


def test_a_worker_confirms_on_the_phone(office: Visitor) -> None:
    pages = scene(office)
    page = office.open(pages["mentorships"], size="phone", signed_in_as="worker")

    page.get_by_role("button", name="确认").click()

    expect(page.get_by_text("已确认").first).to_be_visible()
    assert office.cast is not None
    assert Mentorship.objects.get(learner__account=office.cast.user("worker")).confirmed_by_learner_at is not None
