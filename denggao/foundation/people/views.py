"""The pages about persons: the office's search, one person, names to rule on, and who read identity numbers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from denggao.foundation.audit.actions import NotAllowed, Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.people.actions import (
    Ruling,
    add_document,
    correct_person,
    look_up_person,
    rule_name_conflict,
    unmask_document,
)
from denggao.foundation.people.forms import (
    KIND_LABELS,
    SEX_LABELS,
    STATE_LABELS,
    ConflictFilters,
    CorrectPersonForm,
    IdentityForm,
    PersonFilters,
    ReasonForm,
    RulingForm,
)
from denggao.foundation.people.masks import mask_name
from denggao.foundation.people.models import NameConflict, Person
from denggao.foundation.people.panels import panels_for
from denggao.foundation.people.policies import (
    can_correct_person,
    can_rule_names,
    can_search_persons,
    can_see_readings,
    can_unmask,
    get_document_for_unmask,
    get_name_conflict_for,
    get_person_for,
    visible_name_conflicts,
    visible_persons,
)
from denggao.foundation.people.queries import unmask_readings
from denggao.foundation.people.rules import name_key
from denggao.foundation.ui.exports import table_response
from denggao.foundation.ui.listing import Listing
from denggao.foundation.ui.words import listed


def _tabs(actor: Actor, current: str) -> list[dict[str, Any]]:
    tabs = [
        {"label": _("People"), "url": reverse("people:list"), "on": current == "list"},
        {"label": _("Names to rule on"), "url": reverse("people:conflicts"), "on": current == "conflicts"},
    ]
    if can_see_readings(actor):
        tabs.append({"label": _("Numbers read"), "url": reverse("people:readings"), "on": current == "readings"})
    return tabs


@require_safe
def list_people(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not can_search_persons(actor):
        raise PermissionDenied
    listing = Listing(
        request.GET,
        visible_persons(actor).prefetch_related("documents").defer("phone"),
        sorts={"name": "name_key", "born": "born_on", "since": "created_at"},
        default="-since",
        search=lambda rows, text: rows.filter(name_key__contains=name_key(text)),
        filters=PersonFilters,
    )
    if listing.export:
        header = [_("Name"), _("Sex"), _("Born in"), _("Documents"), _("First registered"), _("Record")]
        return table_response("people", header, (_exported(person) for person in listing.everything), kind=listing.export)
    context = {
        "listing": listing,
        "rows": [{"person": person, "documents": _documents(person)} for person in listing.rows],
        "sexes": SEX_LABELS,
        "look_up": IdentityForm(),
        "tabs": _tabs(actor, "list"),
    }
    return render(request, "people/list.html", context)


def _documents(person: Person) -> list[dict[str, Any]]:
    return [{"document": document, "kind": KIND_LABELS[document.kind]} for document in person.documents.all()]


def _exported(person: Person) -> list[Any]:
    numbers = listed(document.masked_number for document in person.documents.all())
    born = person.born_on.year if person.born_on else None
    return [person.name, str(SEX_LABELS[person.sex]), born, numbers, person.created_at, str(person.public_id)]


@require_POST
def look_up(request: HttpRequest) -> HttpResponse:
    """By the whole number, so that it stands in no address; each search leaves a record."""
    actor = actor_of(request)
    if not can_search_persons(actor):
        raise PermissionDenied
    form = IdentityForm(request.POST)
    if form.is_valid():
        person = look_up_person(form.identity, actor=actor, now=timezone.now())
        if person is not None:
            return redirect("people:person", person.public_id)
        form.add_error("document_number", _("Nobody with this number is known."))
    return render(request, "people/look_up.html", {"form": form, "tabs": _tabs(actor, "list")}, status=422)


@require_safe
def show_person(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    person = get_person_for(actor, public_id)
    conflicts = visible_name_conflicts(actor).filter(person=person).order_by("found_at", "pk")
    context = {
        "person": person,
        "sex": SEX_LABELS[person.sex],
        "documents": _documents(person),
        "panels": panels_for(actor, person),
        "conflicts": [{"conflict": item, "state": STATE_LABELS[item.state]} for item in conflicts],
        "can_unmask": can_unmask(actor),
        "can_correct": can_correct_person(actor),
        "is_office": actor.is_office,
        "reason_form": ReasonForm(),
    }
    return render(request, "people/person.html", context)


@never_cache
@require_POST
def unmask(request: HttpRequest, public_id: UUID, document_id: UUID) -> HttpResponse:
    """The whole number, shown once, on a page that no cache keeps."""
    actor = actor_of(request)
    document = get_document_for_unmask(actor, public_id, document_id)
    form = ReasonForm(request.POST)
    number = ""
    if form.is_valid():
        try:
            number = unmask_document(document, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error("reason", str(refusal))
    context = {"person": document.person, "document": document, "kind": KIND_LABELS[document.kind], "number": number, "form": form}
    return render(request, "people/unmasked.html", context, status=200 if number else 422)


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    person = get_person_for(actor, public_id)
    if not can_correct_person(actor):
        raise PermissionDenied
    form = CorrectPersonForm(request.POST or None, initial={"name": person.name, "phone": person.phone})
    if request.method == "POST" and form.is_valid():
        try:
            correct_person(person, **form.cleaned_data, actor=actor, now=timezone.now())
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Corrected. The earlier name goes on standing for this person's numbers."))
            return redirect("people:person", public_id)
    return render(request, "people/correct.html", {"form": form, "person": person}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def new_document(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    person = get_person_for(actor, public_id)
    if not can_correct_person(actor):
        raise PermissionDenied
    form = IdentityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_document(person, form.identity, actor=actor, now=timezone.now())
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error("document_number", str(refusal))
        else:
            messages.success(request, _("The document is added."))
            return redirect("people:person", public_id)
    return render(request, "people/new_document.html", {"form": form, "person": person}, status=422 if form.errors else 200)


@require_safe
def list_conflicts(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not actor.is_office:
        raise PermissionDenied
    listing = Listing(
        request.GET,
        visible_name_conflicts(actor).select_related("person"),
        sorts={"found": "found_at", "state": "state"},
        default="-found",
        filters=ConflictFilters,
    )
    rows = [{"conflict": item, "state": STATE_LABELS[item.state]} for item in listing.rows]
    return render(request, "people/conflicts.html", {"listing": listing, "rows": rows, "tabs": _tabs(actor, "conflicts")})


@require_http_methods(["GET", "POST"])
def show_conflict(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Both names, for the office alone, and its ruling."""
    actor = actor_of(request)
    conflict = get_name_conflict_for(actor, public_id)
    form = RulingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            rule_name_conflict(
                conflict, Ruling(form.cleaned_data["ruling"]), reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()
            )
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Ruled. What waited for it was judged again."))
            return redirect("people:conflict", public_id)
    context = {
        "conflict": conflict,
        "person": conflict.person,
        "registered_name": conflict.person.name if can_rule_names(actor) else conflict.person.masked_name,
        "other_name": conflict.other_name if can_rule_names(actor) else mask_name(conflict.other_name),
        "documents": _documents(conflict.person),
        "state": STATE_LABELS[conflict.state],
        "form": form,
        "can_rule": can_rule_names(actor) and conflict.state == NameConflict.State.OPEN,
    }
    return render(request, "people/conflict.html", context, status=422 if form.errors else 200)


@require_safe
def list_readings(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not can_see_readings(actor):
        raise PermissionDenied
    context = {"rows": unmask_readings(now=timezone.now()), "tabs": _tabs(actor, "readings")}
    return render(request, "people/readings.html", context)
