"""The chair's pages: nothing before the scores are open, everything after; visits, rubrics, rankings and the subject's panel."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from denggao.engines.reviews.actions.closing import close_panel
from denggao.engines.reviews.actions.conflicts import declare_conflict, pin_conflict
from denggao.engines.reviews.models import Panel, RubricVersion, SiteVisit, VisitPhoto
from denggao.engines.reviews.panels import panel_for
from tests.engines.reviews.scene import NOW, a_panel, a_rubric, actor_of, an_expert
from tests.engines.reviews.test_rubric_file import SHIPPED, SMALL
from tests.engines.reviews.test_sheet_pages import browser_of, in_english

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


@pytest.fixture
def scene(cast):
    return a_panel(cast, experts=2)


@pytest.fixture
def chair(cast) -> Client:
    return in_english(cast.client_of("reviewer"))


def results(scene, more: str = "") -> str:
    return f"/reviews/panels/{scene.panel.public_id}/results/{more}"


def test_nothing_of_the_scores_is_given_away_before_they_open(cast, scene, chair):
    scene.save(0, "7.5", "2", "密封的评语")
    before = chair.get(results(scene)).content.decode()
    scene.hand_in(0, "9.5", "2")

    page = chair.get(results(scene)).content.decode()
    for secret in ("9.5", "11.5", "7.5", "密封的评语", "有据可查"):
        assert secret not in before + page
    assert chair.get(results(scene, "?export=csv")).headers["Content-Type"].startswith("text/html")
    for part in ("clerk", "administrator", "auditor", "approver"):
        assert "11.5" not in cast.client_of(part).get(results(scene)).content.decode()
    shown = panel_for(cast.reviewer, "test", scene.panel.subject_id)
    assert shown is not None
    assert [judge.total for judge in shown.context["review"]["judges"]] == [None, None]


def test_open_scores_are_shown_exported_and_closed(cast, scene, chair):
    scene.hand_in(0, "9.5")
    scene.hand_in(1, "3.5")

    page = chair.get(results(scene))
    text = page.content.decode()
    assert page.context["results"].tally.result == 7.5
    assert scene.experts[0].person.name in text
    book = openpyxl.load_workbook(io.BytesIO(chair.get(results(scene, "?export=xlsx")).content))
    assert [cell.value for cell in book.active[2]][2:] == [9.5, 3.5, 6.5]
    done = chair.post(results(scene, "close/"), {"reason": ""}, follow=True)
    assert "closed with its result" in done.content.decode()
    assert Panel.objects.get().result == 7.5
    again = chair.post(results(scene, "close/"), {"reason": ""})
    assert again.status_code == 422
    assert "closed" in again.content.decode()


def test_closing_too_early_says_what_is_missing(scene, chair):
    scene.hand_in(0)

    answer = chair.post(results(scene, "close/"), {"reason": "急"})
    assert answer.status_code == 422
    assert "1 expert has not handed in yet" in answer.content.decode()


def test_fewer_scores_are_opened_with_a_reason(cast, chair):
    scene = a_panel(cast, experts=1, seats=2)
    scene.hand_in(0)

    assert chair.post(results(scene, "open/"), {"reason": ""}).status_code == 422
    assert chair.post(results(scene, "open/"), {"reason": "人手不足"}).status_code == 302
    assert chair.get(results(scene)).context["results"] is not None


def test_scores_of_a_closed_review_are_set_aside(cast, scene, chair):
    scene.hand_in(0, "9")
    scene.hand_in(1, "5")
    address = results(scene, f"{scene.seat(0).public_id}/set-aside/")
    assert chair.get(address).status_code == 404
    close_panel(scene.panel, actor=cast.reviewer, now=NOW)
    assert chair.get(address).status_code == 200
    assert chair.post(address, {"reason": ""}).status_code == 422
    assert chair.post(address, {"reason": "查实曾任职"}).status_code == 302
    assert Panel.objects.get().result == 6
    assert chair.post(address, {"reason": "再来"}).status_code == 404


def test_the_results_read_the_same_for_one_expert_and_for_three(cast, chair):
    one, three = a_panel(cast, experts=1), a_panel(cast, experts=3)
    for scene in (one, three):
        for at in range(len(scene.experts)):
            scene.hand_in(at, "8", "1")
    chair.get(results(one))

    assert queries_of(chair, results(one)) == queries_of(chair, results(three)) <= 34


def queries_of(client: Client, address: str) -> int:
    """How many; the frame's own counts, which other rooms add to, are among them."""
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_the_subjects_panel_shows_scores_and_recusals(cast):
    scene = a_panel(cast, experts=3)
    for at in range(3):
        scene.hand_in(at, "8")
    pin_conflict(scene.panel, scene.experts[2], reason="因", actor=cast.reviewer, now=NOW)

    shown = panel_for(cast.reviewer, "test", scene.panel.subject_id)
    assert shown is not None
    review = shown.context["review"]
    assert [(judge.total, judge.recused) for judge in review["judges"]] == [(9, False), (9, False), (None, True)]
    assert review["tally"].result == 9
    for outsider in (cast.hr, cast.base_manager, cast.visitor, actor_of(scene.experts[0]), actor_of(scene.experts[2])):
        assert panel_for(outsider, "test", scene.panel.subject_id) is None


def test_a_conflicted_officer_sees_no_results(cast, scene, chair):
    scene.hand_in(0)
    scene.hand_in(1)
    officer = an_expert("周审", user=cast.user("reviewer"))
    pin_conflict(scene.panel, officer, reason="近亲", actor=cast.clerk, now=NOW)

    assert chair.get(results(scene)).status_code == 404
    assert chair.post(results(scene, "close/"), {}).status_code == 404
    assert panel_for(cast.reviewer, "test", scene.panel.subject_id) is None


def test_a_visit_is_planned_recorded_and_photographed_on_a_phone(cast, scene):
    mine = browser_of(scene.experts[0])
    new = f"/reviews/panels/{scene.panel.public_id}/visits/new/"
    assert mine.post(new, {"on": "2022-10-10", "place": "滴水湖畔1号", "longitude": "121.93"}).status_code == 422
    made = mine.post(new, {"on": "2022-10-10", "place": "滴水湖畔1号", "longitude": "121.93", "latitude": "30.9"})
    visit = SiteVisit.objects.get()
    assert made.headers["Location"] == f"/reviews/visits/{visit.public_id}/"
    page = f"/reviews/visits/{visit.public_id}/"
    filled = {"on": "2022-10-10", "place": "滴水湖畔1号", "findings": "设备齐全", "experts": [scene.experts[0].pk]}
    assert mine.post(f"{page}record/", {**filled, "experts": [an_expert().pk]}).status_code == 422
    assert mine.post(f"{page}record/", filled).status_code == 302
    assert mine.post(f"{page}record/", filled).status_code == 422, "a correction needs its reason"
    empty = mine.post(f"{page}photos/", {"file": SimpleUploadedFile("空.png", b"")})
    wrong = mine.post(f"{page}photos/", {"file": SimpleUploadedFile("程序.png", b"MZ" + b"\x00" * 64)})
    assert (empty.status_code, wrong.status_code) == (422, 422)
    assert mine.post(f"{page}photos/", {"file": SimpleUploadedFile("现场.png", PNG), "caption": "车床区"}).status_code == 302
    assert "车床区" in mine.get(page).content.decode()
    photo = VisitPhoto.objects.get()
    assert mine.post(f"{page}photos/{photo.public_id}/remove/").status_code == 302
    assert mine.post(f"{page}photos/{photo.public_id}/remove/").status_code == 404
    declare_conflict(scene.seat(0), reason="近亲", actor=actor_of(scene.experts[0]), now=NOW)
    for more in ("", "record/", "call-off/"):
        assert mine.get(f"{page}{more}").status_code == 404


def test_rubrics_are_loaded_read_and_reweighed(cast):
    clerk, expert = cast.client_of("clerk"), browser_of(an_expert())
    bad = SimpleUploadedFile("bad.yaml", SMALL.replace("total: 12", "total: 13").encode())
    refused = clerk.post("/reviews/rubrics/new/", {"file": bad})
    assert refused.status_code == 422
    assert refused.context["faults"]
    loaded = clerk.post("/reviews/rubrics/new/", {"file": SimpleUploadedFile("b.yaml", SHIPPED.read_bytes())})
    assert loaded.headers["Location"] == "/reviews/rubrics/base-city-105/1/"
    assert "Social responsibility" in expert.get("/reviews/rubrics/base-city-105/1/").content.decode()
    address = "/reviews/rubrics/base-city-105/1/weights/"
    form = {f"weight-{one.code}": "1" for one in RubricVersion.objects.get().criteria.all()}
    assert expert.get(address).status_code == 404
    assert clerk.post(address, {**form, "weight-training": "-1", "reason": "因"}).status_code == 422
    assert clerk.post(address, {**form, "weight-training": "abc", "reason": "因"}).status_code == 422
    made = clerk.post(address, {**form, "weight-training": "1.2", "reason": "侧重培训"})
    assert made.headers["Location"] == "/reviews/rubrics/base-city-105/2/"
    assert "侧重培训" in clerk.get("/reviews/rubrics/base-city-105/2/").content.decode()


def test_a_list_of_rubrics_reads_the_same_for_one_and_for_three(cast):
    clerk = cast.client_of("clerk")
    a_rubric()
    clerk.get("/reviews/rubrics/")
    before = queries_of(clerk, "/reviews/rubrics/")
    for code in ("two", "three"):
        a_rubric(SMALL.replace("code: small", f"code: {code}"))

    assert queries_of(clerk, "/reviews/rubrics/") == before <= 13
