"""Uploads in pieces: broken off, out of order, twice at once, and never two contents in one place."""

import datetime as dt
import hashlib
import json
import os

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone, translation

from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.models import Record
from denggao.foundation.files import incoming, pieces, policies
from denggao.foundation.files.actions import FileNotTaken, FileTooLarge
from denggao.foundation.files.cipher import FileUnreadable
from denggao.foundation.files.forms import Handed
from denggao.foundation.files.models import StoredFile, Upload, UploadPiece
from denggao.foundation.files.queries import open_file
from denggao.foundation.jobs.models import Job
from denggao.foundation.jobs.work import drain

pytestmark = pytest.mark.django_db
FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + os.urandom(300_000)
PIECE = 128 * 1024


@pytest.fixture(autouse=True)
def _kinds(monkeypatch, cast):
    monkeypatch.setattr(pieces, "PIECE", PIECE)
    monkeypatch.setattr(incoming, "_KINDS", {})
    hr = cast.hr.id
    incoming.register_upload(incoming.UploadKind("test.film", "film", ("mp4",), lambda actor: actor.id == hr, limit=1_000_000))
    monkeypatch.setattr(policies, "_POLICIES", {})


def offered(data=FILM, **said):
    return pieces.Offer(**{"kind": "test.film", "name": "车削.mp4", "size": len(data), **said})


def cut(data=FILM):
    return [data[at : at + PIECE] for at in range(0, len(data), PIECE)]


def arrived(upload, data, now, numbers=None):
    for number, plain in enumerate(cut(data)):
        if numbers is None or number in numbers:
            pieces.keep_piece(upload, number, plain, sha256=hashlib.sha256(plain).hexdigest(), now=now)


def test_pieces_in_any_order_make_the_file_encrypted_as_others_are(cast, now):
    upload, fresh = pieces.begin_upload(offered(sha256=hashlib.sha256(FILM).hexdigest()), actor=cast.hr, now=now)
    assert fresh
    arrived(upload, FILM, now, {2})
    arrived(upload, FILM, now, {0})
    assert pieces.missing_pieces(upload) == [1]
    with pytest.raises(pieces.Incomplete):
        pieces.finish_upload(upload, actor=cast.hr, now=now)
    arrived(upload, FILM, now, {1})

    stored = pieces.finish_upload(upload, actor=cast.hr, now=now)

    with open_file(stored) as opened:
        assert opened.read() == FILM
    assert (stored.public_id, stored.kind, stored.content_type, stored.size) == (
        upload.public_id,
        "test.film",
        "video/mp4",
        len(FILM),
    )
    with default_storage.open(stored.path) as raw:
        assert FILM[1000:1100] not in raw.read()
    assert pieces.path_of(upload).stat().st_mode & 0o077 == 0
    assert not UploadPiece.objects.exists()
    assert pieces.finish_upload(Upload.objects.get(), actor=cast.hr, now=now) == stored == StoredFile.objects.get()
    codes = set(Record.objects.values_list("action", flat=True))
    assert codes == {"files.upload.begin", "files.upload.finish", "files.file.store"}
    assert StoredFile.objects.get().sha256 == hashlib.sha256(FILM).hexdigest()


@pytest.mark.parametrize("size", [1, 65_536, 131_072, 131_073, 262_144])
def test_every_size_comes_out_as_it_went_in(cast, now, size):
    data = FILM[:size] if size > 20 else b"x"
    incoming.register_upload(incoming.UploadKind("test.any", "any", (), lambda actor: True))
    upload, _fresh = pieces.begin_upload(offered(data, kind="test.any"), actor=cast.hr, now=now)

    arrived(upload, data, now)

    with open_file(pieces.finish_upload(upload, actor=cast.hr, now=now)) as opened:
        assert opened.read() == data


def test_a_broken_off_upload_goes_on_where_it_was(cast, now):
    begun, _fresh = pieces.begin_upload(offered(fingerprint="车削|300024|1"), actor=cast.hr, now=now)
    arrived(begun, FILM, now, {0})

    later = now + dt.timedelta(days=6)
    again, fresh = pieces.begin_upload(offered(fingerprint="车削|300024|1"), actor=cast.hr, now=later)

    assert (again, fresh) == (begun, False)
    assert pieces.missing_pieces(again) == [1, 2]
    arrived(again, FILM, later)
    assert pieces.finish_upload(again, actor=cast.hr, now=later).size == len(FILM)


def test_a_place_never_sees_two_contents(cast, now):
    upload, _fresh = pieces.begin_upload(offered(), actor=cast.hr, now=now)
    first = cut()[0]
    pieces.keep_piece(upload, 0, first, now=now)
    before = pieces.path_of(upload).read_bytes()

    pieces.keep_piece(upload, 0, first, now=now)
    with pytest.raises(pieces.FileChanged):
        pieces.keep_piece(upload, 0, first[:-1] + b"!", now=now)

    assert pieces.path_of(upload).read_bytes() == before
    # Also when the process died between the word and the writing.
    UploadPiece.objects.create(upload=upload, number=1, sha256="0" * 64)
    with pytest.raises(pieces.FileChanged):
        pieces.keep_piece(upload, 1, cut()[1], now=now)


def test_a_piece_that_is_not_what_it_says_is_refused(cast, now):
    upload, _fresh = pieces.begin_upload(offered(), actor=cast.hr, now=now)

    for number, plain, said in ((1, cut()[1], "0" * 64), (1, cut()[1][:-1], ""), (3, b"x", ""), (-1, b"", ""), (2, cut()[1], "")):
        with pytest.raises(pieces.PieceDamaged):
            pieces.keep_piece(upload, number, plain, sha256=said, now=now)

    assert not UploadPiece.objects.exists()


def test_a_film_that_is_none_is_refused_with_its_first_piece(cast, now, django_capture_on_commit_callbacks):
    data = b"MZ\x90\x00" + bytes(200_000)
    upload, _fresh = pieces.begin_upload(offered(data), actor=cast.hr, now=now)

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(FileNotTaken):
        pieces.keep_piece(upload, 0, cut(data)[0], now=now)

    upload.refresh_from_db()
    assert upload.state == Upload.State.FAILED
    assert ".mp4" in upload.error
    assert not pieces.path_of(upload).exists()
    assert not StoredFile.objects.exists()
    with pytest.raises(pieces.UploadRefused, match="mp4"):
        pieces.keep_piece(upload, 1, cut(data)[1], now=now)


def test_an_ending_that_lies_and_an_announcement_that_lies_end_the_upload(cast, now):
    named, _fresh = pieces.begin_upload(offered(name="film.pdf"), actor=cast.hr, now=now)
    arrived(named, FILM, now)
    with pytest.raises(FileNotTaken, match="pdf"):
        pieces.finish_upload(named, actor=cast.hr, now=now)

    announced, _fresh = pieces.begin_upload(offered(sha256="0" * 64), actor=cast.hr, now=now)
    arrived(announced, FILM, now)
    with pytest.raises(pieces.FileChanged):
        pieces.finish_upload(announced, actor=cast.hr, now=now)

    assert set(Upload.objects.values_list("state", flat=True)) == {"failed"}


def test_who_may_not_begins_nothing_and_sees_nothing(cast, now):
    for part in ("other_hr", "worker", "clerk", "visitor"):
        with pytest.raises(NotAllowed):
            pieces.begin_upload(offered(), actor=getattr(cast, part), now=now)
    upload, _fresh = pieces.begin_upload(offered(fingerprint="x"), actor=cast.hr, now=now)
    arrived(upload, FILM, now)

    with pytest.raises(NotAllowed):
        pieces.drop_upload(upload, actor=cast.other_hr, now=now)
    incoming.register_upload(incoming.UploadKind("test.film", "film", ("mp4",), lambda actor: True))
    with pytest.raises(pieces.UploadRefused):
        pieces.receive(Handed(upload=upload.public_id), kind="test.film", actor=cast.other_hr, now=now)
    client = cast.client_of("other_hr")
    for page in (reverse("files:upload", args=[upload.public_id]),):
        answer = client.get(page)
        assert answer.status_code == 404
        assert "车削" not in answer.content.decode()


def test_too_much_is_refused_before_a_byte_is_sent(cast, now, monkeypatch):
    with pytest.raises(FileTooLarge):
        pieces.begin_upload(offered(size=1_000_001), actor=cast.hr, now=now)
    with pytest.raises(pieces.UploadRefused):
        pieces.begin_upload(offered(size=0), actor=cast.hr, now=now)
    with pytest.raises(pieces.UploadRefused):
        pieces.begin_upload(offered(kind="test.unknown"), actor=cast.hr, now=now)
    monkeypatch.setattr(pieces, "OPEN_BYTES", len(FILM) + 10)
    pieces.begin_upload(offered(), actor=cast.hr, now=now)
    with translation.override("en"), pytest.raises(pieces.NoRoom, match="unfinished"):
        pieces.begin_upload(offered(), actor=cast.hr, now=now)
    monkeypatch.setattr(pieces, "OPEN_BYTES", 10 * len(FILM))
    monkeypatch.setattr(pieces, "free_bytes", lambda: pieces.DISK_RESERVE + 2 * len(FILM) - 1)
    with translation.override("en"), pytest.raises(pieces.NoRoom, match="room"):
        pieces.begin_upload(offered(), actor=cast.hr, now=now)

    assert Upload.objects.count() == 1


def test_a_full_disk_keeps_what_has_arrived(cast, now, monkeypatch):
    upload, _fresh = pieces.begin_upload(offered(), actor=cast.hr, now=now)
    arrived(upload, FILM, now, {0})
    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", lambda *_given: (_ for _ in ()).throw(OSError(28, "full")))
        with pytest.raises(pieces.NoRoom):
            arrived(upload, FILM, now, {1})

    assert pieces.missing_pieces(upload) == [1, 2]
    arrived(upload, FILM, now)
    assert pieces.finish_upload(upload, actor=cast.hr, now=now).size == len(FILM)


def test_what_nobody_went_on_with_is_given_up(cast, now, django_capture_on_commit_callbacks):
    stale, _fresh = pieces.begin_upload(offered(), actor=cast.hr, now=now - pieces.KEPT_FOR)
    kept, _fresh = pieces.begin_upload(offered(), actor=cast.hr, now=now)
    orphan = pieces.path_of(Upload(public_id=stale.public_id)).with_name("0" * 32)
    orphan.write_bytes(b"x")
    os.utime(orphan, (0, 0))

    with django_capture_on_commit_callbacks(execute=True):
        gone = pieces.sweep_uploads(now=now)

    stale.refresh_from_db()
    assert (gone, stale.state) == (2, "dropped")
    assert [path.exists() for path in (pieces.path_of(stale), orphan, pieces.path_of(kept))] == [False, False, True]
    with pytest.raises(pieces.UploadRefused):
        pieces.keep_piece(stale, 0, cut()[0], now=now)


def test_bytes_changed_on_the_disk_are_not_passed_off_as_the_file(cast, now):
    upload, _fresh = pieces.begin_upload(offered(), actor=cast.hr, now=now)
    arrived(upload, FILM, now)
    path = pieces.path_of(upload)
    raw = bytearray(path.read_bytes())
    raw[200_000] ^= 1
    path.write_bytes(raw)

    with pytest.raises(FileUnreadable):
        pieces.finish_upload(upload, actor=cast.hr, now=now)


def test_a_browser_sends_pieces_and_is_told_what_is_missing(cast):
    client = cast.client_of("hr")
    said = {"kind": "test.film", "name": "车削.mp4", "size": len(FILM), "fingerprint": "f"}

    def post(url, body=None):
        return client.post(url, json.dumps(body or {}), content_type="application/json")

    begun = post(reverse("files:begin"), said)
    there = begun.json()
    assert (begun.status_code, there["pieces"], there["missing"]) == (201, 3, [[0, 2]])
    for number, plain in enumerate(cut()):
        if number != 1:
            answer = client.put(f"{there['url']}{number}/", plain, content_type="application/octet-stream")
            assert answer.status_code == 200
    damaged = client.put(
        f"{there['url']}1/", cut()[1], content_type="application/octet-stream", headers={"X-Piece-SHA256": "0" * 64}
    )
    assert (damaged.status_code, damaged.json()["again"]) == (422, True)
    assert post(f"{there['url']}finish/").status_code == 409
    again = post(reverse("files:begin"), said)
    assert (again.status_code, again.json()["missing"], again.json()["id"]) == (200, [[1, 1]], there["id"])
    client.put(f"{there['url']}1/", cut()[1], content_type="application/octet-stream")

    finished = post(f"{there['url']}finish/").json()

    assert finished["file"]["sha256"] == hashlib.sha256(FILM).hexdigest()
    assert b"".join(client.get(finished["file"]["url"]).streaming_content) == FILM
    assert client.get(there["url"]).json()["file"]["id"] == there["id"]
    for wrong in ("{", "[]", '{"kind": "test.film"}', '{"kind":"test.film","name":"a","size":"x"}'):
        assert client.post(reverse("files:begin"), wrong, content_type="application/json").status_code == 400
    unknown = post(reverse("files:begin"), said | {"kind": "<script>"})
    assert unknown.status_code == 409
    dropped = post(reverse("files:begin"), said | {"fingerprint": "g"}).json()
    assert post(f"{dropped['url']}drop/").json() == {"state": "dropped"}
    assert client.put(f"{dropped['url']}0/", cut()[0], content_type="application/octet-stream").status_code == 409


def test_a_large_file_is_looked_through_by_the_worker(cast, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(pieces, "AT_ONCE", len(FILM) - 1)
    client = cast.client_of("hr")
    good, _fresh = pieces.begin_upload(offered(), actor=cast.hr, now=now)
    wrong, _fresh = pieces.begin_upload(offered(sha256="0" * 64, fingerprint="w"), actor=cast.hr, now=now)
    address = {upload: reverse("files:upload", args=[upload.public_id]) for upload in (good, wrong)}
    assert client.post(f"{address[good]}finish/").status_code == 409
    for upload in (good, wrong):
        arrived(upload, FILM, now)
        assert [client.post(f"{address[upload]}finish/").status_code for _ in range(2)] == [202, 202]
    assert client.get(address[good]).json()["state"] == "open"
    assert not StoredFile.objects.exists()
    assert Job.objects.filter(code="files.finish_upload").count() == 2

    drain()

    told = client.get(address[good]).json()
    assert (told["state"], told["file"]["sha256"]) == ("complete", hashlib.sha256(FILM).hexdigest())
    assert StoredFile.objects.get().stored_by == cast.hr.id
    refused = client.get(address[wrong]).json()
    assert refused["state"] == "failed"
    assert refused["error"]
    assert client.post(f"{address[good]}finish/").json()["file"] == told["file"]
