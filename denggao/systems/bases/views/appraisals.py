"""The yearly appraisal's pages: the office opens and grades, the base fills in, both read the rows behind each number."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.ui.acts import Act, posted, serve_act
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.foundation.ui.templatetags.dg import moment
from denggao.foundation.ui.words import actor_names
from denggao.systems.bases import policies
from denggao.systems.bases.actions import appraising as actions
from denggao.systems.bases.appraisal import providers
from denggao.systems.bases.appraisal.indicators import Indicator, read_indicators
from denggao.systems.bases.appraisal.marking import marks_of
from denggao.systems.bases.forms.office import (
    AppraisalFilter,
    CycleForm,
)
from denggao.systems.bases.models import Appraisal, AppraisalCycle, AppraisalValue
from denggao.systems.bases.showing import GRADE_TONES, STATE_TONES, plain
from denggao.systems.bases.views.appraisal_acts import address_of

State = Appraisal.State


@login_required
@require_GET
def appraisal_list(request: HttpRequest) -> HttpResponse:
    """The office's appraisals; a manager's own."""
    actor = actor_of(request)
    if not (actor.is_office or policies.visible_bases(actor).exists()):
        raise PermissionDenied
    listing = Listing(
        request.GET,
        policies.visible_appraisals(actor),
        sorts={"base": "base__name_zh", "year": "cycle__year", "state": "state", "points": "points", "due": "cycle__due_on"},
        default="-year",
        search=("base__name_zh", "base__name_en", "base__organisation__name_zh"),
        filters=AppraisalFilter,
    )
    if listing.export:
        return table_response("appraisals", _header(), map(_cells, listing.everything), kind=listing.export)
    cycles = policies.visible_cycles(actor).annotate(
        every=Count("appraisals"), closed=Count("appraisals", filter=Q(appraisals__state=State.CLOSED))
    )
    context = {
        "listing": listing,
        "rows": [_row(item) for item in listing.rows],
        "cycles": list(cycles[:3]),
        "office": actor.is_office,
        "may_open": policies.can_open_cycle(actor),
        "today": timezone.localdate(),
    }
    return render(request, "bases/appraisals.html", context)


def _row(item: Appraisal) -> tuple[Appraisal, str, str]:
    return item, STATE_TONES[item.state], GRADE_TONES.get(item.grade, "")


def _header() -> list[str]:
    return [_("Year"), _("Base"), _("Body"), _("State"), _("Points"), _("Grade"), _("Outcome"), _("To be handed in by")]


def _cells(item: Appraisal) -> list[Cell]:
    shown = _shows_grade(item)
    return [
        item.cycle.year,
        item.base.name,
        item.base.organisation.name,
        str(item.get_state_display()),
        item.points if shown else "",
        str(item.get_grade_display()) if shown else "",
        str(item.get_outcome_display()),
        item.cycle.due_on,
    ]


def _shows_grade(item: Appraisal) -> bool:
    """A grade is one once a second person has confirmed it."""
    return bool(item.confirmed_by)


@login_required
@require_http_methods(["GET", "POST"])
def cycle_new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not policies.can_open_cycle(actor):
        raise PermissionDenied
    today = timezone.localdate()
    form = CycleForm(posted(request), initial={"year": today.year if today.month > 6 else today.year - 1})
    act = Act(
        _("Open a yearly appraisal"),
        _("Every base that stands is asked to hand in. The platform fills in what it knows. Rules are kept as they are today."),
        _("Open"),
        _("The appraisal is open; the bases are told."),
        back="/bases/appraisals/",
    )
    return serve_act(
        request,
        form,
        act,
        lambda: actions.open_cycle(form.order(), actor=actor, now=timezone.now()),
        template="bases/appraisal_act.html",
    )


@login_required
@require_GET
def cycle_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A year's appraisal as the office sees it: who stands where, by which indicators."""
    actor = actor_of(request)
    cycle = policies.get_cycle_for(actor, public_id)
    appraisals = list(policies.visible_appraisals(actor).filter(cycle=cycle).order_by("base__name_zh"))
    context = {
        "cycle": cycle,
        "rows": [_row(item) for item in appraisals],
        "indicators": read_indicators(cycle.indicators),
        "facts": _facts_of(cycle),
        "today": timezone.localdate(),
        "closed": sum(item.state == State.CLOSED for item in appraisals),
    }
    return render(request, "bases/cycle.html", context)


def _facts_of(cycle: AppraisalCycle) -> list[tuple[str, str]]:
    marks = cycle.thresholds
    thresholds = " · ".join(
        f"{Appraisal.Grade(code).label} ≥ {plain(Decimal(marks[code]))}" for code in ("excellent", "good", "pass")
    )
    return [
        (_("Plan"), cycle.plan.name),
        (_("To be handed in by"), cycle.due_on.isoformat()),
        (_("Thresholds"), _("%(thresholds)s (a default, not law)") % {"thresholds": thresholds}),
        (_("To remedy"), _("%(days)s working days (a default, not law)") % {"days": cycle.remedy_days}),
        (_("Document"), cycle.document),
    ]


@login_required
@require_GET
def appraisal_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    appraisal = policies.get_appraisal_for(actor, public_id)
    values = {value.indicator: value for value in appraisal.values.select_related("evidence")}
    indicators = read_indicators(appraisal.cycle.indicators)
    may_fill = policies.can_fill(actor, appraisal) and not actor.is_operator
    lines = [_line(appraisal, indicator, values[indicator.code]) for indicator in indicators if indicator.code in values]
    shows_grade = _shows_grade(appraisal) or (actor.is_office and bool(appraisal.grade))
    context = {
        "appraisal": appraisal,
        "tone": STATE_TONES[appraisal.state],
        "grade_tone": GRADE_TONES.get(appraisal.grade, ""),
        "shows_grade": shows_grade,
        "lines": lines,
        "missing": sum(1 for line in lines if line["missing"]),
        "sum": marks_of(appraisal, values.values()).points,
        "most": sum(indicator.points for indicator in indicators),
        "may_fill": may_fill and appraisal.state == State.OPEN,
        "may_set": policies.can_grade(actor) and appraisal.state == State.HANDED_IN,
        "choices": _choices(actor, appraisal, may_fill=may_fill),
        "own_proposal": appraisal.state == State.PROPOSED and appraisal.proposed_by == actor.id,
        "timeline": _timeline(actor, appraisal),
        "late": appraisal.state == State.OPEN and timezone.localdate() > appraisal.cycle.due_on,
        "lapsed": _lapsed(appraisal),
        "reads_evidence": actor.is_office or may_fill,
    }
    return render(request, "bases/appraisal.html", context)


def _timeline(actor: Actor, appraisal: Appraisal) -> list[dict[str, str]]:
    """What was said of a grade before it was confirmed stays with the office."""
    steps = list(appraisal.steps.all())
    names = actor_names((step.actor, step.actor_text) for step in steps)
    weighed = {State.PROPOSED, State.HANDED_IN}
    return [
        {
            "title": str(State(step.state_to).label),
            "text": step.reason if actor.is_office or step.state_to not in weighed else "",
            "when": f"{moment(step.at)} · {names[step.actor]}",
            "state": "done",
        }
        for step in steps
    ]


def _lapsed(appraisal: Appraisal) -> bool:
    until = appraisal.remedy_until
    return appraisal.state == State.REMEDY and until is not None and timezone.localdate() > until


def _line(appraisal: Appraisal, indicator: Indicator, value: AppraisalValue) -> dict[str, Any]:
    address = f"{address_of(appraisal)}values/{indicator.code}/"
    opens = indicator.is_platform and bool(value.rows) and providers.provider_of(indicator.code) is not None
    return {
        "indicator": indicator,
        "value": value,
        "points": value.set_points if value.set_points is not None else value.points,
        "missing": value.value is None and not indicator.is_platform,
        "rows_url": f"{address}rows/" if opens else "",
        "enter_url": address,
        "points_url": f"{address}points/",
    }


def _choices(actor: Actor, appraisal: Appraisal, *, may_fill: bool) -> list[dict[str, str]]:
    """What the reader can do now, the likeliest first."""
    at, state = address_of(appraisal), appraisal.state
    second = policies.can_confirm_grade(actor) and appraisal.proposed_by != actor.id
    offered = (
        (state == State.OPEN and may_fill, "hand-in/", pgettext("appraisal", "Hand in"), "primary"),
        (state == State.HANDED_IN and policies.can_grade(actor), "propose/", _("Propose a grade"), "primary"),
        (state == State.HANDED_IN and policies.can_grade(actor), "send-back/", _("Send back"), "outline"),
        (state == State.PROPOSED and second, "confirm/", _("Confirm the grade"), "primary"),
        (state == State.PROPOSED and second, "return/", _("Do not agree"), "outline"),
        (state == State.REMEDY and may_fill and not _lapsed(appraisal), "report/", _("Report the remedies"), "primary"),
        (
            (state == State.REMEDIED or _lapsed(appraisal)) and policies.can_grade(actor),
            "check/", _("Check the remedies"), "primary",
        ),
    )  # fmt: skip
    return [{"url": f"{at}{path}", "label": label, "tone": tone} for allowed, path, label, tone in offered if allowed]
