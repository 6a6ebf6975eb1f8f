"""A large file in an application: sent in pieces, broken off and gone on with, named in the draft, played by who reads it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os

import pytest
from django import forms

from denggao.engines.cases import actions
from denggao.engines.cases.actions.arriving import begin_large, give_up_large
from denggao.engines.cases.arriving import faults_of, unfinished
from denggao.engines.cases.fields import FilesField
from denggao.engines.cases.models import Arriving, Attachment, Case, Draft
from denggao.engines.cases.procedures import CaseForm, Section, registered
from denggao.engines.cases.refusals import AnswersIncomplete, CaseRefused, StageMoved
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.models import Record
from denggao.foundation.files import pieces
from denggao.foundation.files.actions import FileNotTaken, FileTooLarge
from denggao.foundation.files.models import StoredFile, Upload
from tests.engines.cases.procedures import SHORT, a_round

PIECE = 64 * 1024
FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + os.urandom(300_000)


class FilmForm(forms.Form):
    name = forms.CharField(label="Name")
    film = FilesField(label="Film", in_pieces=True, taken=("mp4",), most=1, required=False)


FILMS = dataclasses.replace(SHORT, code="trial_films", forms={1: CaseForm(1, (Section("work", "The work", FilmForm),))})


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", PIECE)
    with registered(FILMS):
        yield


@pytest.fixture
def draft(cast, now) -> Case:
    case = actions.open_case(a_round(cast, now, procedure="trial_films"), body=cast.base, actor=cast.base_manager, now=now)
    actions.save_draft(case, section="work", answers={"name": "绝技"}, base_revision=0, actor=cast.base_manager, now=now)
    return case


def offered(data: bytes = FILM, name: str = "绝技.mp4") -> pieces.Offer:
    return pieces.Offer("whatever", name, len(data), fingerprint=f"{name}|{len(data)}")


def begun(case: Case, actor, now, offer: pieces.Offer | None = None) -> Upload:
    asked = FilmForm.base_fields["film"]
    return begin_large(case, offer or offered(), section="work", field="film", asked=asked, actor=actor, now=now)[0]


def send(upload: Upload, now, data: bytes = FILM, *, but: int | None = None) -> None:
    for number, at in enumerate(range(0, len(data), PIECE)):
        if number != but:
            pieces.keep_piece(upload, number, data[at : at + PIECE], now=now)


def test_arrived_it_is_an_answer_by_itself_and_is_submitted(cast, now, draft):
    upload = begun(draft, cast.base_manager, now)
    send(upload, now)

    stored = pieces.finish_upload(upload, actor=cast.base_manager, now=now)

    assert Draft.objects.get(case=draft).answers["film"] == [str(stored.public_id)]
    attachment = Attachment.objects.get(case=draft)
    assert (attachment.file, attachment.field, attachment.added_by) == (stored, "film", cast.base_manager.id)
    assert not Arriving.objects.exists()
    assert Record.objects.filter(action="cases.file.attach", actor_id=cast.base_manager.id).exists()
    actions.submit_case(draft, actor=cast.base_manager, now=now)
    assert draft.snapshots.get().files[0]["sha256"] == hashlib.sha256(FILM).hexdigest()


def test_broken_off_it_is_named_and_goes_on_when_chosen_again(cast, now, draft):
    upload = begun(draft, cast.base_manager, now)
    send(upload, now, but=2)
    (one,) = unfinished(draft, cast.base_manager)
    assert "绝技.mp4" in one.sentence
    assert "80" in one.sentence
    with pytest.raises(AnswersIncomplete) as incomplete:
        actions.submit_case(draft, actor=cast.base_manager, now=now)
    assert incomplete.value.faults[0][:2] == ("work", "film")

    again = begun(draft, cast.base_manager, now)
    assert again == upload
    pieces.keep_piece(again, 2, FILM[2 * PIECE : 3 * PIECE], now=now)
    pieces.finish_upload(again, actor=cast.base_manager, now=now)

    assert actions.submit_case(draft, actor=cast.base_manager, now=now).stage == "check"


def test_given_up_it_hinders_nobody(cast, now, draft):
    upload = begun(draft, cast.base_manager, now)
    send(upload, now, but=2)

    give_up_large(draft, Arriving.objects.get(), actor=cast.base_manager, now=now)

    upload.refresh_from_db()
    assert upload.state == "dropped"
    assert actions.submit_case(draft, actor=cast.base_manager, now=now).stage == "check"


def test_the_same_film_for_another_application_is_another_upload(cast, now, draft):
    other = actions.open_case(a_round(cast, now, procedure="trial_films"), body=cast.base, actor=cast.base_manager, now=now)

    assert begun(draft, cast.base_manager, now) != begun(other, cast.base_manager, now)
    assert faults_of(unfinished(other)) == faults_of(unfinished(draft))


def test_what_is_not_taken_is_said_before_or_after(cast, now, draft):
    with pytest.raises(FileNotTaken):
        begun(draft, cast.base_manager, now, offered(name="绝技.exe"))
    with pytest.raises(FileTooLarge):
        begun(draft, cast.base_manager, now, dataclasses.replace(offered(), size=3 * 1024**3))
    with pytest.raises(NotAllowed):
        begun(draft, cast.hr, now)
    webm = b"\x1a\x45\xdf\xa3" + b"\x42\x82\x84webm" + os.urandom(70_000)
    upload = begun(draft, cast.base_manager, now, offered(webm))
    send(upload, now, webm)
    with pytest.raises(FileNotTaken):
        pieces.finish_upload(upload, actor=cast.base_manager, now=now)

    (one,) = unfinished(draft, cast.base_manager)
    assert not one.blocks
    assert ".webm" in one.sentence
    assert not Attachment.objects.exists()


def test_once_handed_in_nothing_is_begun_or_taken(cast, now, draft):
    actions.submit_case(draft, actor=cast.base_manager, now=now)

    with pytest.raises(StageMoved):
        begun(draft, cast.base_manager, now)


def test_a_field_of_small_files_takes_none_in_pieces(cast, now, draft):
    with pytest.raises(CaseRefused):
        begin_large(draft, offered(), section="work", field="film", asked=FilesField(), actor=cast.base_manager, now=now)


def test_the_page_sends_names_and_gives_up(cast, now, draft):
    client = cast.client_of("base_manager")
    address = f"{draft.link}edit/work/"
    begin = {"kind": "x", "name": "绝技.mp4", "size": len(FILM), "fingerprint": "f"}
    page = client.get(address).content.decode()
    assert f'action="{draft.link}edit/work/large/film/"' in page
    assert 'name="film-new"' in page

    answer = client.post(f"{address}large/film/", json.dumps(begin), content_type="application/json")

    assert answer.status_code == 201
    upload = Upload.objects.get()
    assert answer.json()["url"] == f"/files/uploads/{upload.public_id}/"
    assert "绝技.mp4" in client.get(address).content.decode()
    assert "绝技.mp4" in client.get(f"{draft.link}review/").content.decode()
    client.post(address, {"base_revision": "1", "name": "绝技", "give_up": str(upload.public_id)})
    assert not Arriving.objects.exists()
    assert client.post(f"{address}large/name/", json.dumps(begin), content_type="application/json").status_code == 404
    stranger = cast.client_of("hr")
    assert stranger.post(f"{address}large/film/", json.dumps(begin), content_type="application/json").status_code == 404


def test_it_plays_in_parts_for_who_reads_the_file_and_for_nobody_else(cast, now, draft):
    upload = begun(draft, cast.base_manager, now)
    send(upload, now)
    stored = pieces.finish_upload(upload, actor=cast.base_manager, now=now)
    actions.submit_case(draft, actor=cast.base_manager, now=now)
    address = f"/cases/films/{stored.public_id}/"
    owner, clerk, stranger = (cast.client_of(part) for part in ("base_manager", "clerk", "other_hr"))

    assert "<video" in owner.get(address).content.decode()
    part = owner.get(f"{address}stream/", HTTP_RANGE="bytes=10-19")
    assert (part.status_code, b"".join(part.streaming_content)) == (206, FILM[10:20])
    assert address in clerk.get(draft.link).content.decode()
    assert "<video" not in clerk.get(address).content.decode()
    assert clerk.get(f"{address}stream/").status_code == 404
    assert clerk.post(address, {"purpose": "核对绝技视频"}).status_code == 302
    assert clerk.get(f"{address}stream/", HTTP_RANGE="bytes=0-3").status_code == 206
    assert Record.objects.filter(action__contains="read", actor_id=cast.clerk.id).exists()
    for way in (address, f"{address}stream/"):
        assert stranger.get(way).status_code == 404


def test_a_form_without_large_files_asks_nothing(cast, now, django_assert_num_queries):
    case = actions.open_case(a_round(cast, now), body=cast.base, actor=cast.base_manager, now=now)

    with django_assert_num_queries(0):
        assert unfinished(case) == []
    assert not StoredFile.objects.exists()
