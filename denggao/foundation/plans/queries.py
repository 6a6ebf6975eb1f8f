"""Reads that span tables."""

from __future__ import annotations

from collections import defaultdict

from denggao.foundation.plans.models import Part, Plan
from denggao.foundation.plans.planfile import GoalLine, IndustryLine, PartLine, PlanFile, Wording


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
