"""Real films through the real ffmpeg; and what is said where the machine has none."""

import io
import re

import pytest
from django.urls import reverse
from PIL import Image

from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.models import Record
from denggao.foundation.files import policies as file_policies
from denggao.foundation.files.actions import store_file
from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.queries import open_file
from denggao.foundation.jobs.models import Job
from denggao.foundation.jobs.work import drain
from denggao.foundation.media import actions, papers, programs, rules
from denggao.foundation.media.hooks import media_ready
from denggao.foundation.media.models import Conversion, Output
from denggao.foundation.media.policies import OUTPUT, can_read_output
from denggao.foundation.media.showing import HLS, shown, shown_files
from denggao.foundation.media.signing import signed
from tests.foundation.media.films import film, pdf, sound

pytestmark = pytest.mark.django_db
KIND = "test.media"


@pytest.fixture(autouse=True)
def told(monkeypatch):
    monkeypatch.setattr(file_policies, "_POLICIES", {})
    file_policies.register(KIND, lambda actor, _stored: actor.id.endswith(_READERS.get("id", "-")), personal=False)
    file_policies.register(OUTPUT, can_read_output, personal=False)
    heard = []
    monkeypatch.setattr(media_ready, "_handlers", [lambda conversion, now: heard.append(conversion.state)])
    return heard


_READERS: dict[str, str] = {}


def stored(cast, now, name, data):
    return store_file(name, data, kind=KIND, limit=1 << 40, actor=cast.hr, now=now)


def made(source, kind, cast, now):
    conversion = actions.convert(source, kind=kind, actor=cast.hr, now=now)
    drain(clock=lambda: now)
    conversion.refresh_from_db()
    return conversion


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def status(response) -> int:
    body(response)
    return response.status_code


def test_a_film_becomes_renditions_that_a_player_finds(cast, now, told, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(rules, "FRAGMENT_SECONDS", 1)
    source = stored(cast, now, "车削.mp4", film("1280x720", 3))

    conversion = made(source, "video", cast, now)

    assert (conversion.state, conversion.message, conversion.progress, told) == ("done", "", 100, ["done"])
    assert (conversion.facts["video"], conversion.facts["width"], round(conversion.facts["seconds"])) == ("h264", 1280, 3)
    assert [(o.role, o.facts.get("height")) for o in conversion.outputs.order_by("role", "position")][1:] == [
        ("rendition", 360),
        ("rendition", 720),
    ]
    assert not Job.objects.exists()
    with django_assert_max_num_queries(3):
        seen = shown(source)
    assert [item.type for item in seen.sources] == [HLS, "video/mp4", "video/mp4", "video/mp4"]
    assert [item.height for item in seen.sources] == [0, 720, 360, 0]
    client = cast.client_of("hr")
    poster = Image.open(io.BytesIO(body(client.get(seen.poster))))
    assert poster.format == "JPEG"
    master = client.get(seen.sources[0].url).content.decode()
    own = client.get(re.findall(r"^/media/.*", master, re.MULTILINE)[0]).content.decode()
    place = re.search(r'URI="([^"]+)"', own)[1]
    ranges = [(int(size), int(start)) for size, start in re.findall(r"BYTERANGE:(\d+)@(\d+)", own)]
    assert len(ranges) == 3
    assert sum(float(span) for span in re.findall(r"EXTINF:([\d.]+)", own)) == pytest.approx(3, abs=0.2)
    first = client.get(place, headers={"range": f"bytes={ranges[0][1]}-{ranges[0][1] + ranges[0][0] - 1}"})
    assert (first.status_code, first["Content-Type"], body(first)[4:8]) == (206, "video/mp4", b"moof")
    assert first["Cache-Control"] == "private, max-age=3600"


def test_nobody_else_sees_a_film_or_its_pieces(cast, now):
    source = stored(cast, now, "内部.mp4", film("960x540", 1))
    seen_by_hr = made(source, "video", cast, now) and shown(source)
    hr = cast.client_of("hr")
    own = hr.get(reverse("media:playlist", args=[source.conversions.get().public_id, 0])).content.decode()
    piece = re.search(r'URI="([^"]+)"', own)[1]

    stranger = cast.client_of("worker")
    for url in (seen_by_hr.url, seen_by_hr.poster, piece, *(item.url for item in seen_by_hr.sources)):
        assert stranger.get(url).status_code == 404, url
        assert status(hr.get(url)) == 200, url
    with pytest.raises(NotAllowed):
        actions.convert(source, kind="video", actor=cast.worker, now=now)
    # A signature that ran out asks at the gate: who may read, reads on.
    output = Output.objects.filter(role="rendition").first().file
    old = signed(output.public_id, cast.hr, now)
    assert status(hr.get(reverse("media:piece", args=[output.public_id, old]))) == 200
    assert stranger.get(reverse("media:piece", args=[output.public_id, old])).status_code == 404
    forged = reverse("media:piece", args=[output.public_id, "ffffffffff." + "0" * 32])
    assert stranger.get(forged).status_code == 404
    # The path of signatures opens nothing but what was made here.
    assert stranger.get(reverse("media:piece", args=[source.public_id, old])).status_code == 404


def test_a_light_film_stays_as_it_is_with_a_still_picture(cast, now):
    source = stored(cast, now, "短片.mp4", film("320x180", 1))

    conversion = made(source, "video", cast, now)

    assert conversion.state == "done"
    assert [output.role for output in conversion.outputs.all()] == ["poster"]
    assert [item.url for item in shown(source).sources] == [shown(source).url]


def test_a_film_of_another_coding_is_made_playable(cast, now):
    webm = film("320x180", 1, "-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libvorbis", ending="webm")
    source = stored(cast, now, "铣削.webm", webm)

    conversion = made(source, "video", cast, now)

    assert (conversion.state, conversion.facts["video"]) == ("done", "vp8")
    assert [item.type for item in shown(source).sources] == [HLS, "video/mp4", "video/webm"]


@pytest.mark.parametrize("with_programs", [True, False])
def test_a_film_that_is_none_is_told_to_its_author(cast, now, told, monkeypatch, with_programs):
    if not with_programs:
        monkeypatch.setattr(programs, "ffmpeg", lambda: "")
        monkeypatch.setattr(programs, "ffprobe", lambda: "")
    whole = film("320x180", 1)
    for number, data in enumerate((b"\0\0\0\x18ftypmp42" + bytes(2000), whole[: len(whole) // 2])):
        conversion = made(stored(cast, now, f"{number}.mp4", data), "video", cast, now)

        assert conversion.state == "failed"
        assert "MP4" in conversion.message or "film" in conversion.message
    assert told == ["failed", "failed"]
    assert not Output.objects.exists()


def test_without_ffmpeg_the_film_is_shown_as_it_came_and_that_is_said(cast, now, monkeypatch):
    monkeypatch.setattr(programs, "ffmpeg", lambda: "")
    monkeypatch.setattr(programs, "ffprobe", lambda: "")
    source = stored(cast, now, "车削.mp4", film("1280x720", 3))

    conversion = made(source, "video", cast, now)

    assert (conversion.state, conversion.facts["width"], conversion.facts["seconds"]) == ("skipped", 1280, 3.0)
    assert "ffmpeg" in conversion.message
    assert [item.type for item in shown(source).sources] == ["video/mp4"]
    # Once it is installed, asking again makes it ready.
    monkeypatch.undo()
    file_policies.register(OUTPUT, can_read_output, personal=False)
    assert made(source, "video", cast, now).state == "done"


def test_asking_twice_makes_it_once_and_a_cut_off_making_goes_on(cast, now):
    source = stored(cast, now, "车削.mp4", film("960x540", 1))
    actions.convert(source, kind="video", actor=cast.hr, now=now)
    actions.convert(source, kind="video", actor=cast.hr, now=now)
    assert Job.objects.count() == 1
    drain(clock=lambda: now)
    files = StoredFile.objects.count()
    Conversion.objects.update(state="running", ended_at=None)
    Output.objects.filter(role="rendition", position=1).delete()
    Job.objects.create(
        code="media.make_ready",
        arguments={"conversion": str(Conversion.objects.get().public_id)},
        max_attempts=1,
        run_after=now,
        created_by="system",
        created_at=now,
    )

    drain(clock=lambda: now)

    assert Conversion.objects.get().state == "done"
    assert StoredFile.objects.count() == files + 1
    assert Record.objects.filter(action="media.conversion.end").count() == 2


def test_sound_is_made_playable_and_what_is_none_refused(cast, now, monkeypatch):
    for ending, sources in (("mp3", ["audio/mpeg"]), ("m4a", ["audio/mp4"]), ("ogg", ["audio/mpeg", "audio/ogg"])):
        source = stored(cast, now, f"讲解.{ending}", sound(ending))
        conversion = made(source, "audio", cast, now)
        assert (conversion.state, round(conversion.facts["seconds"])) == ("done", 2)
        assert [item.type for item in shown(source).sources] == sources
    assert made(stored(cast, now, "x.wav", b"RIFF\x10\0\0\0WAVEfmt "), "audio", cast, now).state == "failed"
    monkeypatch.setattr(programs, "ffmpeg", lambda: "")
    assert made(stored(cast, now, "y.wav", sound("wav")), "audio", cast, now).state == "skipped"


def test_pages_of_a_pdf_become_pictures(cast, now, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(papers, "MOST_PAGES", 3)
    source = stored(cast, now, "图纸.pdf", pdf(4))

    conversion = made(source, "pdf", cast, now)

    assert (conversion.state, conversion.facts) == ("done", {"pages": 4})
    assert "3" in conversion.message
    seen = shown(source)
    assert [(page.number, page.width, page.height > page.width) for page in seen.pages] == [
        (1, 1240, True), (2, 1240, True), (3, 1240, True),
    ]  # fmt: skip
    answer = cast.client_of("hr").get(seen.pages[0].url)
    assert body(answer)
    assert (answer["Content-Type"], answer["Content-Disposition"].split(";")[0]) == ("image/webp", "inline")
    with open_file(StoredFile.objects.get(output_of__position=1)) as opened:
        assert Image.open(opened).size[0] == 1240
    broken = made(stored(cast, now, "b.pdf", b"%PDF-1.7 broken"), "pdf", cast, now)
    assert broken.state == "failed"
    assert "密码" in broken.message
    both = [source, broken.source]
    with django_assert_max_num_queries(3):
        shown_files(both)


def test_an_office_file_becomes_pages_or_a_download(cast, now, monkeypatch):
    docx = b"PK\x03\x04"
    monkeypatch.setattr(programs, "office", lambda: "")
    monkeypatch.setattr(actions, "kind_for", lambda _stored: "office")
    source = stored(cast, now, "讲义.docx", docx)
    skipped = made(source, "office", cast, now)
    assert (skipped.state, shown(source).pages) == ("skipped", ())
    assert "LibreOffice" in skipped.message
    monkeypatch.setattr(programs, "office", lambda: "/usr/bin/true")
    failed = made(source, "office", cast, now)
    assert failed.state == "failed"
    monkeypatch.setattr(programs, "office_as_pdf", lambda _data, ending: pdf(2) if ending == "docx" else b"")
    done = made(source, "office", cast, now)
    assert (done.state, done.facts) == ("done", {"pages": 2})
    assert len(shown(source).pages) == 2


def test_subtitles_are_checked_and_shown_as_text(cast, now):
    source = stored(cast, now, "zh.srt", "1\n00:00:01,000 --> 00:00:02,000\n<b>夹紧</b>\n".encode())

    conversion = made(source, "subtitle", cast, now)

    assert conversion.facts == {"cues": 1, "seconds": 2.0}
    answer = cast.client_of("hr").get(shown(source).subtitles)
    assert answer["Content-Type"] == "text/vtt"
    assert "夹紧" in body(answer).decode()
    assert (
        made(stored(cast, now, "b.srt", b"1\n00:00:01,000 --> 00:00:02,000\n\n9:9 -> x"), "subtitle", cast, now).state == "failed"
    )
    with pytest.raises(actions.NotConvertible):
        actions.convert(source, kind="video", actor=cast.hr, now=now)


def test_a_page_asks_how_far_the_making_is(cast, now):
    source = stored(cast, now, "a.mp4", film("320x180", 1))
    conversion = actions.convert(source, kind="video", actor=cast.hr, now=now)
    page = reverse("media:conversion", args=[conversion.public_id])

    assert cast.client_of("hr").get(page).json()["open"] is True
    assert cast.client_of("worker").get(page).status_code == 404


def test_a_file_with_personal_data_is_not_shown_by_the_way(cast, now):
    file_policies.register("test.personal", lambda actor, _stored: True, personal=True)
    source = store_file("名册.png", b"\x89PNG\r\n\x1a\n", kind="test.personal", actor=cast.hr, now=now)

    assert cast.client_of("clerk").get(reverse("media:file", args=[source.public_id])).status_code == 404
    assert status(cast.client_of("hr").get(reverse("media:file", args=[source.public_id]))) == 200
