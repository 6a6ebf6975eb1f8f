"""``denggao rebuild_ledger``: derive every head again from the source facts, and the roll-ups from the entries."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from denggao.engines.ledger.actions import rebuild, rebuild_rollups
from denggao.engines.ledger.queries import check_plan
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.commands import Outcome, ProductCommand
from denggao.foundation.plans.models import Plan


class Command(ProductCommand):
    help = _("Derive the ledger again from its source facts: print the differences, or write them.")

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help=_("Only print each difference; exit status 1 if there is one."))
        parser.add_argument("--plan", metavar="CODE", help=_("One plan alone."))

    def perform(self, *, actor: Actor, now: dt.datetime, **options: Any) -> Outcome:
        plans = Plan.objects.order_by("code")
        if options["plan"]:
            plans = plans.filter(code=options["plan"])
        if not options["check"]:
            written = 0
            for plan in plans:
                rebuild_rollups(plan, actor=actor, now=now)
                written += rebuild(plan, actor=actor, now=now)
            return Outcome({"written": written}, [_("%(count)d entries and reversals written.") % {"count": written}])
        problems = [problem for plan in plans for problem in check_plan(plan)]
        lines = [
            _("%(goal)s %(what)s %(head)s: should be %(expected)s, is %(found)s") % asdict(problem) for problem in problems
        ] or [_("The ledger agrees with its source facts.")]
        return Outcome({"ok": not problems, "differences": [asdict(problem) for problem in problems]}, lines, ok=not problems)
