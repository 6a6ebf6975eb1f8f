"""What the public may see of a table of heads: cells under five are withheld, and so many more that none of them can be
subtracted out.

The attacker is assumed to know this page's rules, the published total and every published cell. A table (one value of
one dimension a head) is safe when its withheld cells are at least two and their sum leaves each at least five possible
values; otherwise the smallest published cell is withheld too, and when nothing more can be withheld, the whole table
is. Employers lie within industries and months within years: there each group is made safe by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SMALLEST_SHOWN = 5


def _safe(hidden: Sequence[int]) -> bool:
    return not hidden or (len(hidden) >= 2 and sum(hidden) >= len(hidden) + SMALLEST_SHOWN - 1)


def withhold(cells: Mapping[str, int]) -> set[str]:
    """The values whose cells are withheld. Cells of 0 are published, unless nothing else makes the table safe."""
    hidden = {value for value, count in cells.items() if 0 < count < SMALLEST_SHOWN}
    shown = sorted((count, value) for value, count in cells.items() if count >= SMALLEST_SHOWN)
    while not _safe([cells[value] for value in hidden]):
        if not shown:
            return set(cells)
        hidden.add(shown.pop(0)[1])
    return hidden


def withhold_nested(groups: Mapping[str, Mapping[str, int]], hidden_groups: set[str]) -> set[str]:
    """The members withheld where each belongs to one group (employers in industries) and the groups' own totals are
    published but for ``hidden_groups``: no group's members may give away its total, nor a member by subtraction."""
    hidden: set[str] = set()
    loose: dict[str, int] = {}
    for group, members in groups.items():
        if group not in hidden_groups:
            hidden |= withhold(members)
            continue
        small = {value for value, count in members.items() if 0 < count < SMALLEST_SHOWN}
        if not small and members:
            small = {
                min((value for value, count in members.items() if count), key=lambda value: (members[value], value), default="")
            }
        hidden |= small & set(members)
        loose |= dict(members)
    chosen = {value for value in hidden if value in loose}
    rest = sorted((count, value) for value, count in loose.items() if value not in chosen and count)
    while not _safe([loose[value] for value in chosen]) and rest:
        chosen.add(rest.pop(0)[1])
    if not _safe([loose[value] for value in chosen]):
        chosen = set(loose)
    return hidden | chosen


@dataclass(frozen=True)
class Period:
    """Heads of the months from ``start`` to ``end`` (both included, whole months). ``new`` and ``cumulative`` are None
    where withheld."""

    start: dt.date
    end: dt.date
    new: int | None
    cumulative: int | None


def public_periods(months: Mapping[dt.date, int], hidden_years: set[int]) -> list[Period]:
    """Months (first day → net heads, without gaps, in order) joined until each period holds none or at least five
    heads, never across a year's end; within withheld years one period a year, without numbers."""
    periods: list[Period] = []
    running = 0
    years = sorted({month.year for month in months})
    for year in years:
        of_year = [(month, count) for month, count in months.items() if month.year == year]
        if year in hidden_years:
            running += sum(count for _, count in of_year)
            periods.append(Period(of_year[0][0], _month_end(of_year[-1][0]), None, None))
            continue
        # A running total may be told once no withheld year lies on both sides of it.
        tellable = (
            not hidden_years or all(hidden < year for hidden in hidden_years) or all(hidden > year for hidden in hidden_years)
        )
        for part in _join(of_year):
            new = sum(count for _, count in part)
            running += new
            periods.append(Period(part[0][0], _month_end(part[-1][0]), new, running if tellable else None))
    return periods


def _join(months: Sequence[tuple[dt.date, int]]) -> list[list[tuple[dt.date, int]]]:
    """Neighbouring months joined from the left until a part holds 0 or at least five; a small rest joins the part before."""
    parts: list[list[tuple[dt.date, int]]] = []
    current: list[tuple[dt.date, int]] = []
    for item in months:
        current.append(item)
        total = sum(count for _, count in current)
        if total == 0 or total >= SMALLEST_SHOWN:
            parts.append(current)
            current = []
    while current:
        if not parts:
            return [current]
        current = parts.pop() + current
        if sum(count for _, count in current) >= SMALLEST_SHOWN:
            parts.append(current)
            current = []
    return parts


def _month_end(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
