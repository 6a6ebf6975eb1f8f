"""What the board's pages read beside the ledger."""

from __future__ import annotations

import datetime as dt

from django.http import Http404

from denggao.foundation.plans.models import Goal, Plan


def current_plan(today: dt.date) -> Plan | None:
    """The plan under way; else the one that ended last; else the next."""
    plans = list(Plan.objects.order_by("-last_year", "-first_year"))
    under_way = [plan for plan in plans if plan.first_day <= today <= plan.last_day]
    ended = [plan for plan in plans if plan.last_day < today]
    return next(iter([*under_way, *ended, *reversed(plans)]), None)


def plan_of(code: str) -> Plan:
    plan = Plan.objects.filter(code=code).first()
    if plan is None:
        raise Http404
    return plan


def goal_of(plan_code: str, goal_code: str) -> Goal:
    goal = Goal.objects.select_related("plan").filter(plan__code=plan_code, code=goal_code).first()
    if goal is None:
        raise Http404
    return goal
