"""Making films, sound and papers ready. Each maker returns how it ended; what it made it keeps at once, so that a making that
was cut off goes on where it was."""

from __future__ import annotations

import datetime as dt
import io
import logging
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from django.utils.translation import gettext as _

from denggao.foundation.audit.actors import Actor
from denggao.foundation.files.actions import Readable, put_away
from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.queries import open_file
from denggao.foundation.files.rules import extension_of
from denggao.foundation.media import papers, programs
from denggao.foundation.media.actions import keep_output
from denggao.foundation.media.boxes import Film, NoFilm, read_film, read_fragments
from denggao.foundation.media.loopback import readable_at
from denggao.foundation.media.models import Conversion, Output
from denggao.foundation.media.policies import OUTPUT
from denggao.foundation.media.rules import Rendition, renditions_of
from denggao.foundation.media.subtitles import SubtitlesWrong, read_subtitles, written

log = logging.getLogger("denggao.media")
_UNLIMITED = 1 << 50
Done, Skipped, Failed = Conversion.State.DONE, Conversion.State.SKIPPED, Conversion.State.FAILED


@dataclass(frozen=True)
class Ending:
    state: Conversion.State
    message: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Work:
    """One making: of what, by whom, and ``say(percent)``, which may stop it."""

    conversion: Conversion
    actor: Actor
    clock: Callable[[], dt.datetime]
    say: Callable[[int], None]

    @property
    def source(self) -> StoredFile:
        return self.conversion.source

    def has(self, role: Output.Role, position: int = 0) -> bool:
        return self.conversion.outputs.filter(role=role, position=position).exists()

    def put_away(self, name: str, data: bytes | Readable) -> StoredFile:
        return put_away(name, data, kind=OUTPUT, limit=_UNLIMITED, actor=self.actor, now=self.clock())

    def keep(self, stored: StoredFile, role: Output.Role, position: int = 0, **facts: Any) -> None:
        keep_output(self.conversion, stored, role=role, position=position, facts=facts, actor=self.actor, now=self.clock())


def make_film(work: Work) -> Ending:
    """Renditions for phone and desk and a still picture where ffmpeg is found; else the film stays as it came."""
    try:
        facts = _film_facts(work.source)
    except (NoFilm, programs.ProgramFailed) as fault:
        log.info("no film", extra={"file": str(work.source.public_id), "fault": str(fault)})
        return Ending(Failed, _("This is no film that can be played: it is broken, or holds no picture. Export it as MP4 again."))
    if not programs.ffmpeg():
        return Ending(Skipped, _unconverted(facts), facts)
    wanted = renditions_of(facts, work.source.size)
    length = facts.get("seconds") or 0.0
    with readable_at(work.source) as address:
        if not work.has(Output.Role.POSTER):
            _keep_poster(work, address, length)
        for position, rendition in enumerate(wanted):
            if not work.has(Output.Role.RENDITION, position):
                _keep_rendition(work, address, rendition, position, len(wanted), length)
    return Ending(Done, facts=facts)


def _film_facts(source: StoredFile) -> dict[str, Any]:
    if programs.ffprobe():
        with readable_at(source) as address:
            return _as_facts(programs.probed(source.content_type, address))
    if source.content_type != "video/mp4":
        return {}
    with open_file(source) as opened:
        return _facts_of(read_film(opened, source.size))


def _as_facts(probed: dict[str, Any]) -> dict[str, Any]:
    """Of what ffprobe says. Raises NoFilm where no moving picture is in it."""
    streams = probed.get("streams", [])
    moving = [
        stream for stream in streams
        if stream.get("codec_type") == "video" and not stream.get("disposition", {}).get("attached_pic")
    ]  # fmt: skip
    sound: dict[str, Any] = next((stream for stream in streams if stream.get("codec_type") == "audio"), {})
    if not moving or not moving[0].get("width"):
        raise NoFilm
    width, height = moving[0]["width"], moving[0]["height"]
    if _turned(moving[0]):
        width, height = height, width
    return {
        "seconds": _seconds(probed),
        "width": width,
        "height": height,
        "video": moving[0].get("codec_name", ""),
        "audio": sound.get("codec_name", ""),
    }


def _turned(stream: dict[str, Any]) -> bool:
    """Whether a phone held upright took it: the picture lies on its side in the file."""
    angles = [side.get("rotation", 0) for side in stream.get("side_data_list", [])]
    return any(abs(int(angle)) in {90, 270} for angle in angles)


def _seconds(probed: dict[str, Any]) -> float:
    try:
        return round(float(probed.get("format", {}).get("duration", 0)), 3)
    except ValueError:
        return 0.0


def _facts_of(film: Film) -> dict[str, Any]:
    picture, sound = film.first("video"), film.first("audio")
    if picture is None:
        raise NoFilm
    names = {"avc1": "h264", "avc3": "h264", "hvc1": "hevc", "hev1": "hevc", "mp4a": "aac", "av01": "av1", "vp09": "vp9"}
    return {
        "seconds": round(film.seconds, 3),
        "width": picture.width,
        "height": picture.height,
        "video": names.get(picture.codec, picture.codec),
        "audio": names.get(sound.codec, sound.codec) if sound else "",
    }


def _unconverted(facts: dict[str, Any]) -> str:
    said = _("This server can’t convert films (ffmpeg is not installed): the film is shown as it was handed in, in one size.")
    if facts.get("video") not in {"h264", None}:
        said += " " + _("It is coded as %(codec)s, which not every browser plays: export it as MP4 with H.264.") % {
            "codec": str(facts["video"]).upper()
        }
    return said


def _keep_poster(work: Work, address: str, length: float) -> None:
    """A picture from near the beginning, past what films fade in with. A film too short for it has its first."""
    for at in (min(length * 0.1, 10.0), 0.0):
        options = ["-ss", f"{at:.2f}", *programs.input_options(work.source.content_type, address)]
        options += ["-frames:v", "1", "-vf", "scale='min(1280,iw)':-2", "-c:v", "mjpeg", "-q:v", "4", "-f", "image2pipe"]
        kept = io.BytesIO()
        with programs.Running(options) as running:
            while piece := running.read(1 << 16):
                kept.write(piece)
        if kept.tell():
            work.keep(work.put_away("poster.jpg", kept.getvalue()), Output.Role.POSTER)
            return


def _keep_rendition(work: Work, address: str, rendition: Rendition, position: int, of: int, length: float) -> None:
    def watch(seconds: float) -> None:
        done = min(seconds / length, 1.0) if length else 0.0
        work.say(int(100 * (position + done) / of))

    options = [*programs.input_options(work.source.content_type, address), *rendition.options()]
    with programs.Running(options, watch=watch) as running:
        stored = work.put_away(f"{rendition.height}p.mp4", running)
    with open_file(stored) as opened:
        film, places = read_film(opened, stored.size), read_fragments(opened, stored.size)
    picture = film.first("video")
    fragments = [[part.start, part.size, round(part.at, 3)] for part in places.fragments]
    work.keep(
        stored,
        Output.Role.RENDITION,
        position,
        width=picture.width if picture else 0,
        height=picture.height if picture else 0,
        seconds=length,
        head=places.head,
        fragments=fragments,
    )


def make_sound(work: Work) -> Ending:
    """Sound that every browser plays: MP3 and AAC stay as they came."""
    source = work.source
    facts: dict[str, Any] = {}
    if programs.ffprobe():
        try:
            with readable_at(source) as address:
                probed = programs.probed(source.content_type, address)
        except programs.ProgramFailed:
            probed = {}
        if not any(stream.get("codec_type") == "audio" for stream in probed.get("streams", [])):
            return Ending(Failed, _("This is no sound that can be played: the file is broken. Export it as MP3 again."))
        facts = {"seconds": _seconds(probed)}
    if source.content_type in {"audio/mpeg", "audio/mp4"}:
        return Ending(Done, facts=facts)
    if not programs.ffmpeg():
        return Ending(
            Skipped,
            _("This server can’t convert sound (ffmpeg is not installed). Export it as MP3: not every browser plays this."),
            facts,
        )
    if not work.has(Output.Role.RENDITION):
        with readable_at(source) as address:
            options = [*programs.input_options(source.content_type, address), "-vn", "-c:a", "libmp3lame", "-b:a", "96k"]
            length = facts.get("seconds") or 0.0
            watch = lambda seconds: work.say(int(100 * min(seconds / length, 1.0)) if length else 0)  # noqa: E731
            with programs.Running([*options, "-write_xing", "0", "-f", "mp3"], watch=watch) as running:
                stored = work.put_away("sound.mp3", running)
        work.keep(stored, Output.Role.RENDITION, **facts)
    return Ending(Done, facts=facts)


def make_pdf(work: Work) -> Ending:
    with open_file(work.source) as opened:
        return _make_pages(work, opened)


def _make_pages(work: Work, pdf: BinaryIO) -> Ending:
    done = work.conversion.outputs.filter(role=Output.Role.PAGE).count()
    try:
        count = papers.count_pages(pdf)
        shown = min(count, papers.MOST_PAGES)
        for page in papers.page_pictures(pdf, first=done + 1):
            stored = work.put_away(f"{page.number}.webp", page.data)
            work.keep(stored, Output.Role.PAGE, page.number, width=page.width, height=page.height)
            work.say(100 * page.number // shown)
    except papers.NotReadable:
        return Ending(Failed, _("This PDF can’t be opened: it is broken or protected by a password. Export it again without one."))
    message = ""
    if count > papers.MOST_PAGES:
        message = _("Only the first %(shown)s of %(count)s pages are shown in the page; the whole is a download.") % {
            "shown": papers.MOST_PAGES,
            "count": count,
        }
    return Ending(Done, message, {"pages": count})


def make_office(work: Work) -> Ending:
    """Pages by way of a PDF, where LibreOffice is found; else a download."""
    if not programs.office():
        said = _("This server can’t show Office files (LibreOffice is missing): it is a download. Save it as PDF to show it here.")
        return Ending(Skipped, said)
    paper = work.conversion.outputs.filter(role=Output.Role.DOCUMENT).select_related("file").first()
    if paper is None:
        try:
            with open_file(work.source) as opened:
                pdf = programs.office_as_pdf(opened, extension_of(work.source.name))
        except programs.ProgramFailed:
            return Ending(Failed, _("This Office file can’t be opened: it is broken or protected. Save it anew, or as PDF."))
        work.keep(work.put_away("paper.pdf", pdf), Output.Role.DOCUMENT)
        with closing(io.BytesIO(pdf)) as read:
            return _make_pages(work, cast(BinaryIO, read))
    with open_file(paper.file) as opened:
        return _make_pages(work, opened)


def make_subtitles(work: Work) -> Ending:
    with open_file(work.source) as opened:
        data = opened.read(8 * 1024 * 1024)
    try:
        cues = read_subtitles(data)
    except SubtitlesWrong as wrong:
        return Ending(Failed, str(wrong))
    if not work.has(Output.Role.SUBTITLE):
        work.keep(work.put_away("subtitles.vtt", written(cues).encode()), Output.Role.SUBTITLE)
    return Ending(Done, facts={"cues": len(cues), "seconds": cues[-1].end / 1000})


MAKERS: dict[str, Callable[[Work], Ending]] = {
    Conversion.Kind.VIDEO: make_film,
    Conversion.Kind.AUDIO: make_sound,
    Conversion.Kind.PDF: make_pdf,
    Conversion.Kind.OFFICE: make_office,
    Conversion.Kind.SUBTITLE: make_subtitles,
}
