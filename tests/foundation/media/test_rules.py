import io
import struct

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from denggao.foundation.media.boxes import NoFilm, read_film, read_fragments
from denggao.foundation.media.rules import Variant, master_playlist, media_playlist, renditions_of
from denggao.foundation.media.subtitles import SubtitlesWrong, read_subtitles, written
from tests.foundation.media.films import box

pytestmark = pytest.mark.once
SRT = "1\r\n00:00:01,000 --> 00:00:04,500\r\n<i>夹紧工件</i>\r\n第二行\r\n\r\n2\r\n0:05.5 --> 00:07.25 align:left\r\nClamp <script>alert(1)</script> & go\r\n"


def test_subtitles_are_read_from_both_formats_and_written_as_one():
    cues = read_subtitles(SRT.encode())

    assert [(cue.start, cue.end, cue.text) for cue in cues] == [
        (1000, 4500, "夹紧工件\n第二行"),
        (5500, 7250, "Clamp alert(1) & go"),
    ]
    text = written(cues)
    assert text.startswith("WEBVTT\n\n00:00:01.000 --> 00:00:04.500\n夹紧工件\n第二行\n\n")
    assert "&amp; go" in text
    assert read_subtitles(text.encode()) == cues
    assert read_subtitles(SRT.encode("gb18030").replace(b"\r\n", b"\n"))[0].text.startswith("夹紧")
    assert read_subtitles(SRT.encode("utf-16")) == cues


def test_wrong_subtitles_name_the_line():
    for data, said in (
        (b"", "no subtitle"),
        (b"WEBVTT\n\nNOTE nothing", "no subtitle"),
        (b"1\n00:00:04,000 --> 00:00:01,000\nx", "Line 2"),
        (b"1\n\n\nhello\nworld\n", "Line"),
        (b"1\nsoon --> later\nx", "Line 2"),
    ):
        with translation.override("en"), pytest.raises(SubtitlesWrong, match=said):
            read_subtitles(data)


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused_and_holds_no_tag(text):
    try:
        out = written(read_subtitles(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}".encode("utf-8", "replace")))
    except SubtitlesWrong:
        return

    body = out.split("\n", 3)[3]
    assert "<" not in body
    assert read_subtitles(out.encode())


def test_renditions_follow_the_film():
    def heights(width, height, size=10**8, seconds=10.0, video="h264", audio="aac"):
        facts = {"width": width, "height": height, "seconds": seconds, "video": video, "audio": audio}
        return [rendition.height for rendition in renditions_of(facts, size)]

    assert heights(1920, 1080) == [360, 720]
    assert heights(1080, 1920) == [360, 720]
    assert heights(854, 480) == [360, 480]
    assert heights(640, 360) == [360]
    assert heights(321, 241) == [240]
    # Light, and every browser plays it: it stays as it is.
    assert heights(640, 360, size=300_000) == []
    assert heights(640, 360, size=300_000, video="hevc") == [360]
    assert heights(640, 360, size=300_000, audio="opus") == [360]


def test_playlists_say_where_the_pieces_lie():
    variant = Variant("/m/0.m3u8", 640, 360, 13.0, 1200, [[1200, 60_000, 0.0], [61_200, 40_000, 6.0], [101_200, 5_000, 12.0]])

    whole, own = master_playlist([variant]), media_playlist(variant, "/p/x/")

    assert "BANDWIDTH=80000,RESOLUTION=640x360\n/m/0.m3u8\n" in whole
    assert '#EXT-X-MAP:URI="/p/x/",BYTERANGE="1200@0"' in own
    assert "#EXTINF:6.000,\n#EXT-X-BYTERANGE:40000@61200\n/p/x/\n#EXTINF:1.000,\n#EXT-X-BYTERANGE:5000@101200" in own
    assert "#EXT-X-TARGETDURATION:6\n" in own
    assert own.endswith("#EXT-X-ENDLIST\n")


@given(st.binary(max_size=300), st.sampled_from([b"", box(b"ftyp", b"isom")]), st.booleans())
def test_what_is_no_film_is_told_apart_without_a_fault(data, head, inside):
    whole = head + (box(b"moov", data) if inside else data)
    for read in (read_film, read_fragments):
        with pytest.raises((NoFilm, struct.error)) as told:
            read(io.BytesIO(whole), len(whole))
        assert told.type is NoFilm
