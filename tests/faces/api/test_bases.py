"""Bases by the API: what everybody sees, bodies only."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from tests.facts import a_plan
from tests.systems.bases.facts import a_base, covers

pytestmark = pytest.mark.django_db


def test_a_visitor_reads_the_list_and_a_base(cast) -> None:
    plan = a_plan()
    base = a_base(plan, cast.base, trains="")
    covers(base, "车工", "5", "4")
    a_base(plan, cast.employer, "旧基地", state="exited", ended_on="2022-01-01", trains="")

    listed = Client().get("/api/v1/bases?state=accredited").json()
    one = Client().get(f"/api/v1/bases/{base.public_id}").json()

    assert (listed["count"], listed["items"][0]["name"]["zh"]) == (1, base.name_zh)
    assert [(line["occupation"]["zh"], line["level"]) for line in one["covers"]] == [("车工", "5"), ("车工", "4")]
    assert one["plaque"] is None
    assert (one["longitude"], one["latitude"]) == (121.9, 30.9)


@pytest.mark.parametrize(("asked", "count"), [("", 2), ("?industry=ai", 1), ("?plan=elsewhere", 0), ("?limit=1", 2)])
def test_the_list_is_narrowed(asked, count, cast) -> None:
    plan = a_plan()
    a_base(plan, cast.base, trains="")
    a_base(plan, cast.employer, "智能基地", industry="ai", trains="")

    assert Client().get(f"/api/v1/bases{asked}").json()["count"] == count


def test_what_is_no_base_is_not_there() -> None:
    assert Client().get(f"/api/v1/bases/{uuid.uuid4()}").status_code == 404
    assert Client().get("/api/v1/bases/nothing").status_code in {404, 422}
    assert Client().get("/api/v1/bases?state=lost").status_code == 422
