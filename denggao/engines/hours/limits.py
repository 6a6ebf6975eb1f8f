"""The policy's numbers, from the dated rule values."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.core.cache import cache

from denggao.engines.hours.rules import Limits
from denggao.foundation.standards.queries import RuleTable

KEYS = (
    "hours.lesson_minutes",
    "hours.daily_cap_minutes",
    "hours.beat_seconds",
    "hours.idle_minutes",
    "hours.offline_minutes",
    "hours.gone_minutes",
    "hours.rhythm_beats",
    "hours.rhythm_variation",
    "hours.device_accounts",
    "hours.impossible_day_minutes",
    "hours.takeovers",
    "hours.clock_swing_minutes",
)
_SECONDS = 60


def values_on(day: dt.date) -> dict[str, Decimal]:
    """All of them, keyed by rule. Kept for a minute: every beat asks. Raises NoRuleInForce."""
    kept: dict[str, Decimal] | None = cache.get(f"hours.values.{day}")
    if kept is None:
        table = RuleTable(*KEYS)
        kept = {key: table.value(key, day) for key in KEYS}
        cache.set(f"hours.values.{day}", kept, _SECONDS)
    return kept


def limits_on(day: dt.date) -> Limits:
    values = values_on(day)
    return Limits(
        beat_ms=int(values["hours.beat_seconds"] * 1000),
        idle_ms=int(values["hours.idle_minutes"] * 60_000),
        cap_ms=int(values["hours.daily_cap_minutes"] * 60_000),
        offline_ms=int(values["hours.offline_minutes"] * 60_000),
        gone_ms=int(values["hours.gone_minutes"] * 60_000),
    )


def lesson_minutes_on(day: dt.date) -> Decimal:
    return values_on(day)["hours.lesson_minutes"]


def rule_text(day: dt.date) -> str:
    """By which numbers a day was counted, as an entry keeps it."""
    values = values_on(day)
    names = ("hours.beat_seconds", "hours.idle_minutes", "hours.daily_cap_minutes")
    return "; ".join(f"{name} {values[name].normalize():f}" for name in names)
