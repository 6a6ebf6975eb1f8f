"""Rules, open data and the pages that explain."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from tests.cast import Cast
from tests.faces.board.region import raised, region, take_part

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/rules/", "/open-data/", "/privacy/", "/accessibility/", "/help/", "/verify/"])
def test_public_pages_are_there_without_a_plan(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200
    assert client.get(f"{address}?lang=en").status_code == 200


def test_the_rules_are_told_in_words_with_the_plans_own_numbers(client: Client, cast: Cast) -> None:
    region(cast.employer, cast.other_employer)

    page = client.get("/rules/").content.decode()

    assert 'id="upgrades"' in page
    assert "first_raise" in page
    assert "2020年1月1日 – 2022年12月31日" in page
    assert "表格申报" in page


def test_open_data_are_the_public_board_with_its_gaps(client: Client, cast: Cast) -> None:
    plan = region(cast.employer, cast.other_employer, mine=20, others=30)
    raised(take_part(plan, cast.base, "ai"), 3, issued="2022-04-01", level="2")

    rows = list(csv.DictReader(io.StringIO(client.get("/open-data/lingang-2020.csv").content.decode("utf-8-sig"))))
    document = client.get("/open-data/lingang-2020.json").json()

    counts = {(row["dimension"], row["value"]): row["count"] for row in rows}
    assert counts["total", ""] == "53"
    assert counts["level", "2"] == ""
    assert document["goals"]["upgrades"]["count"] == 53
    assert {cell["value"]: cell["count"] for cell in document["goals"]["upgrades"]["by_level"]}["2"] is None
    assert "3" not in counts.values()


def test_open_data_of_no_plan_are_not_there(client: Client) -> None:
    assert client.get("/open-data/nowhere.json").status_code == 404
