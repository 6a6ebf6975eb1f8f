"""The pages: who finds what, the end by two persons in a browser, the pulse on the board."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from denggao.engines.hours.models import HourEntry
from denggao.systems.university.learning.queries.steps import CONTEXT
from denggao.systems.university.models import School, University, UniversityAct
from tests.cast import Cast
from tests.facts import a_person
from tests.systems.university.facts import make_school
from tests.systems.university.founding.facts import a_plan_with_programme, a_university, a_university_plan, drafted
from tests.systems.university.learning.facts import a_course, a_run, enrolled


def _asked(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_two_of_the_office_end_a_university_in_a_browser(cast: Cast, now: dt.datetime) -> None:
    university = a_university(cast)
    at = f"/university/founding/{university.public_id}/"
    clerk, approver = cast.client_of("clerk"), cast.client_of("approver")
    page = clerk.get(f"{at}?lang=en").text
    assert "Withdraw the founding" in page
    assert "独立运行" in page

    assert clerk.post(f"{at}end/withdraw/", {"reason": ""}).status_code == 422
    clerk.post(f"{at}end/withdraw/", {"reason": "申报材料<b>不实</b>。"})
    end = UniversityAct.objects.get()
    assert "申报材料&lt;b&gt;" in approver.get(at).text
    assert "申报材料" not in cast.client_of("hr").get(at).text
    assert clerk.post(f"/university/founding/acts/{end.public_id}/confirm/", {}).status_code == 403
    assert approver.get(f"/university/founding/acts/{end.public_id}/confirm/").status_code == 200
    approver.post(f"/university/founding/acts/{end.public_id}/confirm/", {"reason": "属实"})

    assert University.objects.get().state == "withdrawn"
    assert "申报材料" in cast.client_of("hr").get(at).text
    assert cast.client_of("other_hr").get(at).status_code == 404


def test_the_list_costs_the_same_however_many(cast: Cast, now: dt.datetime) -> None:
    first = a_university(cast)
    clerk = cast.client_of("clerk")
    few = _asked(clerk, "/university/founding/")
    for number in range(3):
        plan = a_university_plan(cast, f"plan-{number}")
        case = drafted(cast, plan, first.programme, now)
        University.objects.create(
            plan=plan, organisation=cast.base, case=case, programme=first.programme, name_zh=f"大学{number}", state="closed",
            opened_on=first.opened_on, founded_on=first.founded_on, ended_on=first.founded_on, created_at=now,
        )  # fmt: skip

    assert _asked(clerk, "/university/founding/") == few
    assert "大学2" in clerk.get("/university/founding/?q=大学2").text
    assert "大学2" not in clerk.get("/university/founding/?state=founded").text


def test_the_board_shows_the_pulse_in_numbers_only(cast: Cast, now: dt.datetime, client: Client) -> None:
    plan, programme = a_plan_with_programme(cast, now)
    address = f"/board/{plan.code}/university/?lang=en"
    run = a_run(a_course(programme.school, now, "reading", code="two"), now)
    other = a_run(a_course(programme.school, now, "reading", code="three"), now)
    School.objects.filter(pk=make_school(cast, now, body="other_employer", dean="other_hr", name_zh="他处学院").pk).update(
        plan=None
    )
    elsewhere = a_run(a_course(School.objects.get(name_zh="他处学院"), now, "reading", code="four"), now)
    people = [a_person(f"学员{number}") for number in range(6)]
    for person in people:
        learner = enrolled(run, person, now)
        enrolled(elsewhere, person, now)
        HourEntry.objects.create(
            person=person, context_kind=CONTEXT, context_id=learner.public_id, kind="online", day=timezone.localdate(now),
            seconds=45 * 60 * 4, source_kind="sitting", source_id=learner.public_id, rule="test", entered_at=now,
        )  # fmt: skip
    enrolled(other, people[0], now)
    enrolled(other, a_person("候补"), now, state="waiting", enrolled_at=None)

    page = client.get(address).text

    assert "<b>6</b><span>learners" in page
    assert "<b>24</b><span>lesson hours learned" in page
    assert "<b>3</b><span>published courses" in page
    assert "学员" not in page
    assert "lesson hours learned" in client.get(f"/board/{plan.code}/?lang=en").text


def test_what_few_persons_stand_behind_is_withheld_from_the_public(cast: Cast, now: dt.datetime, client: Client) -> None:
    plan, programme = a_plan_with_programme(cast, now)
    enrolled(a_run(a_course(programme.school, now, "reading", code="two"), now), cast.worker_person, now)
    address = f"/board/{plan.code}/university/?lang=en"

    assert "<b>1</b><span>learners" not in client.get(address).text
    assert "<b>1</b><span>learners" in cast.client_of("clerk").get(address).text
