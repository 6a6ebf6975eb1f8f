"""What the pages on hours show, put together from reads."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from denggao.engines.hours.kinds import kinds
from denggao.engines.hours.limits import KEYS
from denggao.engines.hours.models import HourEntry, Sitting
from denggao.engines.hours.queries import Why, lessons, whys_of
from denggao.engines.hours.registry import Titled, activity_titles, context_titles
from denggao.foundation.standards.queries import RuleTable

Ref = tuple[str, UUID]
UNKNOWN = Titled("")
_RULE_WORDS = {
    "hours.lesson_minutes": _("A lesson (学时) has so many minutes"),
    "hours.beat_seconds": _("The page tells every so many seconds that you are there"),
    "hours.idle_minutes": _("Without a sign of a hand the time stands still after so many minutes (a film goes on)"),
    "hours.daily_cap_minutes": _("A day counts so many minutes at most"),
    "hours.offline_minutes": _("Without a line, so many minutes are made up for at most"),
}


@dataclass(frozen=True)
class Line:
    """One entry with its names."""

    why: Why
    activity: Titled
    context: Titled

    @property
    def entry(self) -> HourEntry:
        return self.why.entry


def lines_of(entries: Iterable[HourEntry]) -> list[Line]:
    """Of entries with ``reversal`` selected. One query for sittings, and those of the rooms that name things."""
    whys = whys_of(entries)
    contexts = context_titles({_context(why.entry) for why in whys})
    activities = activity_titles({ref for why in whys if (ref := _activity(why.entry)) is not None})
    return [
        Line(
            why,
            activities.get(_activity(why.entry) or ("", UUID(int=0)), UNKNOWN),
            contexts.get(_context(why.entry), UNKNOWN),
        )
        for why in whys
    ]


def _context(thing: HourEntry | Sitting) -> Ref:
    return thing.context_kind, thing.context_id


def _activity(entry: HourEntry) -> Ref | None:
    return (entry.activity_kind, entry.activity_id) if entry.activity_id is not None else None


@dataclass(frozen=True)
class NamedSum:
    """A sum with its name: by course or by kind."""

    titled: Titled
    seconds: int
    lessons: Decimal
    icon: str = ""
    ref: str = ""


@dataclass(frozen=True)
class Sums:
    seconds: int
    lessons: Decimal
    by_kind: list[NamedSum]
    by_context: list[NamedSum]
    by_day: dict[dt.date, int]


def sums_of(entries: QuerySet[HourEntry], sittings: QuerySet[Sitting], *, today: dt.date) -> Sums:
    """Everything a person has, of what the querysets let see: entries, and what open sittings earned and is not entered yet.
    Two queries beside the names."""
    kinds_found: dict[str, int] = defaultdict(int)
    contexts: dict[Ref, int] = defaultdict(int)
    days: dict[dt.date, int] = defaultdict(int)
    rows = entries.values_list("kind", "context_kind", "context_id", "day").annotate(total=Sum("seconds")).order_by()
    for kind, context_kind, context_id, day, seconds in rows:
        kinds_found[kind] += seconds
        contexts[context_kind, context_id] += seconds
        days[day] += seconds
    for sitting in sittings.filter(voided_at__isnull=True):
        for text, ms in sitting.days.items():
            owed = ms // 1000 - sitting.entered.get(text, 0)
            kinds_found["online"] += owed
            contexts[_context(sitting)] += owed
            days[dt.date.fromisoformat(text)] += owed
    titles = context_titles(set(contexts))
    total = sum(kinds_found.values())
    return Sums(
        total,
        lessons(total, today),
        [
            NamedSum(Titled(str(kind.label)), kinds_found[kind.code], lessons(kinds_found[kind.code], today), kind.icon, kind.code)
            for kind in kinds()
            if kinds_found.get(kind.code)
        ],
        [
            NamedSum(titles.get(ref, UNKNOWN), seconds, lessons(seconds, today), ref=f"{ref[0]}:{ref[1]}")
            for ref, seconds in sorted(contexts.items(), key=lambda item: -item[1])
        ],
        dict(days),
    )


@dataclass(frozen=True)
class Spent:
    """Where the time between opening and leaving went, in seconds."""

    open: int
    counted: int
    capped: int
    uncounted: int


def spent_of(sitting: Sitting) -> Spent:
    last = max(sitting.last_beat_at, sitting.started_at)
    whole = int((last - sitting.started_at).total_seconds())
    present = sitting.present_ms // 1000
    return Spent(whole, sitting.seconds, max(present - sitting.seconds, 0), max(whole - present, 0))


def rules_on(day: dt.date) -> list[dict[str, Any]]:
    """How time is counted, in words, with where each number comes from. One query."""
    table = RuleTable(*KEYS)
    return [
        {"words": words, "value": f"{rule.value.normalize():f}", "source": rule.source}
        for key, words in _RULE_WORDS.items()
        if (rule := table.rule(key, day))
    ]
