"""The heads of a goal that counts bodies. They are named, and everybody may read them: a body is no person (ADR 5)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from denggao.engines.ledger.models import Entry
from denggao.engines.ledger.policies import can_see_every_head, visible_heads
from denggao.engines.ledger.queries import board_of, heads
from denggao.faces.board.days import Days, days_of
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.plans.models import Goal
from denggao.foundation.ui.exports import table_response
from denggao.foundation.ui.listing import Listing


class BodyFilters(django_filters.FilterSet):
    industry = django_filters.ChoiceFilter(label=gettext_lazy("Industry"), empty_label=pgettext_lazy("no filter", "all"))
    since = django_filters.DateFilter(
        "happened_on", "gte", label=gettext_lazy("Proven from"), widget=forms.DateInput(attrs={"type": "date"})
    )
    until = django_filters.DateFilter(
        "happened_on", "lte", label=pgettext_lazy("end of a span", "to"), widget=forms.DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = Entry
        fields: tuple[str, ...] = ()

    def __init__(self, *args: object, plan: object, industries: dict[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["industry"].extra["choices"] = list(industries.items())


@dataclass(frozen=True)
class BodyRow:
    entry: Entry
    name: str
    industry: str


def rows_of(goal: Goal, *, as_of: dt.date, known_on: dt.date | None = None) -> list[BodyRow]:
    """The bodies that count, the earliest first; for the goal's own page."""
    found = heads(goal, as_of=as_of, known_on=known_on).select_related("organisation").order_by("happened_on", "pk")
    return _rows(list(found), _industries(goal))


def heads_page(request: HttpRequest, goal: Goal) -> HttpResponse:
    """All of them, to search, narrow and export. What was known on another day is for those who see every head."""
    actor = actor_of(request)
    day = days_of(request, goal.plan)
    inside = can_see_every_head(actor)
    if not inside:
        day = replace(day, known_on=None)
    industries = _industries(goal)
    figures = board_of(goal.plan, as_of=day.as_of, known_on=day.known_on).of(goal.code)
    listing = Listing(
        request.GET,
        visible_heads(actor, goal, as_of=day.as_of, known_on=day.known_on).select_related("organisation"),
        sorts={"name": "organisation__name_key", "day": "happened_on", "industry": "industry"},
        default="day",
        search=_search,
        filters=BodyFilters,
        known_count=figures.count,
        plan=goal.plan,
        industries=industries,
    )
    if listing.export:
        return _export(goal, listing, day, industries)
    context = {
        "plan": goal.plan,
        "goal": goal,
        "day": day,
        "inside": inside,
        "listing": listing,
        "rows": _rows(list(listing.rows), industries),
        "figures": figures,
    }
    return render(request, "board/bodies.html", context)


def _search(entries: QuerySet[Entry], text: str) -> QuerySet[Entry]:
    for word in text.split():
        entries = entries.filter(Q(organisation__name_zh__icontains=word) | Q(organisation__name_en__icontains=word))
    return entries


def _industries(goal: Goal) -> dict[str, str]:
    return {item.code: item.name for item in goal.plan.industries.order_by("planindustry__position")}


def _rows(entries: list[Entry], industries: dict[str, str]) -> list[BodyRow]:
    return [
        BodyRow(entry, entry.organisation.name if entry.organisation else "", industries.get(entry.industry, ""))
        for entry in entries
    ]


def _export(goal: Goal, listing: Listing, day: Days, industries: dict[str, str]) -> HttpResponse:
    header = [pgettext("of a body", "Name"), _("Industry"), _("Proven on"), _("Proof"), _("Record id")]
    rows = (
        (row.name, row.industry, row.entry.happened_on, row.entry.get_proof_display(), str(row.entry.public_id))
        for row in _rows(list(listing.everything), industries)
    )
    return table_response(f"{goal.plan.code}-{goal.code}-{day.as_of}", header, rows, kind=listing.export)
