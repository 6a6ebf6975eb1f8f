"""Whose hours a page shows to whom; that it asks no more for more; and what its forms do."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from denggao.engines.hours.actions import Missing, ask_fix, beat, receive_beats
from denggao.engines.hours.models import Finding, Fix, HourEntry, Sitting
from denggao.engines.hours.policies import FIX_FILE
from denggao.engines.hours.rules import Beat
from denggao.foundation.files.actions import store_file
from tests.cast import Cast, browser_of
from tests.engines.hours.learning import ENROLMENT, MINUTE, UNIT, learner, learns, sit


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path, HTTP_ACCEPT_LANGUAGE="en")
    assert response.status_code == status, path
    return response.content.decode()


def asked(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


@pytest.fixture
def own(cast: Cast, clock) -> Client:
    client = cast.client_of("worker")
    client.cookies["dg_language"] = "en"
    return client


def test_the_own_page_explains_every_hour_and_nobody_elses(cast, clock, own):
    sitting = learns(cast.worker_person, cast.worker, clock - 60 * MINUTE, 45, organisation=cast.base)
    other, other_actor = learner("别人")
    others = learns(other, other_actor, clock - 60 * MINUTE, 20)

    page = text(own, "/hours/")

    assert "45 min" in page
    assert "加工中心操作 2" in page
    assert f"/hours/sittings/{sitting.public_id}/" in page
    assert "20 min" not in page
    assert "proved by the page" in page
    assert own.get(f"/hours/{cast.worker_person.public_id}/")["Location"] == "/hours/"
    assert "45 min" in text(own, f"/hours/sittings/{sitting.public_id}/")
    text(own, f"/hours/sittings/{others.public_id}/", 404)
    text(own, f"/hours/{other.public_id}/", 404)
    assert (
        "belongs to no learner" in text(cast.client_of("hr"), "/hours/") or cast.client_of("hr").get("/hours/").status_code == 200
    )
    # The school sees what was earned there; another employer nothing.
    text(cast.client_of("other_hr"), f"/hours/{cast.worker_person.public_id}/", 404)


def test_what_is_being_learned_now_is_in_the_sum_before_it_is_entered(cast, clock, own):
    _sitting, token = sit(cast, clock - 30 * MINUTE)
    for n in range(1, 28):
        beat(token, Beat(n, active=True, acts=n % 5 + 1), clock + (n - 30) * MINUTE)

    page = text(own, "/hours/")

    assert "27 min" in page
    assert "Being counted now" in page
    assert "counting since" in page
    assert not HourEntry.objects.exists()


def test_filters_weeks_and_the_export_follow_the_address(cast, clock, own):
    learns(cast.worker_person, cast.worker, clock - 60 * MINUTE, 30)
    learns(cast.worker_person, cast.worker, clock - 8 * 24 * 60 * MINUTE, 12, activity=(UNIT[0], UNIT[1]))

    assert "12 min" not in text(own, f"/hours/?day={clock.date()}").split('id="why"')[1].split("dg-stack-l")[0]
    assert "Nothing fits" in text(own, "/hours/?kind=practical")
    assert "30 min" in text(own, f"/hours/?context=test_enrolment:{ENROLMENT[1]}")
    for odd in ("?context=x", "?context=test_enrolment:1", "?week=yesterday", "?week=9999-01-01", "?day=31.2.2022", "?page=77"):
        text(own, f"/hours/{odd}")
    table = own.get("/hours/?export=csv").content.decode("utf-8-sig")
    assert table.count("\r\n") == 3
    assert "周**" in table
    assert "周小登" not in table


def test_pages_ask_no_more_for_more(cast, clock, own):
    clerk = cast.client_of("clerk")
    learns(cast.worker_person, cast.worker, clock - 30 * 60 * MINUTE, 30, steady=True)
    paths = ["/hours/", f"/hours/{cast.worker_person.public_id}/", "/hours/findings/", "/hours/corrections/"]
    paper = store_file("a.pdf", b"%PDF-1.4\n%%EOF\n", kind=FIX_FILE, actor=cast.clerk, now=clock)

    def correct() -> None:
        missing = Missing(ENROLMENT, "practical", clock.date(), 60)
        ask_fix(cast.worker_person, missing, reason="r", file=paper, actor=cast.clerk, now=clock)

    correct()
    once = [asked(own if path == "/hours/" else clerk, path) for path in paths]
    for back in (1, 2):
        person, actor = learner(f"学员{back}")
        learns(person, actor, clock - 20 * 60 * MINUTE, 30, steady=True)
        learns(cast.worker_person, cast.worker, clock - back * 120 * MINUTE, 20, context=("test_enrolment", UNIT[1]))
        correct()

    assert [asked(own if path == "/hours/" else clerk, path) for path in paths] == once


def test_a_finding_is_settled_on_its_pages(cast, clock):
    learns(cast.worker_person, cast.worker, clock - 60 * MINUTE, 30, steady=True)
    finding = Finding.objects.get()
    base, clerk, reviewer = f"/hours/findings/{finding.public_id}/", cast.client_of("clerk"), cast.client_of("reviewer")

    assert "周小登" not in text(clerk, "/hours/findings/") + text(clerk, base)
    assert clerk.post(base + "propose/", {"reason": ""}).status_code == 422
    assert clerk.post(base + "propose/", {"reason": "Even signs."}).status_code == 302
    assert clerk.post(base + "confirm/").status_code == 403
    assert reviewer.post(base + "recall/", {"reason": "Look again."}).status_code == 302
    assert clerk.post(base + "propose/", {"reason": "Even signs."}).status_code == 302
    assert reviewer.post(base + "confirm/", {"reason": ""}).status_code == 302
    assert reviewer.post(base + "clear/", {"reason": "no"}).status_code == 422
    assert Sitting.objects.get().voided_at is not None
    assert "Even signs." in text(cast.client_of("worker"), "/hours/")
    exported = clerk.get("/hours/findings/?export=csv").content.decode("utf-8-sig")
    assert "周**" in exported
    assert "周小登" not in exported


def test_a_correction_is_asked_for_with_a_paper_and_answered(cast, clock):
    learns(cast.worker_person, cast.worker, clock - 60 * MINUTE, 30)
    entry = HourEntry.objects.get()
    clerk, reviewer, worker = cast.client_of("clerk"), cast.client_of("reviewer"), cast.client_of("worker")
    ask = f"/hours/{cast.worker_person.public_id}/correct/"
    facts = {
        "context": f"{ENROLMENT[0]}:{ENROLMENT[1]}",
        "kind": "classroom",
        "day": clock.date(),
        "minutes": 90,
        "reason": "<script>x",
    }

    def paper() -> SimpleUploadedFile:
        return SimpleUploadedFile("签到.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")

    assert clerk.post(ask, facts).status_code == 422
    assert clerk.post(ask, facts | {"file": SimpleUploadedFile("a.pdf", b"no pdf at all")}).status_code == 422
    assert clerk.post(ask, facts | {"file": paper(), "minutes": 5000}).status_code == 422
    assert clerk.post(ask, facts | {"file": paper()}).status_code == 302
    assert clerk.post(f"{ask}?entry={entry.public_id}", {"reason": "Nobody there.", "file": paper()}).status_code == 302
    text(clerk, f"{ask}?entry=no", 404)
    add, remove = Fix.objects.order_by("act")

    page = text(worker, f"/hours/corrections/{add.public_id}/")
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
    assert reviewer.post(f"/hours/corrections/{add.public_id}/answer/", {"answer": "no", "reason": ""}).status_code == 422
    assert reviewer.post(f"/hours/corrections/{add.public_id}/answer/", {"answer": "yes"}).status_code == 302
    assert clerk.post(f"/hours/corrections/{remove.public_id}/answer/", {"answer": "yes"}).status_code == 403
    assert reviewer.post(f"/hours/corrections/{remove.public_id}/answer/", {"answer": "yes"}).status_code == 302
    assert sum(HourEntry.objects.values_list("seconds", flat=True)) == 5400
    # The paper: whom it concerns reads it, and that is recorded; nobody else.
    assert worker.post(f"/files/{add.file.public_id}/", {"purpose": "Mine."}).status_code == 200
    other = browser_of(learner("外人")[1].holder, ["password"])
    assert other.post(f"/files/{add.file.public_id}/", {"purpose": "x"}).status_code == 404


def test_a_lost_line_the_queue_comes_after_the_sweeper(cast, clock, own):
    from denggao.engines.hours.actions import sweep_sittings
    from denggao.foundation.audit.actors import system

    started = clock - 60 * MINUTE
    sitting, token = sit(cast, started)
    beat(token, Beat(1, active=True), started + MINUTE)
    assert sweep_sittings(actor=system("test"), now=started + 10 * MINUTE) == 0
    assert sweep_sittings(actor=system("test"), now=started + 20 * MINUTE) == 1

    queue = [Beat(n, active=True, span_ms=60_000) for n in range(2, 32)]
    answer = receive_beats(token, queue, started + 35 * MINUTE, leaves=True)

    sitting.refresh_from_db()
    assert (answer.state, sitting.seconds, sitting.end_reason) == ("counting", 31 * 60 + 2, "closed")
    assert sum(HourEntry.objects.values_list("seconds", flat=True)) == sitting.seconds
    # Nobody there: the sweeper ends it as idle.
    _sitting, token = sit(cast, clock)
    for n in range(1, 25):
        beat(token, Beat(n, active=n == 1), clock + n * MINUTE)
    assert sweep_sittings(actor=system("test"), now=clock + 24 * MINUTE + MINUTE) == 1
    assert Sitting.objects.order_by("-pk")[0].end_reason == "idle"
