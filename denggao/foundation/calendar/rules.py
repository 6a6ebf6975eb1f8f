"""Working days by a known arrangement. Pure: no database, no clock."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from django.utils.translation import gettext as _

ONE_DAY = dt.timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 2000, 2100
_SATURDAY = 5
_REACHES_BACK = 14
# Days off that the regulation on national holidays fixes by the solar calendar: month and day.
_FIXED = {(1, 1): "元旦", (5, 1): "劳动节", (10, 1): "国庆节"}
_MOST_DAYS_OFF, _MOST_MAKE_UP = 45, 12


class YearUnknown(LookupError):
    """The arrangement of this year has not been entered: its working days can't be counted."""

    def __init__(self, year: int) -> None:
        super().__init__(year)
        self.year = year


@dataclass(frozen=True)
class DayGiven:
    """A day as an arrangement names it."""

    day: dt.date
    is_working: bool
    note: str = ""


@dataclass(frozen=True)
class Arrangement:
    """What is known of some years: which of them, and the days that are named, by day."""

    years: frozenset[int]
    days: Mapping[dt.date, DayGiven] = field(default_factory=dict)

    def is_working_day(self, day: dt.date) -> bool:
        """Raises YearUnknown."""
        if day.year not in self.years:
            raise YearUnknown(day.year)
        named = self.days.get(day)
        return named.is_working if named is not None else day.weekday() < _SATURDAY

    def working_days(self, first: dt.date, count: int) -> list[dt.date]:
        """The first ``count`` working days on or after ``first``. Raises YearUnknown on the way."""
        found: list[dt.date] = []
        day = first
        while len(found) < count:
            if self.is_working_day(day):
                found.append(day)
            day += ONE_DAY
        return found

    def known_working_days(self, first: dt.date, count: int) -> list[dt.date]:
        """As ``working_days``, but only as far as years are known."""
        found: list[dt.date] = []
        day = first
        while len(found) < count and day.year in self.years:
            if self.is_working_day(day):
                found.append(day)
            day += ONE_DAY
        return found

    def between(self, start: dt.date, end: dt.date) -> int:
        """Working days after ``start`` until ``end``, that day included; negative where the end lies before. Raises
        YearUnknown."""
        if end < start:
            return -self.between(end, start)
        if end == start:
            return 0
        for year in range((start + ONE_DAY).year, end.year + 1):
            if year not in self.years:
                raise YearUnknown(year)
        # The plain weeks by arithmetic, then the few days that are named: a list asks this of many dates long past.
        return self._working_until(end) - self._working_until(start)

    def _working_until(self, day: dt.date) -> int:
        days, sums = self._named
        return _weekdays_until(day) + sums[bisect_right(days, day)]

    @cached_property
    def _named(self) -> tuple[list[dt.date], list[int]]:
        """The days that are named, in order, and by how much all before each change the plain weeks' count."""
        days = sorted(self.days)
        changes = (self.days[day].is_working - (day.weekday() < _SATURDAY) for day in days)
        return days, list(accumulate(changes, initial=0))


def _weekdays_until(day: dt.date) -> int:
    """Mondays to Fridays since the calendar began, this day included."""
    weeks, over = divmod(day.toordinal(), 7)
    return weeks * _SATURDAY + min(over, _SATURDAY)


def check_arrangement(year: int, days: Sequence[DayGiven]) -> list[str]:
    """What is wrong with an arrangement, each a sentence that names the day; empty where nothing is."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return [_("Year: it must lie between %(first)s and %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}]
    faults: list[str] = []
    seen: dict[dt.date, DayGiven] = {}
    for given in days:
        faults.extend(_faults_of_day(year, given))
        if given.day in seen:
            faults.append(_("%(day)s stands there twice: keep it once.") % {"day": given.day})
        seen[given.day] = given
    for (month, day), name in _FIXED.items():
        fixed = seen.get(dt.date(year, month, day))
        if fixed is None or fixed.is_working:
            faults.append(
                _("%(day)s (%(name)s) is a day off by law, and is missing: is the arrangement complete?")
                % {"day": dt.date(year, month, day), "name": name}
            )
    off, make_up = sum(not item.is_working for item in days), sum(item.is_working for item in days)
    if off > _MOST_DAYS_OFF or make_up > _MOST_MAKE_UP:
        faults.append(
            _("%(off)s days off and %(make_up)s make-up days are more than any year has had: compare with the document.")
            % {"off": off, "make_up": make_up}
        )
    return faults


def _faults_of_day(year: int, given: DayGiven) -> list[str]:
    if not dt.date(year, 1, 1) - ONE_DAY * _REACHES_BACK <= given.day <= dt.date(year, 12, 31):
        return [
            _("%(day)s does not lie in %(year)s (an arrangement may reach back into the last two weeks of December).")
            % {"day": given.day, "year": year}
        ]
    if given.is_working and given.day.weekday() < _SATURDAY:
        return [_("%(day)s is a weekday: only a Saturday or Sunday can be a make-up day.") % {"day": given.day}]
    return []
