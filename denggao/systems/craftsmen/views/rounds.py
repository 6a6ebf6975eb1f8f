"""Pages on rounds of nominations: how full they are, what holds in them, the naming order, the bodies' ranked lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from denggao.engines.cases.models import Round
from denggao.engines.cases.states import STANDING
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.standards.queries import RuleTable
from denggao.foundation.ui.acts import Act, handed_in, posted, serve_act
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.systems.craftsmen import policies, rules
from denggao.systems.craftsmen.actions.keeping import order_list
from denggao.systems.craftsmen.actions.naming import record_naming_order
from denggao.systems.craftsmen.actions.terms import keep_terms
from denggao.systems.craftsmen.forms.office import NominationFilter, OrderForm, TermsForm
from denggao.systems.craftsmen.models import Channel, Craftsman, Nomination
from denggao.systems.craftsmen.queries import NOMINATION, Terms, filled, incomplete_in, lists_of, terms_of
from denggao.systems.craftsmen.rules import ChannelTerms
from denggao.systems.craftsmen.system import day_of
from denggao.systems.craftsmen.views.acts import keep_file


@login_required
@require_GET
def round_list(request: HttpRequest) -> HttpResponse:
    """All rounds under the plan, with how many were nominated and named in each."""
    actor = actor_of(request)
    if not policies.can_see_rounds(actor):
        raise PermissionDenied
    rounds = list(Round.objects.filter(procedure=NOMINATION).select_related("plan"))
    nominated = _counted(Nomination.objects.values_list("round_id", flat=True))
    named = _counted(Craftsman.objects.in_force().values_list("nomination__round_id", flat=True))
    rows = [(each, nominated.get(each.pk, 0), named.get(each.pk, 0)) for each in rounds]
    return render(request, "craftsmen/rounds.html", {"rows": rows, "may_keep": policies.can_keep_terms(actor)})


def _counted(values: Iterable[Any]) -> Mapping[Any, int]:
    return Counter(values)


@login_required
@require_GET
def round_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What holds in one round, and how far it is."""
    actor = actor_of(request)
    round_ = policies.get_round_for(actor, public_id)
    on = day_of(round_)
    table, standing = RuleTable(*rules.ELIGIBILITY), terms_of(round_, on)
    context = {
        "round": round_,
        "terms": standing,
        "channels": _channel_rows(round_, standing),
        "eligibility": [(key, table.rule(key, on)) for key in rules.ELIGIBILITY[:3]],
        "filled": filled(round_, round_.plan) if round_.plan is not None else [],
        "nominated": Nomination.objects.filter(round=round_).count(),
        "named": Craftsman.objects.in_force().filter(nomination__round=round_).count(),
        "incomplete": incomplete_in(round_, policies.visible_nominations(actor)),
        "worklist": f"{reverse('cases:worklist')}?view=all&round={round_.public_id}",
        "orders": round_.naming_orders.select_related("file"),
        "may_keep": policies.can_keep_terms(actor) and round_.state != Round.State.CLOSED,
        "may_order": policies.can_record_order(actor),
    }
    return render(request, "craftsmen/round.html", context)


def _channel_rows(round_: Round, standing: Terms) -> list[tuple[str, ChannelTerms, int]]:
    """Each channel, what holds for it, and how many came through it."""
    made = _counted(Nomination.objects.filter(round=round_).values_list("channel", flat=True))
    return [(str(label), standing.channels[code], made.get(code, 0)) for code, label in Channel.choices]


@login_required
@require_http_methods(["GET", "POST"])
def terms(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Set what holds in one round."""
    actor = actor_of(request)
    round_ = policies.get_round_for(actor, public_id)
    if not policies.can_keep_terms(actor):
        raise PermissionDenied
    standing = terms_of(round_, day_of(round_))
    least = "" if standing.least_rule is not None else str(standing.conditions_least)
    form = TermsForm(posted(request), channels=standing.channels, calendar=standing.calendar, initial={"conditions_least": least})
    if request.method == "POST" and form.is_valid():
        try:
            keep_terms(
                round_, channels=form.channels, conditions_least=form.cleaned_data["conditions_least"], calendar=form.calendar,
                actor=actor, now=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The terms of this round are kept."))
            return redirect("craftsmen:round", public_id=round_.public_id)
    context = {"round": round_, "form": form, "terms": standing}
    return render(request, "craftsmen/terms.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def naming_order(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Enter the document by which craftsmen are named."""
    actor = actor_of(request)
    round_ = policies.get_round_for(actor, public_id)
    if not policies.can_record_order(actor):
        raise PermissionDenied
    form = OrderForm(posted(request), handed_in(request))
    act = Act(
        _("Naming order"),
        _(
            "Namings decided from now on rest on this order: its number stands on the certificates, its date is the day of the "
            "naming."
        ),
        _("Keep"),
        _("The naming order is recorded."),
        back=f"/craftsmen/rounds/{round_.public_id}/",
        uploads=True,
    )

    def do() -> None:
        given = form.cleaned_data
        stored = keep_file(given["file"], policies.ORDER_FILE, actor)
        record_naming_order(
            round_, number=given["number"], title=given["title"], issued_on=given["issued_on"], file=stored, actor=actor,
            now=timezone.now(),
        )  # fmt: skip

    return serve_act(request, form, act, do, template="craftsmen/round_act.html", round=round_)


@login_required
@require_GET
def lists(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The nominations of a round by nominating body, in the order of its own list."""
    actor = actor_of(request)
    round_ = policies.get_round_for(actor, public_id)
    visible = policies.visible_nominations(actor)
    listing = Listing(
        request.GET,
        lists_of(round_).filter(pk__in=visible.values("pk")),
        sorts={"body": ("nominator__name_zh", "place", "submitted_at"), "name": "person__name_key", "industry": "industry__code"},
        default="body",
        search=("person__name", "nominator__name_zh", "nominator__name_en", "employer__name_zh", "case__number"),
        filters=NominationFilter,
    )
    if listing.export:
        header = [
            _("Nominated by"), _("Place"), _("Number"), _("Nominee"), _("Employer"), _("Post"), _("Industry"), _("Channel"),
        ]  # fmt: skip
        return table_response("nominations", header, map(_cells, listing.everything), kind=listing.export)
    return render(request, "craftsmen/lists.html", {"round": round_, "listing": listing})


def _cells(one: Nomination) -> list[Cell]:
    return [
        one.nominator.name if one.nominator else "",
        one.place or "",
        one.case.number or "",
        one.person.name,
        one.employer.name if one.employer else "",
        one.post,
        one.industry.name,
        str(one.get_channel_display()),
    ]


@login_required
@require_http_methods(["GET", "POST"])
def own_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A nominating body puts its own nominees in order."""
    actor = actor_of(request)
    round_ = policies.get_own_list_for(actor, public_id)
    bodies = actor.organisations_as(*policies.NOMINATORS)
    standing = list(lists_of(round_).filter(nominator_id__in=bodies, case__state__in=[*STANDING, "awarded"]))
    refusal = ""
    if request.method == "POST":
        try:
            _reorder(request, round_, standing)
        except Refused as refused:
            refusal = str(refused)
        else:
            return redirect("craftsmen:own_list", public_id=round_.public_id)
    groups = [(body, list(rows)) for body, rows in groupby(standing, key=lambda each: each.nominator)]
    return render(
        request, "craftsmen/own_list.html", {"round": round_, "groups": groups, "refusal": refusal}, status=422 if refusal else 200
    )


def _reorder(request: HttpRequest, round_: Round, standing: list[Nomination]) -> None:
    """``move`` names a nomination and whether it goes up or down, as the buttons beside it say."""
    which, _colon, way = request.POST.get("move", "").partition(":")
    moved = next((each for each in standing if str(each.case.public_id) == which), None)
    if moved is None or moved.nominator_id is None:
        raise Refused(_("Your nominations have changed meanwhile. Look at the list again."))
    own = [each for each in standing if each.nominator_id == moved.nominator_id]
    at = own.index(moved)
    to = at - 1 if way == "up" else at + 1
    if 0 <= to < len(own):
        own[at], own[to] = own[to], own[at]
    order_list(moved.nominator_id, round_, own, actor=actor_of(request), now=timezone.now())
    messages.success(request, _("The order of your list is kept."))
