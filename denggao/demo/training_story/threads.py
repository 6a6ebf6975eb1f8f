"""Threads: generators that say when they go on, and the days between their steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator, Iterator, Sequence

from denggao.foundation.calendar.queries import nth_working_day

Thread = Iterator[dt.datetime]
# A thread that tells on which day it came to its end.
Walk = Generator[dt.datetime, None, dt.date]


def merged(threads: Sequence[Thread]) -> Thread:
    """Several threads as one: whichever is due first goes on."""
    waiting = [(next(thread, None), place, thread) for place, thread in enumerate(threads)]
    while waiting := [item for item in waiting if item[0] is not None]:
        when, place, thread = min(waiting, key=lambda item: (item[0], item[1]))
        assert when is not None
        yield when
        waiting = [item for item in waiting if item[2] is not thread]
        waiting.append((next(thread, None), place, thread))


def after(day: dt.date, days: int) -> dt.date:
    """So many working days later."""
    found = nth_working_day(day + dt.timedelta(days=1), days)
    return found or day + dt.timedelta(days=days)


def before(day: dt.date, days: int) -> dt.date:
    """So many working days earlier, roughly: then ``days`` of them lie between."""
    return day - dt.timedelta(days=days * 7 // 5 + 1)
