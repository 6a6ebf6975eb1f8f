"""Between moments of the clock and the whole milliseconds that the rules reckon in."""

from __future__ import annotations

import datetime as dt

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def milliseconds(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // dt.timedelta(milliseconds=1)


def moment_of(value: int) -> dt.datetime:
    return _EPOCH + dt.timedelta(milliseconds=value)
