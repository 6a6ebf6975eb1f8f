"""A learner's pages: what is on top, how a unit's state is explained, that no page asks more of the database for more units."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from denggao.engines.hours.models import Sitting
from denggao.foundation.files.models import StoredFile
from denggao.foundation.media.models import Conversion
from denggao.systems.university.learning.actions import talking
from denggao.systems.university.learning.models import CheckAttempt, Enrolment, Note, Submission, Thread, UnitDate
from denggao.systems.university.models import Unit, UnitFile
from denggao.systems.university.policies import UNIT_FILE
from tests.cast import Cast
from tests.facts import a_person
from tests.systems.university.learning.facts import KINDS, a_class, a_course, a_run, again, enrolled, key_of, sat, teacher


def asked(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def english(client: Client) -> Client:
    client.cookies["dg_language"] = "en"
    return client


def test_home_and_course_put_the_next_step_on_top(cast: Cast, now: dt.datetime) -> None:
    run, mine = a_class(cast, now, "video", "reading", "check", "assignment", "practical", "live")
    client = english(cast.client_of("worker"))
    sat(mine, key_of(run, "video"), 90, cast.worker, now, parts=[(0, 82)], length=100)
    UnitDate.objects.create(run=run, unit_key=key_of(run, "check"), opens_at=dt.datetime(2099, 1, 1, tzinfo=dt.UTC))

    home, course = text(client.get("/learn/")), text(client.get(f"/learn/{mine.public_id}/"))

    assert "video 0" in home
    assert "Go on" in home
    assert "Played 82% of the 90% it asks for." in course
    assert "Opens on 2099-01-01 08:00." in course
    assert "0 / 6 · 0%" in course


def test_every_kind_of_unit_is_shown_and_its_acts_work(cast: Cast, now: dt.datetime) -> None:
    run, mine = a_class(cast, now, *KINDS)
    client = english(cast.client_of("worker"))
    for kind in KINDS:
        answer = client.get(f"/learn/{mine.public_id}/{key_of(run, kind)}/")
        assert answer.status_code == 200, kind
        assert f"{kind} " in answer.content.decode()

    check = f"/learn/{mine.public_id}/{key_of(run, 'check')}/"
    wrong = client.post(f"{check}check/", {"q-q1": "b"}, follow=True)
    assert wrong.redirect_chain[0][0].startswith(check)
    assert "Look at the drawing again." in wrong.content.decode()
    assert client.post(f"{check}check/", {}).status_code == 422
    assert CheckAttempt.objects.count() == 1

    work = f"/learn/{mine.public_id}/{key_of(run, 'assignment')}/"
    assert client.post(f"{work}hand-in/", {"text": ""}).status_code == 422
    assert client.post(f"{work}hand-in/", {"text": "<script>alert(1)</script>"}).status_code == 302
    shown = client.get(work).content.decode()
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert" not in shown
    assert Submission.objects.get().state == "handed_in"

    assert "live.example" in client.post(f"/learn/{mine.public_id}/{key_of(run, 'live')}/join/").content.decode()
    reading = f"/learn/{mine.public_id}/{key_of(run, 'reading')}/"
    assert client.post(f"{reading}read/").status_code == 302
    assert again(mine).done == 1

    started = client.post(f"{reading}start/", {"device": "a" * 32}).json()
    assert started["beat"] == "/-/beat/"
    assert client.post(f"{reading}notes/", {"text": "Mind the Z axis.", "second": "252"}).status_code == 302
    part = client.post(f"{reading}notes/", {"text": "Two"}, headers={"hx-request": "true"})
    assert "04:12" in part.content.decode()
    assert client.post(f"{reading}notes/", {"text": " "}, headers={"hx-request": "true"}).status_code == 422
    note = Note.objects.first()
    assert note is not None
    assert client.post(f"{reading}notes/{note.public_id}/", {"act": "delete"}).status_code == 302
    assert Note.objects.count() == 1
    assert client.post(f"{reading}ask/", {"title": "Why Z?"}).status_code == 302
    thread = Thread.objects.get()
    page = client.get(f"/learn/questions/{thread.public_id}/")
    assert "Why Z?" in page.content.decode()
    assert client.get(f"/learn/{mine.public_id}/questions/?q=Z").status_code == 200


def test_a_films_length_is_what_making_it_ready_found(cast: Cast, now: dt.datetime) -> None:
    """Nobody who hands a film in says how long it is."""
    run, mine = a_class(cast, now, "video")
    unit = Unit.objects.get(version=run.version)
    film = StoredFile.objects.create(
        kind=UNIT_FILE, name="a.mp4", content_type="video/mp4", size=1, sha256="0" * 64, path="a", stored_by="t", stored_at=now
    )
    UnitFile.objects.create(unit=unit, file=film, role="main", path="files/a.mp4")
    client = english(cast.client_of("worker"))
    conversion = Conversion.objects.create(source=film, kind="video", asked_by="t", asked_at=now)

    def started() -> Sitting:
        assert client.post(f"/learn/{mine.public_id}/{unit.key}/start/", {"device": "a" * 32}).status_code == 200
        return Sitting.objects.get(ended_at=None)

    assert started().length_seconds is None
    assert "Begin" not in text(client.get("/learn/"))
    assert "Go on" in text(client.get("/learn/"))
    Conversion.objects.filter(pk=conversion.pk).update(state="done", ended_at=now, facts={"seconds": 100.0})
    assert started().length_seconds == 100
    Conversion.objects.filter(pk=conversion.pk).update(state="skipped", message="No ffmpeg here.", facts={})
    assert started().length_seconds == unit.minutes * 60

    Conversion.objects.filter(pk=conversion.pk).update(state="done", message="", facts={"seconds": 100.0})
    Sitting.objects.filter(ended_at=None).update(ended_at=now, end_reason="closed")
    sat(mine, unit.key, 95, cast.worker, now, parts=[(0, 95)], length=100)
    assert again(mine).state == "finished"
    seen = client.get(f"/learn/{mine.public_id}/{unit.key}/")
    assert (seen.context["resume"], seen.context["resume_text"]) == (0, "")


def test_what_is_not_mine_is_not_there(cast: Cast, now: dt.datetime) -> None:
    run, mine = a_class(cast, now, "reading")
    other = enrolled(run, a_person("别人"), now)
    key = key_of(run, "reading")
    thread = talking.ask(run, "Secret question", "", actor=cast.worker, now=now)
    note = talking.write_note(mine, key, "Secret note", actor=cast.worker, now=now)
    worker, hr = cast.client_of("worker"), cast.client_of("hr")

    for client, address in (
        (worker, f"/learn/{other.public_id}/"),
        (worker, f"/learn/{other.public_id}/{key}/"),
        (hr, f"/learn/{mine.public_id}/"),
        (hr, f"/learn/questions/{thread.public_id}/"),
    ):
        assert client.get(address).status_code == 404, address
    assert hr.post(f"/learn/{mine.public_id}/{key}/notes/{note.public_id}/", {"act": "delete"}).status_code == 404
    assert worker.get(f"/learn/{mine.public_id}/{mine.public_id}/").status_code == 404
    assert Client().get("/learn/").status_code == 302
    Enrolment.objects.filter(pk=mine.pk).update(state="left", ended_at=now)
    assert worker.get(f"/learn/{mine.public_id}/{key}/").status_code == 404
    assert worker.get(f"/learn/{mine.public_id}/").status_code == 200


@pytest.mark.parametrize("page", ["course", "unit", "home"])
def test_more_units_and_courses_ask_no_more_queries(cast: Cast, now: dt.datetime, page: str) -> None:
    client = cast.client_of("worker")
    run, mine = a_class(cast, now, "reading", "practical", "live", "video")
    big = a_run(a_course(run.school, now, *["reading", "practical", "live", "video"] * 5, code="big"), now)

    def address(of: Enrolment) -> str:
        return {
            "course": f"/learn/{of.public_id}/",
            "unit": f"/learn/{of.public_id}/{key_of(of.run, 'reading')}/",
            "home": "/learn/",
        }[page]

    few = asked(client, address(mine))
    theirs = enrolled(big, cast.worker_person, now)
    for place in range(3):
        talking.ask(run, f"Q {place}", "", unit_key=key_of(run, "reading"), actor=cast.worker, now=now)
        talking.write_note(mine, key_of(run, "reading"), "n", actor=cast.worker, now=now)
        sat(theirs, key_of(big, "reading"), 60, cast.worker, now + dt.timedelta(hours=place))

    assert asked(client, address(theirs)) <= few + (1 if page == "unit" else 0)
    assert asked(client, address(mine)) <= few + (1 if page == "unit" else 0)
    assert teacher(cast)
