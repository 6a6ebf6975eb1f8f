"""The form by which experts judge a studio comes with the first plan that names craftsmen."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from denggao.engines.reviews.actions.rubrics import load_rubric
from denggao.engines.reviews.models import Rubric
from denggao.foundation.audit.actors import Actor
from denggao.foundation.plans.models import Plan
from denggao.systems.craftsmen.rules import NAMED_CRAFTSMEN

RUBRIC = "studio-two-years"
_FILE = Path(__file__).parents[1] / "rubrics" / "studio-two-years.yaml"


def bring_rubric(plan: Plan, *, actor: Actor, now: dt.datetime) -> None:
    """Load our default form as version 1 unless the office has one already. Plugged into ``plan_changed``: the permission is that
    of the act which loaded the plan."""
    if not plan.goals.filter(counting_rule=NAMED_CRAFTSMEN).exists() or Rubric.objects.filter(code=RUBRIC).exists():
        return
    load_rubric(content=_FILE.read_bytes(), actor=actor, now=now)
