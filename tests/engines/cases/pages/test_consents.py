"""The pages on which somebody agrees: the file as it was submitted, three answers, and what the others see of it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from denggao.engines.cases.models import Case, Consent
from denggao.engines.cases.procedures import Agreeing
from denggao.foundation.people.models import Person
from tests.engines.cases.procedures import SYSTEM, a_submitted
from tests.engines.cases.test_consents import agreed_by_all, answer, asked_case, of

INDEX = "/cases/consents/"


def send(client, consent: Consent, what: str, **given):
    return client.post(f"{consent.link}{what}/", {"hash_seen": consent.content_hash} | given)


def test_the_file_is_read_and_agreed_to(cast, now):
    case = asked_case(cast, now)
    client = cast.client_of("worker")

    listed = client.get(INDEX).content.decode()
    page = client.get(of(case).link).content.decode()
    response = send(client, of(case), "agree")

    assert of(case).link in listed
    assert "推荐您参评" in page
    assert "数控车床" in page
    assert case.snapshots.get().content_hash in page
    assert response.status_code == 302
    assert of(case).state == "agreed"
    assert of(case).link not in client.get(INDEX).content.decode()
    assert of(case).link in client.get(f"{INDEX}?tab=all").content.decode()


@pytest.mark.parametrize(("what", "state"), [("changes", "changes"), ("decline", "declined")])
def test_a_no_says_why(cast, now, what, state):
    case = asked_case(cast, now)
    client = cast.client_of("worker")

    assert send(client, of(case), what).status_code == 422
    assert of(case).state == "asked"
    assert send(client, of(case), what, reason="工种写错了").status_code == 302
    assert of(case).state == state
    assert "工种写错了" in cast.client_of("base_manager").get(case.link).content.decode()


def test_two_tabs_answer_once(cast, now):
    case = asked_case(cast, now)
    client = cast.client_of("worker")
    send(client, of(case), "agree")

    again = send(client, of(case), "decline", reason="x")

    assert again.status_code == 422
    assert of(case).state == "agreed"


def test_it_is_taken_back_on_the_same_page(cast, now):
    case = agreed_by_all(asked_case(cast, now), cast, now)
    client = cast.client_of("worker")
    assert "take-back" in client.get(of(case).link).content.decode()

    assert send(client, of(case), "take-back", reason="不再参评").status_code == 302

    assert Case.objects.get(pk=case.pk).state == "ended"
    assert "take-back" not in client.get(of(case).link).content.decode()


@pytest.mark.parametrize("part", ["other_hr", "hr", "base_manager", "clerk", "expert"])
def test_nobody_else_opens_it(cast, now, part):
    consent = of(asked_case(cast, now))
    client = cast.client_of(part)

    assert client.get(consent.link).status_code == 404
    for what in ("agree", "changes", "decline", "take-back"):
        assert send(client, consent, what, reason="x").status_code == 404
    assert consent.link not in client.get(f"{INDEX}?tab=all").content.decode()


def test_who_is_asked_opens_the_case_and_its_file(cast, now):
    case = asked_case(cast, now)
    client = cast.client_of("worker")

    page = client.get(case.link).content.decode()

    assert of(case).link in page
    assert "数控车床" in page
    assert client.get(f"{case.link}filed/").status_code == 200
    for way in ("edit/", "review/", "withdraw/", "return/", "approve/"):
        assert client.get(f"{case.link}{way}").status_code in {403, 404}, way


def test_the_applicant_learns_who_can_not_answer_and_what_to_do(cast, now):
    nominee = Person.objects.create(name="吴无号", name_key="吴无号", created_at=now)
    SYSTEM.agrees = [Agreeing("推荐您", person=nominee)]
    case = a_submitted(cast, now, procedure="trial_consent")

    page = cast.client_of("base_manager").get(case.link).content.decode()

    assert nominee.masked_name in page
    assert "吴无号" not in page
    assert "账号" in page or "no account" in page


def test_the_timeline_names_the_other_side_not_the_office(cast, now):
    case = asked_case(cast, now)
    answer(case, cast, now)
    answer(case, cast, now, body=True)

    page = cast.client_of("base_manager").get(case.link)
    office = cast.client_of("clerk").get(case.link)

    assert page.status_code == office.status_code == 200


@pytest.mark.parametrize("path", [INDEX, "/desk/", "/cases/"])
def test_queries_do_not_grow(cast, now, path):
    client = cast.client_of("worker")
    counts = []
    for _more in range(3):
        asked_case(cast, now)
        client.get(path)
        with CaptureQueriesContext(connection) as caught:
            client.get(path)
        counts.append(len(caught))

    assert counts[0] == counts[1] == counts[2]
