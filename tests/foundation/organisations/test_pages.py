"""The pages about bodies and their staff: who sees what, and what a form does."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from denggao.foundation.audit.models import Record
from denggao.foundation.organisations.models import Employment, EmploymentOverlap, Organisation, OrganisationLink
from denggao.foundation.organisations.rules import credit_code_check
from denggao.foundation.organisations.sheets.roster import Roster
from denggao.foundation.people.models import NameConflict, Person
from tests.cast import Cast
from tests.facts import a_plan
from tests.foundation.organisations.rosters import apply, context_of, id_number, row_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(cast: Cast, now: dt.datetime) -> Employment:
    """陈晓红 works for the cast's employer, and for the other one too."""
    row = {
        "name": "陈晓红",
        "document_number": id_number(order=501),
        "hired_on": "2019-07-01",
        "front_line": "是",
        "phone": "13800000001",
    }
    apply(cast.employer, "2021-12-31", [row], now=now)
    apply(cast.other_employer, "2021-12-31", [{**row, "post": "秘密岗位"}], now=now)
    return Employment.objects.get(employer=cast.employer)


def page(client: Client, route: str, *args: Any, **query: str) -> Any:
    return client.get(reverse(route, args=args), query)


# Bodies


def test_the_office_sees_all_bodies_and_hr_the_own_one(cast: Cast) -> None:
    office, hr = page(cast.client_of("clerk"), "organisations:list"), page(cast.client_of("hr"), "organisations:list")

    assert office.context["listing"].count == Organisation.objects.count()
    assert [row["body"] for row in hr.context["rows"]] == [cast.employer]
    assert cast.other_employer.name_zh not in hr.content.decode()


def test_who_belongs_to_no_body_sees_none(cast: Cast) -> None:
    assert page(cast.client_of("worker"), "organisations:list").status_code == 403


def test_another_body_does_not_exist_for_hr(cast: Cast) -> None:
    client = cast.client_of("hr")

    for route in ("organisations:organisation", "organisations:roster", "organisations:new_employment"):
        assert page(client, route, cast.other_employer.public_id).status_code == 404
        assert page(client, route, cast.employer.public_id).status_code == 200


def test_bodies_are_found_by_name_and_by_code(cast: Cast) -> None:
    Organisation.objects.filter(pk=cast.employer.pk).update(uscc="91310115MA1K000000")
    client = cast.client_of("clerk")

    for asked in ("精密", "91310115ma1k"):
        assert [row["body"] for row in page(client, "organisations:list", q=asked).context["rows"]] == [cast.employer]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_questions_for_any_number_of_bodies(
    cast: Cast, now: dt.datetime, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        Organisation.objects.create(name_zh=f"甲{number}", name_key=f"甲{number}", kind="employer", created_at=now)
    client = cast.client_of("clerk")
    page(client, "organisations:list", q="甲")

    with django_assert_num_queries(LIST_QUERIES):
        page(client, "organisations:list", q="甲")


LIST_QUERIES = 14


@pytest.mark.parametrize("route", ["organisations:roster", "people:list", "organisations:overlaps"])
def test_lists_of_people_ask_no_more_questions_for_more_people(cast: Cast, now: dt.datetime, route: str) -> None:
    rows = [{"name": "陈晓红", "document_number": id_number("19820101"), "hired_on": "2019-07-01"} for _ in range(3)]
    client, asked = cast.client_of("clerk"), []
    page(client, "organisations:list")

    for count in (1, 3):
        for employer in (cast.employer, cast.other_employer):
            apply(employer, "2021-12-31", rows[:count], now=now)
        with CaptureQueriesContext(connection) as queries:
            response = page(client, route, *([cast.employer.public_id] if route == "organisations:roster" else []), q="")
        asked.append(len(queries))
        assert response.context["listing"].count >= count

    assert asked[0] == asked[1]


def test_a_body_is_added_by_form_and_a_wrong_code_is_told_beside_its_field(cast: Cast) -> None:
    a_plan()
    client, first = cast.client_of("clerk"), "91310115MA1000077"
    given = {"name_zh": "沧屿微电子", "uscc": first + "0", "kind": "employer"}

    refused = client.post(reverse("organisations:new"), given)
    saved = client.post(reverse("organisations:new"), {**given, "uscc": first + str(credit_code_check(first))})

    assert refused.status_code == 422
    assert "uscc" in refused.context["form"].errors
    assert saved.status_code == 302
    assert Record.objects.get(action="organisations.organisation.state").actor_id == cast.clerk.id


def test_a_code_another_body_has_is_refused(cast: Cast) -> None:
    first = "91310115MA1000077"
    code = first + str(credit_code_check(first))
    Organisation.objects.filter(pk=cast.employer.pk).update(uscc=code)

    response = cast.client_of("clerk").post(reverse("organisations:new"), {"name_zh": "乙", "uscc": code, "kind": "employer"})

    assert response.status_code == 422
    assert not Organisation.objects.filter(name_zh="乙").exists()


@pytest.mark.parametrize("part", ["hr", "auditor", "worker", "finance"])
def test_only_who_keeps_bodies_may_change_them(cast: Cast, part: str) -> None:
    response = cast.client_of(part).post(reverse("organisations:new"), {"name_zh": "乙", "kind": "employer"})

    assert response.status_code == 403
    assert not Organisation.objects.filter(name_zh="乙").exists()


def test_bodies_are_linked_and_unlinked(cast: Cast) -> None:
    client, url = cast.client_of("clerk"), reverse("organisations:links", args=[cast.employer.public_id])
    client.post(url, {"direction": "upstream", "other": cast.other_employer.pk})
    again = client.post(url, {"direction": "upstream", "other": cast.other_employer.pk})
    link = OrganisationLink.objects.get()
    shown = client.get(url)

    assert (link.upstream, link.downstream) == (cast.other_employer, cast.employer)
    assert again.status_code == 422
    assert shown.context["upstream"] == [cast.other_employer]

    client.post(reverse("organisations:remove_upstream", args=[cast.employer.public_id, cast.other_employer.public_id]))

    assert not OrganisationLink.objects.exists()
    assert Record.objects.filter(action__startswith="organisations.link").count() == 2


# Rosters


def test_hr_sees_the_own_roster_without_the_other_employers_word(cast: Cast, staff: Employment) -> None:
    client = cast.client_of("hr")

    for response in (
        page(client, "organisations:roster", cast.employer.public_id),
        page(client, "organisations:employment", staff.public_id),
        page(client, "people:person", staff.person.public_id),
    ):
        assert response.status_code == 200
        assert "陈晓红" in response.content.decode()
        for secret in ("秘密岗位", cast.other_employer.name_zh, staff.person.documents.get().number, "13800000001"):
            assert secret not in response.content.decode()


def test_the_office_sees_both_employers_and_the_overlap(cast: Cast, staff: Employment) -> None:
    shown = page(cast.client_of("clerk"), "people:person", staff.person.public_id).content.decode()

    assert cast.employer.name_zh in shown
    assert cast.other_employer.name_zh in shown


def test_an_employment_of_another_body_does_not_exist_for_hr(cast: Cast, staff: Employment) -> None:
    client = cast.client_of("other_hr")

    assert page(client, "organisations:employment", staff.public_id).status_code == 404
    for route in ("leave", "stay", "change_employment"):
        assert (
            client.post(reverse(f"organisations:{route}", args=[staff.public_id]), {"leaving-left_on": "2022-01-01"}).status_code
            == 404
        )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 1),
        ({"on": "2019-06-30"}, 0),
        ({"on": "2019-07-01"}, 1),
        ({"state": "left"}, 0),
        ({"front_line": "yes"}, 1),
        ({"front_line": "unknown"}, 0),
        ({"occupation": "none"}, 1),
        ({"occupation": "unmapped"}, 0),
        ({"q": "陈晓"}, 1),
        ({"q": "周"}, 0),
    ],
)
def test_the_roster_is_narrowed_by_its_address(cast: Cast, staff: Employment, query: dict[str, str], found: int) -> None:
    response = page(cast.client_of("hr"), "organisations:roster", cast.employer.public_id, **query)

    assert response.context["listing"].count == found


def test_an_exported_roster_is_masked_and_imports_again_as_unchanged(cast: Cast, staff: Employment) -> None:
    response = page(cast.client_of("hr"), "organisations:roster", cast.employer.public_id, export="xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    header, row = [[str(value or "") for value in values] for values in sheet.iter_rows(values_only=True)]
    keys = {title: column.key for column in Roster.columns for title in (column.title_zh, column.title_en)}
    texts = {keys[title]: text for title, text in zip(header, row, strict=True) if title in keys}
    assert texts["document_number"] == staff.person.documents.get().masked_number
    assert texts["phone"] == "138****0001"
    judged = Roster().check([row_of(2, record_id=row[header.index("记录编号")], **texts)], context_of(cast.employer, "2022-10-01"))
    assert [(item.outcome, item.faults) for item in judged] == [("unchanged", [])]


def test_a_person_is_added_by_form(cast: Cast) -> None:
    given = {
        "name": "周小登", "document_kind": "resident_id", "document_number": id_number(), "hired_on": "2020-01-01",
        "front_line": "yes",
    }  # fmt: skip

    response = cast.client_of("hr").post(reverse("organisations:new_employment", args=[cast.employer.public_id]), given)

    employment = Employment.objects.get()
    assert response.status_code == 302
    assert (employment.person.name, employment.hired_on, employment.front_line) == ("周小登", dt.date(2020, 1, 1), True)
    assert Record.objects.filter(action="organisations.employment.state", actor_id=cast.hr.id).count() == 1


def test_a_person_with_a_known_number_under_another_name_is_kept_for_the_office(cast: Cast, staff: Employment) -> None:
    given = {"name": "陈小红", "document_kind": "resident_id", "document_number": staff.person.documents.get().number}

    response = cast.client_of("hr").post(reverse("organisations:new_employment", args=[cast.employer.public_id]), given)

    assert response.status_code == 422
    assert "陈晓红" not in str(response.context["form"].errors)
    assert NameConflict.objects.get().source == "form"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"document_number": "110105194912310021"}, "document_number"),
        ({"name": ""}, "name"),
        ({"phone": "6828"}, "phone"),
        ({"document_number": id_number("20100101"), "hired_on": "2022-01-01"}, "__all__"),
    ],
)
def test_a_person_wrongly_given_is_refused_beside_the_field(cast: Cast, change: dict[str, str], field: str) -> None:
    given = {"name": "周小登", "document_kind": "resident_id", "document_number": id_number(), **change}

    response = cast.client_of("hr").post(reverse("organisations:new_employment", args=[cast.employer.public_id]), given)

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Person.objects.filter(name="周小登", account=None).exists()


def test_who_is_on_the_roster_is_not_added_twice(cast: Cast, staff: Employment) -> None:
    given = {"name": "陈晓红", "document_kind": "resident_id", "document_number": staff.person.documents.get().number}

    response = cast.client_of("hr").post(reverse("organisations:new_employment", args=[cast.employer.public_id]), given)

    assert response.status_code == 422
    assert Employment.objects.filter(employer=cast.employer).count() == 1


def test_a_post_changes_from_a_day(cast: Cast, staff: Employment) -> None:
    given = {"post-from_on": "2022-03-01", "post-post": "检验", "post-front_line": "no"}

    cast.client_of("hr").post(reverse("organisations:change_employment", args=[staff.public_id]), given)

    staff.refresh_from_db()
    shown = page(cast.client_of("hr"), "organisations:employment", staff.public_id)
    assert (staff.post, staff.front_line) == ("检验", False)
    assert [period["from_on"].isoformat() for period in shown.context["periods"]] == ["2022-03-01", "2019-07-01", "2019-07-01"]


@pytest.mark.parametrize(
    "given", [{"post-from_on": "2019-06-30", "post-post": "检验"}, {"post-from_on": "2022-03-01"}, {"post-from_on": ""}]
)
def test_a_change_that_cannot_be_is_refused(cast: Cast, staff: Employment, given: dict[str, str]) -> None:
    response = cast.client_of("hr").post(reverse("organisations:change_employment", args=[staff.public_id]), given)

    assert response.status_code == 422
    assert response.context["post_form"].errors


def test_a_leaving_is_recorded_and_taken_back(cast: Cast, staff: Employment) -> None:
    client = cast.client_of("hr")

    early = client.post(reverse("organisations:leave", args=[staff.public_id]), {"leaving-left_on": "2019-06-30"})
    client.post(reverse("organisations:leave", args=[staff.public_id]), {"leaving-left_on": "2022-08-31"})
    staff.refresh_from_db()
    left_on = staff.left_on
    client.post(reverse("organisations:stay", args=[staff.public_id]))
    staff.refresh_from_db()

    assert early.status_code == 422
    assert (left_on, staff.left_on) == (dt.date(2022, 8, 31), None)


def test_a_leaving_to_come_ends_the_employment_on_its_day(cast: Cast, staff: Employment) -> None:
    day = dt.date.today() + dt.timedelta(days=30)  # noqa: DTZ011 -- the machine's own day

    cast.client_of("hr").post(reverse("organisations:leave", args=[staff.public_id]), {"leaving-left_on": day.isoformat()})

    staff.refresh_from_db()
    assert staff.left_on == day


# Overlaps


def test_only_the_office_sees_overlaps(cast: Cast, staff: Employment) -> None:
    found = EmploymentOverlap.objects.get()

    assert page(cast.client_of("hr"), "organisations:overlaps").status_code == 403
    assert page(cast.client_of("hr"), "organisations:overlap", found.public_id).status_code == 404
    assert page(cast.client_of("auditor"), "organisations:overlaps").context["listing"].count == 1


def test_an_overlap_is_explained_once_and_with_a_reason(cast: Cast, staff: Employment) -> None:
    found = EmploymentOverlap.objects.get()
    client, url = cast.client_of("reviewer"), reverse("organisations:overlap", args=[found.public_id])

    without = client.post(url, {"reason": " "})
    client.post(url, {"reason": "集团内借调"})
    twice = client.post(url, {"reason": "again"})

    found.refresh_from_db()
    assert (without.status_code, twice.status_code) == (422, 422)
    assert (found.state, found.reason) == ("explained", "集团内借调")
    assert Record.objects.get(action="organisations.overlap.explain").after["state"] == "explained"


def test_who_may_not_explain_changes_nothing(cast: Cast, staff: Employment) -> None:
    found = EmploymentOverlap.objects.get()

    response = cast.client_of("auditor").post(reverse("organisations:overlap", args=[found.public_id]), {"reason": "x"})

    found.refresh_from_db()
    assert response.status_code == 403
    assert found.state == "open"
