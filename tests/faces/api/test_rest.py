"""The API as a program meets it: who gets in, what it sees, how errors look."""

from __future__ import annotations

import datetime as dt
import io
import json
import uuid
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from denggao.engines.credentials.actions import suspend_issued
from denggao.engines.ledger.actions import rebuild
from denggao.faces.api.actions import Issued, issue_token, revoke_token
from denggao.foundation.audit.actors import Actor, operator
from denggao.foundation.audit.models import Record
from denggao.foundation.jobs.work import drain
from denggao.foundation.organisations.models import Organisation
from tests.engines.credentials import issuing
from tests.facts import a_person, a_plan, an_employer, certified, in_post

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2022, 10, 10, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
OPERATOR = operator("test")


def issued(organisation: Organisation, *scopes: str, actor: Actor = OPERATOR) -> Issued:
    now = timezone.now()
    last = timezone.localdate() + dt.timedelta(days=30)
    return issue_token(organisation, name="工资系统", scopes=scopes, expires_on=last, actor=actor, now=now)


def call(path: str, token: str = "", **headers: Any) -> Any:
    if token:
        headers["authorization"] = f"Bearer {token}"
    return Client().get(f"/api/v1{path}", headers=headers)


def a_counted_plan(heads: int = 6) -> tuple[Any, Organisation]:
    plan = a_plan()
    employer = an_employer(plan=plan)
    for number in range(heads):
        person = a_person(f"陈晨{number}")
        in_post(person, employer)
        certified(person)
    rebuild(plan, actor=OPERATOR, now=NOW)
    return plan, employer


def test_board_is_public_and_counts() -> None:
    a_counted_plan()

    answer = call("/plans/lingang-2020/board")

    assert answer.status_code == 200
    figures = answer.json()["goals"]["upgrades"]
    assert (figures["count"], figures["target"], figures["by_year"]["2021"]) == (6, 100, 6)
    assert answer.json()["public"] is True


def test_board_answers_304_until_something_changes() -> None:
    plan, _employer = a_counted_plan()
    first = call("/plans/lingang-2020/board")

    again = call("/plans/lingang-2020/board", **{"if-none-match": first["ETag"]})

    assert again.status_code == 304
    assert again.content == b""
    person = a_person("王新")
    in_post(person, Organisation.objects.get(name_key="沧屿微电子"))
    certified(person)
    rebuild(plan, actor=OPERATOR, now=NOW)
    assert call("/plans/lingang-2020/board", **{"if-none-match": first["ETag"]}).status_code == 200


def test_public_may_not_ask_for_a_day_of_its_own_choosing_nor_for_earlier_knowledge() -> None:
    a_counted_plan(3)

    chosen = call("/plans/lingang-2020/board?as_of=2021-06-02")
    earlier = call("/plans/lingang-2020/board?known_on=2021-06-02")
    cells = call("/plans/lingang-2020/goals/upgrades/breakdown?by=employer")

    assert chosen.status_code == 422
    assert earlier.status_code == 403
    assert [cell["count"] for cell in cells.json()["cells"]] == [None]


def test_board_in_full_needs_the_scope() -> None:
    _plan, employer = a_counted_plan(3)
    plain = issued(employer, "persons").text
    board = issued(employer, "board").text

    assert call("/plans/lingang-2020/goals/upgrades/heads", plain).status_code == 403
    heads = call("/plans/lingang-2020/goals/upgrades/heads?level=4", board).json()
    assert heads["count"] == 3
    assert heads["items"][0]["name"].startswith("陈*")
    cells = call("/plans/lingang-2020/goals/upgrades/breakdown?by=employer&known_on=2022-12-31", board).json()["cells"]
    assert [cell["count"] for cell in cells] == [3]
    one = call(f"/plans/lingang-2020/goals/upgrades/heads/{heads['items'][0]['id']}", board)
    assert one.json()["evidence"]


def test_persons_and_certificates_of_another_organisation_do_not_exist() -> None:
    _plan, employer = a_counted_plan(1)
    other = an_employer("望潮部件")
    stranger = a_person("李外")
    in_post(stranger, other)
    hidden = certified(stranger)
    token = issued(employer, "persons", "certificates", "organisation").text

    people = call("/persons", token).json()
    certificates = call("/certificates", token).json()

    assert people["count"] == certificates["count"] == 1
    assert "李" not in json.dumps(people, ensure_ascii=False)
    assert call(f"/persons/{stranger.public_id}", token).status_code == 404
    assert call(f"/certificates/{hidden.credential.public_id}", token).status_code == 404
    assert call(f"/organisations/{other.public_id}", token).status_code == 404
    assert call("/organisations", token).json()["items"][0]["id"] == str(employer.public_id)


@pytest.mark.parametrize("path", ["/persons", "/certificates", "/organisations", "/plans/p/goals/g/heads"])
def test_without_a_token_there_is_401_with_a_problem(path: str) -> None:
    answer = call(path)

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_wrong_expired_and_revoked_tokens_are_401_even_where_visitors_are_welcome() -> None:
    employer = an_employer()
    a_plan()
    token = issued(employer, "persons")
    assert call("/plans", token.text).status_code == 200

    assert call("/plans", token.text[:-1] + ("A" if token.text[-1] != "A" else "B")).status_code == 401
    assert call("/plans", "dg_nonsense").status_code == 401
    revoke_token(token.token, actor=OPERATOR, now=timezone.now())
    assert call("/plans", token.text).status_code == 401
    late = issued(employer, "persons")
    late.token.expires_on = timezone.localdate() - dt.timedelta(days=1)
    late.token.save()
    assert call("/plans", late.text).status_code == 401


def test_use_is_recorded_once_a_day() -> None:
    token = issued(an_employer(), "persons")

    for _time in range(3):
        call("/persons", token.text)

    uses = Record.objects.filter(action="api.token.use")
    assert uses.count() == 1
    assert uses[0].actor_text == f"token {token.token.prefix}"
    token.token.refresh_from_db()
    assert token.token.last_used_on is not None


def test_problems_speak_the_language_asked_for() -> None:
    chinese = call(f"/plans/{uuid.uuid4()}")
    english = call(f"/plans/{uuid.uuid4()}", **{"accept-language": "en-GB,en;q=0.8"})
    nowhere = call("/nowhere", **{"accept-language": "en"})
    invalid = call("/plans/x/goals/y/breakdown?by=shoe", **{"accept-language": "en"})

    assert chinese["Content-Language"] == "zh-hans"
    assert english.json()["title"] == "There is no such thing, or not for this token."
    assert (nowhere.status_code, nowhere.json()["type"]) == (404, "urn:denggao:problem:not-found")
    assert invalid.status_code == 422
    assert invalid.json()["errors"][0]["field"] == "query.by"


def test_readers_who_ask_too_often_are_told_to_wait() -> None:
    a_plan()
    client = Client()

    codes = {client.get("/api/v1/plans").status_code for _time in range(120)}
    refused = client.get("/api/v1/plans")

    assert codes == {200}
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_database_equally_often(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    _plan, employer = a_counted_plan(count)
    token = issued(employer, "persons", "certificates", "board").text
    call("/persons", token)
    call("/plans/lingang-2020/goals/upgrades/heads", token)

    with django_assert_num_queries(5):
        assert call("/persons", token).json()["count"] == count
    with django_assert_num_queries(3):
        assert call("/certificates", token).json()["count"] == count
    with django_assert_num_queries(4):
        assert call("/plans/lingang-2020/goals/upgrades/heads", token).json()["count"] == count


def a_workbook(*rows: tuple[object, ...]) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((("姓名", "证件号码", "入职日期", "是否一线"), *rows)):
            for column, value in enumerate(row):
                sheet.write(number, column, value)
    return SimpleUploadedFile("名册.xlsx", buffer.getvalue())


def test_program_hands_in_a_roster_and_applies_it() -> None:
    employer = an_employer()
    other = issued(an_employer("望潮部件"), "imports").text
    token = issued(employer, "imports", "imports.write", "persons").text
    authorised = {"authorization": f"Bearer {token}"}
    file = a_workbook(("陈晨", "11010519491231002X", "2019-05-01", "是"), ("王新", "110105194912310021", "2019-05-01", "是"))
    client = Client()

    handed_in = client.post("/api/v1/imports", {"kind": "roster", "as_of": "2022-09-30", "file": file}, headers=authorised)

    assert handed_in.status_code == 201, handed_in.content
    path = f"/imports/{handed_in.json()['id']}"
    assert call(path, other).status_code == 404
    drain()
    checked = call(path, token).json()
    assert (checked["state"], checked["counts"]["created"], checked["counts"]["refused"]) == ("checked", 1, 1)
    rows = call(f"{path}/rows?outcome=refused", token, **{"accept-language": "en"}).json()
    assert rows["count"] == 1
    assert rows["items"][0]["reasons"][0]["text"]
    applied = client.post(f"/api/v1{path}/apply", {}, content_type="application/json", headers=authorised)
    assert applied.status_code == 202
    drain()
    assert call(path, token).json()["state"] == "applied"
    person = call("/persons", token).json()["items"][0]
    assert person["name"] == "陈*"
    assert "19491231" not in json.dumps(person)
    workbook = client.post(f"/api/v1{path}/workbook", headers=authorised)
    assert workbook.content[:2] == b"PK"
    assert client.post(f"/api/v1{path}/cancel", headers=authorised).status_code == 409


def test_program_hands_in_nothing_that_its_organisation_may_not() -> None:
    token = issued(an_employer(), "imports.write").text
    authorised = {"authorization": f"Bearer {token}"}
    client = Client()

    register = client.post("/api/v1/imports", {"kind": "certificates", "file": a_workbook()}, headers=authorised)
    nonsense = client.post(
        "/api/v1/imports", {"kind": "roster", "file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04")}, headers=authorised
    )

    assert register.status_code == 403
    assert nonsense.status_code == 422
    assert nonsense.json()["errors"][0]["field"] == "file"


def test_verification_never_tells_which_was_wrong() -> None:
    person = a_person("陈晨")
    certificate = certified(person)
    client = Client()

    def verify(number: str, name: str) -> Any:
        return client.post("/api/v1/verify", {"number": number, "name": name}, content_type="application/json").json()

    right = verify(certificate.credential.number, "陈晨")
    assert right["result"] == "valid"
    assert right["name"] == "陈*"
    assert certificate.credential.number not in json.dumps(right)
    assert verify(certificate.credential.number, "王新") == verify("Y999999999999999999999", "陈晨")


@pytest.mark.django_db
def test_a_plaque_is_verified_with_its_term_its_bodies_and_its_page() -> None:
    item = issuing.issued(issuing.plaque_order(an_employer("翎川航空制造培训中心"), valid_until=None))
    client = Client()

    def verify(number: str, name: str) -> Any:
        return client.post("/api/v1/verify", {"number": number, "name": name}, content_type="application/json").json()

    right = verify(item.number, "翎川航空制造培训中心")
    assert (right["result"], right["number"], right["valid_from"], right["valid_until"]) == (
        "valid",
        "DG-B-001",
        "2022-06-18",
        None,
    )
    assert right["status_page"].endswith(f"/credentials/{item.public_id}/")
    suspend_issued(item, reason="for our eyes only", reason_class="conditions", actor=OPERATOR, now=NOW)
    suspended = verify(item.number, "翎川航空制造培训中心")
    assert (suspended["result"], suspended["since"]) == ("suspended", "2022-10-10")
    assert suspended["reason"]
    assert "for our eyes only" not in json.dumps(suspended)
    assert verify(item.number, "王新") == verify("LG-B-98", "翎川航空制造培训中心")
