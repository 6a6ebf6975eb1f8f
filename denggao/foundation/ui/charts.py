"""Progress drawn as terraces, on the server: bars that touch, light for what was carried forward, strong for what is new,
a dashed outline for the forecast, a dashed line for the target. Zero baseline. Colours come from the style sheet."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_LABEL_HEIGHT = 17.0
_TICKS = 4


@dataclass(frozen=True)
class Bar:
    """Heads from ``start`` to ``end``, both included. ``before`` is what was carried forward, ``added`` what is new; both
    None where withheld."""

    start: dt.date
    end: dt.date
    label: str
    before: int | None
    added: int | None

    @property
    def total(self) -> int | None:
        return None if self.before is None or self.added is None else self.before + self.added


@dataclass(frozen=True)
class Ahead:
    """The forecast: from a day to the end, from what is there to what is expected."""

    start: dt.date
    end: dt.date
    label: str
    now: int
    then: int


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Drawn:
    """One bar in the drawing; ``text_y`` is the middle of its label, ``over`` when it stands above the bar."""

    label: str
    middle: float
    was: Box
    new: Box
    added: int
    text_y: float
    over: bool
    held: bool
    named: bool


@dataclass(frozen=True)
class Terraces:
    width: int
    height: int
    left: float
    right: float
    floor: float
    axis_y: float
    bars: list[Drawn]
    ticks: list[tuple[int, float]]
    target: str
    target_value: int
    target_y: float
    ahead: Box | None
    ahead_middle: float
    ahead_label: str
    ahead_added: int
    ahead_value: int
    ahead_y: float
    numbers: bool = field(default=True)


def terraces(
    bars: Sequence[Bar],
    *,
    targets: Sequence[tuple[dt.date, dt.date, int]],
    ahead: Ahead | None,
    width: int = 740,
    height: int = 300,
    left: int = 52,
    right: int = 100,
    numbers: bool = True,
) -> Terraces:
    """``targets`` are cumulative, each from a day to a day, in order; the last is the goal's own. Needs one bar at least."""
    first = bars[0].start
    last = max(bars[-1].end, ahead.end if ahead else bars[-1].end, targets[-1][1] if targets else bars[-1].end)
    top, floor = 24.0, height - 30.0
    highest = max([bar.total or 0 for bar in bars] + [value for *_, value in targets] + ([ahead.then] if ahead else []) + [1])
    step = nice_step(highest)
    ceiling = step * math.ceil(highest / step)
    days = (last - first).days + 1
    inner = width - left - right

    def across(day: dt.date) -> float:
        return left + inner * (day - first).days / days

    def up(value: float) -> float:
        return round(floor - (floor - top) * value / ceiling, 1)

    drawn = [_drawn(bar, across, up, floor, numbers) for bar in bars]
    box = None
    if ahead is not None and ahead.then > ahead.now:
        x, end = across(ahead.start), across(ahead.end + dt.timedelta(days=1))
        box = Box(round(x + 1.5, 1), up(ahead.then), round(end - x - 3, 1), round(up(ahead.now) - up(ahead.then), 1))
    goal = targets[-1][2] if targets else 0
    return Terraces(
        width=width,
        height=height,
        left=left,
        right=round(left + inner, 1),
        floor=floor,
        axis_y=floor + 18,
        bars=drawn,
        ticks=[(value, up(value)) for value in range(0, ceiling + 1, step)],
        target=_steps(targets, across, up),
        target_value=goal,
        target_y=up(goal),
        ahead=box,
        ahead_middle=round(box.x + box.width / 2, 1) if box else 0,
        ahead_label=ahead.label if ahead else "",
        ahead_added=ahead.then - ahead.now if ahead else 0,
        ahead_value=ahead.then if ahead else 0,
        ahead_y=_apart(up(ahead.then), up(goal)) if ahead else 0,
        numbers=numbers,
    )


def _drawn(bar: Bar, across: Callable[[dt.date], float], up: Callable[[float], float], floor: float, numbers: bool) -> Drawn:
    x, end = across(bar.start), across(bar.end + dt.timedelta(days=1))
    x, wide = round(x + 1, 1), round(end - x - 2, 1)
    if bar.before is None or bar.added is None:
        return Drawn(
            bar.label,
            round(x + wide / 2, 1),
            Box(x, floor, wide, 0),
            Box(x, floor - 26, wide, 26),
            0,
            floor - 13,
            False,
            True,
            True,
        )
    low, high = up(bar.before), up(bar.before + bar.added)
    tall = round(low - high, 1)
    over = tall < _LABEL_HEIGHT
    return Drawn(
        label=bar.label,
        middle=round(x + wide / 2, 1),
        was=Box(x, low, wide, round(floor - low, 1)),
        new=Box(x, high, wide, tall),
        added=bar.added,
        text_y=round(high - 7 if over else (low + high) / 2 + 4, 1),
        over=over,
        held=False,
        named=numbers and wide >= 30,
    )


def _steps(
    targets: Sequence[tuple[dt.date, dt.date, int]], across: Callable[[dt.date], float], up: Callable[[float], float]
) -> str:
    """An SVG path of level stretches joined by upright ones."""
    path = ""
    for start, end, value in targets:
        path += f"{'L' if path else 'M'}{max(across(start), 0):.1f} {up(value)}H{across(end + dt.timedelta(days=1)):.1f}"
    return path


def _apart(y: float, other: float) -> float:
    """A label's place, at least a line away from the other."""
    return y if abs(y - other) >= _LABEL_HEIGHT else other + _LABEL_HEIGHT


def nice_step(highest: int) -> int:
    """A step of 1, 2, 2.5 or 5 times a power of ten (whole) that gives at most four steps, five at the edge."""
    rough = max(highest / _TICKS, 1)
    power = 10 ** math.floor(math.log10(rough))
    for factor in (1, 2, 2.5, 5, 10):
        if rough <= factor * power and (factor * power) % 1 == 0:
            return int(factor * power)
    return int(10 * power)
