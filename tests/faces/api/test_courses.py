"""The university by the API: the catalogue for everybody, enrolments for the school's and the employer's programs."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from denggao.faces.api.actions import issue_token
from denggao.faces.api.rules import Scope
from denggao.foundation.audit.actors import operator
from denggao.foundation.organisations.models import Organisation
from denggao.systems.university.models import Programme, ProgrammeCourse
from tests.cast import Cast
from tests.facts import a_person
from tests.systems.university.facts import make_course, make_school
from tests.systems.university.learning.facts import a_course, a_run, enrolled

pytestmark = pytest.mark.django_db


def token_of(body: Organisation, *scopes: str) -> dict[str, str]:
    last = timezone.localdate() + dt.timedelta(days=9)
    issued = issue_token(
        body, name="t", scopes=scopes or [Scope.ENROLMENTS], expires_on=last, actor=operator("tests"), now=timezone.now()
    )
    return {"Authorization": f"Bearer {issued.text}"}


def test_a_visitor_reads_what_is_published_and_nothing_else(cast: Cast, now: dt.datetime, client: Client) -> None:
    school = make_school(cast, now)
    course = a_course(school, now, "reading", "video")
    run = a_run(course, now, seats=3, closes_on=timezone.localdate() + dt.timedelta(days=9))
    a_run(course, now, title="还未公布", state="planned")
    enrolled(run, cast.worker_person, now)
    hidden = make_course(school, now, code="hidden", title_zh="秘密草稿", published=False)
    facts: dict[str, Any] = {"school": school, "created_at": now, "published_on": now.date()}
    programme = Programme.objects.create(
        title_zh="高级研修班", track="advanced", entry="selected", seats=20, state="published", **facts
    )
    Programme.objects.create(title_zh="未公开专业", state="draft", **facts)
    for position, each in enumerate((course, hidden)):
        ProgrammeCourse.objects.create(programme=programme, course=each, position=position)

    def read(path: str) -> Any:
        return client.get(f"/api/v1/{path}").json()

    listed = read("courses")
    assert (listed["count"], listed["items"][0]["title"]["zh"], listed["items"][0]["units"]) == (1, course.title_zh, 2)
    one = read(f"courses/{course.public_id}")
    assert [(unit["kind"], unit["number"]) for unit in one["contents"]] == [("reading", "1.1"), ("video", "1.2")]
    assert [(each["title"], each["seats_left"]) for each in one["classes"]] == [(run.title, 2)]
    assert "周小登" not in str(one)
    assert [(each["name"]["zh"], each["courses"]) for each in read("schools")["items"]] == [(school.name_zh, 1)]
    assert [each["title"]["zh"] for each in read("programmes")["items"]] == ["高级研修班"]
    shown = read(f"programmes/{programme.public_id}")
    assert (shown["entry"], shown["seats"], [place["course"] for place in shown["places"]]) == (
        "selected",
        20,
        [str(course.public_id)],
    )

    narrowed = {
        f"courses?school={school.public_id}": 1,
        f"courses?school={uuid.uuid4()}": 0,
        "courses?level=3": 0,
        "programmes?track=general": 0,
        "programmes?entry=selected": 1,
        "schools?plan=elsewhere": 0,
        "courses?limit=1&offset=1": 1,
    }
    assert {path: read(path)["count"] for path in narrowed} == narrowed
    for path in (f"courses/{hidden.public_id}", f"programmes/{uuid.uuid4()}", f"courses/{uuid.uuid4()}"):
        assert client.get(f"/api/v1/{path}").status_code == 404
    assert client.get("/api/v1/programmes?track=lost").status_code == 422


def test_enrolments_are_told_to_the_school_and_to_who_enrolled(cast: Cast, now: dt.datetime, client: Client) -> None:
    run = a_run(a_course(make_school(cast, now), now, "reading"), now)
    by_employer = enrolled(run, a_person("王小明"), now, how="employer", employer=cast.employer, due_on=now.date())
    alone = enrolled(run, a_person("李自学"), now)
    elsewhere = a_run(
        a_course(make_school(cast, now, body="other_employer", dean="other_hr", name_zh="他处学院"), now, "reading", code="x"), now
    )
    others = enrolled(elsewhere, a_person("赵别处"), now)

    def read(body: Organisation, query: str = "") -> list[str]:
        answer = client.get(f"/api/v1/enrolments{query}", headers=token_of(body)).json()
        assert "明" not in str(answer)
        return [item["id"] for item in answer["items"]]

    school, mine = [str(by_employer.public_id), str(alone.public_id)], [str(by_employer.public_id)]
    assert read(cast.base) == school
    assert read(cast.employer) == mine
    assert read(cast.other_employer) == [str(others.public_id)]
    assert read(cast.base, "?state=finished") == []
    assert read(cast.base, f"?due_by={now.date()}") == mine
    assert read(cast.base, f"?class_id={elsewhere.public_id}") == []
    assert client.get("/api/v1/enrolments").status_code == 401
    assert client.get("/api/v1/enrolments", headers=token_of(cast.base, Scope.HOURS)).status_code == 403


@pytest.mark.parametrize("path", ["courses", "schools", "programmes", "enrolments"])
def test_a_list_costs_the_same_for_one_and_for_three(path: str, cast: Cast, now: dt.datetime, client: Client) -> None:
    headers = token_of(cast.base, Scope.ENROLMENTS)
    school = make_school(cast, now)

    def more(number: int) -> None:
        course = a_course(school, now, "reading", code=f"c{number}")
        enrolled(a_run(course, now), a_person(f"学员{number}"), now, employer=cast.employer)
        programme = Programme.objects.create(
            school=school, title_zh=f"专业{number}", state="published", published_on=now.date(), created_at=now
        )
        ProgrammeCourse.objects.create(programme=programme, course=course, position=0)

    def asked() -> int:
        client.get(f"/api/v1/{path}", headers=headers)
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"/api/v1/{path}", headers=headers).status_code == 200
        return len(found)

    more(0)
    few = asked()
    make_school(cast, now, body="employer", dean="hr", name_zh="企业学院")
    more(1)
    more(2)

    assert asked() == few
