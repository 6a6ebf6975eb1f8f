"""What a beat proves, and no more. Pure: no database, no clock. Moments are milliseconds since 1970, spans milliseconds,
places in a film seconds."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

Interval = tuple[float, float]
SHANGHAI_MS = 8 * 3600 * 1000
DAY_MS = 24 * 3600 * 1000
SPEED = 2
"""The fastest a film may be watched."""
SLACK_MS = 2_000
"""A beat that comes this much later than the device's stopwatch says was on its way."""
STEP_SECONDS = 1.5
"""A place this far behind what is covered is no skip: players report late."""
MOST_PARTS = 400
QUIET_LIMIT = 2**40


class State(StrEnum):
    """What becomes of the time, as the page says it."""

    COUNTING = "counting"
    IDLE = "idle"
    CAP = "cap"
    ELSEWHERE = "elsewhere"
    ENDED = "ended"


@dataclass(frozen=True)
class Limits:
    """The policy's numbers in force on a day, in milliseconds."""

    beat_ms: int = 60_000
    idle_ms: int = 5 * 60_000
    cap_ms: int = 480 * 60_000
    offline_ms: int = 120 * 60_000
    gone_ms: int = 15 * 60_000


@dataclass(frozen=True)
class Beat:
    """What the page says, about once a minute: that somebody is there. ``sequence`` counts from 1 in a sitting. ``acts`` are
    the signs of a hand since the beat before, ``last_act_ms`` how long ago the last of them was; ``span_ms`` the time since
    the beat before by the device's stopwatch (no clock; None where it has none). ``parts`` are the pieces of the film
    played since, in order; ``client_time`` is the device's clock, kept as evidence and never reckoned with."""

    sequence: int
    active: bool = False
    playing: bool = False
    parts: tuple[Interval, ...] = ()
    position: float | None = None
    client_time: dt.datetime | None = None
    span_ms: int | None = None
    acts: int = 0
    last_act_ms: int | None = None
    visible: bool = True


@dataclass(frozen=True)
class Standing:
    """A sitting as the rule needs it. ``days`` and ``before`` are credited milliseconds by ISO day: this sitting's, and those
    of the person's others. ``closes`` is the moment after which nothing counts (another device took over)."""

    last_contact: int
    last_sequence: int = 0
    days: Mapping[str, int] = field(default_factory=dict)
    before: Mapping[str, int] = field(default_factory=dict)
    present_ms: int = 0
    quiet_ms: int = 0
    watched_ms: int = 0
    parts: tuple[Interval, ...] = ()
    covered_to: float = 0.0
    length: float | None = None
    no_skip: bool = False
    position: float | None = None
    closes: int | None = None


@dataclass(frozen=True)
class Mark:
    """One beat in the sitting's rhythm."""

    span_ms: int
    acts: int
    last_act_ms: int | None
    playing: bool
    counted: bool
    late: bool


@dataclass(frozen=True)
class Taken:
    """What came of a contact: the sitting afterwards, what was added, and the marks of its beats."""

    standing: Standing
    credited_ms: int
    state: State
    marks: tuple[Mark, ...]


def day_of(moment: int) -> str:
    """The ISO day in Shanghai."""
    return (dt.date(1970, 1, 1) + dt.timedelta(days=(moment + SHANGHAI_MS) // DAY_MS)).isoformat()


def by_day(start: int, stop: int) -> list[tuple[str, int]]:
    """A span split at midnight in Shanghai: day and milliseconds, in order. Empty where there is no span."""
    pieces = []
    while start < stop:
        midnight = ((start + SHANGHAI_MS) // DAY_MS + 1) * DAY_MS - SHANGHAI_MS
        pieces.append((day_of(start), min(stop, midnight) - start))
        start = min(stop, midnight)
    return pieces


def take(standing: Standing, beats: Iterable[Beat], now: int, limits: Limits) -> Taken:
    """Credit the beats of one contact. Beats known already are passed over; those sent together are placed back to back
    before the contact and never reach behind the contact before it, so that no moment is ever counted twice."""
    fresh = fresh_of(beats, standing.last_sequence)
    if not fresh:
        return Taken(standing, 0, State.COUNTING, ())
    end = max(min(now, standing.closes) if standing.closes is not None else now, standing.last_contact)
    after = replace(standing, last_contact=end)
    days, parts = dict(standing.days), list(standing.parts)
    present, quiet, watched, position = standing.present_ms, standing.quiet_ms, standing.watched_ms, standing.position
    credited, marks, state = 0, [], State.COUNTING
    late = len(fresh) > 1
    left = limits.offline_ms if late else DAY_MS
    for beat, start, stop in _placed(fresh, standing.last_contact, end, limits):
        quiet = min((beat.last_act_ms or 0) if beat.active else quiet + stop - start, QUIET_LIMIT)
        there = beat.visible and (beat.playing or quiet <= limits.idle_ms)
        span = min(stop - start, 2 * limits.beat_ms, left) if there else 0
        left -= span
        present += span
        given = 0
        for day, piece in by_day(stop - span, stop):
            room = max(limits.cap_ms - days.get(day, 0) - standing.before.get(day, 0), 0)
            kept = min(piece, room)
            if kept:
                days[day] = days.get(day, 0) + kept
            given += kept
        credited += given
        state = State.IDLE if not there else State.CAP if given < span else State.COUNTING
        if beat.parts:
            parts, used = accept(
                beat.parts,
                budget=(present * SPEED - watched) / 1000,
                known=parts,
                covered_to=standing.covered_to,
                length=standing.length,
                no_skip=standing.no_skip,
            )
            watched += round(used * 1000)
        if beat.position is not None and _is_place(beat.position):
            position = round(beat.position, 1)
        marks.append(Mark(stop - start, beat.acts or int(beat.active), beat.last_act_ms, beat.playing, given > 0, late))
    after = replace(
        after,
        last_sequence=fresh[-1].sequence,
        days=days,
        present_ms=present,
        quiet_ms=quiet,
        watched_ms=watched,
        parts=tuple(parts),
        position=position,
    )
    return Taken(after, credited, state, tuple(marks))


def fresh_of(beats: Iterable[Beat], last_sequence: int) -> list[Beat]:
    """The beats not taken yet, in their order, each once."""
    found: dict[int, Beat] = {}
    for beat in beats:
        if beat.sequence > last_sequence:
            found.setdefault(beat.sequence, beat)
    return [found[sequence] for sequence in sorted(found)]


def _placed(fresh: Sequence[Beat], floor: int, end: int, limits: Limits) -> list[tuple[Beat, int, int]]:
    """Each beat with the span it speaks for, laid end to end backwards from the contact, never before ``floor``."""
    placed = []
    for position in range(len(fresh) - 1, -1, -1):
        beat, room, first = fresh[position], end - floor, position == 0
        span = beat.span_ms
        if span is None:
            span = room if first else limits.beat_ms
        elif first:
            span += SLACK_MS
        span = max(min(span, room), 0)
        placed.append((beat, end - span, end))
        end -= span
    return placed[::-1]


def merge(intervals: Iterable[Sequence[float]], *, gap: float = 0.5) -> list[Interval]:
    """Disjoint intervals in order; those less than ``gap`` seconds apart are one. Empty and impossible ones are left out."""
    kept = sorted(
        (float(item[0]), float(item[1])) for item in intervals if len(item) == 2 and _is_place(item[0]) and _is_place(item[1])
    )
    merged: list[Interval] = []
    for start, stop in kept:
        if stop <= start:
            continue
        if merged and start <= merged[-1][1] + gap:
            merged[-1] = (merged[-1][0], max(merged[-1][1], stop))
        else:
            merged.append((start, stop))
    return merged


def coverage(intervals: Iterable[Sequence[float]], length: float) -> float:
    """The share (0–1) of a film of so many seconds that the intervals cover. 0 for a film without length."""
    if not length or length <= 0:
        return 0.0
    covered = sum(max(min(stop, length) - max(start, 0.0), 0.0) for start, stop in merge(intervals))
    return min(covered / length, 1.0)


def prefix_of(intervals: Iterable[Sequence[float]]) -> float:
    """How far from the beginning, without a gap, the intervals reach, in seconds."""
    first = next(iter(merge(intervals)), None)
    return first[1] if first is not None and first[0] <= STEP_SECONDS else 0.0


def accept(
    claimed: Iterable[Sequence[float]],
    *,
    budget: float,
    known: Iterable[Sequence[float]],
    covered_to: float = 0.0,
    length: float | None = None,
    no_skip: bool = False,
) -> tuple[list[Interval], float]:
    """The watched intervals with what is accepted of the claimed ones, and its length in seconds.

    No more is accepted than ``budget`` seconds; with ``no_skip`` nothing that begins beyond what is covered already.
    """
    parts, used = merge(known), 0.0
    for item in claimed:
        if len(item) != 2 or not (_is_place(item[0]) and _is_place(item[1])):
            continue
        start, stop = max(float(item[0]), 0.0), float(item[1])
        stop = min(stop, length) if length else stop
        if no_skip:
            reached = max(prefix_of([(0.0, covered_to), *parts]), 0.0)
            if start > reached + STEP_SECONDS:
                continue
            start = min(start, reached)
        stop = min(stop, start + budget - used)
        if stop <= start:
            continue
        grown = merge([*parts, (round(start, 1), round(stop, 1))])
        if len(grown) > MOST_PARTS:
            continue
        parts = grown
        used += stop - start
    return parts, used


def _is_place(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and 0 <= value < 10**6


def lessons(seconds: int, lesson_minutes: Decimal | int = 45) -> Decimal:
    """Lessons (课时) in so many seconds, tenths, rounded down; a lesson's minutes by rule (rules.md §11.13)."""
    sign = -1 if seconds < 0 else 1
    whole = Decimal(abs(seconds)) / (Decimal(lesson_minutes) * 60)
    return sign * whole.quantize(Decimal("0.1"), rounding=ROUND_DOWN)


def drift_of(client: dt.datetime, now: dt.datetime) -> int:
    """The device's clock minus ours, in whole seconds, bounded to what a column holds."""
    return max(min(round((client - now).total_seconds()), 2**31 - 1), -(2**31) + 1)


def swing(drift: int | None, before: int | None, swung: int) -> int:
    """By how much the device's clock was moved so far, with this contact."""
    return swung if drift is None or before is None else min(max(swung, abs(drift - before)), 2**31 - 1)
