"""Files on their way into a unit: subtitles as an author has them."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from denggao.foundation.files.queries import open_file
from denggao.systems.university.actions.editing import add_unit
from denggao.systems.university.models import Module, UnitFile
from tests.systems.university.facts import make_course, make_school

SRT = "1\n00:00:01,000 --> 00:00:02,500\n<i>夹紧</i>工件\n\n2\n00:00:03,000 --> 00:00:04,000\n退刀\n"


def test_subtitles_come_as_srt_or_vtt_and_are_kept_as_vtt(cast, now, settings):
    course = make_course(make_school(cast, now), now, units=0, published=False)
    module = Module.objects.select_related("version__course").get(version__course=course)
    unit = add_unit(module, kind="video", title="装夹", actor=cast.base_manager, now=now)
    dean, at = cast.client_of("base_manager"), f"/university/courses/{course.public_id}/edit/{unit.key}/"
    dean.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def hands_in(name: str, data: bytes, role: str = "subtitle") -> str:
        file = SimpleUploadedFile(name, data)
        sent = {"role": role, "file": file, "language": "zh", "label": "中文"}
        return dean.post(f"{at}files/", sent, follow=True).text

    for number, encoding in enumerate(("utf-8", "gb18030", "utf-16")):
        said = hands_in(f"装夹{number}.srt", SRT.encode(encoding))
        held = UnitFile.objects.select_related("file").get(unit=unit, path=f"files/装夹{number}.vtt")
        assert held.file.name in said
        assert (held.role, held.file.content_type) == ("subtitle", "text/vtt")
        with open_file(held.file) as kept:
            assert kept.read().decode() == (
                "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n夹紧工件\n\n00:00:03.000 --> 00:00:04.000\n退刀\n"
            )

    own = b"WEBVTT\n\nSTYLE\n::cue { color: white }\n\n00:01.000 --> 00:02.000 line:0\nTop\n"
    hands_in("own.vtt", own)
    with open_file(UnitFile.objects.get(unit=unit, path="files/own.vtt").file) as kept:
        assert kept.read() == own

    there = UnitFile.objects.count()
    assert "ends before it begins" in hands_in("turned.srt", b"1\n00:00:05,000 --> 00:00:02,000\nx\n")
    assert "no subtitle in this file" in hands_in("empty.vtt", b"WEBVTT\n")
    assert "larger than 2 MB" in hands_in("long.vtt", b"WEBVTT\n\n" + b"00:01.000 --> 00:02.000\nx\n\n" * 90_000)
    assert "this place takes" in hands_in("films.srt", SRT.encode(), role="main")
    assert UnitFile.objects.count() == there
