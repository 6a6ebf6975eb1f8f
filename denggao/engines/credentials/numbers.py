"""Numbers by rule: without gaps, never the same twice, whoever issues at the same moment."""

from __future__ import annotations

import csv
import datetime as dt
import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import F

from denggao.engines.credentials.models import NumberCounter
from denggao.foundation.plans.models import Plan

FIELDS = frozenset({"serial", "year", "plan"})
NO_PLAN = ""


@dataclass(frozen=True)
class NumberRule:
    """How numbers of a kind look, by the plan's code, "" for any other plan: ``LG-B-{serial:02d}``,
    ``{plan}-P-{year}-{serial:04d}``. ``plan`` is the plan's code in capitals, ``year`` that of the day of issue. Serials
    run from 1 for each filling of the other fields.
    """

    patterns: Mapping[str, str]

    def __post_init__(self) -> None:
        if NO_PLAN not in self.patterns:
            raise ValueError("A number rule has a pattern for any plan.")
        for pattern in self.patterns.values():
            named = {name for _text, name, _spec, _conversion in string.Formatter().parse(pattern) if name is not None}
            if "serial" not in named or named - FIELDS:
                raise ValueError(f"{pattern}: a number pattern names serial, and beside it only year and plan.")

    def key(self, *, plan_code: str, on: dt.date) -> str:
        """The pattern with all but the serial filled in."""
        parts: list[str] = []
        for text, name, spec, _conversion in string.Formatter().parse(self.patterns.get(plan_code, self.patterns[NO_PLAN])):
            parts.append(text)
            if name == "serial":
                parts.append(f"{{serial:{spec}}}" if spec else "{serial}")
            elif name == "year":
                parts.append(str(on.year))
            elif name == "plan":
                parts.append(plan_code.upper() or "DG")
        return "".join(parts)


def rule_of_data(kind: str) -> NumberRule:
    """The rule shipped for a kind (``data/number_rules.csv``). Raises KeyError."""
    patterns = shipped_rules()
    if kind not in patterns:
        raise KeyError(kind)
    return NumberRule(patterns[kind])


def shipped_rules() -> dict[str, dict[str, str]]:
    """Patterns by kind and plan code. None rests on a document: all are the product's defaults (confidence C)."""
    found: dict[str, dict[str, str]] = {}
    with (Path(__file__).parent / "data" / "number_rules.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["kind"], {})[row["plan"]] = row["pattern"]
    return found


def take_number(rule: NumberRule, *, plan: Plan | None, on: dt.date) -> str:
    """The next number. The counter's row is held until the caller's transaction ends: who rolls back leaves no gap."""
    key = rule.key(plan_code=plan.code if plan else NO_PLAN, on=on)
    if not NumberCounter.objects.filter(key=key).update(last=F("last") + 1):
        _begin(key)
        NumberCounter.objects.filter(key=key).update(last=F("last") + 1)
    return key.format(serial=NumberCounter.objects.values_list("last", flat=True).get(key=key))


def _begin(key: str) -> None:
    try:
        with transaction.atomic():
            NumberCounter.objects.create(key=key)
    except IntegrityError:
        # Two began it at the same moment; the other was first.
        pass
