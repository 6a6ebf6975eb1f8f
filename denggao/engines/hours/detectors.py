"""Patterns that make hours doubtful (rules.md §6.2 F15, F33, F34; §11.12). Pure: from sittings to doubts, each with what shows it.
A doubt is a question to a person, never a judgement."""

from __future__ import annotations

import datetime as dt
import hashlib
import statistics
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from denggao.engines.hours.rhythm import Kept, by_hand

_DISTINCT = 5
"""A stretch with fewer different counts says nothing about who else could have made it."""
_SAMPLED = 4
"""One stretch in so many is compared: which, the stretch itself decides, so that the same are compared everywhere."""
_TOLERANCE = dt.timedelta(minutes=5)
_STEADY_SECONDS = 0.5


@dataclass(frozen=True)
class Thresholds:
    """``beats`` that a rhythm needs, ``variation`` (standard deviation by mean) below which it is a script's, ``accounts`` on
    one device in a day, seconds of an impossible day, ``takeovers`` between devices in a day, seconds a clock was moved."""

    beats: int
    variation: float
    accounts: int
    day_seconds: int
    takeovers: int
    swing_seconds: int


@dataclass(frozen=True)
class Sat:
    """A sitting as the detectors read it; ``id`` is its public id."""

    id: uuid.UUID
    person_id: int
    day: dt.date
    started_at: dt.datetime
    ended_at: dt.datetime
    device: str = ""
    address: str = ""
    seconds: int = 0
    present_seconds: int = 0
    beats: tuple[Kept, ...] = ()
    swing: int = 0
    taken_over: bool = False


@dataclass(frozen=True)
class Span:
    """An entry whose source knows from when to when."""

    id: uuid.UUID
    person_id: int
    day: dt.date
    from_at: dt.datetime
    to_at: dt.datetime


@dataclass(frozen=True)
class Doubt:
    """One finding to be: about a person on a day; ``evidence`` is plain values."""

    kind: str
    person_id: int
    day: dt.date
    sittings: tuple[uuid.UUID, ...]
    evidence: Mapping[str, Any] = field(default_factory=dict)
    group: uuid.UUID | None = None
    about: str = ""

    @property
    def key(self) -> str:
        return ":".join(filter(None, [self.kind, self.day.isoformat(), str(self.person_id), self.about]))


def variation(values: Sequence[float]) -> float | None:
    """The coefficient of variation; None where there are fewer than two values, or nothing to compare with."""
    mean = statistics.fmean(values) if len(values) > 1 else 0.0
    return statistics.pstdev(values) / mean if mean else None


def script_like(beats: Sequence[Kept], thresholds: Thresholds) -> dict[str, Any] | None:
    """The steadiest stretch of so many beats by hand, where it is steadier than hands are; None where there is none."""
    hands = by_hand(beats)
    count = thresholds.beats
    steadiest: tuple[float, int] | None = None
    for start in range(len(hands) - count + 1):
        stretch = hands[start : start + count]
        found = variation([beat.acts for beat in stretch])
        if found is not None and (steadiest is None or found < steadiest[0]):
            steadiest = (found, start)
    if steadiest is not None and steadiest[0] <= thresholds.variation:
        stretch = hands[steadiest[1] : steadiest[1] + count]
        return {"by": "acts", "beats": count, "variation": round(steadiest[0], 3), "mean": round(_mean(stretch, "acts"), 1)}
    return _steady_pause(hands, count)


def _steady_pause(hands: Sequence[Kept], count: int) -> dict[str, Any] | None:
    """The last sign of a hand always the same time before the beat."""
    for start in range(len(hands) - count + 1):
        pauses = [beat.last_act for beat in hands[start : start + count] if beat.last_act is not None]
        if len(pauses) == count and statistics.fmean(pauses) >= 2 and statistics.pstdev(pauses) <= _STEADY_SECONDS:
            return {
                "by": "pause",
                "beats": count,
                "variation": round(variation(pauses) or 0, 3),
                "mean": round(statistics.fmean(pauses), 1),
            }
    return None


def _mean(stretch: Sequence[Kept], name: str) -> float:
    return statistics.fmean(getattr(beat, name) for beat in stretch)


def doubts_of_sitting(sat: Sat, thresholds: Thresholds) -> list[Doubt]:
    """What one sitting shows by itself."""
    doubts = []
    rhythm = script_like(sat.beats, thresholds)
    if rhythm is not None:
        doubts.append(Doubt("rhythm", sat.person_id, sat.day, (sat.id,), rhythm))
    if sat.swing > thresholds.swing_seconds:
        doubts.append(Doubt("clock", sat.person_id, sat.day, (sat.id,), {"seconds": sat.swing}))
    return doubts


def same_rhythm(sats: Iterable[Sat], thresholds: Thresholds) -> list[Doubt]:
    """Several people whose hands made the same counts, beat by beat."""
    known = list(sats)
    seen: dict[bytes, set[int]] = defaultdict(set)
    for place, sat in enumerate(known):
        acts = bytes(beat.acts for beat in by_hand(sat.beats))
        for start in range(len(acts) - thresholds.beats + 1):
            stretch = acts[start : start + thresholds.beats]
            if len(set(stretch)) < _DISTINCT:
                continue
            digest = hashlib.blake2b(stretch, digest_size=8).digest()
            if digest[0] % _SAMPLED == 0:
                seen[digest].add(place)
    shared: dict[int, set[int]] = defaultdict(set)
    for found in seen.values():
        if len({known[place].person_id for place in found}) > 1:
            for place in found:
                shared[place] |= found
    return [
        Doubt(
            "same_rhythm",
            known[place].person_id,
            known[place].day,
            (known[place].id,),
            {"people": len({known[other].person_id for other in others}), "beats": thresholds.beats},
            group=_group(known[place].day, *sorted(str(known[other].id) for other in others)),
        )
        for place, others in sorted(shared.items())
    ]


def shared_devices(sats: Iterable[Sat], thresholds: Thresholds) -> list[Doubt]:
    """So many people on one device within a day."""
    by_device: dict[tuple[dt.date, str], list[Sat]] = defaultdict(list)
    for sat in sats:
        if sat.device:
            by_device[sat.day, sat.device].append(sat)
    doubts = []
    for (day, device), found in sorted(by_device.items()):
        people = sorted({sat.person_id for sat in found})
        if len(people) < thresholds.accounts:
            continue
        for person in people:
            own = tuple(sat.id for sat in found if sat.person_id == person)
            evidence = {"people": len(people), "addresses": len({sat.address for sat in found if sat.address})}
            doubts.append(Doubt("device", person, day, own, evidence, group=_group(day, device), about=device[:12]))
    return doubts


def impossible_days(sats: Iterable[Sat], entered: Mapping[tuple[int, dt.date], int], thresholds: Thresholds) -> list[Doubt]:
    """More at the screen, or more entered of all kinds together, than a day of learning has. ``entered`` is seconds by person
    and day."""
    present: dict[tuple[int, dt.date], int] = defaultdict(int)
    own: dict[tuple[int, dt.date], list[uuid.UUID]] = defaultdict(list)
    for sat in sats:
        present[sat.person_id, sat.day] += sat.present_seconds
        own[sat.person_id, sat.day].append(sat.id)
    doubts = []
    for person, day in sorted({*present, *entered}):
        there, counted = present.get((person, day), 0), entered.get((person, day), 0)
        if max(there, counted) > thresholds.day_seconds:
            evidence = {"present_seconds": there, "entered_seconds": counted, "limit_seconds": thresholds.day_seconds}
            doubts.append(Doubt("impossible_day", person, day, tuple(own.get((person, day), [])), evidence))
    return doubts


def overlaps(sats: Sequence[Sat], spans: Sequence[Span], thresholds: Thresholds) -> list[Doubt]:
    """Two places at once: in a class while at a screen, in two classes, or two devices that take over from each other again
    and again."""
    doubts = []
    by_person: dict[tuple[int, dt.date], tuple[list[Sat], list[Span]]] = defaultdict(lambda: ([], []))
    for sat in sats:
        by_person[sat.person_id, sat.day][0].append(sat)
    for span in spans:
        by_person[span.person_id, span.day][1].append(span)
    for (person, day), (sat_down, classes) in sorted(by_person.items(), key=lambda item: item[0]):
        classes.sort(key=lambda span: (span.from_at, str(span.id)))
        at_screen = [
            sat
            for sat in sat_down
            if any(_shared(sat.started_at, sat.ended_at, span.from_at, span.to_at) > _TOLERANCE for span in classes)
        ]
        second = [
            two
            for position, two in enumerate(classes)
            if any(_shared(one.from_at, one.to_at, two.from_at, two.to_at) > _TOLERANCE for one in classes[:position])
        ]
        turns = [sat for sat in sat_down if sat.taken_over]
        devices = {sat.device for sat in sat_down if sat.device}
        often = len(turns) >= thresholds.takeovers and len(devices) > 1
        if at_screen or second or often:
            told = tuple(dict.fromkeys(sat.id for sat in [*at_screen, *(turns if often else [])]))
            evidence = {
                "at_screen": len(at_screen),
                "takeovers": len(turns),
                "devices": len(devices),
                "entries": [str(span.id) for span in second],
            }
            doubts.append(Doubt("overlap", person, day, told, evidence))
    return doubts


def _shared(start: dt.datetime, stop: dt.datetime, other_start: dt.datetime, other_stop: dt.datetime) -> dt.timedelta:
    return min(stop, other_stop) - max(start, other_start)


def _group(*parts: object) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, "hours:" + ":".join(map(str, parts)))
