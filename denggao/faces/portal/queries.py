"""What the public pages read: the rules in force and the open data of a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from denggao.engines.ledger.queries import Board, Cell, board_of, breakdown, curve, version
from denggao.foundation.plans.models import Goal, Plan
from denggao.foundation.plans.registry import rule_in_words
from denggao.foundation.standards.models import RuleValue

OPEN_DIMENSIONS = ("year", "industry", "level", "proof", "occupation", "employer")
OPEN_HEADER = ("plan", "as_of", "goal", "dimension", "value", "label_zh", "label_en", "count")


@dataclass(frozen=True)
class GoalRule:
    """How one goal is counted, in words, with the plan's own parameters."""

    goal: Goal
    sentence: str
    parameters: list[tuple[str, str]]
    yearly: list[tuple[int, int]]


def rules_of(plan: Plan) -> list[GoalRule]:
    goals = plan.goals.prefetch_related("yearly_targets")
    return [
        GoalRule(
            goal,
            str(rule_in_words(goal.counting_rule)),
            [(name, str(value)) for name, value in goal.parameters.items()],
            [(item.year, item.target) for item in goal.yearly_targets.all()],
        )
        for goal in goals
    ]


def rule_values(on: dt.date) -> list[RuleValue]:
    """The numbers of policy in force on a day, and those to come."""
    return [
        value for value in RuleValue.objects.order_by("key", "region", "valid_from") if not value.valid_to or value.valid_to >= on
    ]


def open_version(plan: Plan) -> str:
    return version(plan)


def open_rows(plan: Plan, *, as_of: dt.date) -> Iterator[tuple[str, str, str, str, str, str, str, int | None]]:
    """The public board as rows of OPEN_HEADER: first each goal's total and target, then its breakdowns and months. A count
    is None where it is withheld."""
    board = board_of(plan, as_of=as_of, public=True)
    for figures in board.goals:
        start = (plan.code, as_of.isoformat(), figures.goal.code)
        yield (*start, "total", "", figures.goal.name_zh, figures.goal.name_en, figures.count)
        yield (*start, "target", "", figures.goal.name_zh, figures.goal.name_en, figures.target)
        if not figures.count:
            continue
        for dimension in OPEN_DIMENSIONS:
            for cell in breakdown(figures.goal, dimension, as_of=as_of, public=True):
                yield (*start, dimension, cell.value, cell.label_zh, cell.label_en, cell.count)
        for period in curve(figures.goal, as_of=as_of, public=True):
            span = f"{period.start:%Y-%m}/{period.end:%Y-%m}"
            yield (*start, "month", span, span, span, period.new)


def open_document(plan: Plan, *, as_of: dt.date) -> dict[str, object]:
    """The same as one JSON document."""
    board: Board = board_of(plan, as_of=as_of, public=True)
    return {
        "plan": plan.code,
        "name_zh": plan.name_zh,
        "name_en": plan.name_en,
        "as_of": as_of.isoformat(),
        "distinct_people": board.distinct_people,
        "withheld_is": None,
        "goals": {
            figures.goal.code: {
                "name_zh": figures.goal.name_zh,
                "name_en": figures.goal.name_en,
                "unit": figures.goal.unit,
                "target": figures.target,
                "count": figures.count,
                "by_year": {str(year): count for year, count in figures.by_year.items()},
                **({} if not figures.count else _by(figures.goal, as_of)),
            }
            for figures in board.goals
        },
    }


def _by(goal: Goal, as_of: dt.date) -> dict[str, list[dict[str, object]]]:
    return {
        f"by_{dimension}": [_cell(cell) for cell in breakdown(goal, dimension, as_of=as_of, public=True)]
        for dimension in OPEN_DIMENSIONS
        if dimension != "year"
    }


def _cell(cell: Cell) -> dict[str, object]:
    return {"value": cell.value, "label_zh": cell.label_zh, "label_en": cell.label_en, "count": cell.count}
