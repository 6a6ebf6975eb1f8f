"""The public board: the whole plan, one goal, the big screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from denggao.engines.ledger.disclosure import Period
from denggao.engines.ledger.models import Entry
from denggao.engines.ledger.policies import can_see_every_head, can_see_heads, names_its_heads
from denggao.engines.ledger.pulse import Beat, has_pulse, pulse_of
from denggao.engines.ledger.queries import (
    Board,
    Cell,
    Difference,
    GoalFigures,
    board_of,
    breakdown,
    curve,
    difference,
    release_dates,
    version,
)
from denggao.faces.board import bodies, queries, rules
from denggao.faces.board.days import days_of, latest_of
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.plans.models import Goal, Plan
from denggao.foundation.ui.charts import Ahead, Terraces, terraces
from denggao.foundation.ui.templatetags.dg import number

FRAGMENT_SECONDS = 300
SHOWN_AT_FIRST = 15
SCREEN_ROWS = 5
WHOLE_LISTS = frozenset({"occupation", "employer"})
TERRACES = 6


@dataclass(frozen=True)
class Pulse:
    """What goes on beneath a goal."""

    goal: Goal
    beats: list[Beat]


def _pulse(goal: Goal, *, public: bool) -> Pulse | None:
    return Pulse(goal, pulse_of(goal, public=public)) if has_pulse(goal) else None


@dataclass(frozen=True)
class Chart:
    """The same progress drawn wide and, for phones, narrow."""

    wide: Terraces
    narrow: Terraces


def _chart(figures: GoalFigures, periods: list[Period]) -> Chart | None:
    bars = rules.quarter_bars(periods)
    if not bars:
        return None
    plan = figures.goal.plan
    targets = rules.cumulative_targets(
        figures.yearly_targets, figures.target, first=bars[0].start, first_year=plan.first_year, last_year=plan.last_year
    )
    ahead = _ahead(figures, bars[-1].end)
    short = rules.quarter_bars(periods, short=True)
    return Chart(
        wide=terraces(bars, targets=targets, ahead=ahead),
        narrow=terraces(short, targets=targets, ahead=ahead, width=326, height=220, left=44, right=6, numbers=False),
    )


def _ahead(figures: GoalFigures, drawn_to: dt.date) -> Ahead | None:
    plan, forecast = figures.goal.plan, figures.forecast
    if forecast is None or drawn_to >= plan.last_day:
        return None
    return Ahead(drawn_to + dt.timedelta(days=1), plan.last_day, "", figures.count, forecast.at_end)


# --- The whole plan ---------------------------------------------------------------------------------------------------


@login_not_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    found = queries.current_plan(timezone.localdate())
    if found is None:
        return render(request, "board/no_plan.html")
    return _board_page(request, found)


@login_not_required
@require_GET
def plan(request: HttpRequest, plan: str) -> HttpResponse:
    return _board_page(request, queries.plan_of(plan))


def _board_page(request: HttpRequest, plan: Plan) -> HttpResponse:
    latest = latest_of(plan)
    as_of = _released(request, plan, latest)
    code = request.GET.get("goal", "")
    key = f"board.plan.{version(plan)}.{latest}.{as_of}.{get_language()}"
    known = plan.goals.filter(code=code).exists() if code else True
    page = _fragment(f"{key}.{code if known else ''}", lambda: _overview(plan, latest, as_of, code if known else ""))
    return render(request, "board/plan.html", {"plan": plan, "page": page})


def _released(request: HttpRequest, plan: Plan, latest: dt.date) -> dt.date:
    """The day the public asks for, where it may be told; else the latest."""
    asked = request.GET.get("as_of", "")
    if not asked or asked == latest.isoformat():
        return latest
    return rules.chosen_day(asked, release_dates(plan, today=latest), latest)


def _fragment(key: str, make: Callable[[], str]) -> SafeString:
    """What ``make`` renders, kept for a while. Only for pages everybody may see, under keys of which there are few."""
    kept: str | None = cache.get(key)
    if kept is None:
        kept = make()
        cache.set(key, kept, FRAGMENT_SECONDS)
    return mark_safe(kept)  # noqa: S308 -- drawn by our own templates


def _overview(plan: Plan, latest: dt.date, as_of: dt.date, goal_code: str) -> str:
    dates = release_dates(plan, today=latest)
    board = board_of(plan, as_of=as_of, public=True)
    shown = _shown_goal(board, goal_code)
    context = {
        "plan": plan,
        "board": board,
        "as_of": as_of,
        "is_latest": as_of == latest,
        "dates": dates,
        "terraces": [
            _Terrace(number, figures, _below(figures, plan, as_of)) for number, figures in enumerate(board.goals, start=1)
        ],
        "is_mountain": len(board.goals) == TERRACES,
        "tabs": _goal_tabs(board, shown),
        "pulses": [found for figures in board.goals if (found := _pulse(figures.goal, public=True))] if as_of == latest else [],
        "years": list(plan.years),
        "years_rows": [figures for figures in board.goals if figures.goal.unit == Goal.Unit.PERSON],
    }
    if shown is not None:
        context |= {
            "shown": shown,
            "chart": _chart(shown, curve(shown.goal, as_of=as_of, public=True)),
            "industries": _bars(breakdown(shown.goal, "industry", as_of=as_of, public=True)),
            "proofs": _bars(breakdown(shown.goal, "proof", as_of=as_of, public=True)),
            "levels": _levels(shown, _bars(breakdown(shown.goal, "level", as_of=as_of, public=True))),
        }
    return render_to_string("board/overview.html", context)


@dataclass(frozen=True)
class _Terrace:
    """One goal on the mountain: the two last stand equally high."""

    number: int
    figures: GoalFigures
    below: str

    @property
    def height(self) -> int:
        return min(self.number, TERRACES - 1)

    @property
    def drawing(self) -> str:
        return f"terrace-{min(self.number, TERRACES)}"

    @property
    def is_done(self) -> bool:
        return self.figures.count >= self.figures.target


def _below(figures: GoalFigures, plan: Plan, as_of: dt.date) -> str:
    """The line under a terrace's edge."""
    if not figures.goal.counting_rule:
        return _("not counted here yet")
    if not figures.missing:
        return _("target reached")
    if figures.forecast is not None:
        return _("forecast %(count)s") % {"count": number(figures.forecast.at_end)}
    return _("%(count)s missing") % {"count": number(figures.missing)}


def _shown_goal(board: Board, code: str) -> GoalFigures | None:
    """The goal whose progress is drawn: the one asked for, else the one with most heads."""
    people = [figures for figures in board.goals if figures.goal.unit == Goal.Unit.PERSON]
    asked = [figures for figures in people if figures.goal.code == code]
    return next(iter(asked or sorted(people, key=lambda figures: -figures.count)), None)


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    on: bool


def _goal_tabs(board: Board, shown: GoalFigures | None) -> list[Tab]:
    return [
        Tab(figures.goal.short_name, figures.goal.code, shown is figures)
        for figures in board.goals
        if figures.goal.unit == Goal.Unit.PERSON
    ]


@dataclass(frozen=True)
class BarRow:
    """One value of a breakdown as a bar; ``count`` None where withheld."""

    label: str
    count: int | None
    most: int
    value: str


def _bars(cells: list[Cell]) -> list[BarRow]:
    most = max([cell.count or 0 for cell in cells] + [1])
    return [BarRow(cell.label, cell.count, most, cell.value) for cell in cells]


def _levels(figures: GoalFigures, bars: list[BarRow]) -> list[BarRow]:
    """The highest first; none where heads are counted that carry no level."""
    return [] if figures.count and all(bar.count == 0 for bar in bars) else list(reversed(bars))


# --- One goal ---------------------------------------------------------------------------------------------------------


@login_not_required
@require_GET
def goal(request: HttpRequest, plan: str, goal: str) -> HttpResponse:
    found = queries.goal_of(plan, goal)
    actor = actor_of(request)
    if can_see_every_head(actor):
        return _internal_goal(request, found)
    latest = latest_of(found.plan)
    as_of = _released(request, found.plan, latest)
    everything = request.GET.get("all", "") if request.GET.get("all") in WHOLE_LISTS else ""
    own = not names_its_heads(found) and can_see_heads(actor, found)
    page = _fragment(
        f"board.goal.{version(found.plan)}.{found.pk}.{latest}.{as_of}.{get_language()}.{everything}.{own}",
        lambda: _public_goal(found, latest, as_of, everything, own),
    )
    return render(request, "board/goal.html", {"plan": found.plan, "goal": found, "page": page})


def _public_goal(goal: Goal, latest: dt.date, as_of: dt.date, everything: str, own: bool) -> str:
    dates = release_dates(goal.plan, today=latest)
    context = _goal_context(goal, as_of, None, public=True, everything=everything)
    return render_to_string("board/goal_body.html", {**context, "dates": dates, "latest": latest, "own": own})


def _internal_goal(request: HttpRequest, goal: Goal) -> HttpResponse:
    day = days_of(request, goal.plan)
    context = _goal_context(goal, day.as_of, day.known_on, public=False, everything=request.GET.get("all", ""))
    changed = difference(goal, as_of=day.as_of, known_on=day.known_on) if day.known_on else None
    extra = {"day": day, "difference": changed, "reasons": _reasons(changed, goal) if changed else []}
    page = mark_safe(render_to_string("board/goal_body.html", {**context, **extra}))  # noqa: S308 -- drawn by our own templates
    return render(request, "board/goal.html", {"plan": goal.plan, "goal": goal, "page": page})


def _goal_context(goal: Goal, as_of: dt.date, known_on: dt.date | None, *, public: bool, everything: str) -> dict[str, object]:
    board = board_of(goal.plan, as_of=as_of, known_on=known_on, public=public)
    figures = board.of(goal.code)
    periods = curve(goal, as_of=as_of, known_on=known_on, public=public)
    tables = {
        name: _bars(breakdown(goal, name, as_of=as_of, known_on=known_on, public=public))
        for name in ("industry", "level", "proof", "occupation", "employer")
    }
    return {
        "plan": goal.plan,
        "goal": goal,
        "board": board,
        "figures": figures,
        "as_of": as_of,
        "public": public,
        "chart": _chart(figures, periods),
        "pulse": _pulse(goal, public=public) if known_on is None else None,
        "named": names_its_heads(goal),
        "bodies": bodies.rows_of(goal, as_of=as_of, known_on=known_on) if names_its_heads(goal) else [],
        "periods": periods,
        "months_from": next((number for number, period in enumerate(periods) if period.new != 0), 0),
        "years": _year_rows(figures),
        "industries": tables["industry"],
        "levels": _levels(figures, tables["level"]),
        "proofs": tables["proof"],
        "occupations": tables["occupation"] if everything == "occupation" else tables["occupation"][:SHOWN_AT_FIRST],
        "more_occupations": 0 if everything == "occupation" else max(len(tables["occupation"]) - SHOWN_AT_FIRST, 0),
        "employers": tables["employer"] if everything == "employer" else tables["employer"][:SHOWN_AT_FIRST],
        "more_employers": 0 if everything == "employer" else max(len(tables["employer"]) - SHOWN_AT_FIRST, 0),
    }


def _year_rows(figures: GoalFigures) -> list[tuple[int, int | None, int | None, int | None]]:
    """Year, heads, target of the year, heads so far (None from the first withheld year on)."""
    rows: list[tuple[int, int | None, int | None, int | None]] = []
    so_far: int | None = 0
    for year, count in figures.by_year.items():
        so_far = None if so_far is None or count is None else so_far + count
        rows.append((year, count, figures.yearly_targets.get(year), so_far))
    return rows


def _reasons(changed: Difference, goal: Goal) -> list[str]:
    """Why a date's number is another today, in words."""
    words: dict[str, object] = {
        "later_known": gettext_lazy("%(count)d entered later"),
        Entry.Reason.WITHDRAWN: gettext_lazy("%(count)d taken back because the certificate was withdrawn"),
        Entry.Reason.FACTS_CHANGED: gettext_lazy("%(count)d taken back because the facts changed"),
        Entry.Reason.EARLIER_FOUND: gettext_lazy("%(count)d moved because an earlier proof was found"),
        Entry.Reason.PLAN_CHANGED: gettext_lazy("%(count)d taken back because the plan changed"),
    }
    if names_its_heads(goal):
        words[Entry.Reason.WITHDRAWN] = gettext_lazy("%(count)d taken back because the accreditation was withdrawn")
    return [str(words.get(item.reason, words[Entry.Reason.FACTS_CHANGED])) % {"count": item.count} for item in changed.because]


# --- The big screen ---------------------------------------------------------------------------------------------------


@login_not_required
@require_GET
def screen(request: HttpRequest, plan: str) -> HttpResponse:
    found = queries.plan_of(plan)
    latest = latest_of(found)
    page = _fragment(f"board.screen.{version(found)}.{latest}.{get_language()}", lambda: _screen(found, latest))
    proven = board_of(found, as_of=latest, public=True).last_proven_at
    return render(request, "board/screen.html", {"plan": found, "page": page, "board_proven": proven})


def _screen(plan: Plan, as_of: dt.date) -> str:
    board = board_of(plan, as_of=as_of, public=True)
    shown = _shown_goal(board, "")
    context: dict[str, object] = {
        "plan": plan,
        "as_of": as_of,
        "terraces": [
            _Terrace(number, figures, _below(figures, plan, as_of))
            for number, figures in enumerate(board.goals[:TERRACES], start=1)
        ],
    }
    if shown is not None and shown.count:
        levels = _levels(shown, _bars(breakdown(shown.goal, "level", as_of=as_of, public=True)))
        context |= {
            "shown": shown,
            "chart": _screen_chart(shown, curve(shown.goal, as_of=as_of, public=True)),
            "industries": _bars(breakdown(shown.goal, "industry", as_of=as_of, public=True))[:SCREEN_ROWS],
            "proofs": _bars(breakdown(shown.goal, "proof", as_of=as_of, public=True)),
            "levels": levels[:SCREEN_ROWS],
        }
    return render_to_string("board/screen_body.html", context)


def _screen_chart(figures: GoalFigures, periods: list[Period]) -> Terraces | None:
    bars = rules.quarter_bars(periods, short=True)
    if not bars:
        return None
    plan = figures.goal.plan
    targets = rules.cumulative_targets(
        figures.yearly_targets, figures.target, first=bars[0].start, first_year=plan.first_year, last_year=plan.last_year
    )
    ahead = _ahead(figures, bars[-1].end)
    return terraces(bars, targets=targets, ahead=ahead, width=560, height=250, left=72, right=16, numbers=False)
