"""Plans: what they want, who does which part, who takes part."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.foundation.audit.actors import actor_of
from denggao.foundation.plans import policies
from denggao.foundation.plans.actions import (
    ParticipationRefused,
    PlanRefused,
    add_participation,
    change_participation,
    load_plan,
    remove_participation,
)
from denggao.foundation.plans.forms import JoinForm, ParticipantFilter, PlanFileForm, SpanForm
from denggao.foundation.plans.models import Participation, Plan
from denggao.foundation.plans.planfile import PlanFileRefused
from denggao.foundation.plans.queries import goals_of, plan_parts, told_facts
from denggao.foundation.ui.exports import table_response
from denggao.foundation.ui.listing import Listing


@login_required
@require_GET
def plan_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    plans = policies.visible_plans(actor).prefetch_related("industries", "goals").annotate(employers=Count("participations"))
    context = {"plans": plans, "may_load": policies.can_load_plan(actor), "may_see": policies.can_see_participants(actor)}
    return render(request, "plans/plans.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def plan_load(request: HttpRequest) -> HttpResponse:
    """Load a plan file. Its faults are shown line by line, and nothing is changed."""
    actor = actor_of(request)
    if not policies.can_load_plan(actor):
        raise PermissionDenied
    form = PlanFileForm(request.POST if request.method == "POST" else None, request.FILES if request.method == "POST" else None)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            load = load_plan(content=form.cleaned_data["file"], actor=actor, now=timezone.now())
        except PlanFileRefused as refused:
            faults = refused.faults
        except PlanRefused as refused:
            faults = [str(refused)]
        else:
            if load.outcome == "unchanged":
                messages.info(request, _("This plan was loaded before; nothing changed."))
            elif load.outcome == "created":
                messages.success(request, _("The plan is loaded."))
            else:
                messages.success(
                    request, _("The plan is brought up to date: %(count)d statements changed.") % {"count": len(load.changes)}
                )
            return redirect("plans:plan", load.plan.code)
    bad = bool(faults or form.errors)
    return render(request, "plans/load.html", {"form": form, "faults": faults}, status=422 if bad else 200)


@login_required
@require_GET
def plan_detail(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    plan = policies.get_plan_for(actor, code)
    context = {
        "plan": plan,
        "goals": goals_of(plan),
        "parts": plan_parts(plan),
        "facts": told_facts(plan.facts),
        "industries": plan.industries.order_by("planindustry__position"),
        "participants": policies.visible_participations(actor, plan).count(),
        "may_see": policies.can_see_participants(actor),
        "may_load": policies.can_load_plan(actor),
    }
    return render(request, "plans/plan.html", context)


@login_required
@require_GET
def participant_list(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    plan = policies.get_plan_for(actor, code)
    if not policies.can_see_participants(actor):
        raise PermissionDenied
    listing = Listing(
        request.GET,
        policies.visible_participations(actor, plan).select_related("organisation__industry"),
        sorts={"name": "organisation__name_zh", "from": "from_on", "to": "to_on"},
        default="name",
        search=("organisation__name_zh", "organisation__name_en", "organisation__uscc"),
        filters=ParticipantFilter,
    )
    if listing.export:
        header = (_("Employer"), _("Credit code"), _("Industry"), _("First day"), _("Last day"))
        rows = [
            (item.organisation.name_zh, item.organisation.uscc or "", str(item.organisation.industry or ""), *_span(item, plan))
            for item in listing.everything
        ]
        return table_response(f"{plan.code}-employers", header, rows, kind=listing.export)
    context = {"plan": plan, "listing": listing, "may_keep": policies.can_keep_participations(actor)}
    return render(request, "plans/participants.html", context)


def _span(item: Participation, plan: Plan) -> tuple[str, str]:
    return (item.from_on or plan.first_day).isoformat(), (item.to_on or plan.last_day).isoformat()


@login_required
@require_http_methods(["GET", "POST"])
def participant_add(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    plan = policies.get_plan_for_keeping(actor, code)
    form = JoinForm(request.POST if request.method == "POST" else None, plan=plan)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            add_participation(
                given["employer"], plan=plan, from_on=given["from_on"], to_on=given["to_on"], actor=actor, now=timezone.now()
            )
        except ParticipationRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(name)s takes part; its staff is counted.") % {"name": given["employer"].name})
            return redirect("plans:participants", plan.code)
    context = {"plan": plan, "form": form, "employers": policies.employers_to_join(plan).order_by("name_zh")[:2000]}
    return render(request, "plans/participant.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def participant_change(request: HttpRequest, code: str, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    item = policies.get_participation_for_keeping(actor, code, public_id)
    form = SpanForm(request.POST if request.method == "POST" else None, initial={"from_on": item.from_on, "to_on": item.to_on})
    if request.method == "POST" and form.is_valid():
        try:
            change_participation(item, **form.cleaned_data, actor=actor, now=timezone.now())
        except ParticipationRefused as refused:
            form.add_error("to_on", str(refused))
        else:
            messages.success(
                request, _("The days of %(name)s are changed; its staff is counted again.") % {"name": item.organisation.name}
            )
            return redirect("plans:participants", code)
    context = {"plan": item.plan, "item": item, "form": form}
    return render(request, "plans/participant.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def participant_remove(request: HttpRequest, code: str, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    item = policies.get_participation_for_keeping(actor, code, public_id)
    remove_participation(item, actor=actor, now=timezone.now())
    messages.success(request, _("%(name)s no longer takes part.") % {"name": item.organisation.name})
    return redirect("plans:participants", code)
