"""Subtitles, read from SRT or WebVTT and written as WebVTT: checked, in order, with nothing in them but text."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

MOST_CUES = 20_000
_TIMES = re.compile(
    r"\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})\s*-->\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})(?:\s.*)?"
)
_TAG = re.compile(r"</?[^<>\n]*>|\{\\[^}\n]*\}")
_SKIPPED = ("WEBVTT", "NOTE", "STYLE", "REGION")


class SubtitlesWrong(Exception):
    """They can't be shown; the message names the line and the fix."""


@dataclass(frozen=True)
class Cue:
    """``start`` and ``end`` in milliseconds."""

    start: int
    end: int
    text: str


def read_subtitles(data: bytes) -> list[Cue]:
    """In the order in which they are shown. Raises SubtitlesWrong."""
    lines = _text_of(data).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cues: list[Cue] = []
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        block = _block(lines, at)
        head = next((number for number, line in enumerate(block[:2]) if "-->" in line), None)
        if head is not None:
            cues.append(_cue(block, head, at))
        elif not block[0].startswith(_SKIPPED):
            raise SubtitlesWrong(
                _("Line %(line)s: a time was expected, such as 00:00:01,000 --> 00:00:04,000.") % {"line": at + len(block[:2])}
            )
        at += len(block)
        if len(cues) > MOST_CUES:
            raise SubtitlesWrong(_("There are more than %(most)s subtitles. Divide the film.") % {"most": MOST_CUES})
    if not cues:
        raise SubtitlesWrong(_("There is no subtitle in this file."))
    return sorted(cues, key=lambda cue: (cue.start, cue.end))


def written(cues: list[Cue]) -> str:
    """As WebVTT."""
    blocks = [f"{_clock(cue.start)} --> {_clock(cue.end)}\n{html.escape(cue.text, quote=False)}" for cue in cues]
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def _text_of(data: bytes) -> str:
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SubtitlesWrong(_("The text can't be read. Save the subtitles as UTF-8."))


def _block(lines: list[str], at: int) -> list[str]:
    """The lines up to the next empty one."""
    end = at
    while end < len(lines) and lines[end].strip():
        end += 1
    return lines[at:end]


def _cue(block: list[str], head: int, at: int) -> Cue:
    times = _TIMES.fullmatch(block[head])
    line = at + head + 1
    if times is None:
        raise SubtitlesWrong(
            _("Line %(line)s: this time can't be read. Write it as 00:00:01,000 --> 00:00:04,000.") % {"line": line}
        )
    parts = [int(part or 0) for part in times.groups()]
    start, end = (_milliseconds(parts[:4], times[4]), _milliseconds(parts[4:], times[8]))
    if end <= start:
        raise SubtitlesWrong(_("Line %(line)s: the subtitle ends before it begins. Correct its times.") % {"line": line})
    text = "\n".join(html.unescape(_TAG.sub("", part)).strip() for part in block[head + 1 :])
    return Cue(start, end, text.replace("-->", "→").strip() or " ")


def _milliseconds(parts: list[int], fraction: str) -> int:
    hours, minutes, seconds, _fraction = parts
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int(fraction.ljust(3, "0"))


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
