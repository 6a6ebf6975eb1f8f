"""A counting rule for bodies whose facts a test writes down itself: a body counts from the day it was accredited."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from denggao.engines.ledger import evidence, registry
from denggao.engines.ledger.evidence import EvidenceStep, register_opener
from denggao.engines.ledger.models import Entry
from denggao.engines.ledger.registry import Claim
from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.plans.models import Goal, Plan

NAME = "test_bodies"


@dataclass
class Accreditations:
    """By the body's id: since when, and the public id of what proves it."""

    since: dict[int, tuple[dt.date, uuid.UUID]] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def accredit(self, body: Organisation, on: str) -> None:
        self.since[body.pk] = (dt.date.fromisoformat(on), uuid.uuid4())
        self.seen.add(body.pk)

    def withdraw(self, body: Organisation) -> None:
        del self.since[body.pk]

    def claims(self, goal: Goal, heads: Collection[int]) -> dict[int, Claim]:
        return {
            head: Claim(self.since[head][0], "confirmed", NAME, self.since[head][1], "f" * 64, industry="ic")
            for head in heads
            if head in self.since
        }

    def all_heads(self, goal: Goal) -> Collection[int]:
        return self.seen


def _open(entry: Entry, actor: Actor) -> list[EvidenceStep]:
    return [EvidenceStep("base", "认定", [("编号", "LG-B-01")])]


@contextmanager
def registered(rule: Accreditations) -> Iterator[Accreditations]:
    rules, openers = dict(registry._RULES), dict(evidence._OPENERS)
    registry.register(NAME, rule)
    register_opener(NAME, _open)
    try:
        yield rule
    finally:
        for table, before in ((registry._RULES, rules), (evidence._OPENERS, openers)):
            table.clear()
            table.update(before)  # type: ignore[arg-type]  # as it stood before


def a_goal(plan: Plan) -> Goal:
    return Goal.objects.create(
        plan=plan,
        code="bases",
        position=2,
        name_zh="搭建10个产业实训基地",
        name_en="Ten training bases",
        short_name_zh="产业实训基地",
        short_name_en="Training bases",
        unit=Goal.Unit.BODY,
        target=10,
        counting_rule=NAME,
    )
