"""Pages of a meeting: constant queries, what a recused member does not see, the minutes as a document."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from denggao.engines.reviews.meetings.actions.recusing import set_recusal
from denggao.engines.reviews.meetings.actions.voting import call_item
from tests.cast import browser_of
from tests.engines.reviews.meetings.jury import NOW, a_candidate, a_jury

pytestmark = pytest.mark.django_db


def test_the_page_of_the_day_asks_the_same_for_one_and_three(cast):
    counts = []
    for number in (2, 4):
        jury = a_jury(cast, members=number, candidates=[a_candidate(f"候选{at}", at) for at in range(1, number)]).open()
        jury.voted(0, number)
        client = cast.client_of("clerk")
        client.get(reverse("meetings:meeting", args=[jury.meeting.public_id]))
        with CaptureQueriesContext(connection) as queries:
            response = client.get(reverse("meetings:meeting", args=[jury.meeting.public_id]))
        assert response.status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_members_page_asks_the_same_for_one_and_three(cast):
    counts = []
    for number in (1, 3):
        jury = a_jury(cast, members=3, candidates=[a_candidate(f"候选{at}", at) for at in range(number)]).open()
        jury.voted(0, 3)
        user = jury.members[1].expert.person.account
        client = browser_of(user, ["password"])
        client.get(reverse("meetings:seat", args=[jury.meeting.public_id]))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("meetings:seat", args=[jury.meeting.public_id])).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_member_votes_on_the_phone_and_a_recused_one_finds_no_file(cast):
    jury = a_jury(cast).open()
    item = call_item(jury.item(), actor=cast.clerk, now=NOW)
    client = browser_of(jury.members[1].expert.person.account, ["password"])
    page = reverse("meetings:file", args=[jury.meeting.public_id, item.public_id])
    assert client.get(page).status_code == 200

    voted = client.post(reverse("meetings:vote", args=[jury.meeting.public_id, item.public_id]), {"choice": "against"})
    assert voted.status_code == 302
    assert item.ballots.get().votes.get().choice == "against"
    set_recusal(jury.members[1], item, reason="师徒", actor=cast.clerk, now=NOW)

    assert client.get(page).status_code == 404
    assert (
        client.post(reverse("meetings:vote", args=[jury.meeting.public_id, item.public_id]), {"choice": "for"}).status_code == 404
    )


def test_a_refusal_stands_above_the_page(cast):
    jury = a_jury(cast, members=3)
    jury.here(0)

    response = cast.client_of("clerk").post(reverse("meetings:open", args=[jury.meeting.public_id]))

    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()


def test_the_minutes_are_a_document_of_the_same_bytes(cast):
    jury = a_jury(cast).open()
    jury.voted(0, 2, 1)
    client = cast.client_of("reviewer")
    address = reverse("meetings:pdf", args=[jury.meeting.public_id])
    assert client.get(address).content.startswith(b"%PDF")
    jury.close()

    first, second = client.get(address), client.get(address)

    assert first["Content-Type"] == "application/pdf"
    assert first.content == second.content


def test_what_a_page_asks_for_every_few_seconds_comes_without_the_rest(cast):
    jury = a_jury(cast).open()
    call_item(jury.item(), actor=cast.clerk, now=NOW)
    clerk, member = cast.client_of("clerk"), browser_of(jury.members[1].expert.person.account, ["password"])
    day, seat = (reverse(f"meetings:{name}", args=[jury.meeting.public_id]) for name in ("meeting", "seat"))

    for client, path, part in ((clerk, day, "meet-counters"), (clerk, day, "meet-vote"), (member, seat, "now")):
        shown = client.get(path, headers={"HX-Request": "true", "HX-Target": part}).content.decode()
        whole = client.get(path).content.decode()

        assert shown.lstrip().startswith("<")
        assert f'id="{part}"' in shown[:200]
        assert "<html" not in shown
        assert "<html" in whole
        assert f'id="{part}"' in whole


def test_a_poll_after_the_end_gets_the_whole_page(cast):
    jury = a_jury(cast).open()
    jury.voted(0, 3)
    jury.close()

    path = reverse("meetings:meeting", args=[jury.meeting.public_id])
    shown = cast.client_of("clerk").get(path, headers={"HX-Request": "true", "HX-Target": "meet-counters"})

    assert shown.status_code == 200
    assert "<html" in shown.content.decode()


def test_the_candidates_of_the_day_are_found_by_name_group_and_vote(cast):
    named = [a_candidate(f"候选{at:02d}", at, group="bio" if at > 25 else "ai") for at in range(1, 41)]
    jury = a_jury(cast, candidates=named).open()
    call_item(jury.item(34), actor=cast.clerk, now=NOW)
    client, address = cast.client_of("clerk"), reverse("meetings:meeting", args=[jury.meeting.public_id])

    def lines(asked: str) -> set[int]:
        page = client.get(f"{address}?{asked}").content.decode()
        shown = page[page.index('<ol class="dg-meet-l">') : page.index("</ol>")]
        return {at for at in range(1, 41) if f"候选{at:02d}" in shown}

    assert lines("") == set(range(26, 41)), "the page of the one on the table"
    assert lines("page=1") == set(range(1, 26))
    assert lines("group=bio") == set(range(26, 41))
    assert lines("q=选07") == {7}
    jury.voted(0, 3)
    assert lines("stands=left&page=1") == set(range(2, 27))
    assert lines("stands=passing") == {1}
    assert lines("stands=dropped") == set()
    voter = browser_of(jury.members[1].expert.person.account, ["password"])
    own = reverse("meetings:seat", args=[jury.meeting.public_id])
    assert "候选01" in voter.get(f"{own}?stands=done").content.decode()
    assert "候选02" not in voter.get(f"{own}?stands=done").content.decode().split("<h2")[-1]


def test_the_office_notes_who_comes_and_leaves_from_the_list_of_the_room(cast):
    jury = a_jury(cast).open()
    client, address = cast.client_of("clerk"), reverse("meetings:meeting", args=[jury.meeting.public_id])
    leave = reverse("meetings:leave", args=[jury.meeting.public_id, jury.members[1].public_id])
    arrive = reverse("meetings:arrive", args=[jury.meeting.public_id, jury.members[1].public_id])
    assert f'formaction="{leave}"' in client.get(address).content.decode()

    assert client.post(leave).status_code == 302

    assert f'formaction="{arrive}"' in client.get(address).content.decode()
