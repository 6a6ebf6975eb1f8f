"""The heads behind a number, for those who may see them, and the evidence of each."""

from __future__ import annotations

from uuid import UUID

import django_filters
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET

from denggao.engines.ledger.evidence import evidence_of
from denggao.engines.ledger.models import Entry
from denggao.engines.ledger.policies import can_see_every_head, can_see_heads, get_head_for, names_its_heads, visible_heads
from denggao.engines.ledger.queries import board_of
from denggao.faces.board import bodies, queries
from denggao.faces.board.days import Days, days_of
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.plans.models import Goal, Plan
from denggao.foundation.standards.ladder import LADDER
from denggao.foundation.ui.exports import table_response
from denggao.foundation.ui.listing import Listing

ALL = pgettext_lazy("no filter", "all")


def _levels() -> list[tuple[str, str]]:
    return [(item.code, item.name) for item in LADDER if item.certified]


class HeadFilters(django_filters.FilterSet):
    industry = django_filters.ChoiceFilter(label=gettext_lazy("Industry"), empty_label=ALL)
    level = django_filters.ChoiceFilter(
        label=gettext_lazy("Raised to"),
        empty_label=ALL,
        choices=_levels,
    )
    proof = django_filters.ChoiceFilter(
        label=gettext_lazy("Proof"),
        empty_label=ALL,
        choices=[
            ("declared", gettext_lazy("Declared")),
            ("documented", gettext_lazy("Documented")),
            ("confirmed", gettext_lazy("Confirmed")),
        ],
    )
    since = django_filters.DateFilter(
        "happened_on", "gte", label=gettext_lazy("Proven from"), widget=forms.DateInput(attrs={"type": "date"})
    )
    until = django_filters.DateFilter(
        "happened_on", "lte", label=pgettext_lazy("end of a span", "to"), widget=forms.DateInput(attrs={"type": "date"})
    )
    occupation = django_filters.CharFilter("occupation__code", widget=forms.HiddenInput())
    employer = django_filters.UUIDFilter("employer__public_id", widget=forms.HiddenInput())

    class Meta:
        model = Entry
        fields: tuple[str, ...] = ()

    def __init__(self, *args: object, plan: Plan, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["industry"].extra["choices"] = [
            (item.code, item.name) for item in plan.industries.order_by("planindustry__position")
        ] + [("other", _("Other"))]

    def filter_queryset(self, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        """``other`` is every industry the plan doesn't promote."""
        if self.form.cleaned_data.get("industry") == "other":
            named = [code for code, _label in self.filters["industry"].extra["choices"]]
            queryset = queryset.exclude(industry__in=named)
            self.form.cleaned_data["industry"] = ""
        found: QuerySet[Entry] = super().filter_queryset(queryset)
        return found


def _search(entries: QuerySet[Entry], text: str) -> QuerySet[Entry]:
    """Every word in a person's, a body's or an occupation's name."""
    for word in text.split():
        entries = entries.filter(
            Q(person__name__icontains=word)
            | Q(employer__name_zh__icontains=word)
            | Q(employer__name_en__icontains=word)
            | Q(occupation__name_zh__icontains=word)
        )
    return entries


@login_not_required
@require_GET
def heads(request: HttpRequest, plan: str, goal: str) -> HttpResponse:
    found = queries.goal_of(plan, goal)
    actor = actor_of(request)
    if not can_see_heads(actor, found):
        return _gate(request, found)
    if names_its_heads(found):
        return bodies.heads_page(request, found)
    day = days_of(request, found.plan)
    figures = board_of(found.plan, as_of=day.as_of, known_on=day.known_on).of(found.code) if can_see_every_head(actor) else None
    entries = visible_heads(actor, found, as_of=day.as_of, known_on=day.known_on)
    listing = Listing(
        request.GET,
        entries.select_related("person", "employer", "occupation"),
        sorts={"day": "happened_on", "level": "level", "employer": "employer__name_key", "occupation": "occupation__code"},
        default="-day",
        search=_search,
        filters=HeadFilters,
        known_count=figures.count if figures else None,
        plan=found.plan,
    )
    if listing.export:
        return _export(found, listing, day)
    industries = {item.code: item.name for item in found.plan.industries.all()}
    rows = [(entry, industries.get(entry.industry, _("Other"))) for entry in listing.rows]
    context = {
        "plan": found.plan,
        "goal": found,
        "day": day,
        "listing": listing,
        "rows": rows,
        "figures": figures,
        "levelled": not rows or any(entry.level or entry.occupation_id for entry, _industry in rows),
        "narrowed": [item for item in _narrowed(listing) if item[1]],
    }
    return render(request, "board/heads.html", context)


def _narrowed(listing: Listing) -> list[tuple[str, str, str]]:
    """The hidden filters in force, as (name, what it holds, address without it)."""
    shown = []
    for key in ("occupation", "employer"):
        if listing.params.get(key) and listing.rows:
            body = getattr(listing.rows[0], key)
            shown.append((key, body.name if body else "", listing.address(**{key: None, "page": None})))
    return shown


def _gate(request: HttpRequest, goal: Goal) -> HttpResponse:
    """A page one may know of but not open: says who can grant it."""
    signed_in = actor_of(request).user is not None
    return render(request, "board/gate.html", {"plan": goal.plan, "goal": goal, "signed_in": signed_in}, status=403)


def _export(goal: Goal, listing: Listing, day: Days) -> HttpResponse:
    """Just what is listed, names masked; each row carries the entry's public id."""
    header = [
        pgettext("of a person", "Name"), _("Employer"), _("Industry"), _("Occupation"), _("Level before"), _("Level"),
        _("Proven on"), _("Proof"), _("Record id"),
    ]  # fmt: skip
    industries = {item.code: item.name for item in goal.plan.industries.all()}
    names = {item.code: item.name for item in LADDER}
    rows = (
        (
            entry.person.masked_name if entry.person else "",
            entry.employer.name if entry.employer else "",
            industries.get(entry.industry, _("Other")),
            entry.occupation.name if entry.occupation else "",
            names.get(entry.level_before, ""),
            names.get(entry.level, ""),
            entry.happened_on,
            entry.get_proof_display(),
            str(entry.public_id),
        )
        for entry in listing.everything.iterator(chunk_size=2000)
    )
    return table_response(f"{goal.plan.code}-{goal.code}-{day.as_of}", header, rows, kind=listing.export)


@login_not_required
@require_GET
def evidence(request: HttpRequest, plan: str, goal: str, entry: UUID) -> HttpResponse:
    found = queries.goal_of(plan, goal)
    actor = actor_of(request)
    if actor.user is None and not names_its_heads(found):
        return redirect_to_login(request.get_full_path())
    if not can_see_heads(actor, found):
        raise Http404
    head = get_head_for(actor, found, entry)
    taken_back = Entry.objects.filter(reverses=head).first()
    steps = evidence_of(head, actor)
    context = {
        "plan": found.plan,
        "goal": found,
        "entry": head,
        "steps": steps,
        "is_whole": all(step.state == "proven" for step in steps),
        "taken_back": taken_back,
        "back": reverse("board:heads", args=[found.plan.code, found.code]),
    }
    part = request.headers.get("HX-Request") and request.headers.get("HX-Target") == "drawer"
    return render(request, "board/evidence_drawer.html" if part else "board/evidence.html", context)
