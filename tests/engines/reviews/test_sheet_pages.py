"""The expert's pages: the queue, the sheet without and with its script, handing in, what nobody else reads."""

from __future__ import annotations

import json
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from denggao.engines.cases.actions import submit_case
from denggao.engines.cases.procedures import registered
from denggao.engines.reviews.actions.closing import close_panel
from denggao.engines.reviews.actions.conflicts import declare_conflict
from denggao.engines.reviews.models import Assignment, Panel, Score, ScoreChange, ScoreEntry
from denggao.engines.reviews.parties import Parties
from denggao.foundation.organisations.models import Organisation
from tests.cast import BACKEND
from tests.engines.cases.judging import seated
from tests.engines.cases.placing import checked
from tests.engines.cases.procedures import FULL, a_draft, a_round
from tests.engines.reviews.scene import NOW, Scene, a_panel, a_rubric, actor_of, an_expert

pytestmark = pytest.mark.django_db


def browser_of(expert) -> Client:
    client = Client()
    client.force_login(expert.person.account, backend=BACKEND)
    return in_english(client)


def in_english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def scene(cast) -> Scene:
    return a_panel(cast, experts=2)


@pytest.fixture
def mine(scene) -> Client:
    return browser_of(scene.experts[0])


def address(scene: Scene, at: int = 0, more: str = "") -> str:
    return f"/reviews/{scene.seat(at).public_id}/{more}"


def fields(client: Client, scene: Scene, **typed: str) -> dict[str, str]:
    """The sheet's form as the page gives it, with some fields typed over."""
    sheet = client.get(address(scene)).context["sheet"]
    found: dict[str, str] = {}
    for line in sheet.lines:
        found |= {f"points-{line.code}": line.points, f"comment-{line.code}": line.comment, f"mark-{line.code}": line.mark}
    return found | {key.replace("_", "-"): value for key, value in typed.items()}


def send(client: Client, scene: Scene, *entries: dict[str, Any]):
    full = [{"client_id": str(uuid.uuid4()), "age": 0, "points": "", "comment": "", **one} for one in entries]
    return client.post(address(scene, more="entries/"), json.dumps({"entries": full}), content_type="application/json")


def test_who_is_asked_reads_which_bodies_are_concerned(cast):
    scene = a_panel(cast, experts=1, accepted=False)
    parties = Parties.of([cast.employer.pk], nominators=[cast.other_employer.pk])
    Panel.objects.filter(pk=scene.panel.pk).update(parties=parties.as_json())

    shown = browser_of(scene.experts[0]).get(address(scene))

    assert [body.pk for body in shown.context["concerned"]] == sorted(
        [cast.employer.pk, cast.other_employer.pk], key=lambda pk: Organisation.objects.get(pk=pk).name_key
    )
    assert cast.employer.name_en in shown.content.decode()


def test_the_queue_shows_what_is_asked_of_me(cast, scene, mine):
    other = a_panel(cast, experts=1, title_zh="别人的")
    page = mine.get("/reviews/")

    assert "滴水湖基地申报" in page.content.decode()
    assert "别人的" not in page.content.decode()
    assert page.context["waiting"] == 1
    scene.hand_in(0)
    assert mine.get("/reviews/?show=todo").context["listing"].count == 0
    assert mine.get("/reviews/?show=submitted").context["listing"].count == 1
    assert other.experts[0] != scene.experts[0]


def test_the_queue_reads_the_same_for_one_review_and_for_three(cast, scene, mine, django_assert_num_queries):
    mine.get("/reviews/")
    with django_assert_num_queries(QUEUE_QUERIES):
        mine.get("/reviews/")
    for _more in range(2):
        again = a_panel(cast, experts=1)
        Assignment.objects.filter(panel=again.panel).update(expert=scene.experts[0])
    with django_assert_num_queries(QUEUE_QUERIES):
        assert mine.get("/reviews/").context["listing"].count == 3


QUEUE_QUERIES = 11


def test_only_experts_have_a_queue(cast):
    assert cast.client_of("clerk").get("/reviews/").status_code == 403


def test_a_sheet_is_saved_as_one_form_without_a_script(scene, mine):
    form = fields(mine, scene, points_work="7.5", comment_work="一\r\n二")
    page = mine.post(address(scene), form, follow=True)

    assert "Saved" in page.content.decode()
    assert ScoreEntry.objects.get().comment == "一\n二"
    assert ScoreChange.objects.count() == 1, "fields nobody touched are no entries"
    again = mine.post(address(scene), {**form, "then": "submit"})
    assert again.headers["Location"] == address(scene, more="submit/")
    assert ScoreChange.objects.count() == 1, "the same form sent again is no entry either"


def test_a_page_left_open_overwrites_nothing_it_did_not_touch(scene, mine):
    left_open = fields(mine, scene)
    scene.save(0, "9", comment="另一台设备")

    mine.post(address(scene), left_open | {"points-spirit": "1"})

    assert {entry.criterion.code: (entry.points, entry.comment) for entry in ScoreEntry.objects.select_related("criterion")} == {
        "work": (Decimal(9), "另一台设备"), "spirit": (Decimal(1), ""),
    }  # fmt: skip


def test_what_was_typed_comes_back_with_its_fault(scene, mine):
    page = mine.post(address(scene), fields(mine, scene, points_work="11", comment_work="写了很久", points_spirit="1"))

    text = page.content.decode()
    assert page.status_code == 422
    assert "11 is more than there is. Enter 0 to 10." in text
    assert "写了很久" in text
    assert ScoreEntry.objects.get().criterion.code == "spirit"


def test_an_entry_of_the_script_gets_its_receipt(scene, mine):
    sent = {"criterion": "work", "points": "7.5", "client_id": str(uuid.uuid4())}
    answer = send(mine, scene, sent, {"criterion": "spirit", "points": "9"})

    data = answer.json()
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    first, second = data["receipts"]
    assert (first["client_id"], first["stands"], first["fault"]) == (sent["client_id"], True, "")
    assert first["saved"] == data["entries"]["work"]["saved"] != ""
    assert "more than there is" in second["fault"]
    assert (data["total"], data["filled"], data["lacking"]) == ("7.5", 1, 1)
    assert send(mine, scene, sent).json()["receipts"][0]["saved"] == first["saved"]
    assert ScoreChange.objects.count() == 1
    assert mine.get(address(scene, more="entries/")).json()["entries"]["work"]["points"] == "7.5"


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"entries": 3}', '{"entries": [3]}', '{"entries": [{}]}', '{"entries": [{"criterion": "work", "client_id": "x"}]}',
     '{"entries": [{"criterion": "work", "client_id": "00000000-0000-0000-0000-000000000001", "points": 7}]}',
     '{"entries": [{"criterion": "work", "client_id": "00000000-0000-0000-0000-000000000001", "age": "now"}]}',
     '{"entries": [{"criterion": "work", "client_id": "00000000-0000-0000-0000-000000000001", "age": true}]}', "\x00", "[" * 5000],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_a_sentence(scene, mine, body):
    answer = mine.post(address(scene, more="entries/"), body, content_type="application/json")

    assert answer.status_code == 400
    assert "could not be read" in answer.json()["refused"]
    assert not ScoreEntry.objects.exists()


def test_infinite_ages_are_no_trouble(scene, mine):
    body = f'{{"entries": [{{"criterion": "work", "points": "3", "client_id": "{uuid.uuid4()}", "age": 1e400}}]}}'

    assert mine.post(address(scene, more="entries/"), body, content_type="application/json").status_code == 200


def test_a_sheet_that_is_closed_refuses_entries_with_a_sentence(scene, mine):
    scene.hand_in(0)
    answer = send(mine, scene, {"criterion": "work", "points": "1"})

    assert answer.status_code == 409
    assert "handed this sheet in" in answer.json()["refused"]


def test_handing_in_shows_what_is_missing_and_then_takes_the_sheet(scene, mine):
    scene.save(0, "10")
    page = mine.get(address(scene, more="submit/"))
    assert list(page.context["sheet"].lacking) == ["work", "spirit"]
    refused = mine.post(address(scene, more="submit/"), {"revision": page.context["sheet"].revision})
    assert refused.status_code == 422

    scene.save(0, "8", "1", "有据")
    shown = mine.get(address(scene, more="submit/")).context["sheet"].revision
    done = mine.post(address(scene, more="submit/"), {"revision": shown}, follow=True)
    assert "sealed" in done.content.decode()
    assert Score.objects.get().state == "submitted"
    again = mine.post(address(scene, more="submit/"), {"revision": shown}, follow=True)
    assert "You handed this sheet in on" in again.content.decode()


@pytest.mark.parametrize("revision", ["", "0", "-1", "x", "999999999999", "²"])
def test_a_sheet_not_shown_as_it_is_now_is_not_handed_in(scene, mine, revision):
    scene.save(0, "8", "1")

    assert mine.post(address(scene, more="submit/"), {"revision": revision}).status_code == 422
    assert Score.objects.get().state == "draft"


def test_a_late_change_asks_for_its_reason(scene, mine):
    scene.hand_in(0)
    form = fields(mine, scene, points_work="6")
    assert mine.post(address(scene, more="change/"), form).status_code == 422
    done = mine.post(address(scene, more="change/"), {**form, "reason": "看错"}, follow=True)

    assert Score.objects.get().total == 7
    assert "The change is kept" in done.content.decode()
    assert "看错" in mine.get(address(scene, more="history/")).content.decode()


def test_somebody_elses_sheet_does_not_exist(cast, scene, mine):
    scene.save(1, "9", "2", "藏起来的评语")
    readers = [
        mine,
        browser_of(an_expert()),
        *(cast.client_of(part) for part in ("clerk", "reviewer", "administrator", "auditor", "hr")),
    ]
    for reader in readers:
        for more in ("", "entries/", "submit/", "change/", "history/"):
            for method in (reader.get, reader.post) if more != "history/" else (reader.get,):
                answer = method(address(scene, 1, more))
                assert answer.status_code == 404, (more, answer.status_code)
                assert "藏起来的评语" not in answer.content.decode()


def test_a_conflict_hides_the_sheet_at_once(scene, mine):
    scene.save(0, "9", comment="写过的")
    declare_conflict(scene.seat(0), reason="近亲", actor=actor_of(scene.experts[0]), now=NOW)

    for more in ("", "entries/", "submit/", "change/", "history/"):
        assert mine.get(address(scene, 0, more)).status_code == 404
    assert mine.post(address(scene, 0, "entries/"), "{}", content_type="application/json").status_code == 404
    assert "滴水湖基地申报" not in mine.get("/reviews/").content.decode()


def test_before_the_seat_is_taken_nothing_of_the_file_is_shown(cast, monkeypatch):
    from denggao.engines.reviews import registry

    class Subject:
        def file(self, actor, subject_id):
            return ("reviews/others.html", {"secret": "材料"})

    monkeypatch.setitem(registry._subjects, "test", Subject())
    scene = a_panel(cast, experts=1, accepted=False)
    page = browser_of(scene.experts[0]).get(address(scene))

    assert page.context["file"] == ""
    assert "conflict" in page.content.decode()


def test_beside_the_sheet_stands_the_application_as_it_was_submitted(cast, now):
    a_rubric()
    with registered(FULL):
        case = submit_case(a_draft(cast, now, round_=a_round(cast, now, procedure="trial_full")), actor=cast.base_manager, now=now)
        expert, _other = seated(checked(case, cast, now), cast, now)

        page = browser_of(expert).get(f"/reviews/{expert.assignments.get().public_id}/").content.decode()

    beside = page.split('id="file"')[1]
    assert all(text in beside for text in ("滴水湖工坊", case.snapshots.get().content_hash))


def test_experts_see_each_other_only_when_all_are_done_and_never_by_name(scene, mine):
    scene.hand_in(0, "8")
    assert mine.get(address(scene)).context["results"] is None
    scene.hand_in(1, "3")
    page = mine.get(address(scene)).content.decode()

    assert "What all experts gave" in page
    assert scene.experts[1].person.name not in page


def test_older_texts_are_shown_beneath_what_stands(scene, mine):
    scene.save(0, "5", comment="第一稿")
    scene.save(0, "5", comment="另写一稿")

    assert "第一稿" in mine.get(address(scene)).content.decode()


def test_a_closed_review_is_read_and_no_longer_filled_in(cast, scene, mine):
    scene.hand_in(0)
    scene.hand_in(1)
    close_panel(scene.panel, actor=cast.reviewer, now=NOW)

    page = mine.get(address(scene))
    assert page.status_code == 200
    assert "dg-score-sheet" not in page.content.decode()
    assert mine.get(address(scene, more="change/")).status_code == 302
    assert Panel.objects.get().state == "closed"
