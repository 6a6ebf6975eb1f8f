"""When a failed attempt is tried again, and when a recurring job falls due."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from cronsim import CronSim

SHANGHAI = ZoneInfo("Asia/Shanghai")
_FIRST_WAIT = dt.timedelta(seconds=10)
_LONGEST_WAIT = dt.timedelta(hours=1)


def wait_before(attempts: int) -> dt.timedelta:
    """How long to wait after this many attempts: 10 s, 40 s, 2 min 40 s … an hour at most."""
    factor: int = 4 ** min(max(attempts - 1, 0), 10)
    return min(_FIRST_WAIT * factor, _LONGEST_WAIT)


def next_tick(cron: str, after: dt.datetime) -> dt.datetime:
    """The first moment strictly after ``after`` that the five-field expression names, in Shanghai's time.
    Raises cronsim.CronSimError."""
    return next(CronSim(cron, after.astimezone(SHANGHAI)))
