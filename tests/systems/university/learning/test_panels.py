"""What learning shows in the catalogue: the classes of a course that can be entered."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from denggao.foundation.people.models import Person
from tests.cast import Cast
from tests.facts import a_person
from tests.systems.university.facts import make_school
from tests.systems.university.learning.facts import a_course, a_run, enrolled


def _asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_a_courses_page_lists_its_open_classes(cast: Cast, now: dt.datetime, client: Client) -> None:
    today = timezone.localdate()
    course = a_course(make_school(cast, now), now, "reading")
    address = f"/courses/{course.public_id}/?lang=en"
    assert "No class of this course is open" in client.get(address).text

    def day(days: int) -> dt.date:
        return today + dt.timedelta(days=days)

    opened = a_run(course, now, title="Spring", opens_on=day(9), closes_on=day(40), seats=2, fee_yuan=Decimal("120.00"))
    few = _asked(client, address)
    full = a_run(course, now, title="Full one", opens_on=day(-3), seats=1, entry="employer")
    hidden = [
        a_run(course, now, title="Not yet said", state="planned"),
        a_run(course, now, title="Is over", opens_on=day(-30), closes_on=day(-1)),
        a_run(a_course(course.school, now, "reading", code="other"), now, title="Of another course"),
    ]
    people: list[Person] = [a_person(name) for name in ("甲", "乙", "丙")]
    enrolled(opened, people[0], now)
    enrolled(opened, people[1], now, state="left", ended_at=now)
    enrolled(full, people[2], now)

    page = client.get(address).text

    assert f"/learn/enter/{opened.public_id}/" in page
    assert page.index("Full one") < page.index("Spring")
    assert "1 seat left" in page
    assert "¥120.00" in page
    assert "full, with a waiting list" in page
    assert "through the employer" in page
    assert not [run.title for run in hidden if run.title in page]
    assert _asked(client, address) == few
