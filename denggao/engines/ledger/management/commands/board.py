"""``denggao board CODE``: the plan's numbers, as the office sees them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from denggao.engines.ledger.queries import DIMENSIONS, Board, board_of, breakdown, difference
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.commands import Outcome, ProductCommand, WrongUse, day
from denggao.foundation.plans.models import Plan


class Command(ProductCommand):
    help = _("Print the board of a plan.")
    seals = False

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="CODE", help=_("The plan's code, such as lingang-2020."))
        parser.add_argument("--as-of", type=day, metavar="DATE", help=_("Count events up to this day (today unless told)."))
        parser.add_argument("--known-on", type=day, metavar="DATE", help=_("Count with what was known at the end of this day."))

    def perform(self, *, actor: Actor, now: dt.datetime, **options: Any) -> Outcome:
        plan = Plan.objects.filter(code=options["code"]).first()
        if plan is None:
            known = ", ".join(Plan.objects.order_by("code").values_list("code", flat=True)) or _("none")
            raise WrongUse(_("There is no plan “%(code)s”; loaded plans: %(known)s.") % {"code": options["code"], "known": known})
        as_of = options["as_of"] or now.astimezone(dt.timezone(dt.timedelta(hours=8))).date()
        board = board_of(plan, as_of=as_of, known_on=options["known_on"])
        return Outcome(board_data(board), _lines(board))


def board_data(board: Board) -> dict[str, Any]:
    """``{"plan", "as_of", "known_on", "goals": {code: {"target", "count", "by_year", "by_level", …}}}``, keyed by codes."""
    goals: dict[str, Any] = {}
    for figures in board.goals:
        goal = figures.goal
        told: dict[str, Any] = {
            "target": figures.target,
            "count": figures.count,
            "by_year": {str(year): count for year, count in figures.by_year.items()},
        }
        if goal.counting_rule:
            for dimension in DIMENSIONS:
                if dimension not in {"year", "month"}:
                    cells = breakdown(goal, dimension, as_of=board.as_of, known_on=board.known_on)
                    told[f"by_{dimension}"] = {cell.value: cell.count for cell in cells}
            months = breakdown(goal, "month", as_of=board.as_of, known_on=board.known_on)
            told["by_month"] = {cell.value: cell.count for cell in months if cell.count}
            if board.known_on:
                told["difference"] = _difference(board, goal)
        goals[goal.code] = told
    return {
        "plan": board.plan.code,
        "as_of": board.as_of.isoformat(),
        "known_on": board.known_on.isoformat() if board.known_on else None,
        "goals": goals,
        "distinct_people": board.distinct_people,
    }


def _difference(board: Board, goal: Any) -> dict[str, Any]:
    if board.known_on is None:
        return {}
    found = difference(goal, as_of=board.as_of, known_on=board.known_on)
    return {"then": found.then, "now": found.now, "because": {item.reason: item.count for item in found.because}}


def _lines(board: Board) -> list[str]:
    known = _(", as known on %(day)s") % {"day": board.known_on.isoformat()} if board.known_on else ""
    lines = [_("%(plan)s, as of %(day)s%(known)s") % {"plan": board.plan.name, "day": board.as_of.isoformat(), "known": known}]
    for figures in board.goals:
        years = "  ".join(f"{year}: {count}" for year, count in figures.by_year.items())
        lines.append(f"  {figures.goal.short_name_zh}  {figures.count} / {figures.target}  ({figures.share:.1%})  {years}")
    return lines
