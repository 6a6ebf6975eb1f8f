"""Reads that span tables."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

from denggao.foundation.plans.models import Goal, Part, Plan
from denggao.foundation.plans.planfile import GoalLine, IndustryLine, PartLine, PlanFile, Wording
from denggao.foundation.plans.registry import rule_in_words


def said_by(plan: Plan) -> PlanFile:
    """A loaded plan in the shape of its file (without the bodies themselves), for comparing the two."""
    parts: dict[int | None, list[PartLine]] = defaultdict(list)
    for part in Part.objects.filter(plan=plan).select_related("organisation").order_by("goal", "position"):
        body = (part.organisation.code or "") if part.organisation else ""
        parts[part.goal_id].append(PartLine(part.role, body, part.class_zh))
    industries = plan.industries.order_by("planindustry__position")
    return PlanFile(
        code=plan.code,
        name=Wording(plan.name_zh, plan.name_en),
        short=Wording(plan.short_name_zh, plan.short_name_en),
        region=Wording(plan.region_zh, plan.region_en),
        first_year=plan.first_year,
        last_year=plan.last_year,
        sha256=plan.source_hash,
        industries=tuple(IndustryLine(item.code, Wording(item.name_zh, item.name_en)) for item in industries),
        goals=tuple(
            GoalLine(
                code=goal.code,
                name=Wording(goal.name_zh, goal.name_en),
                short=Wording(goal.short_name_zh, goal.short_name_en),
                unit=goal.unit,
                target=goal.target,
                yearly={item.year: item.target for item in goal.yearly_targets.all()},
                rule=goal.counting_rule,
                parameters=goal.parameters,
                lowest_proof=goal.lowest_proof,
                parts=tuple(parts[goal.pk]),
                facts=tuple(goal.facts),
            )
            for goal in plan.goals.prefetch_related("yearly_targets")
        ),
        parts=tuple(parts[None]),
        facts=tuple(plan.facts),
    )


@dataclass(frozen=True)
class GoalPage:
    """A goal as its plan's page shows it: ``parts`` as (role, bodies), ``facts`` as (label, items), in the plan's order."""

    goal: Goal
    rule: Any
    parts: list[tuple[str, list[str]]] = field(default_factory=list)
    facts: list[tuple[str, list[str]]] = field(default_factory=list)


def goals_of(plan: Plan) -> list[GoalPage]:
    """Three queries."""
    parts: dict[int, list[Part]] = defaultdict(list)
    for part in Part.objects.filter(plan=plan, goal__isnull=False).select_related("organisation"):
        if part.goal_id is not None:
            parts[part.goal_id].append(part)
    return [
        GoalPage(goal, rule_in_words(goal.counting_rule), _by_role(parts[goal.pk]), told_facts(goal.facts))
        for goal in plan.goals.prefetch_related("yearly_targets")
    ]


def plan_parts(plan: Plan) -> list[tuple[str, list[str]]]:
    """Who does what for the plan as a whole, by role."""
    return _by_role(list(Part.objects.filter(plan=plan, goal__isnull=True).select_related("organisation")))


def told_facts(facts: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """A plan's or goal's facts in the reader's language."""
    return [(_told(fact), [_told(item) for item in fact["items"]]) for fact in facts]


def _told(words: dict[str, Any]) -> str:
    english = (get_language() or "").startswith("en")
    return str(words.get("en") if english and words.get("en") else words["zh"])


def _by_role(parts: list[Part]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for part in sorted(parts, key=lambda item: item.position):
        found.setdefault(str(part.get_role_display()), []).append(part.organisation.name if part.organisation else part.class_zh)
    return list(found.items())
