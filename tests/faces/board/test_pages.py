"""From the plan's numbers down to one head's evidence, and who gets how far."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from denggao.engines.credentials.models import Credential
from denggao.engines.ledger.models import Entry
from denggao.foundation.people.models import Person
from tests.cast import Cast
from tests.faces.board.region import count, entry_of, raised, region, take_part
from tests.facts import NOW, a_plan

pytestmark = pytest.mark.django_db
GOAL = "/board/lingang-2020/upgrades/"
HEADS = f"{GOAL}heads/"


def text(client: Client, address: str, status: int = 200, **more: str) -> str:
    response = client.get(address, **more)
    assert response.status_code == status
    return response.content.decode()


def body(client: Client, address: str) -> str:
    """The page between its frame's edges."""
    return text(client, address).partition("<main")[2].partition("</main>")[0]


def test_without_a_plan_the_board_says_what_to_do_first(client: Client) -> None:
    assert "还没有载入计划" in text(client, "/")


def test_without_heads_the_board_stands_with_its_targets(client: Client) -> None:
    a_plan()

    page = text(client, "/")

    assert "还没有人得到证实" in page
    assert "目标 100" in page


def test_the_board_shows_the_numbers_and_nobodys_name(client: Client, cast: Cast) -> None:
    region(cast.employer, cast.other_employer)

    page = text(client, "/")

    assert ">13<" in page
    assert "陈" not in page
    assert body(client, "/board/lingang-2020/") == body(client, "/")


@pytest.mark.parametrize("amount", [1, 3])
def test_a_warm_public_page_costs_the_same_few_queries(
    client: Client, cast: Cast, amount: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    region(cast.employer, cast.other_employer, mine=amount * 5, others=amount * 6)
    for address, queries in (("/", 2), ("/board/lingang-2020/", 2), (GOAL, 2), ("/board/lingang-2020/screen/", 3)):
        text(client, address)
        with django_assert_num_queries(queries):
            text(client, address)


def test_numbers_under_five_are_not_in_the_public_page(client: Client, cast: Cast) -> None:
    plan = region(cast.employer, cast.other_employer, mine=20, others=30)
    raised(take_part(plan, cast.base, "ai"), 3, issued="2022-04-01", level="2")

    page = text(client, GOAL)

    assert "不公开" in page
    assert ">3</" not in page
    assert 'data-new="3"' not in page


def test_a_day_that_was_not_released_shows_the_newest(client: Client, cast: Cast) -> None:
    region(cast.employer, cast.other_employer)

    assert body(client, f"{GOAL}?as_of=2021-06-15") == body(client, GOAL)


def test_an_unknown_plan_or_goal_is_not_there(client: Client) -> None:
    a_plan()

    for address in ("/board/nowhere/", "/board/lingang-2020/nothing/", "/board/nowhere/screen/"):
        text(client, address, 404)


@pytest.mark.parametrize("part", ["visitor", "worker", "base_manager"])
def test_single_heads_are_behind_a_gate_that_says_who_can_open_it(cast: Cast, part: str) -> None:
    region(cast.employer, cast.other_employer)

    page = text(cast.client_of(part), HEADS, 403)

    assert "逐人明细不公开" in page
    assert "陈*" not in page


def test_the_office_sees_every_head_masked(cast: Cast) -> None:
    region(cast.employer, cast.other_employer)

    page = text(cast.client_of("clerk"), HEADS)

    assert page.count("陈*") == 12
    assert page.count("欧阳**") == 14
    assert "陈晨" not in page
    assert "明强" not in page


def test_hr_sees_its_own_people_alone(cast: Cast) -> None:
    region(cast.employer, cast.other_employer)

    mine, theirs = text(cast.client_of("hr"), HEADS), text(cast.client_of("other_hr"), HEADS)

    assert "陈*" in mine
    assert "欧阳" not in mine
    assert cast.other_employer.name_zh not in mine
    assert "陈*" not in theirs


@pytest.mark.parametrize(
    ("filters", "heads"),
    [
        ("industry=ic", 6),
        ("industry=other", 0),
        ("level=3", 7),
        ("proof=confirmed", 0),
        ("since=2022-01-01", 7),
        ("until=2021-12-31", 6),
        ("q=望潮", 7),
        ("q=陈晨", 6),
        ("as_of=2021-12-31", 6),
        ("known_on=2022-10-09", 0),
        ("level=nonsense", 13),
    ],
)
def test_heads_are_filtered_by_the_address(cast: Cast, filters: str, heads: int) -> None:
    region(cast.employer, cast.other_employer)

    assert f">{heads}</b>" in text(cast.client_of("clerk"), f"{HEADS}?{filters}")


@pytest.mark.parametrize("amount", [1, 3])
def test_a_list_of_heads_costs_the_same_queries(cast: Cast, amount: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    region(cast.employer, cast.other_employer, mine=amount, others=amount)
    client = cast.client_of("auditor")
    text(client, f"{HEADS}?level=4")

    with django_assert_num_queries(9):
        text(client, f"{HEADS}?level=4")


def test_an_export_holds_just_what_is_shown(cast: Cast) -> None:
    region(cast.employer, cast.other_employer)

    response = cast.client_of("clerk").get(f"{HEADS}?industry=ic&export=xlsx")

    rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))
    assert len(rows) == 7
    assert {row[0] for row in rows[1:]} == {"陈*"}
    assert {row[-1] for row in rows[1:]} == {
        str(key) for key in Entry.objects.filter(employer=cast.employer).values_list("public_id", flat=True)
    }


def test_a_number_of_the_office_opens_on_its_heads(cast: Cast) -> None:
    region(cast.employer, cast.other_employer)

    page = text(cast.client_of("clerk"), GOAL)

    assert f"{HEADS}?industry=ic" in page
    assert f"{HEADS}?level=3" in page
    assert HEADS not in text(cast.client_of("visitor"), GOAL)


def test_one_head_opens_down_to_its_record(cast: Cast) -> None:
    region(cast.employer, cast.other_employer)
    address = f"{HEADS}{entry_of(cast.employer).public_id}/"

    page = text(cast.client_of("clerk"), address)

    assert "陈* · 四级" in page
    assert "计数账与审计封印" in page
    assert "不成立" not in page


def test_the_drawer_is_the_chain_without_the_frame(cast: Cast) -> None:
    region(cast.employer, cast.other_employer)
    address = f"{HEADS}{entry_of(cast.employer).public_id}/"

    part = text(cast.client_of("clerk"), address, headers={"HX-Request": "true", "HX-Target": "drawer"})  # type: ignore[arg-type]  # Django's headers

    assert "<html" not in part
    assert "dg-chain" in part


def test_a_head_that_changed_says_that_its_chain_is_broken(cast: Cast) -> None:
    region(cast.employer, cast.other_employer)
    entry = entry_of(cast.employer)
    Credential.objects.filter(public_id=entry.evidence_id).update(issued_on=dt.date(2021, 6, 2))

    page = text(cast.client_of("auditor"), f"{HEADS}{entry.public_id}/")

    assert "证据链不完整" in page


@pytest.mark.parametrize(
    ("part", "status"), [("other_hr", 404), ("worker", 404), ("visitor", 302), ("hr", 200), ("authority", 200)]
)
def test_evidence_of_another_body_does_not_exist(cast: Cast, part: str, status: int) -> None:
    region(cast.employer, cast.other_employer)
    address = f"{HEADS}{entry_of(cast.employer).public_id}/"

    response = cast.client_of(part).get(address)

    assert response.status_code == status
    assert "陈*" not in response.content.decode() or status == 200


def test_the_office_reads_why_a_past_day_differs_today(cast: Cast) -> None:
    region(cast.employer, cast.other_employer)
    Credential.objects.filter(public_id=entry_of(cast.employer).evidence_id).update(
        status="withdrawn", withdrawn_at=NOW, withdrawn_reason="forged"
    )
    count(*Person.objects.filter(name="陈晨"), now=NOW + dt.timedelta(days=5), reason=Entry.Reason.WITHDRAWN)
    cache.clear()

    page = text(cast.client_of("clerk"), f"{GOAL}?as_of=2022-10-10&known_on=2022-10-10")

    assert (
        "按 2022年10月10日 所知，截至 2022年10月10日 是 <b>13</b>；按今天所知，同一日期是 <b>12</b>，原因：证书撤销，冲回 1 人。"
        in page
    )


def test_the_public_cannot_ask_what_was_known(client: Client, cast: Cast) -> None:
    region(cast.employer, cast.other_employer)

    assert body(client, f"{GOAL}?known_on=2022-01-01") == body(client, GOAL)


def test_the_big_screen_names_nobody_and_says_when_data_were_proven(client: Client, cast: Cast) -> None:
    region(cast.employer, cast.other_employer)

    page = text(client, "/board/lingang-2020/screen/")

    assert "2022-10-10 10:00" in page
    assert "陈" not in page
