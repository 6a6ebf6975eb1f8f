"""Pages of a day of interviews: the screen shows masked names alone, who is heard sees nothing of the others."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from denggao.engines.reviews.interviews.actions import call_next
from tests.engines.reviews.interviews.hearing import a_day
from tests.facts import NOW

pytestmark = pytest.mark.django_db


def test_the_screen_shows_no_name_but_masked_ones(cast):
    day = a_day(cast)
    call_next(day, actor=cast.clerk, now=NOW)

    page = cast.client_of("clerk").get(reverse("interviews:board", args=[day.public_id])).content.decode()

    assert "候*1" in page
    assert "候选0" not in page


def test_who_is_heard_sees_the_own_turn_and_nothing_of_the_others(cast):
    day = a_day(cast, users=[cast.user("other_hr"), cast.user("hr")])

    page = cast.client_of("hr").get(reverse("interviews:mine_day", args=[day.public_id])).content.decode()

    assert "候选02" in page
    assert "候选01" not in page
    assert "候选03" not in page


def test_the_order_asks_the_same_for_one_and_three(cast):
    counts = []
    for number in (1, 3):
        address = reverse("interviews:day", args=[a_day(cast, number).public_id])
        client = cast.client_of("clerk")
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_day_is_run_by_pressing_buttons(cast):
    day = a_day(cast, 1)
    client = cast.client_of("clerk")
    slot = day.slots.get()

    for name, args in (("next", []), ("begin", [slot.public_id]), ("end", [slot.public_id]), ("close", [])):
        assert client.post(reverse(f"interviews:{name}", args=[day.public_id, *args])).status_code == 302
    day.refresh_from_db()
    assert day.state == "closed"
