"""The pages of the plans: who opens them, how much they read, and what their forms do."""

import io

import pytest

from denggao.foundation.plans.actions import load_plan
from denggao.foundation.plans.models import Participation, Plan
from tests.facts import an_employer
from tests.foundation.plans.test_planfile import SHIPPED, SMALL

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast, now) -> Plan:
    return load_plan(content=SHIPPED.read_bytes(), actor=cast.administrator, now=now).plan


def test_a_plan_is_shown_with_its_goals_parts_and_rule(cast, plan):
    page = cast.client_of("clerk").get(f"/plans/{plan.code}/?lang=en").content.decode()

    for words in ("Shanghai Federation of Trade Unions", "10,000", "training equipment", "It counts once, by the earliest"):
        assert words in page


def test_the_plan_page_reads_the_same_whatever_the_plan_holds(cast, now, plan, django_assert_num_queries):
    load_plan(content=SMALL.encode(), actor=cast.administrator, now=now)
    client = cast.client_of("clerk")
    client.get("/plans/small/")

    with django_assert_num_queries(PLAN_QUERIES):
        client.get("/plans/small/")
    with django_assert_num_queries(PLAN_QUERIES):
        client.get(f"/plans/{plan.code}/")


PLAN_QUERIES = 16


def test_the_list_of_employers_reads_the_same_for_one_row_and_for_three(cast, plan, django_assert_num_queries):
    client = cast.client_of("clerk")
    an_employer("甲", plan=plan)
    client.get(f"/plans/{plan.code}/employers/")
    with django_assert_num_queries(EMPLOYER_QUERIES):
        client.get(f"/plans/{plan.code}/employers/")
    an_employer("乙", plan=plan)
    an_employer("丙", plan=plan)
    with django_assert_num_queries(EMPLOYER_QUERIES):
        assert client.get(f"/plans/{plan.code}/employers/").context["listing"].count == 3


EMPLOYER_QUERIES = 13


def test_an_employer_joins_changes_and_goes_by_form(cast, plan):
    client = cast.client_of("clerk")
    employer = an_employer("沧屿微电子", uscc="91310115MA10000290")
    address = f"/plans/{plan.code}/employers/"

    assert client.post(f"{address}add/", {"employer": "没有这家"}).status_code == 422
    wrong = {"employer": employer.uscc, "from_on": "2021-02-01", "to_on": "2021-01-01"}
    assert client.post(f"{address}add/", wrong).status_code == 422
    assert client.post(f"{address}add/", {"employer": employer.name_zh}).status_code == 302
    joined = Participation.objects.get(organisation=employer)
    assert client.post(f"{address}{joined.public_id}/", {"from_on": "2021-01-01", "to_on": ""}).status_code == 302
    joined.refresh_from_db()
    assert joined.from_on.isoformat() == "2021-01-01"
    assert client.post(f"{address}{joined.public_id}/remove/").status_code == 302
    assert not Participation.objects.filter(organisation=employer).exists()


def test_an_employers_staff_sees_that_it_takes_part_and_not_who_else(cast, plan):
    Participation.objects.create(plan=plan, organisation=cast.employer)
    an_employer("别家公司", plan=plan)
    hr = cast.client_of("hr")

    assert hr.get(f"/plans/{plan.code}/").context["participants"] == 1
    assert hr.get(f"/plans/{plan.code}/employers/").status_code == 403
    assert hr.get(f"/plans/{plan.code}/employers/add/").status_code == 404


def test_the_administrator_loads_a_file_and_is_told_its_faults(cast, db):
    client = cast.client_of("administrator")

    bad = client.post("/plans/load/?lang=en", {"file": io.BytesIO(SMALL.replace("target: 10\n", "target: 0\n").encode())})
    done = client.post("/plans/load/", {"file": io.BytesIO(SMALL.encode())})

    assert bad.status_code == 422
    assert "line 16, goals[0].target" in bad.content.decode()
    assert done.url == "/plans/small/"
    assert cast.client_of("clerk").get("/plans/load/").status_code == 403
