"""Learning time drawn, on the server: a week in bars, and the rhythm of a sitting. Colours come from the style sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from denggao.engines.hours.rhythm import Kept
from denggao.engines.hours.rules import Interval

_WEEK_WIDTH, _WEEK_HEIGHT, _FLOOR, _TOP = 336, 150, 122, 22
_GAP, _BAR = 48, 32
_SHOWN = 240
_RHYTHM_HEIGHT = 64


@dataclass(frozen=True)
class DayBar:
    """A day: ``height`` of its bar, the text over it (minutes), and whether it is the one chosen."""

    day: dt.date
    seconds: int
    x: float
    y: float
    height: float
    middle: float
    chosen: bool
    today: bool

    @property
    def minutes(self) -> str:
        return str(self.seconds // 60)


@dataclass(frozen=True)
class Week:
    """Seven days, Monday first. ``cap_y`` is the line of the day's limit; None where it lies above the drawing."""

    width: int
    height: int
    floor: int
    bars: list[DayBar]
    cap_y: float | None
    total: int


def week_of(monday: dt.date, seconds: Mapping[dt.date, int], *, cap: int, today: dt.date, chosen: dt.date | None) -> Week:
    """``seconds`` by day; days without are empty. ``cap`` in seconds."""
    days = [monday + dt.timedelta(days=number) for number in range(7)]
    highest = max([max(seconds.get(day, 0), 0) for day in days] + [3600])
    scale = (_FLOOR - _TOP) / highest
    bars = []
    for number, day in enumerate(days):
        height = max(seconds.get(day, 0), 0) * scale
        x = 8 + number * _GAP * (_WEEK_WIDTH - 16) / (7 * _GAP)
        bars.append(DayBar(day, seconds.get(day, 0), round(x + 6, 1), round(_FLOOR - height, 1), round(height, 1),
                           round(x + 6 + _BAR / 2, 1), day == chosen, day == today))  # fmt: skip
    cap_y, total = _FLOOR - cap * scale, sum(seconds.get(day, 0) for day in days)
    return Week(_WEEK_WIDTH, _WEEK_HEIGHT, _FLOOR, bars, round(cap_y, 1) if cap_y >= _TOP - 6 else None, total)


@dataclass(frozen=True)
class BeatBar:
    """A beat: as high as its signs of a hand are many. ``tone``: counted, playing, quiet, late."""

    x: float
    y: float
    width: float
    height: float
    tone: str


@dataclass(frozen=True)
class Rhythm:
    width: int
    height: int
    bars: list[BeatBar]
    shown: int
    left_out: int


def rhythm_of(beats: Sequence[Kept], *, width: int = 720) -> Rhythm:
    """The last beats, at most 240, one bar each; those without a hand are a stroke at the floor."""
    shown = list(beats[-_SHOWN:])
    highest = max([beat.acts for beat in shown] + [10])
    step = width / max(len(shown), 30)
    bars = []
    for number, beat in enumerate(shown):
        height = max(beat.acts / highest * (_RHYTHM_HEIGHT - 8), 4)
        tone = "quiet" if not beat.counted else "late" if beat.late else "playing" if beat.playing else "counted"
        bars.append(
            BeatBar(round(number * step, 2), round(_RHYTHM_HEIGHT - height, 1), round(max(step - 1, 1), 2), round(height, 1), tone)
        )
    return Rhythm(width, _RHYTHM_HEIGHT, bars, len(shown), len(beats) - len(shown))


@dataclass(frozen=True)
class Strip:
    """The watched parts of a film on one line, in percent of its length."""

    parts: list[tuple[float, float]]


def strip_of(parts: Sequence[Interval], length: float | None) -> Strip | None:
    if not length:
        return None
    return Strip([(round(start / length * 100, 1), round(max(stop - start, 0) / length * 100, 1)) for start, stop in parts])
