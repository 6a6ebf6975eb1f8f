"""The form by which experts judge applications comes with the first plan that counts bases."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from denggao.engines.reviews.actions.rubrics import load_rubric
from denggao.engines.reviews.models import Rubric
from denggao.foundation.audit.actors import Actor
from denggao.foundation.plans.models import Plan
from denggao.systems.bases.rules import ACCREDITED_BASES

RUBRIC = "base-city-105"
_FILE = Path(__file__).parents[1] / "rubrics" / "base-city-105.yaml"


def bring_rubric(plan: Plan, *, actor: Actor, now: dt.datetime) -> None:
    """Load the city's form as version 1 unless the office has one already. Plugged into ``plan_changed``: the permission is
    that of the act which loaded the plan."""
    if not plan.goals.filter(counting_rule=ACCREDITED_BASES).exists() or Rubric.objects.filter(code=RUBRIC).exists():
        return
    load_rubric(content=_FILE.read_bytes(), actor=actor, now=now)
