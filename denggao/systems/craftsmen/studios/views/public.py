"""Studios as everybody sees them. Persons by their whole name only where the naming made it public, or they agreed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from denggao.engines.credentials.drawings import plaque_of
from denggao.foundation.plans.models import Plan
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.systems.craftsmen.panels import public_page
from denggao.systems.craftsmen.studios import queries
from denggao.systems.craftsmen.studios.forms.keeping import PublicFilter
from denggao.systems.craftsmen.studios.models import (
    Alliance,
    AllianceMembership,
    Evaluation,
    Project,
    Result,
    Studio,
    StudioMember,
    Visit,
)
from denggao.systems.craftsmen.studios.numbers import Span, numbers_of
from denggao.systems.craftsmen.studios.showing import GRADE_TONES, PROJECT_TONES, STUDIO_TONES

PER_PAGE = 24
# On a public page the rows of each number stand below it.
ANCHORS = {"projects": "projects", "visits": "visits", "learners": "people", "raised": "people"}
SHOWN = 12


@login_not_required
@require_GET
def studio_list(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("plan", "")
    plan = get_object_or_404(Plan, code=asked) if asked else Plan.objects.order_by("-last_year", "-first_year").first()
    studios = queries.shown_studios(plan) if plan is not None else queries.shown_studios()
    done = Q(results__state=Result.State.CONFIRMED)
    listing = Listing(
        request.GET,
        studios.annotate(results_many=Count("results", filter=done, distinct=True), projects_many=Count("projects", distinct=True)),
        sorts={"since": ("named_on", "id"), "name": "name_zh", "results": "results_many"},
        default="since",
        search=("name_zh", "name_en", "organisation__name_zh", "organisation__name_en", "plaque__number"),
        filters=PublicFilter,
        per_page=PER_PAGE,
    )
    if listing.export:
        return table_response("studios", _header(), map(_cells, listing.everything), kind=listing.export)
    context = {
        "plan": plan,
        "listing": listing,
        "rows": [(studio, STUDIO_TONES[studio.state], leader_name(studio)) for studio in listing.rows],
        "alliances": list(_alliances(plan)),
    }
    return render(request, "studios/list.html", context)


def _alliances(plan: Plan | None) -> Any:
    members = Count("memberships", filter=Q(memberships__state=AllianceMembership.State.MEMBER))
    found = Alliance.objects.select_related("lead").annotate(members=members)
    return found.filter(plan=plan) if plan is not None else found.none()


def leader_name(studio: Studio) -> str:
    """A craftsman is named in public with the title; once it is revoked, the name is masked."""
    person = studio.leader.person
    return person.name if studio.leader.is_in_force else person.masked_name


def _header() -> list[str]:
    return [
        _("Studio"),
        _("Employer"),
        _("Industry"),
        _("Plaque"),
        _("State"),
        _("Named on"),
        _("Projects"),
        pgettext("of a studio", "Results"),
    ]


def _cells(studio: Any) -> list[Cell]:
    return [
        studio.name,
        studio.organisation.name,
        studio.industry.name,
        studio.plaque.number if studio.plaque else "",
        str(studio.get_state_display()),
        studio.named_on,
        studio.projects_many,
        studio.results_many,
    ]


@login_not_required
@require_GET
def studio_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    studio = get_object_or_404(queries.shown_studios(), public_id=public_id)
    today = timezone.localdate()
    last = studio.ended_on or today
    members = list(studio.members.filter(confirmed_at__isnull=False, to_on__isnull=True).select_related("person"))
    results = list(Result.objects.filter(studio=studio, state=Result.State.CONFIRMED))
    numbers = numbers_of(studio, Span(studio.named_on, max(last, studio.named_on)))
    evaluations = list(Evaluation.objects.filter(studio=studio).exclude(outcome=Evaluation.Outcome.REMEDY))
    context = {
        "plan": studio.plan,
        "studio": studio,
        "tone": STUDIO_TONES[studio.state],
        "leader": leader_name(studio),
        "leader_page": public_page(studio.leader),
        "plaque": plaque_of(studio.plaque, day=today) if studio.plaque else None,
        "numbers": [(one, ANCHORS.get(one.code, "results")) for one in numbers if one.value],
        "people": [one for one in members if one.role == StudioMember.Role.MEMBER],
        "learners": next(one.rows for one in numbers if one.code == "learners"),
        "projects": [(one, PROJECT_TONES[one.state]) for one in Project.objects.filter(studio=studio).select_related("alliance")],
        "results": results,
        "visits": list(Visit.objects.filter(studio=studio)[:SHOWN]),
        "visits_more": max(Visit.objects.filter(studio=studio).count() - SHOWN, 0),
        "evaluations": [(one, GRADE_TONES[one.grade]) for one in evaluations],
        "alliances": list(queries.alliances_of(studio)),
    }
    return render(request, "studios/studio.html", context)


@login_not_required
@require_GET
def alliance_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    alliance = get_object_or_404(Alliance.objects.select_related("plan", "lead__organisation"), public_id=public_id)
    return render(request, "studios/alliance.html", alliance_context(alliance))


def alliance_context(alliance: Alliance) -> dict[str, Any]:
    """What everybody sees of an alliance."""
    members = AllianceMembership.objects.filter(alliance=alliance, state=AllianceMembership.State.MEMBER)
    return {
        "plan": alliance.plan,
        "alliance": alliance,
        "members": list(members.select_related("studio__organisation", "studio__industry").order_by("from_on", "id")),
        "projects": [(one, PROJECT_TONES[one.state]) for one in alliance.projects.select_related("studio")],
        "visits": list(alliance.visits.select_related("studio")[:SHOWN]),
    }
