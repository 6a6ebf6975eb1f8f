"""What a special mentor owes and has done, as pure functions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

NAMED_WITHIN = "craftsmen.mentor_named_within"
SLACK = "craftsmen.duty_slack"


def days_in(year: int) -> int:
    return (dt.date(year + 1, 1, 1) - dt.date(year, 1, 1)).days


def owed(hours_a_year: int, first: dt.date, last: dt.date, year: int) -> float:
    """Hours owed in a calendar year, by the days of the term in it; to a tenth of an hour."""
    begins, ends = max(first, dt.date(year, 1, 1)), min(last, dt.date(year, 12, 31))
    days = (ends - begins).days + 1
    return round(hours_a_year * days / days_in(year), 1) if days > 0 else 0.0


def years_of(first: dt.date, last: dt.date) -> list[int]:
    return list(range(first.year, last.year + 1))


@dataclass(frozen=True)
class Standing:
    """A year of a duty: hours owed and done (confirmed), hours that wait for the other side, and what should be done by a day."""

    year: int
    owed: float
    done: float
    waiting: float
    due_by_now: float

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.done / self.owed)) if self.owed else (100 if self.done else 0)

    @property
    def left(self) -> float:
        return round(max(0.0, self.owed - self.done), 1)

    def is_behind(self, slack_percent: int) -> bool:
        """Whether what should be done by now is missed by more than so many percent of what is owed."""
        return self.owed > 0 and self.done + self.owed * slack_percent / 100 < self.due_by_now


def standing(
    hours_a_year: int, first: dt.date, last: dt.date, year: int, *, done: float, waiting: float, today: dt.date
) -> Standing:
    until = min(last, today)
    by_now = owed(hours_a_year, first, until, year) if until >= first else 0.0
    return Standing(year, owed(hours_a_year, first, last, year), round(done, 1), round(waiting, 1), by_now)


def minutes(starts: dt.time, ends: dt.time) -> int:
    """From one time of a day to a later one of the same day."""
    return (ends.hour * 60 + ends.minute) - (starts.hour * 60 + starts.minute)


def clashes(starts: dt.time, ends: dt.time, others: Iterable[tuple[dt.time, dt.time]]) -> bool:
    """Whether two sessions of a day share a minute; one may begin when another ends."""
    return any(starts < other_ends and other_starts < ends for other_starts, other_ends in others)
