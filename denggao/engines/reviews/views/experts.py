"""The expert register: list, one entry, adding and changing; an expert's own entry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.engines.reviews import policies
from denggao.engines.reviews.actions.experts import (
    add_expert,
    change_expert,
    declare_kin,
    end_kin,
    let_expert_leave,
    pause_expert,
    resume_expert,
)
from denggao.engines.reviews.forms.experts import ExpertFilters, ExpertForm, KinForm, StateForm
from denggao.engines.reviews.models import Assignment, Expert, KinDeclaration
from denggao.engines.reviews.queries import loads_shown
from denggao.engines.reviews.register_sheet import ExpertSheet
from denggao.engines.reviews.words import STATE_TONES
from denggao.foundation.audit.actions import Refused, record_reading
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.audit.middleware import write_while_reading
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.people.policies import visible_persons
from denggao.foundation.people.rules import name_key
from denggao.foundation.sheets.headers import RECORD_ID_TITLES
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.foundation.ui.words import listed

OFFERED = 20


def _search(rows: QuerySet[Expert], text: str) -> QuerySet[Expert]:
    """By the beginning of the name, or a part of employer or title."""
    employer = Q(employer__name_zh__icontains=text) | Q(employer__name_en__icontains=text) | Q(employer_text__icontains=text)
    return rows.filter(Q(person__name_key__startswith=name_key(text)) | employer | Q(title__icontains=text))


@login_required
@require_GET
def expert_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not policies.can_see_register(actor):
        raise PermissionDenied
    listing = Listing(
        request.GET,
        policies.visible_experts(actor).select_related("person__account", "employer").prefetch_related("fields"),
        sorts={
            "name": "person__name_key",
            "employer": ("employer__name_zh", "employer_text"),
            "level": "level",
            "since": "from_on",
            "state": "state",
        },
        default="name",
        search=_search,
        filters=ExpertFilters,
    )
    if listing.export:
        rows = list(listing.everything)
        said: dict[str, Any] = {"fields": ["name", "title", "employer"], "purpose": "export", "rows": len(rows)}
        with write_while_reading():
            record_reading("reviews.expert", **said, actor=actor, now=timezone.now())
        return table_response("experts", [str(title) for title in _header()], _rows(rows), kind=listing.export)
    loads = loads_shown(actor, [expert.pk for expert in listing.rows])
    rows_shown = [{"expert": expert, "load": loads.get(expert.pk, 0), "fields": expert.fields.all()} for expert in listing.rows]
    context = {"listing": listing, "rows": rows_shown, "may_keep": policies.can_keep_register(actor)}
    return render(request, "reviews/experts.html", context)


def _header() -> list[str]:
    """As the sheet ``experts`` has them: handed in again, the rows are unchanged."""
    language = get_language() or ""
    titles = {column.key: column.title(language) for column in ExpertSheet.columns}
    record = RECORD_ID_TITLES[2] if language.startswith("en") else RECORD_ID_TITLES[0]
    return [record, *(titles[key] for key in ("name", "fields", "level", "title", "employer")), _("State"), _("Since")]


def _rows(experts: Iterable[Expert]) -> Iterable[list[Cell]]:
    for expert in experts:
        yield [
            str(expert.public_id),
            expert.person.name,
            listed(field.name for field in expert.fields.all()),
            expert.get_level_display() if expert.level else "",
            expert.title,
            expert.employer.name_zh if expert.employer is not None else expert.employer_text,
            str(expert.get_state_display()),
            expert.from_on,
        ]


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """An expert's way to the own entry."""
    expert = policies.expert_of(actor_of(request))
    if expert is None:
        raise Http404
    return redirect("reviews:expert", expert.public_id)


@login_required
@require_GET
def expert_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _page(request, policies.get_expert_for(actor_of(request), public_id))


def _page(request: HttpRequest, expert: Expert, kin_form: KinForm | None = None) -> HttpResponse:
    actor = actor_of(request)
    own = actor.user is not None and expert.person.account_id == actor.user.pk
    may_keep = policies.can_keep_register(actor)
    # PRIVACY: whom an expert is kin to is for the expert and the register's keepers.
    kin = expert.kin.select_related("organisation", "person").order_by("ended_at", "-declared_at") if own or may_keep else None
    context = {
        "expert": expert,
        "own": own,
        "may_keep": may_keep,
        "kin": kin,
        "kin_form": kin_form or KinForm(),
        "bodies": _bodies() if may_keep else (),
        "reviews": _reviews(request, expert),
    }
    return render(request, "reviews/expert.html", context, status=422 if kin_form is not None else 200)


def _reviews(request: HttpRequest, expert: Expert) -> list[dict[str, Any]]:
    """What the office may know of this expert's reviews; an expert finds the own ones in the queue."""
    actor = actor_of(request)
    if not policies.can_see_register(actor):
        return []
    rows = Assignment.objects.filter(expert=expert, panel__in=policies.visible_panels(actor)).select_related("panel")
    return [{"assignment": row, "tone": STATE_TONES[row.state]} for row in rows.order_by("-asked_at", "-pk")[:OFFERED]]


def _bodies() -> QuerySet[Organisation]:
    """Offered while typing. PRIVACY: to the office alone."""
    return Organisation.objects.order_by("name_zh").only("name_zh", "name_en")[:500]


@login_required
@require_http_methods(["GET", "POST"])
def expert_new(request: HttpRequest) -> HttpResponse:
    """First the person is found by name, then the entry is filled in."""
    actor = actor_of(request)
    if not policies.can_keep_register(actor):
        raise PermissionDenied
    person = _person_chosen(request)
    if person is None:
        return _choose(request)
    form = ExpertForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            expert = add_expert(person, form.details, from_on=timezone.localdate(now), actor=actor, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The expert stands in the register."))
            return redirect("reviews:expert", expert.public_id)
    context = {"form": form, "person": person, "bodies": _bodies()}
    return render(request, "reviews/expert_form.html", context, status=422 if form.errors else 200)


def _person_chosen(request: HttpRequest) -> Person | None:
    asked = request.GET.get("person") or request.POST.get("person")
    if not asked:
        return None
    try:
        return visible_persons(actor_of(request)).select_related("account").get(public_id=UUID(asked))
    except (ValueError, Person.DoesNotExist):
        raise Http404 from None


def _choose(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:80]
    found: list[Person] = []
    if text:
        people = visible_persons(actor_of(request)).filter(name_key__startswith=name_key(text))
        found = list(people.select_related("account", "expert").order_by("name_key", "pk")[:OFFERED])
    status = 422 if request.method == "POST" else 200
    return render(request, "reviews/expert_choose.html", {"text": text, "found": found, "most": OFFERED}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def expert_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    expert = policies.get_expert_for_keeping(actor, public_id)
    form = ExpertForm.of(expert, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            change_expert(expert, form.details, actor=actor, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The entry is changed; conflicts were looked for anew."))
            return redirect("reviews:expert", expert.public_id)
    context = {"form": form, "person": expert.person, "expert": expert, "bodies": _bodies()}
    return render(request, "reviews/expert_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def expert_state(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    expert = policies.get_expert_for_keeping(actor, public_id)
    form = StateForm(request.POST)
    if not form.is_valid():
        return render(request, "400.html", status=400)
    reason = form.cleaned_data["reason"]
    try:
        match form.cleaned_data["act"]:
            case "pause":
                pause_expert(expert, reason=reason, actor=actor, now=now)
            case "resume":
                resume_expert(expert, actor=actor, now=now)
            case _leave:
                let_expert_leave(expert, reason=reason, actor=actor, now=now)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The register says so now."))
    return redirect("reviews:expert", expert.public_id)


@login_required
@require_POST
def kin_declare(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    expert = policies.get_expert_for(actor, public_id)
    if not policies.can_declare_kin(actor, expert):
        raise Http404
    form = KinForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            declare_kin(
                expert,
                organisation=given["body"],
                name=given["name"],
                born_on=given["born_on"],
                note_text=given["note"],
                actor=actor,
                now=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Declared: a conflict in every review in which they are a party."))
            return redirect("reviews:expert", expert.public_id)
    return _page(request, expert, form)


@login_required
@require_POST
def kin_end(request: HttpRequest, public_id: UUID, kin_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    expert = policies.get_expert_for_keeping(actor, public_id)
    kin = KinDeclaration.objects.filter(expert=expert, public_id=kin_id).first()
    if kin is None:
        raise Http404
    try:
        end_kin(kin, actor=actor, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Taken back. Conflicts it was the ground of stand until the chair clears them."))
    return redirect("reviews:expert", expert.public_id)
