"""The hall of fame as everybody sees it: the craftsmen who agreed, one of them, the trees."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from denggao.foundation.audit.actors import actor_of
from denggao.foundation.documents.codes import qr_svg
from denggao.foundation.files.handing import hand_out
from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.policies import can_read_file
from denggao.foundation.media.policies import OUTPUT
from denggao.foundation.standards.models import Industry
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.systems.craftsmen.hall import policies, queries
from denggao.systems.craftsmen.hall.cards import SIZES, card_pdf
from denggao.systems.craftsmen.hall.forms import HallFilter
from denggao.systems.craftsmen.hall.lineage import lineage_of, planted
from denggao.systems.craftsmen.hall.models import Part, Profile
from denggao.systems.craftsmen.hall.tree import small_tree, view_of
from denggao.systems.craftsmen.models import Craftsman

PER_PAGE = 24
_KINDS = frozenset({policies.PICTURE, policies.FILM, policies.CAPTIONS, OUTPUT})
_FIVE_MINUTES = 300


@login_not_required
@require_GET
def hall(request: HttpRequest) -> HttpResponse:
    listing = Listing(
        request.GET,
        policies.public_in_list(),
        sorts={
            "named": "craftsman__named_on", "name": "craftsman__person__name_key",
            "industry": ("craftsman__industry__position", "craftsman__person__name_key"),
        },
        default="-named",
        search=(
            "craftsman__person__name", "trade", "craftsman__post", "craftsman__employer__name_zh", "craftsman__employer__name_en",
            "craftsman__industry__name_zh", "craftsman__industry__name_en",
        ),
        filters=HallFilter,
        per_page=PER_PAGE,
    )  # fmt: skip
    if listing.export:
        return table_response("craftsmen", _header(), map(_cells, listing.everything), kind=listing.export)
    shown = Profile.objects.public().count()
    context = {
        "listing": listing,
        "rows": listing.rows,
        "shown": shown,
        "unpublished": queries.unpublished_count(shown),
        "industries": _industries(),
        "has_tree": shown > 0,
    }
    return render(request, "hall/list.html", context)


def _industries() -> list[tuple[Industry, int]]:
    """Those of craftsmen with a page, and how many."""
    public = Q(craftsmen__state=Craftsman.State.NAMED, craftsmen__profile__state=Profile.State.SHOWN)
    held = Industry.objects.annotate(count=Count("craftsmen", filter=public))
    return [(industry, industry.count) for industry in held.filter(count__gt=0)]


def _header() -> list[str]:
    return [_("Name"), _("Trade"), _("Employer"), _("Industry"), _("Named on"), _("Naming order"), _("Address")]


def _cells(profile: Profile) -> list[Cell]:
    craftsman = profile.craftsman
    return [
        craftsman.person.name,
        profile.trade,
        craftsman.employer.name if craftsman.employer else "",
        craftsman.industry.name,
        craftsman.named_on,
        craftsman.order.number,
        address_of(craftsman),
    ]


def address_of(craftsman: Craftsman) -> str:
    """The whole address of the page: what is shared, and what the code on the card holds."""
    return f"{settings.BASE_URL}{reverse('hall:page', args=[craftsman.public_id])}"


@never_cache
@login_not_required
@require_GET
def page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    ended = policies.ended_in_public(public_id)
    if ended is not None:
        return render(request, "hall/ended.html", {"craftsman": ended}, status=410)
    profile = policies.get_shown(public_id)
    return render(request, "hall/page.html", page_context(profile, timezone.localdate()))


def page_context(profile: Profile, today: dt.date, *, preview: bool = False) -> dict[str, Any]:
    shown = queries.shown_page(profile, today)
    address = address_of(profile.craftsman)
    return {
        "page": shown,
        "profile": profile,
        "craftsman": profile.craftsman,
        "drawn": shown.lineage.fan() if shown.lineage and not shown.lineage.is_empty else None,
        "address": address,
        "code": qr_svg(address, label=_("Code of this page")),
        "picture_address": _whole(shown.portrait),
        "certificate": profile.craftsman.certificate,
        "preview": preview,
    }


def _whole(stored: StoredFile | None) -> str:
    return f"{settings.BASE_URL}{reverse('hall:file', args=[stored.public_id])}" if stored else ""


@never_cache
@login_not_required
@require_GET
def behind(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The rows behind the numbers of a page."""
    profile = policies.get_shown(public_id)
    return render(request, "hall/behind.html", {"page": queries.shown_page(profile, timezone.localdate())})


@never_cache
@login_not_required
@require_GET
def lineage(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The whole tree of one craftsman."""
    profile = policies.get_shown(public_id)
    if not profile.said_yes(Part.LINEAGE):
        raise Http404
    found = lineage_of(profile.craftsman, timezone.localdate())
    context = {"lineage": found, "craftsman": profile.craftsman, "profile": profile, "drawn": found.whole()}
    return render(request, "hall/lineage.html", context)


@login_not_required
@require_GET
def forest(request: HttpRequest) -> HttpResponse:
    """Every craftsman who shows the own lineage, by industry."""
    profiles = policies.public_in_list().filter(lineage_yes_at__isnull=False)
    ordered = list(profiles.order_by("craftsman__industry__position", "craftsman__named_on", "craftsman_id"))
    trees = planted(ordered, timezone.localdate())
    groves: dict[Industry, list[Any]] = {}
    for each in trees:
        groves.setdefault(each.profile.craftsman.industry, []).append(each)
    context = {
        "groves": [
            (industry, grown, sum(each.learners for each in grown), view_of([each.tree for each in grown]))
            for industry, grown in groves.items()
        ],
        "count": len(trees),
        "learners": sum(each.learners for each in trees),
        "raised": sum(each.raised for each in trees),
        "without": queries.unpublished_count(len(trees)),
        "emblem": small_tree(["j"] * 64),
        "rings": range(70, 320, 26),
    }
    return render(request, "hall/tree.html", context)


@login_not_required
@require_safe
def file(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """A picture, a film or captions of a page, asked anew at each reading: what is taken back is gone at once."""
    stored = get_object_or_404(StoredFile, public_id=public_id, kind__in=_KINDS, erased_at__isnull=True)
    if not can_read_file(actor_of(request), stored):
        raise Http404
    return hand_out(request, stored, shown=True, kept=_FIVE_MINUTES)


@never_cache
@login_not_required
@require_GET
def card(request: HttpRequest, public_id: UUID, size: str) -> HttpResponse:
    """The portrait card or the poster, of a page that is shown."""
    return card_response(policies.get_shown(public_id), size)


def card_response(profile: Profile, size: str) -> HttpResponse:
    if size not in SIZES:
        raise Http404
    response = HttpResponse(card_pdf(profile, size, address_of(profile.craftsman)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="craftsman-{size}.pdf"'
    return response
