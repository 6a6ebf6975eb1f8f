"""How working days are asked for. Each call is one query (a second one past two years' end)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from denggao.foundation.audit.readied import readied
from denggao.foundation.calendar.models import CalendarDay, CalendarYear
from denggao.foundation.calendar.rules import Arrangement, DayGiven, YearUnknown

__all__ = [
    "Arrangement", "DayGiven", "YearUnknown", "arrangement_of", "days_of", "is_known", "is_working_day", "nth_working_day",
    "working_days", "working_days_between",
]  # fmt: skip


def arrangement_of(years: Iterable[int]) -> Arrangement:
    """All that is known of these years, read in one query. Keep it where many dates are counted."""
    wanted = set(years)
    # The year after may name days of December.
    rows = _days_entered.rows(min(wanted), max(wanted) + 1) if wanted else []
    known: set[int] = set()
    days: dict[dt.date, DayGiven] = {}
    for year, day, is_working, note in rows:
        known.add(year)
        if day is not None:
            days[day] = DayGiven(day, bool(is_working), note or "")
    return Arrangement(frozenset(known), days)


@readied(int, int)
def _days_entered(first: int, last: int) -> QuerySet[CalendarYear, tuple[int, dt.date | None, bool | None, str | None]]:
    found = CalendarYear.objects.filter(year__gte=first, year__lte=last).order_by("year")
    return found.values_list("year", "days__day", "days__is_working", "days__note")


def is_known(year: int) -> bool:
    """Whether this year's arrangement was entered, so that its working days can be counted."""
    return CalendarYear.objects.filter(year=year).exists()


def is_working_day(day: dt.date) -> bool:
    """Raises YearUnknown."""
    return arrangement_of([day.year]).is_working_day(day)


def working_days(first: dt.date, count: int) -> list[dt.date] | None:
    """The first ``count`` working days on or after ``first``; None where a year on the way isn't known."""
    last_year = first.year + 1 + count // 200
    try:
        return arrangement_of(range(first.year, last_year + 1)).working_days(first, count)
    except YearUnknown:
        return None


def nth_working_day(first: dt.date, count: int) -> dt.date | None:
    """The ``count``-th working day on or after ``first``, which counts when it is one itself; None where a year on the way
    isn't known."""
    found = working_days(first, count)
    return found[-1] if found else None


def working_days_between(start: dt.date, end: dt.date) -> int | None:
    """Working days after ``start`` until ``end``, that day included; negative where the end lies before; None where a year
    on the way isn't known."""
    first, last = min(start, end), max(start, end)
    try:
        return arrangement_of(range(first.year, last.year + 1)).between(start, end)
    except YearUnknown:
        return None


def days_of(year: int) -> list[CalendarDay]:
    """The days this year's arrangement names, in order; empty also where the year isn't known."""
    return list(CalendarDay.objects.filter(year__year=year).order_by("day"))


# A year as a page draws it


@dataclass(frozen=True)
class Cell:
    """A day in a month's table: ``kind`` is off, make_up, weekend or plain; empty cells have no day."""

    day: dt.date | None
    kind: str = ""
    note: str = ""


@dataclass(frozen=True)
class Month:
    first: dt.date
    weeks: list[list[Cell]]
    working: int


def months_of(year: int, arrangement: Arrangement) -> list[Month]:
    """Twelve months, weeks from Monday; by what the arrangement names, whether or not it is known to be whole."""
    return [_month(dt.date(year, number, 1), arrangement) for number in range(1, 13)]


def _month(first: dt.date, arrangement: Arrangement) -> Month:
    cells = [Cell(None)] * first.weekday()
    day = first
    while day.month == first.month:
        cells.append(_cell(day, arrangement))
        day += dt.timedelta(days=1)
    cells += [Cell(None)] * (-len(cells) % 7)
    working = sum(cell.kind in {"plain", "make_up"} for cell in cells)
    return Month(first, [cells[start : start + 7] for start in range(0, len(cells), 7)], working)


def _cell(day: dt.date, arrangement: Arrangement) -> Cell:
    named = arrangement.days.get(day)
    if named is not None:
        return Cell(day, "make_up" if named.is_working else "off", named.note)
    return Cell(day, "weekend" if day.weekday() >= 5 else "plain")
