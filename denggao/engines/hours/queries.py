"""Whose hours, how many, and why."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet, Sum

from denggao.engines.hours.limits import lesson_minutes_on
from denggao.engines.hours.models import HourEntry, Sitting
from denggao.engines.hours.rules import lessons as lessons_in
from denggao.foundation.people.models import Person

SHANGHAI = ZoneInfo("Asia/Shanghai")
K = TypeVar("K", bound=Hashable)


def earned_on(person: Person | int, day: str, *, but: int | None = None) -> int:
    """Milliseconds that the person's sittings earned on an ISO day in Shanghai, one of them left out."""
    start = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), SHANGHAI)
    person_id = person.pk if isinstance(person, Person) else person
    found = Sitting.objects.filter(person_id=person_id, last_beat_at__gte=start, started_at__lt=start + dt.timedelta(days=1))
    return sum(days.get(day, 0) for pk, days in found.values_list("pk", "days") if pk != but)


def open_sitting_of(person: Person | int, context: tuple[str, UUID] | None = None) -> Sitting | None:
    """The person's open sitting, in this context if one is named. One query."""
    person_id = person.pk if isinstance(person, Person) else person
    found = Sitting.objects.filter(person_id=person_id, ended_at__isnull=True)
    if context is not None:
        found = found.filter(context_kind=context[0], context_id=context[1])
    return found.first()


@dataclass(frozen=True)
class Total:
    """``seconds`` that count, entered or earned in a sitting and not entered yet (``open_seconds`` of them); ``by_kind`` is
    keyed by kind of hours."""

    seconds: int = 0
    open_seconds: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)

    def plus(self, kind: str, seconds: int, *, entered: bool) -> Total:
        kinds = {**self.by_kind, kind: self.by_kind.get(kind, 0) + seconds}
        return Total(self.seconds + seconds, self.open_seconds + (0 if entered else seconds), kinds)


def hours_of(
    person_ids: Collection[int] | None = None,
    *,
    contexts: Collection[tuple[str, UUID]] | None = None,
    from_on: dt.date | None = None,
    to_on: dt.date | None = None,
) -> dict[int, Total]:
    """Totals by person, of all their hours or of those in some contexts, from a day to a day (both included). Persons without
    hours are left out. Two queries, however many."""
    return _totals(_of(HourEntry.objects.all(), person_ids, contexts), person_ids, contexts, "person_id", from_on, to_on)


def hours_by_context(contexts: Collection[tuple[str, UUID]]) -> dict[UUID, Total]:
    """Totals by context: what an enrolment has earned. Two queries, however many."""
    return _totals(_of(HourEntry.objects.all(), None, contexts), None, contexts, "context_id", None, None)


def seconds_by_activity(context: tuple[str, UUID]) -> dict[UUID, int]:
    """Within one context, what each activity earned: entered, and not entered yet. Two queries."""
    found: dict[UUID, int] = defaultdict(int)
    rows = HourEntry.objects.filter(context_kind=context[0], context_id=context[1], activity_id__isnull=False)
    for activity, seconds in rows.values_list("activity_id").annotate(total=Sum("seconds")).order_by():
        found[activity] += seconds
    waiting = _unentered().filter(context_kind=context[0], context_id=context[1])
    for activity, seconds, entered in waiting.values_list("activity_id", "seconds", "entered_seconds"):
        found[activity] += seconds - entered
    return dict(found)


def _totals(
    entries: QuerySet[HourEntry],
    person_ids: Collection[int] | None,
    contexts: Collection[tuple[str, UUID]] | None,
    by: str,
    from_on: dt.date | None,
    to_on: dt.date | None,
) -> dict[Any, Total]:
    if from_on is not None:
        entries = entries.filter(day__gte=from_on)
    if to_on is not None:
        entries = entries.filter(day__lte=to_on)
    totals: dict[Hashable, Total] = defaultdict(Total)
    for key, kind, seconds in entries.values_list(by, "kind").annotate(total=Sum("seconds")).order_by():
        totals[key] = totals[key].plus(kind, seconds, entered=True)
    waiting = _of(_unentered(), person_ids, contexts)
    for key, days, entered in waiting.values_list(by, "days", "entered"):
        owed = sum(ms // 1000 - entered.get(day, 0) for day, ms in days.items() if _within(day, from_on, to_on))
        if owed > 0:
            totals[key] = totals[key].plus("online", owed, entered=False)
    return dict(totals)


def _within(day: str, from_on: dt.date | None, to_on: dt.date | None) -> bool:
    return (from_on is None or from_on.isoformat() <= day) and (to_on is None or day <= to_on.isoformat())


def _unentered() -> QuerySet[Sitting]:
    return Sitting.objects.filter(voided_at__isnull=True, seconds__gt=F("entered_seconds"))


Q_ = TypeVar("Q_", HourEntry, Sitting)


def _of(rows: QuerySet[Q_], person_ids: Collection[int] | None, contexts: Collection[tuple[str, UUID]] | None) -> QuerySet[Q_]:
    if person_ids is not None:
        rows = rows.filter(person_id__in=person_ids)
    if contexts is not None:
        wanted = Q(pk__in=[])
        for kind in sorted({kind for kind, _id in contexts}):
            wanted |= Q(context_kind=kind, context_id__in=[public_id for other, public_id in contexts if other == kind])
        rows = rows.filter(wanted)
    return rows


def lessons(seconds: int, on: dt.date) -> Decimal:
    """Lessons (课时), tenths, by the length of a lesson in force on that day."""
    return lessons_in(seconds, lesson_minutes_on(on))


@dataclass(frozen=True)
class Why:
    """One line of the explanation: an entry, with the sitting, if one stands behind it, and what took it back, if anything."""

    entry: HourEntry
    sitting: Sitting | None
    reversal: HourEntry | None

    @property
    def counts(self) -> int:
        return 0 if self.reversal is not None else self.entry.seconds


def explain(person: Person, context: tuple[str, UUID] | None = None) -> list[Why]:
    """Every entry behind a person's hours, the newest first; reversals stand with what they take back. Two queries."""
    entries = HourEntry.objects.filter(person=person).select_related("reversal").order_by("-day", "-pk")
    if context is not None:
        entries = entries.filter(context_kind=context[0], context_id=context[1])
    return whys_of(entries)


def whys_of(entries: Iterable[HourEntry]) -> list[Why]:
    """Of entries whose ``reversal`` is selected with them. One query for the sittings behind them."""
    shown = [entry for entry in entries if entry.reverses_id is None]
    behind = {entry.source_id for entry in shown if entry.source_kind == "sitting"}
    sittings = {item.public_id: item for item in Sitting.objects.filter(public_id__in=behind)}
    return [Why(entry, sittings.get(entry.source_id), getattr(entry, "reversal", None)) for entry in shown]
