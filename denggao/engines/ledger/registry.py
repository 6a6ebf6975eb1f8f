"""Counting rules, by name. A system registers its rule in ``wiring.py``; a plan's goal names the rule and its
parameters. Nobody else says what counts."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Protocol

from denggao.foundation.plans.models import Goal


@dataclass(frozen=True)
class Claim:
    """Why a head counts: the fact the ledger will write down, or finds written already."""

    happened_on: dt.date
    proof: str
    evidence_kind: str
    evidence_id: uuid.UUID
    evidence_hash: str
    industry: str = ""
    occupation_id: int | None = None
    level: str = ""
    level_before: str = ""
    employer_id: int | None = None
    channel: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


class CountingRule(Protocol):
    """What a head must show to count for a goal."""

    def claims(self, goal: Goal, heads: Collection[int]) -> dict[int, Claim]:
        """The claim of each head (person id, or organisation id for goals that count bodies) that counts today, from
        all its facts; heads that do not count are absent. A constant number of queries, whatever the number of heads."""

    def all_heads(self, goal: Goal) -> Collection[int]:
        """Every head that has any fact bearing on the goal: what ``rebuild_ledger`` derives again."""


_RULES: dict[str, CountingRule] = {}


def register(name: str, rule: CountingRule) -> None:
    _RULES[name] = rule


def rule_named(name: str) -> CountingRule:
    """Raises KeyError."""
    return _RULES[name]


def known_rules() -> set[str]:
    return set(_RULES)
