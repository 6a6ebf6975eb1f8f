"""``denggao load_plan FILE``: load a plan, or bring it up to date."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.commands import Outcome, ProductCommand, WrongUse, existing_file
from denggao.foundation.plans.actions import PlanLoad, load_plan
from denggao.foundation.plans.nodes import LIMIT_BYTES
from denggao.foundation.plans.planfile import PlanFileRefused


class Command(ProductCommand):
    help = _("Load a plan from its file, or bring it up to date.")

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=existing_file, help=_("A plan file (YAML)."))

    def perform(self, *, actor: Actor, now: dt.datetime, **options: Any) -> Outcome:
        try:
            with options["file"].open("rb") as handle:
                content = handle.read(LIMIT_BYTES + 1)
        except OSError as error:
            raise WrongUse(_("The file “%(file)s” can't be read.") % {"file": options["file"]}) from error
        try:
            load = load_plan(content=content, actor=actor, now=now)
        except PlanFileRefused as refusal:
            for fault in refusal.faults:
                self.say(fault)
            return Outcome({"outcome": "refused", "faults": refusal.faults}, ok=False)
        return Outcome(_data(load), _lines(load))


def _data(load: PlanLoad) -> dict[str, Any]:
    plan = load.plan
    return {
        "plan": plan.code,
        "outcome": load.outcome,
        "goals": {goal.code: goal.target for goal in plan.goals.all()},
        "changes": {path: {"from": old, "to": new} for path, (old, new) in load.changes.items()}
        if load.outcome == "updated"
        else {},
    }


def _lines(load: PlanLoad) -> list[str]:
    code = {"code": load.plan.code}
    if load.outcome == "created":
        return [_("Plan %(code)s is loaded.") % code]
    if load.outcome == "unchanged":
        return [_("Plan %(code)s was loaded before; nothing changed.") % code]
    changes = [f"  {path}: {old!r} → {new!r}" for path, (old, new) in load.changes.items()]
    return [_("Plan %(code)s is brought up to date:") % code, *changes]
