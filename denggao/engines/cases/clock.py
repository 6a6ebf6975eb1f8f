"""Deadlines in working days. The clock of a stage counts from the working day after the case came to it, and stands still
while the applicant has the case back."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from denggao.foundation.calendar.queries import nth_working_day, working_days_between

ONE_DAY = dt.timedelta(days=1)


def due_on(from_on: dt.date, days: int | None) -> dt.date | None:
    """The last day of so many working days after ``from_on``; None for no limit, or where the calendar is not known yet."""
    if days is None:
        return None
    return nth_working_day(from_on + ONE_DAY, max(days, 1))


def days_left(days: int | None, from_on: dt.date | None, on: dt.date) -> int | None:
    """What is left on a day of so many working days counted from ``from_on``: at least one. Where the calendar is not known
    nothing is taken off."""
    if days is None or from_on is None:
        return days
    used = working_days_between(from_on, on)
    return max(days - (used or 0), 1)


def today(now: dt.datetime) -> dt.date:
    return timezone.localdate(now)
