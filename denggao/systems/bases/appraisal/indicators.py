"""What is looked at in a yearly appraisal: indicators as data, their marking as pure rules. No database, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from denggao.systems.bases.models import Appraisal, AppraisalValue

Source, Grade = AppraisalValue.Source, Appraisal.Grade
MARKS = frozenset({"linear", "steps", "none_best"})
_TWO_PLACES = Decimal("0.01")


class IndicatorsWrong(ValueError):
    """A list of indicators that can't be marked; the message names the indicator."""


@dataclass(frozen=True)
class Indicator:
    """One line of an appraisal. ``mark``: ``{"kind": "linear", "full_at": 50}`` (points grow evenly, all of them from there
    on), ``{"kind": "steps", "steps": [[80, 4], [90, 5]]}`` (from a value on, so many points), ``{"kind": "none_best"}`` (all
    points for 0, else none). ``veto``: a value above 0 fails the year whatever the rest says."""

    code: str
    zh: str
    en: str
    unit_zh: str
    unit_en: str
    points: Decimal
    source: str
    mark: Mapping[str, Any]
    evidence: bool = False
    veto: bool = False
    most: Decimal | None = None
    help_zh: str = ""
    help_en: str = ""

    @property
    def name(self) -> str:
        return self.en if _english() else self.zh

    @property
    def unit(self) -> str:
        return self.unit_en if _english() else self.unit_zh

    @property
    def help(self) -> str:
        return self.help_en if _english() else self.help_zh

    @property
    def is_platform(self) -> bool:
        return self.source == Source.PLATFORM

    def points_for(self, value: Decimal) -> Decimal:
        """Points, between 0 and ``points``, two places."""
        kind = self.mark["kind"]
        if kind == "none_best":
            return self.points if value == 0 else Decimal(0)
        if kind == "steps":
            reached = [Decimal(str(given)) for least, given in self.mark["steps"] if value >= Decimal(str(least))]
            return max(reached, default=Decimal(0))
        share = min(max(value, Decimal(0)) / Decimal(str(self.mark["full_at"])), Decimal(1))
        return (self.points * share).quantize(_TWO_PLACES, ROUND_HALF_UP)


def _english() -> bool:
    return (get_language() or "").startswith("en")


def read_indicators(given: Sequence[Mapping[str, Any]]) -> tuple[Indicator, ...]:
    """Indicators from data, as shipped or as an opened cycle keeps them. Raises IndicatorsWrong."""
    found = []
    for item in given:
        indicator = Indicator(
            code=str(item["code"]),
            zh=str(item["zh"]),
            en=str(item.get("en") or item["zh"]),
            unit_zh=str(item.get("unit_zh", "")),
            unit_en=str(item.get("unit_en", "")),
            points=Decimal(str(item["points"])),
            source=str(item["source"]),
            mark=item["mark"],
            evidence=bool(item.get("evidence", False)),
            veto=bool(item.get("veto", False)),
            most=Decimal(str(item["most"])) if item.get("most") is not None else None,
            help_zh=str(item.get("help_zh", "")),
            help_en=str(item.get("help_en", "")),
        )
        _check(indicator)
        found.append(indicator)
    if len({item.code for item in found}) != len(found):
        raise IndicatorsWrong("Two indicators share a code.")
    return tuple(found)


def _check(indicator: Indicator) -> None:
    mark = indicator.mark
    if mark.get("kind") not in MARKS or indicator.source not in {Source.PLATFORM, Source.ENTERED} or indicator.points <= 0:
        raise IndicatorsWrong(indicator.code)
    if mark["kind"] == "linear" and Decimal(str(mark.get("full_at", 0))) <= 0:
        raise IndicatorsWrong(indicator.code)
    if mark["kind"] == "steps":
        steps = [(Decimal(str(least)), Decimal(str(points))) for least, points in mark.get("steps", ())]
        if not steps or steps != sorted(steps) or any(points > indicator.points for _least, points in steps):
            raise IndicatorsWrong(indicator.code)


@cache
def shipped() -> tuple[dict[str, Any], ...]:
    """The indicators that come with the platform, as data."""
    text = (Path(__file__).parent / "indicators.yaml").read_text(encoding="utf-8")
    return tuple(yaml.safe_load(text)["indicators"])


@dataclass(frozen=True)
class Marked:
    """What an appraisal comes to: the sum of points, two places; the grade; the indicators that failed it outright."""

    points: Decimal
    grade: str
    vetoes: tuple[str, ...] = ()


def mark(
    indicators: Sequence[Indicator],
    values: Mapping[str, Decimal | None],
    set_points: Mapping[str, Decimal],
    thresholds: Mapping[str, str],
) -> Marked:
    """Mark an appraisal. A value that is missing gives no points; what the office set goes before the rule."""
    total = Decimal(0)
    vetoes = []
    for indicator in indicators:
        value = values.get(indicator.code)
        if indicator.code in set_points:
            total += min(set_points[indicator.code], indicator.points)
        elif value is not None:
            total += indicator.points_for(value)
        if indicator.veto and value is not None and value > 0:
            vetoes.append(indicator.code)
    total = total.quantize(_TWO_PLACES, ROUND_HALF_UP)
    return Marked(total, Grade.FAIL if vetoes else grade_of(total, thresholds), tuple(vetoes))


def grade_of(points: Decimal, thresholds: Mapping[str, str]) -> str:
    """The best grade whose threshold is reached. ``thresholds`` by grade, in points, as text."""
    for grade in (Grade.EXCELLENT, Grade.GOOD, Grade.PASS):
        if points >= Decimal(thresholds[grade]):
            return grade
    return Grade.FAIL
