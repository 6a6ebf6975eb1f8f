"""Mentorships (师徒结对) on pages: the list (the office's, a body's, one's own on the phone), recording, confirming, ending."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from denggao.engines.agreements import policies
from denggao.engines.agreements.mentorships import confirm_mentorship, end_mentorship, record_mentorship
from denggao.engines.agreements.models import Mentorship
from denggao.foundation.audit.actions import NotAllowed, Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.organisations.appointing import EndForm
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.people.naming import PersonUnclear, name_field, number_field, person_named
from denggao.foundation.people.rules import name_key
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing

STATES = {
    "waiting": gettext_lazy("waits for confirmation"),
    "current": gettext_lazy("in force"),
    "over": pgettext_lazy("of a term", "over"),
}
_DAY = {"type": "date"}


class MentorshipFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=list(STATES.items()), empty_label=gettext_lazy("All"), method="in_state"
    )

    class Meta:
        model = Mentorship
        fields: tuple[str, ...] = ()

    def in_state(self, rows: QuerySet[Mentorship], _name: str, value: str) -> QuerySet[Mentorship]:
        over = Q(to_on__isnull=False, to_on__lt=timezone.localdate())
        if value == "over":
            return rows.filter(over)
        waiting = Q(confirmed_by_mentor_at__isnull=True) | Q(confirmed_by_learner_at__isnull=True)
        return rows.exclude(over).filter(waiting if value == "waiting" else ~waiting)


class MentorshipForm(forms.Form):
    """Who teaches whom, within which body, from when to when."""

    mentor = name_field(gettext_lazy("Mentor"))
    mentor_number = number_field(gettext_lazy("Document number of the mentor"))
    learner = name_field(gettext_lazy("Learner"))
    learner_number = number_field(gettext_lazy("Document number of the learner"))
    body = forms.ModelChoiceField(
        label=gettext_lazy("Body"), queryset=Organisation.objects.none(), to_field_name="public_id", empty_label="—",
        help_text=gettext_lazy("Within which the one teaches the other."),
    )  # fmt: skip
    from_on = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    to_on = forms.DateField(
        label=gettext_lazy("Last day"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: without an end."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        bodies = policies.recording_bodies(actor).order_by("name_key")
        field: Any = self.fields["body"]
        field.queryset = bodies
        field.label_from_instance = lambda body: body.name
        if self.initial.get("body") is None and bodies.count() == 1:
            self.initial["body"] = bodies.get().public_id

    def clean(self) -> dict[str, Any]:
        self.persons: dict[str, Person] = {}
        for who in ("mentor", "learner"):
            name, number = self.cleaned_data.get(who), self.cleaned_data.get(f"{who}_number", "")
            if name:
                try:
                    self.persons[who] = person_named(self.actor, name, number)
                except PersonUnclear as unclear:
                    self.add_error(f"{who}_number" if number else who, str(unclear))
        return self.cleaned_data


@dataclass(frozen=True)
class MentorshipRow:
    """``state`` is a key of STATES; ``own``: the actor is one of the two."""

    item: Mentorship
    state: str
    may_confirm: bool
    own: bool


def row_of(actor: Actor, item: Mentorship, today: dt.date) -> MentorshipRow:
    over = item.to_on is not None and item.to_on < today
    state = "over" if over else "current" if item.is_confirmed else "waiting"
    return MentorshipRow(item, state, not over and policies.may_confirm(actor, item), policies.is_party(actor, item))


def _search(rows: QuerySet[Mentorship], text: str) -> QuerySet[Mentorship]:
    """By the beginning of either name, or a part of the body's."""
    key = name_key(text)
    names = Q(mentor__name_key__startswith=key) | Q(learner__name_key__startswith=key)
    return rows.filter(names | Q(organisation__name_zh__icontains=text) | Q(organisation__name_en__icontains=text))


@login_required
@require_safe
def mentorship_list(request: HttpRequest) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    listing = Listing(
        request.GET,
        policies.visible_mentorships(actor).select_related("mentor", "learner", "organisation"),
        sorts={"mentor": "mentor__name_key", "learner": "learner__name_key", "from": "from_on", "until": "to_on"},
        default="-from",
        search=_search,
        filters=MentorshipFilters,
    )
    if listing.export:
        header = [_("Mentor"), _("Learner"), _("Body"), _("From"), _("Until"), _("State"), _("Reason of the end")]
        return table_response("mentorships", header, _as_table(actor, listing.everything, today), kind=listing.export)
    context = {
        "listing": listing,
        "rows": [row_of(actor, item, today) for item in listing.rows],
        "states": STATES,
        "may_record": policies.records_for_others(actor),
        "own": not policies.records_for_others(actor) and not actor.is_office,
    }
    return render(request, "agreements/mentorships.html", context)


def _as_table(actor: Actor, found: Iterable[Mentorship], today: dt.date) -> Iterable[list[Cell]]:
    for item in found:
        body = item.organisation.name if item.organisation is not None else ""
        state = str(STATES[row_of(actor, item, today).state])
        yield [item.mentor.masked_name, item.learner.masked_name, body, item.from_on, item.to_on, state, item.end_reason]


@login_required
@require_http_methods(["GET", "POST"])
def mentorship_new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not policies.records_for_others(actor):
        raise PermissionDenied
    form = MentorshipForm(
        request.POST if request.method == "POST" else None, actor=actor, initial={"from_on": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = record_mentorship(
                form.persons["mentor"],
                form.persons["learner"],
                organisation=given["body"],
                from_on=given["from_on"],
                to_on=given["to_on"],
                actor=actor,
                now=timezone.now(),
            )
        except NotAllowed:
            raise PermissionDenied from None
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Recorded. It is in force once both have confirmed it."))
            return redirect("agreements:mentorship", made.public_id)
    return render(request, "agreements/mentorship_new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_safe
def mentorship_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _page(request, policies.get_mentorship_for(actor_of(request), public_id))


def _page(request: HttpRequest, found: Mentorship, end_form: EndForm | None = None) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    row = row_of(actor, found, today)
    may_end = policies.can_keep_mentorship(actor, found) and not found.end_reason and row.state != "over"
    context = {
        "row": row,
        "item": found,
        "states": STATES,
        "may_end": may_end,
        "end_form": end_form or EndForm(initial={"on": max(today, found.from_on)}),
    }
    return render(request, "agreements/mentorship.html", context, status=422 if end_form is not None else 200)


@login_required
@require_POST
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One of the two says that it is so."""
    actor = actor_of(request)
    mentorship = policies.get_mentorship_to_confirm(actor, public_id)
    confirm_mentorship(mentorship, actor=actor, now=timezone.now())
    messages.success(request, _("Confirmed."))
    return redirect("agreements:mentorship", mentorship.public_id)


@login_required
@require_POST
def mentorship_end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_mentorship_to_end(actor, public_id)
    form = EndForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            end_mentorship(found, on=given["on"], reason=given["reason"], actor=actor, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The mentorship ends on the day given."))
            return redirect("agreements:mentorship", found.public_id)
    return _page(request, found, form)
