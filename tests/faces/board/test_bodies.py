"""A goal that counts bodies: everybody reads which they are, and on what evidence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext

from denggao.engines.ledger.actions import recount_bodies
from denggao.engines.ledger.models import Entry
from denggao.foundation.audit.actions import action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.models import Organisation
from tests.cast import Cast
from tests.engines.ledger.body_rule import Accreditations, a_goal, registered
from tests.facts import NOW, a_plan, an_employer

pytestmark = pytest.mark.django_db
GOAL = "/board/lingang-2020/bases/"
HEADS = f"{GOAL}heads/"


@action("test.count_bodies", requires=lambda actor, subject: True, batch=True)
def _count(ids: list[int], *, actor: Actor, now: object, **more: object) -> int:
    return recount_bodies(ids, actor=actor, now=now, **more)  # type: ignore[arg-type]  # facts of a table


@pytest.fixture
def rule(cast: Cast) -> Iterator[Accreditations]:
    with registered(Accreditations()) as one:
        a_goal(a_plan())
        yield one


def accredited(rule: Accreditations, cast: Cast, *names: str, on: str = "2022-05-01") -> list[Organisation]:
    bodies = [an_employer(name) for name in names]
    for body in bodies:
        rule.accredit(body, on)
    _count([body.pk for body in bodies], actor=cast.clerk, now=NOW)
    return bodies


def text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response
    return response.content.decode()


def test_without_bodies_the_pages_say_when_one_counts(client: Client, rule: Accreditations) -> None:
    said = (
        "自申报事项审定之日起，单位计入；需要会签的，自全部会签之日起。",
        "A body counts from the day on which what it applied for was decided, and signed by all who must.",
    )

    for address in (GOAL, HEADS):
        page = text(client, address)
        assert any(sentence in page for sentence in said)


@pytest.mark.parametrize("address", [GOAL, HEADS])
def test_everybody_reads_which_bodies_count(client: Client, cast: Cast, rule: Accreditations, address: str) -> None:
    accredited(rule, cast, "甲实训基地", "乙实训基地")

    page = text(client, address)

    assert "甲实训基地" in page
    assert "乙实训基地" in page
    assert "不公开" not in page


def test_the_list_is_searched_narrowed_and_exported(client: Client, cast: Cast, rule: Accreditations) -> None:
    accredited(rule, cast, "甲实训基地")
    accredited(rule, cast, "乙实训基地", on="2022-08-01")

    found = text(client, f"{HEADS}?q=甲")
    since = text(client, f"{HEADS}?since=2022-07-01")
    none = text(client, f"{HEADS}?q=丁")
    exported = client.get(f"{HEADS}?export=csv").content.decode("utf-8-sig")

    assert ("甲实训基地" in found, "乙实训基地" in found) == (True, False)
    assert ("甲实训基地" in since, "乙实训基地" in since) == (False, True)
    assert "甲实训基地" not in none
    assert "甲实训基地" in exported
    assert "乙实训基地" in exported


def test_the_evidence_is_public_and_names_no_officer(client: Client, cast: Cast, rule: Accreditations) -> None:
    accredited(rule, cast, "甲实训基地")
    entry = Entry.objects.get()

    outside, inside = (text(one, f"{HEADS}{entry.public_id}/") for one in (client, cast.client_of("auditor")))

    assert "LG-B-01" in outside
    assert "甲实训基地" in outside
    assert str(entry.public_id)[:8] in outside
    with translation.override("zh-hans"):
        officer = gettext("Recorded by")
    assert officer not in outside
    assert officer in inside


def test_a_withdrawn_bodys_evidence_says_that_it_was_taken_back(client: Client, cast: Cast, rule: Accreditations) -> None:
    body = accredited(rule, cast, "甲实训基地")[0]
    entry = Entry.objects.get()
    rule.withdraw(body)
    _count([body.pk], actor=cast.clerk, now=NOW, reason=Entry.Reason.WITHDRAWN)

    assert "甲实训基地" not in text(client, HEADS)
    assert "dg-evn" in text(client, f"{HEADS}{entry.public_id}/")


def test_what_was_known_on_a_day_is_for_the_office(client: Client, cast: Cast, rule: Accreditations) -> None:
    accredited(rule, cast, "甲实训基地")

    outside = text(client, f"{HEADS}?known_on=2022-06-01&as_of=2022-12-31")
    inside = text(cast.client_of("auditor"), f"{HEADS}?known_on=2022-06-01&as_of=2022-12-31")

    assert "甲实训基地" in outside
    assert "甲实训基地" not in inside


def test_the_list_costs_the_same_with_one_body_and_three(client: Client, cast: Cast, rule: Accreditations) -> None:
    costs = []
    for number in range(3):
        accredited(rule, cast, f"基地{number}")
        text(client, HEADS)
        with CaptureQueriesContext(connection) as queries:
            text(client, HEADS)
        costs.append(len(queries))

    assert costs[0] == costs[2]
    assert costs[0] <= 8
