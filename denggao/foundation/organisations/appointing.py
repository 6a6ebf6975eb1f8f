"""What is asked for about appointments, and their pages: the list (the office's, a body's, one's own), one appointment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from denggao.foundation.audit.actions import NotAllowed, Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.organisations.actions.appointments import appoint, end_appointment, note_letter
from denggao.foundation.organisations.models import Appointment, Organisation
from denggao.foundation.organisations.panels import appointment_row, appointment_rows
from denggao.foundation.organisations.policies import (
    appointing_bodies,
    can_appoint,
    can_keep_appointment,
    get_appointment_for,
    get_appointment_for_change,
    visible_appointments,
)
from denggao.foundation.people.models import Person
from denggao.foundation.people.naming import PersonUnclear, name_field, number_field, person_named
from denggao.foundation.people.rules import name_key
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing

ROLES: dict[str, tuple[Any, str, str]] = {
    "special_mentor": (gettext_lazy("Special mentor"), "特聘导师", "Special mentor"),
    "adviser": (gettext_lazy("Adviser"), "顾问", "Adviser"),
    "judge": (gettext_lazy("Judge"), "评审专家", "Judge"),
    "other": (gettext_lazy("Another post"), "", ""),
}
STATES = {"current": gettext_lazy("in force"), "coming": gettext_lazy("to come"), "over": pgettext_lazy("of a term", "over")}
_DAY = {"type": "date"}


class AppointmentFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=list(STATES.items()), empty_label=gettext_lazy("All"), method="in_state"
    )
    role = django_filters.ChoiceFilter(label=gettext_lazy("Post"), empty_label=gettext_lazy("All"))
    body = django_filters.ChoiceFilter(
        label=gettext_lazy("Body"), field_name="organisation__public_id", empty_label=gettext_lazy("All")
    )

    class Meta:
        model = Appointment
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Organisation.objects.filter(pk__in=self.queryset.values("organisation_id")).order_by("name_key")
        self.filters["body"].extra["choices"] = [(str(body.public_id), body.name) for body in bodies[:300]]
        self.filters["role"].extra["choices"] = [(code, label) for code, (label, _zh, _en) in ROLES.items()]

    def in_state(self, rows: QuerySet[Appointment], _name: str, value: str) -> QuerySet[Appointment]:
        today = timezone.localdate()
        over = Q(last__lt=today)
        if value == "over":
            return rows.filter(over)
        return rows.filter(~over | Q(last__isnull=True), **{"from_on__gt" if value == "coming" else "from_on__lte": today})


class AppointmentForm(forms.Form):
    """A person, for a body, as what, for how long, by which letter."""

    body = forms.ModelChoiceField(
        label=gettext_lazy("Body"), queryset=Organisation.objects.none(), to_field_name="public_id", empty_label="—"
    )
    name = name_field(gettext_lazy("Name of the person"))
    number = number_field(gettext_lazy("Document number"))
    role = forms.ChoiceField(label=gettext_lazy("Post"), choices=lambda: [(code, label) for code, (label, *_t) in ROLES.items()])
    title_zh = forms.CharField(
        label=gettext_lazy("Title in Chinese"), max_length=80, required=False,
        help_text=gettext_lazy("As on the letter; empty: the post’s own name."),
    )  # fmt: skip
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=120, required=False)
    from_on = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    to_on = forms.DateField(
        label=gettext_lazy("Last day"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        help_text=gettext_lazy("The last day of the term still counts; empty: without an end."),
    )  # fmt: skip
    letter_number = forms.CharField(
        label=gettext_lazy("Number of the letter"), max_length=60, required=False,
        help_text=gettext_lazy("Where a letter of appointment was written outside the platform."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        bodies = appointing_bodies(actor).order_by("name_key")
        field: Any = self.fields["body"]
        field.queryset = bodies
        field.label_from_instance = lambda body: body.name

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("name"):
            try:
                self.person: Person = person_named(self.actor, given["name"], given.get("number", ""))
            except PersonUnclear as unclear:
                self.add_error("number" if given.get("number") else "name", str(unclear))
        _label, zh, en = ROLES.get(given.get("role", ""), ("", "", ""))
        given["title_zh"] = " ".join(given.get("title_zh", "").split()) or zh
        given["title_en"] = given.get("title_en", "") or (en if given["title_zh"] == zh else "")
        if not given["title_zh"] and "role" in given:
            self.add_error("title_zh", _("Title in Chinese: say what this post is called."))
        return given


class EndForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class LetterForm(forms.Form):
    letter_number = forms.CharField(label=gettext_lazy("Number of the letter"), max_length=60)


def _search(rows: QuerySet[Appointment], text: str) -> QuerySet[Appointment]:
    """By the beginning of the name, a part of the title or of the body's name, the beginning of the letter's number."""
    body = Q(organisation__name_zh__icontains=text) | Q(organisation__name_en__icontains=text)
    title = Q(title_zh__icontains=text) | Q(title_en__icontains=text)
    return rows.filter(Q(person__name_key__startswith=name_key(text)) | body | title | Q(letter_number__istartswith=text))


@login_required
@require_safe
def appointment_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    listing = Listing(
        request.GET,
        visible_appointments(actor).select_related("person", "organisation").annotate(last=Coalesce("ended_on", "to_on")),
        sorts={"name": "person__name_key", "body": "organisation__name_key", "from": "from_on", "until": "last"},
        default="-from",
        search=_search,
        filters=AppointmentFilters,
    )
    today = timezone.localdate()
    if listing.export:
        return table_response("appointments", _header(), _as_table(listing.everything, today), kind=listing.export)
    context = {
        "listing": listing,
        "rows": [appointment_row(item, today) for item in listing.rows],
        "may_appoint": can_appoint(actor),
        "own": not can_appoint(actor) and not actor.is_office,
    }
    return render(request, "organisations/appointment_list.html", context)


def _header() -> list[str]:
    return [_("Name"), _("Body"), _("Appointed as"), _("From"), _("Until"), _("Letter"), _("State"), _("Reason of the end")]


def _as_table(found: QuerySet[Appointment], today: dt.date) -> Iterable[list[Cell]]:
    for row in appointment_rows(found, today, ordered=True):
        item = row.appointment
        yield [
            item.person.masked_name, item.organisation.name, item.title, item.from_on, item.last_on, item.letter_number,
            str(STATES[row.state]), item.ended_reason,
        ]  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def appointment_new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not can_appoint(actor):
        raise PermissionDenied
    initial = {"body": request.GET.get("body", ""), "from_on": timezone.localdate()}
    form = AppointmentForm(request.POST if request.method == "POST" else None, actor=actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {key: form.cleaned_data[key] for key in ("role", "title_zh", "title_en", "from_on", "to_on", "letter_number")}
        try:
            made = appoint(form.person, form.cleaned_data["body"], **given, actor=actor, now=timezone.now())
        except NotAllowed:
            raise PermissionDenied from None
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Appointed. It stands on the person’s and the body’s page."))
            return redirect("organisations:appointment", made.public_id)
    return render(request, "organisations/appointment_new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_safe
def appointment_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    return _page(request, get_appointment_for(actor, public_id))


def _page(
    request: HttpRequest, found: Appointment, *, end_form: EndForm | None = None, letter_form: LetterForm | None = None
) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    row = appointment_row(found, today)
    may_keep = can_keep_appointment(actor, found)
    own = actor.user is not None and found.person.account_id == actor.user.pk
    context = {
        "row": row,
        "item": found,
        "post": ROLES[found.role][0] if found.role in ROLES else "",
        "name": found.person.name if own or actor.is_office else found.person.masked_name,
        "person_url": f"/people/{found.person.public_id}/" if own or actor.is_office else "",
        "may_end": may_keep and found.ended_on is None and row.state != "over",
        "may_letter": may_keep and found.letter_id is None,
        "end_form": end_form or EndForm(initial={"on": max(today, found.from_on)}),
        "letter_form": letter_form or LetterForm(initial={"letter_number": found.letter_number}),
        "ending": end_form is not None,
    }
    failed = end_form is not None or letter_form is not None
    return render(request, "organisations/appointment.html", context, status=422 if failed else 200)


@login_required
@require_POST
def appointment_end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = get_appointment_for_change(actor, public_id)
    form = EndForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            end_appointment(found, on=given["on"], reason=given["reason"], actor=actor, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The appointment ends on the day given."))
            return redirect("organisations:appointment", found.public_id)
    return _page(request, found, end_form=form)


@login_required
@require_POST
def appointment_letter(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The number of a letter that was written outside the platform."""
    actor = actor_of(request)
    found = get_appointment_for_change(actor, public_id)
    form = LetterForm(request.POST)
    if form.is_valid() and found.letter_id is None:
        note_letter(found, letter_number=form.cleaned_data["letter_number"], letter_id=None, actor=actor, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("organisations:appointment", found.public_id)
    return _page(request, found, letter_form=form)
