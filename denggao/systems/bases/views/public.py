"""The bases as everybody sees them: where they stand, what they cover, which is in force. Bodies only, no persons."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from denggao.engines.cases.policies import can_keep_rounds
from denggao.engines.credentials.drawings import plaque_of
from denggao.engines.ledger.policies import can_see_every_head
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.ladder import BY_CODE
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.systems.bases.geography import participants
from denggao.systems.bases.layout import queries
from denggao.systems.bases.layout.drawing import Drawing
from denggao.systems.bases.layout.filters import BaseFilter, near_expiry
from denggao.systems.bases.layout.matrix import LEVELS
from denggao.systems.bases.layout.records import public_record, reach_km, trained_by
from denggao.systems.bases.models import Base
from denggao.systems.bases.procedures import BASE

PER_PAGE = 24
NEAREST = 8


def _plan(request: HttpRequest) -> Plan | None:
    """The plan asked for, else the newest."""
    asked = request.GET.get("plan", "")
    if asked:
        return get_object_or_404(Plan, code=asked)
    return Plan.objects.order_by("-last_year", "-first_year").first()


@login_not_required
@require_GET
def base_list(request: HttpRequest) -> HttpResponse:
    plan = _plan(request)
    if plan is None:
        return render(request, "training_bases/no_plan.html")
    listing = Listing(
        request.GET,
        queries.shown_bases(plan),
        sorts={"number": ("accredited_on", "id"), "name": "name_zh", "workstations": "workstations", "until": "valid_until"},
        default="number",
        search=("name_zh", "name_en", "organisation__name_zh", "organisation__name_en", "coverage__occupation__name_zh"),
        filters=BaseFilter,
        per_page=PER_PAGE,
        plan=plan,
    )
    if listing.export:
        return table_response("training-bases", _header(), map(_cells, listing.everything), kind=listing.export)
    numbers = queries.numbers_of(queries.shown_bases(plan))
    industries = list(plan.industries.order_by("planindustry__position"))
    drawing = queries.map_of(
        listing.rows,
        numbers=numbers,
        addresses={base.pk: _address(base) for base in listing.rows},
        industries=industries,
        employers=participants(plan),
        tiles=settings.MAP_TILES,
    )
    context = {
        "plan": plan,
        "listing": listing,
        "rows": [(numbers[base.pk], base, trained_by(base)) for base in listing.rows],
        "map": drawing,
        "legend": list(zip(queries.TONES, industries, strict=False)),
    }
    return render(request, "training_bases/list.html", context)


def _address(base: Base) -> str:
    return reverse("training_bases:base", args=[base.public_id])


def _header() -> list[str]:
    return [
        _("Base"), _("Body"), _("Industry"), _("Occupations and levels"), _("Workstations"), _("Address"), _("State"),
        _("Valid from"), _("Valid until"),
    ]  # fmt: skip


def _cells(base: Base) -> list[Cell]:
    return [
        base.name,
        base.organisation.name,
        base.industry.name,
        "; ".join(f"{item.occupation} {item.grades}" for item in trained_by(base)),
        base.workstations,
        base.address,
        base.get_state_display(),
        base.valid_from,
        base.valid_until,
    ]


@login_not_required
@require_GET
def layout(request: HttpRequest) -> HttpResponse:
    plan = _plan(request)
    if plan is None:
        return render(request, "training_bases/no_plan.html")
    actor = actor_of(request)
    tells = can_see_every_head(actor)
    context = {
        "plan": plan,
        "call_url": f"{reverse('cases:round_new')}?procedure={BASE}&plan={plan.code}" if can_keep_rounds(actor) else "",
        "layout": queries.layout_of(plan, on=timezone.localdate(), tells_workers=tells),
        "levels": [BY_CODE[level] for level in LEVELS],
        "tells_workers": tells,
    }
    return render(request, "training_bases/layout.html", context)


@login_not_required
@require_GET
def base_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    base = get_object_or_404(Base.objects.select_related("plan"), public_id=public_id)
    everyone = list(queries.shown_bases(base.plan).select_related("organisation", "industry", "plaque", "case"))
    base = next(one for one in everyone if one.pk == base.pk)
    today = timezone.localdate()
    near = queries.employers_near(base, within_km=reach_km(today))
    context = {
        "plan": base.plan,
        "base": base,
        "plaque": plaque_of(base.plaque, day=today) if base.plaque else None,
        "standing": base.plaque.standing(today) if base.plaque else "",
        "ends_soon": near_expiry(base, today),
        "trains": trained_by(base),
        "record": public_record(base),
        "reach_km": reach_km(today),
        "near": near[:NEAREST],
        "near_count": len(near),
        "map": _map_around(base, everyone, near),
    }
    return render(request, "training_bases/base.html", context)


def _map_around(base: Base, everyone: list[Base], near: list[queries.Near]) -> Drawing | None:
    """The base among the others in force, and the employers within its reach."""
    shown = [other for other in everyone if other.pk == base.pk or other.is_in_force]
    return queries.map_of(
        shown,
        numbers=queries.numbers_of(everyone),
        addresses={other.pk: _address(other) for other in shown if other.pk != base.pk},
        industries=list(base.plan.industries.order_by("planindustry__position")),
        employers=[item.employer for item in near],
        tiles=settings.MAP_TILES,
    )
