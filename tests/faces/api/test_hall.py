"""Craftsmen and studios by the API: no more than the pages show."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from denggao.systems.craftsmen.hall.models import Part, Profile
from tests.systems.craftsmen.hall.scene import a_page, more_craftsmen, shown_by_hand
from tests.systems.craftsmen.studios.facts import a_studio

pytestmark = pytest.mark.django_db


def test_a_visitor_reads_whoever_shows_a_page(cast, now) -> None:
    profile = a_page(cast, now)
    craftsman = profile.craftsman
    more_craftsmen(cast, now, "沈默", first=craftsman)  # no page

    listed = Client().get("/api/v1/craftsmen").json()
    one = Client().get(f"/api/v1/craftsmen/{craftsman.public_id}").json()

    assert (listed["count"], [item["name"] for item in listed["items"]]) == (1, ["周启明"])
    assert one["certificate"]["number"] == craftsman.certificate.number
    assert one["certificate"]["standing"] == "valid"
    assert one["lineage"] == {"learners": 0, "raised": 0, "further": 0}
    assert Client().get(one["page"]).status_code == 200


def test_what_was_not_agreed_to_is_not_told(cast, now) -> None:
    profile = a_page(cast, now, parts=[Part.NAME])
    Profile.objects.filter(pk=profile.pk).update(motto="精益求精", story="从学徒做起。")

    one = Client().get(f"/api/v1/craftsmen/{profile.craftsman.public_id}").json()

    assert (one["motto"], one["story"], one["works"], one["numbers"], one["lineage"]) == ("", [], [], [], None)


@pytest.mark.parametrize(("asked", "count"), [("", 2), ("?plan=elsewhere", 0), ("?industry=none", 0), ("?limit=1", 2)])
def test_the_list_is_narrowed(asked, count, cast, now) -> None:
    profile = a_page(cast, now)
    for other in more_craftsmen(cast, now, "江一帆", first=profile.craftsman):
        shown_by_hand(other, now)

    assert Client().get(f"/api/v1/craftsmen{asked}").json()["count"] == count


def test_a_page_that_is_not_shown_is_not_there(cast, now) -> None:
    profile = a_page(cast, now, shown=False)

    assert Client().get(f"/api/v1/craftsmen/{profile.craftsman.public_id}").status_code == 404
    assert Client().get(f"/api/v1/craftsmen/{uuid.uuid4()}").status_code == 404


def test_a_visitor_reads_studios(cast) -> None:
    studio = a_studio(cast)

    listed = Client().get("/api/v1/studios?state=named").json()
    one = Client().get(f"/api/v1/studios/{studio.public_id}").json()

    assert (listed["count"], listed["items"][0]["leader"]) == (1, "周启明")
    assert (one["plaque"]["number"], one["numbers"]["projects"]) == (studio.plaque.number, 0)
    assert Client().get("/api/v1/studios?state=unnamed").json()["count"] == 0
    assert Client().get("/api/v1/studios?state=lost").status_code == 422


@pytest.mark.parametrize("state", ["revoked"])
def test_a_revoked_leader_is_masked(state, cast) -> None:
    studio = a_studio(cast)
    type(studio.leader).objects.filter(pk=studio.leader_id).update(state=state, ended_on="2023-01-01")

    assert Client().get(f"/api/v1/studios/{studio.public_id}").json()["leader"] == "周**"


def test_lists_ask_a_constant_number_of_queries(cast, now, django_assert_max_num_queries) -> None:
    profile = a_page(cast, now)
    for other in more_craftsmen(cast, now, "江一帆", "许星野", first=profile.craftsman):
        shown_by_hand(other, now)

    with django_assert_max_num_queries(4):
        assert Client().get("/api/v1/craftsmen").json()["count"] == 3
