"""What the board's pages make of the ledger's periods: pure, no database, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from denggao.engines.ledger.disclosure import Period
from denggao.foundation.ui.charts import Bar


def quarter_bars(periods: Sequence[Period], *, short: bool = False) -> list[Bar]:
    """Periods of months joined into quarters, or into several where the public may not be told a quarter alone. Quarters
    before the first head are left out. ``short`` names only the first quarter of a year, by the year."""
    bars: list[Bar] = []
    group: list[Period] = []
    for position, period in enumerate(periods):
        group.append(period)
        if period.end.month % 3 and position + 1 < len(periods):
            continue
        bars.append(_bar(group, short, bars))
        group = []
    first = next((number for number, bar in enumerate(bars) if bar.total != 0), len(bars))
    return bars[first:]


def _bar(group: Sequence[Period], short: bool, earlier: Sequence[Bar]) -> Bar:
    start, end = group[0].start, group[-1].end
    news = [period.new for period in group]
    added = None if any(new is None for new in news) else sum(new or 0 for new in news)
    total = group[-1].cumulative
    before = None if total is None or added is None else total - added
    return Bar(start, end, _name(start, end, short), before, added if before is not None else None)


def _name(start: dt.date, end: dt.date, short: bool) -> str:
    first, last = (start.month + 2) // 3, (end.month + 2) // 3
    if short:
        return str(start.year) if first == 1 else ""
    return f"{start:%y}Q{first}" if (start.year, first) == (end.year, last) else f"{start:%y}Q{first}–{last}"


def cumulative_targets(
    yearly: Mapping[int, int], target: int, *, first: dt.date, first_year: int, last_year: int
) -> list[tuple[dt.date, dt.date, int]]:
    """The goal's target as it should grow, from ``first`` on; one level line where the plan names no years."""
    if not yearly:
        return [(first, dt.date(last_year, 12, 31), target)]
    lines, running = [], 0
    for year in range(first_year, last_year + 1):
        running += yearly.get(year, 0)
        if dt.date(year, 12, 31) >= first:
            lines.append((max(first, dt.date(year, 1, 1)), dt.date(year, 12, 31), running))
    return lines


def chosen_day(asked: str, allowed: Sequence[dt.date], default: dt.date) -> dt.date:
    """The asked day (ISO) where it is allowed, else the default."""
    try:
        day = dt.date.fromisoformat(asked)
    except ValueError:
        return default
    return day if day in allowed else default


def any_day(asked: str, *, first: dt.date, last: dt.date, default: dt.date | None) -> dt.date | None:
    """The asked day (ISO) within bounds, else the default."""
    try:
        day = dt.date.fromisoformat(asked)
    except ValueError:
        return default
    return min(max(day, first), last)
