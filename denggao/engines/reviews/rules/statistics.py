"""What several experts' totals come to. Pure; decimal points, rounded half up to hundredths at the very end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Literal

Aggregate = Literal["mean", "median", "trimmed"]
AGGREGATES: tuple[Aggregate, ...] = ("mean", "median", "trimmed")
HUNDREDTH = Decimal("0.01")
TRIMMED_FROM = 3  # With fewer, nothing would be left of them.


@dataclass(frozen=True)
class Summary:
    """``trimmed`` is the mean without one highest and one lowest total; of fewer than three totals, the plain mean.
    ``deviation`` is that of all the totals given (the population's); ``spread`` is the highest less the lowest."""

    count: int
    mean: Decimal
    median: Decimal
    trimmed: Decimal
    deviation: Decimal
    lowest: Decimal
    highest: Decimal

    @property
    def spread(self) -> Decimal:
        return self.highest - self.lowest

    def by(self, aggregate: Aggregate) -> Decimal:
        return {"mean": self.mean, "median": self.median, "trimmed": self.trimmed}[aggregate]


def rounded(points: Decimal) -> Decimal:
    return points.quantize(HUNDREDTH, rounding=ROUND_HALF_UP)


def summarise(totals: Sequence[Decimal]) -> Summary:
    """The same in whatever order the totals come. Raises ValueError for none at all."""
    if not totals:
        raise ValueError("there are no totals to summarise")
    ordered = sorted(totals)
    with localcontext(prec=40):
        mean = _mean(ordered)
        deviation = _mean([(total - mean) ** 2 for total in ordered]).sqrt()
        return Summary(
            count=len(ordered),
            mean=rounded(mean),
            median=rounded(_median(ordered)),
            trimmed=rounded(_mean(ordered[1:-1] if len(ordered) >= TRIMMED_FROM else ordered)),
            deviation=rounded(deviation),
            lowest=rounded(ordered[0]),
            highest=rounded(ordered[-1]),
        )


def too_wide(summary: Summary, max_spread: Decimal | None) -> bool:
    """Whether the experts are so far apart that a further one is asked; exactly the most that is allowed is not."""
    return max_spread is not None and summary.spread > max_spread


def _mean(points: Sequence[Decimal]) -> Decimal:
    return sum(points, Decimal(0)) / len(points)


def _median(ordered: Sequence[Decimal]) -> Decimal:
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
