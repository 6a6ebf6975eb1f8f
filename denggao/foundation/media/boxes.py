"""Reading MP4 without a program: whether it holds a film, how long and how large; and where the pieces of a fragmented one lie.

An MP4 is a row of boxes: four bytes of length, four of type, the content; boxes lie within boxes (ISO/IEC 14496-12).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_HOLDS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf", b"mvex"})
_MOST_BOXES = 20_000
_MOST_BYTES = 64 * 1024 * 1024


class NoFilm(Exception):
    """It is no MP4 that can be played."""


@dataclass(frozen=True)
class Track:
    """``kind`` is video or audio; ``codec`` as the file names it (avc1, hvc1, mp4a); ``scale`` is ticks a second."""

    number: int
    kind: str
    codec: str
    width: int
    height: int
    scale: int


@dataclass(frozen=True)
class Film:
    seconds: float
    tracks: tuple[Track, ...]

    def first(self, kind: str) -> Track | None:
        return next((track for track in self.tracks if track.kind == kind), None)


@dataclass(frozen=True)
class Box:
    type: bytes
    start: int
    content: int
    end: int


def boxes(stream: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """The boxes between two places, without what they hold. Raises NoFilm where one reaches past the end."""
    at = start
    for _count in range(_MOST_BOXES):
        if at + 8 > end:
            return
        stream.seek(at)
        length, kind = struct.unpack(">I4s", _read(stream, 8))
        content = at + 8
        if length == 1:
            length, content = struct.unpack(">Q", _read(stream, 8))[0], at + 16
        elif length == 0:
            length = end - at
        if length < content - at or at + length > end:
            raise NoFilm
        yield Box(kind, at, content, at + length)
        at += length
    raise NoFilm


def read_film(stream: BinaryIO, size: int) -> Film:
    """What an MP4 says of itself. Raises NoFilm for one that is cut off or holds nothing to be played."""
    head = next((box for box in boxes(stream, 0, size) if box.type == b"moov"), None)
    if head is None or head.end - head.content > _MOST_BYTES:
        raise NoFilm
    seconds, tracks = 0.0, []
    for box in boxes(stream, head.content, head.end):
        if box.type == b"mvhd":
            scale, length = _scale_and_length(_content(stream, box))
            seconds = length / scale if scale else 0.0
        elif box.type == b"trak":
            track = _track(stream, box)
            if track is not None:
                tracks.append(track)
    if not tracks:
        raise NoFilm
    return Film(seconds, tuple(tracks))


def _track(stream: BinaryIO, trak: Box) -> Track | None:
    number = width = height = scale = 0
    kind = codec = ""
    for box in _within(stream, trak):
        if box.type == b"tkhd":
            content = _content(stream, box)
            number = struct.unpack_from(">I", content, 20 if content[0] else 12)[0]
            width, height = (value >> 16 for value in struct.unpack(">II", content[-8:]))
        elif box.type == b"mdhd":
            scale, _length = _scale_and_length(_content(stream, box))
        elif box.type == b"hdlr":
            kind = {b"vide": "video", b"soun": "audio"}.get(_content(stream, box)[8:12], "")
        elif box.type == b"stsd":
            codec = _content(stream, box)[12:16].decode("ascii", "replace")
    return Track(number, kind, codec, width, height, scale) if kind else None


def _within(stream: BinaryIO, outer: Box) -> Iterator[Box]:
    for box in boxes(stream, outer.content, outer.end):
        yield box
        if box.type in _HOLDS:
            yield from _within(stream, box)


def _scale_and_length(content: bytes) -> tuple[int, int]:
    """Of a movie's or a track's header: ticks a second, and length in ticks."""
    scale, length = struct.unpack_from(">IQ" if content[0] else ">II", content, 20 if content[0] else 12)
    return scale, length


@dataclass(frozen=True)
class Fragment:
    """``start`` and ``size`` in bytes, ``at`` in seconds: where it lies in the file and when it begins."""

    start: int
    size: int
    at: float


@dataclass(frozen=True)
class Fragmented:
    """``head`` is how many bytes stand before the first fragment: what a player needs for all of them."""

    head: int
    fragments: tuple[Fragment, ...]


def read_fragments(stream: BinaryIO, size: int) -> Fragmented:
    """Where the fragments of a fragmented MP4 lie. Raises NoFilm."""
    main = next((track for kind in ("video", "audio") if (track := read_film(stream, size).first(kind))), None)
    if main is None or not main.scale:
        raise NoFilm
    starts: list[tuple[int, float]] = []
    end = size
    for box in boxes(stream, 0, size):
        if box.type == b"moof":
            at = _begins_at(stream, box, main)
            starts.append((box.start, starts[-1][1] if at is None and starts else at or 0.0))
        elif starts and box.type != b"mdat":
            end = box.start
            break
    if not starts:
        raise NoFilm
    places = [start for start, _at in starts[1:]] + [end]
    return Fragmented(
        starts[0][0], tuple(Fragment(start, until - start, at) for (start, at), until in zip(starts, places, strict=True))
    )


def _begins_at(stream: BinaryIO, moof: Box, main: Track) -> float | None:
    """When a fragment's part of a track begins, in seconds; None where it holds none of it."""
    for traf in (box for box in boxes(stream, moof.content, moof.end) if box.type == b"traf"):
        number, ticks = 0, 0
        for box in boxes(stream, traf.content, traf.end):
            content = _content(stream, box)
            if box.type == b"tfhd":
                number = struct.unpack_from(">I", content, 4)[0]
            elif box.type == b"tfdt":
                ticks = struct.unpack_from(">Q" if content[0] else ">I", content, 4)[0]
        if number == main.number:
            return ticks / main.scale
    return None


def _content(stream: BinaryIO, box: Box) -> bytes:
    if box.end - box.content > _MOST_BYTES:
        raise NoFilm
    stream.seek(box.content)
    content = _read(stream, box.end - box.content)
    if len(content) < 8:
        raise NoFilm
    return content


def _read(stream: BinaryIO, count: int) -> bytes:
    read = stream.read(count)
    if len(read) < count:
        raise NoFilm
    return read
