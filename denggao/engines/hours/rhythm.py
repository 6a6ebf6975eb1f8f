"""A sitting's rhythm, kept small: four bytes a beat, the last so many beats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from denggao.engines.hours.rules import Mark

MOST_BEATS = 600
_PLAYING, _COUNTED, _LATE = 1, 2, 4
_NEVER = 255


@dataclass(frozen=True)
class Kept:
    """One beat: seconds since the beat before (255: as many or more), signs of a hand in them, seconds from the last of
    them to the beat (None: there was none), whether a film played, whether it counted, whether it came late in a queue."""

    span: int
    acts: int
    last_act: int | None
    playing: bool
    counted: bool
    late: bool


def append(rhythm: bytes, marks: Iterable[Mark]) -> bytes:
    added = bytearray(rhythm)
    for mark in marks:
        seen = _NEVER if mark.last_act_ms is None else min(max(mark.last_act_ms, 0) // 1000, _NEVER - 1)
        flags = _PLAYING * mark.playing | _COUNTED * mark.counted | _LATE * mark.late
        added += bytes((min(max(mark.span_ms, 0) // 1000, 255), min(max(mark.acts, 0), 255), seen, flags))
    return bytes(added[-4 * MOST_BEATS :])


def read(rhythm: bytes | memoryview) -> list[Kept]:
    """In order; empty where nothing was kept."""
    raw = bytes(rhythm)
    return [
        Kept(span, acts, None if seen == _NEVER else seen, bool(flags & _PLAYING), bool(flags & _COUNTED), bool(flags & _LATE))
        for span, acts, seen, flags in zip(raw[::4], raw[1::4], raw[2::4], raw[3::4], strict=True)
    ]


def by_hand(beats: Sequence[Kept]) -> list[Kept]:
    """The beats in which a hand was at work and no film played: those a rhythm can be read from."""
    return [beat for beat in beats if beat.acts and not beat.playing]
