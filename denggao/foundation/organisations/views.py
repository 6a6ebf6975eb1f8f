"""The pages about bodies: the list, one body with its roster and links, single employments, and overlaps to explain."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from denggao.foundation.audit.actions import NotAllowed, Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.organisations.actions.bodies import keep_organisation, link_organisations, unlink_organisations
from denggao.foundation.organisations.actions.employments import (
    add_employment,
    change_post,
    record_leaving,
    withdraw_leaving,
)
from denggao.foundation.organisations.actions.overlaps import explain_overlap
from denggao.foundation.organisations.forms import (
    KIND_LABELS,
    OVERLAP_LABELS,
    EmploymentForm,
    ExplanationForm,
    LeavingForm,
    LinkForm,
    OrganisationFilters,
    OrganisationForm,
    OverlapFilters,
    PostForm,
    RosterFilters,
)
from denggao.foundation.organisations.hooks import joining
from denggao.foundation.organisations.models import Employment, EmploymentOverlap, Organisation, OrganisationLink
from denggao.foundation.organisations.panels import appointment_rows, periods, statements_of
from denggao.foundation.organisations.policies import (
    can_appoint_in,
    can_explain_overlaps,
    can_keep_organisations,
    can_keep_roster,
    can_see_roster,
    get_employment_for,
    get_employment_for_change,
    get_link_for,
    get_organisation_for,
    get_organisation_for_roster,
    get_organisation_for_staffing,
    get_overlap_for,
    visible_appointments,
    visible_employments,
    visible_organisations,
    visible_overlaps,
)
from denggao.foundation.organisations.queries import headcount
from denggao.foundation.organisations.rules import body_key, overlap, resolve
from denggao.foundation.organisations.sheets.employers import Employers
from denggao.foundation.organisations.sheets.roster import Roster
from denggao.foundation.people.rules import name_key
from denggao.foundation.sheets.headers import RECORD_ID_TITLES
from denggao.foundation.sheets.policies import visible_imports
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing

# Bodies


@require_safe
def list_organisations(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    bodies = visible_organisations(actor)
    if not actor.is_office and not bodies.exists():
        raise PermissionDenied
    there = Count("employments", filter=Q(employments__left_on__isnull=True))
    listing = Listing(
        request.GET,
        bodies.select_related("industry").annotate(there=there),
        sorts={"name": "name_key", "kind": "kind", "industry": ("industry__position",), "staff": "there", "since": "created_at"},
        default="name",
        search=_named,
        filters=OrganisationFilters,
    )
    if listing.export:
        header, rows = _bodies_as_sheet(listing.everything)
        return table_response("organisations", header, rows, kind=listing.export)
    desk = joining()
    plans = desk.texts([body.pk for body in listing.rows]) if desk else {}
    context = {
        "listing": listing,
        "rows": [
            {"body": body, "kind": KIND_LABELS[body.kind], "plans": plans.get(body.pk, []), "roster": can_see_roster(actor, body)}
            for body in listing.rows
        ],
        "can_keep": can_keep_organisations(actor),
        "tabs": _tabs(actor, "list"),
    }
    return render(request, "organisations/list.html", context)


def _tabs(actor: Actor, current: str) -> list[dict[str, Any]]:
    if not actor.is_office:
        return []
    return [
        {"label": _("Organisations"), "url": reverse("organisations:list"), "on": current == "list"},
        {"label": _("People whom two employers list"), "url": reverse("organisations:overlaps"), "on": current == "overlaps"},
    ]


def _named(rows: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    code = "".join(text.split()).upper()
    wanted = Q(name_key__contains=body_key(text)) | Q(name_en__icontains=text) | Q(aliases__name_key__contains=body_key(text))
    return rows.filter(pk__in=Organisation.objects.filter(wanted | Q(uscc__startswith=code)).values("pk"))


def _bodies_as_sheet(bodies: QuerySet[Organisation]) -> tuple[list[str], list[list[Cell]]]:
    """As the sheet of employers takes it: handed in again, it changes nothing."""
    keys = ("name_zh", "uscc", "name_en", "industry", "kind", "address", "longitude", "latitude", "contact")
    columns = {column.key: column for column in Employers.columns}
    header = [RECORD_ID_TITLES[0], *(columns[key].title_zh for key in keys)]
    words = {"employer": "企业", "school": "院校", "provider": "培训机构", "union": "工会", "authority": "政府部门"}
    return header, [
        [
            str(body.public_id), body.name_zh, body.uscc, body.name_en, body.industry.name_zh if body.industry else "",
            words[body.kind], body.address, _text(body.longitude), _text(body.latitude), body.contact,
        ]
        for body in bodies
    ]  # fmt: skip


def _text(value: Any) -> str:
    return "" if value is None else str(value)


@require_http_methods(["GET", "POST"])
def new_organisation(request: HttpRequest) -> HttpResponse:
    return _keep(request, None)


@require_http_methods(["GET", "POST"])
def edit_organisation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _keep(request, get_organisation_for(actor_of(request), public_id))


def _keep(request: HttpRequest, body: Organisation | None) -> HttpResponse:
    actor = actor_of(request)
    if not can_keep_organisations(actor):
        raise PermissionDenied
    initial = {name: getattr(body, name) for name in OrganisationForm.base_fields} if body else {}
    form = OrganisationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            kept = keep_organisation(body, form.details, actor=actor, now=timezone.now())
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("organisations:organisation", kept.public_id)
    return render(request, "organisations/edit.html", {"form": form, "body": body}, status=422 if form.errors else 200)


def _body_tabs(actor: Actor, body: Organisation, current: str) -> list[dict[str, Any]]:
    tabs = [
        {"label": _("Overview"), "url": reverse("organisations:organisation", args=[body.public_id]), "on": current == "overview"}
    ]
    if can_see_roster(actor, body):
        tabs.append(
            {"label": _("Roster"), "url": reverse("organisations:roster", args=[body.public_id]), "on": current == "roster"}
        )
    if actor.is_office:
        tabs.append({"label": _("Links"), "url": reverse("organisations:links", args=[body.public_id]), "on": current == "links"})
    return tabs


@require_safe
def show_organisation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    body = get_organisation_for(actor, public_id)
    desk = joining()
    sees_roster = can_see_roster(actor, body)
    imports = visible_imports(actor).filter(body_id=body.pk).order_by("-created_at")[:5] if sees_roster else []
    context = {
        "body": body,
        "kind": KIND_LABELS[body.kind],
        "aliases": list(body.aliases.order_by("name")),
        "plans": desk.texts([body.pk]).get(body.pk, []) if desk else [],
        "count": headcount(body, timezone.localdate()) if sees_roster and body.kind == Organisation.Kind.EMPLOYER else None,
        "imports": list(imports),
        "appointments": appointment_rows(visible_appointments(actor).filter(organisation=body), timezone.localdate()),
        "may_appoint": can_appoint_in(actor, body.pk),
        "tabs": _body_tabs(actor, body, "overview"),
        "can_edit": can_keep_organisations(actor),
        "can_staff": can_keep_roster(actor, body) and body.kind == Organisation.Kind.EMPLOYER,
    }
    return render(request, "organisations/organisation.html", context)


@require_http_methods(["GET", "POST"])
def links(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    if not actor.is_office:
        raise PermissionDenied
    body = get_organisation_for(actor, public_id)
    form = LinkForm(request.POST or None, actor=actor, body=body)
    if request.method == "POST" and form.is_valid():
        other = form.cleaned_data["other"]
        ends = (other, body) if form.cleaned_data["direction"] == "upstream" else (body, other)
        try:
            link_organisations(*ends, actor=actor, now=timezone.now())
        except NotAllowed:
            raise PermissionDenied from None
        except Refused as refusal:
            form.add_error("other", str(refusal))
        else:
            return redirect("organisations:links", public_id)
    found = OrganisationLink.objects.select_related("upstream", "downstream")
    context = {
        "body": body,
        "form": form,
        "upstream": [link.upstream for link in found.filter(downstream=body).order_by("upstream__name_zh")],
        "downstream": [link.downstream for link in found.filter(upstream=body).order_by("downstream__name_zh")],
        "tabs": _body_tabs(actor, body, "links"),
        "can_keep": can_keep_organisations(actor),
    }
    return render(request, "organisations/links.html", context, status=422 if form.errors else 200)


@require_POST
def remove_link(request: HttpRequest, public_id: UUID, direction: str, other_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    body = get_organisation_for(actor, public_id)
    link = get_link_for(actor, body, other_id, upstream=direction == "upstream")
    unlink_organisations(link, actor=actor, now=timezone.now())
    messages.success(request, _("The link is taken away."))
    return redirect("organisations:links", public_id)


# Rosters


@require_safe
def show_roster(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    body = get_organisation_for_roster(actor, public_id)
    listing = Listing(
        request.GET,
        visible_employments(actor).filter(employer=body).select_related("person", "occupation").defer("person__phone"),
        sorts={"name": "person__name_key", "post": "post", "hired": "hired_on", "left": "left_on", "listed": "last_listed_on"},
        default="name",
        search=lambda rows, text: rows.filter(
            Q(person__name_key__contains=name_key(text)) | Q(post__icontains=text) | Q(occupation_text__icontains=text)
        ),
        filters=RosterFilters,
    )
    if listing.export:
        header, rows = _roster_as_sheet(listing.everything.defer(None).prefetch_related("person__documents"))
        return table_response("roster", header, rows, kind=listing.export)
    context = {
        "body": body,
        "listing": listing,
        "today": timezone.localdate(),
        "count": headcount(body, timezone.localdate()),
        "tabs": _body_tabs(actor, body, "roster"),
        "can_staff": can_keep_roster(actor, body),
    }
    return render(request, "organisations/roster.html", context)


def _roster_as_sheet(employments: QuerySet[Employment]) -> tuple[list[str], list[list[Cell]]]:
    """As the roster's sheet takes it, numbers and phones masked: handed in again, it changes nothing."""
    keys = (
        "name", "document_kind", "document_number", "sex", "phone", "hired_on", "left_on", "contract_ends_on", "post", "occupation",
        "front_line",
    )  # fmt: skip
    columns = {column.key: column for column in Roster.columns}
    header = [RECORD_ID_TITLES[0], *(columns[key].title_zh for key in keys)]
    return header, [_roster_row(employment) for employment in employments]


def _roster_row(employment: Employment) -> list[Cell]:
    person = employment.person
    document = next(iter(person.documents.all()), None)
    return [
        str(employment.public_id),
        person.name,
        DOCUMENT_ZH[document.kind] if document else "",
        document.masked_number if document else "",
        {"male": "男", "female": "女"}.get(person.sex, ""),
        person.masked_phone,
        employment.hired_on,
        employment.left_on,
        employment.contract_ends_on,
        employment.post,
        employment.occupation_text,
        "" if employment.front_line is None else "是" if employment.front_line else "否",
    ]


DOCUMENT_ZH = {
    "resident_id": "居民身份证",
    "hmt_residence": "港澳台居民居住证",
    "hk_macau_permit": "港澳居民来往内地通行证",
    "taiwan_permit": "台湾居民来往大陆通行证",
    "foreign_residence": "外国人永久居留身份证",
    "passport": "护照",
}


@require_http_methods(["GET", "POST"])
def new_employment(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    body = get_organisation_for_staffing(actor, public_id)
    form = EmploymentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            added = add_employment(
                body,
                form.newcomer,
                form.work,
                hired_on=form.cleaned_data["hired_on"],
                as_of=timezone.localdate(now),
                actor=actor,
                now=now,
            )
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if added is not None:
                messages.success(request, _("Added to the roster."))
                return redirect("organisations:employment", added.public_id)
            form.add_error(
                "name",
                _(
                    "This document number is registered under another name. Compare both with the document. The programme "
                    "office was told; once it has ruled, add the person again."
                ),
            )
    return render(request, "organisations/new_employment.html", {"form": form, "body": body}, status=422 if form.errors else 200)


@require_safe
def show_employment(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    employment = get_employment_for(actor, public_id)
    return render(request, "organisations/employment.html", _employment_context(actor, employment))


def _employment_context(actor: Actor, employment: Employment, **forms: Any) -> dict[str, Any]:
    statements = statements_of(employment)
    today = timezone.localdate()
    return {
        "employment": employment,
        "person": employment.person,
        "body": employment.employer,
        "statements": statements,
        "periods": periods(resolve(statements)) if statements else [],
        "can_change": can_keep_roster(actor, employment),
        "post_form": PostForm(
            initial={"from_on": today, "post": employment.post, "occupation": employment.occupation_text}, prefix="post"
        ),
        "leaving_form": LeavingForm(initial={"left_on": today}, prefix="leaving"),
        **forms,
    }


@require_POST
def change_employment(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    employment = get_employment_for_change(actor, public_id)
    form = PostForm(request.POST, prefix="post")
    if form.is_valid():
        try:
            change_post(employment, form.work, from_on=form.cleaned_data["from_on"], actor=actor, now=timezone.now())
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. The change holds from the day given."))
            return redirect("organisations:employment", public_id)
    return render(request, "organisations/employment.html", _employment_context(actor, employment, post_form=form), status=422)


@require_POST
def leave(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    employment = get_employment_for_change(actor, public_id)
    form = LeavingForm(request.POST, prefix="leaving")
    if form.is_valid():
        now = timezone.now()
        try:
            record_leaving(employment, left_on=form.cleaned_data["left_on"], today=timezone.localdate(now), actor=actor, now=now)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error("left_on", str(refusal))
        else:
            messages.success(request, _("The leaving is recorded; the last day still counts."))
            return redirect("organisations:employment", public_id)
    return render(request, "organisations/employment.html", _employment_context(actor, employment, leaving_form=form), status=422)


@require_POST
def stay(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take a leaving back that was recorded by mistake."""
    actor = actor_of(request)
    employment = get_employment_for_change(actor, public_id)
    try:
        withdraw_leaving(employment, actor=actor, now=timezone.now())
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The leaving is taken back."))
    return redirect("organisations:employment", public_id)


# Overlaps


@require_safe
def list_overlaps(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not actor.is_office:
        raise PermissionDenied
    listing = Listing(
        request.GET,
        visible_overlaps(actor).select_related("person", "first__employer", "second__employer"),
        sorts={"found": "found_at", "state": "state"},
        default="-found",
        search=("first__employer__name_zh", "second__employer__name_zh"),
        filters=OverlapFilters,
    )
    if listing.export:
        header = [_("Name"), _("First employer"), _("Second employer"), _("From"), _("Until"), _("State"), _("Found"), _("Record")]
        return table_response("overlaps", header, (_overlap_row(item) for item in listing.everything), kind=listing.export)
    rows = [
        {"overlap": item, "span": overlap(item.first, item.second), "state": OVERLAP_LABELS[item.state]} for item in listing.rows
    ]
    context = {"listing": listing, "rows": rows, "tabs": _tabs(actor, "overlaps")}
    return render(request, "organisations/overlaps.html", context)


def _overlap_row(item: EmploymentOverlap) -> list[Cell]:
    start, end = overlap(item.first, item.second) or (None, None)
    return [
        item.person.masked_name, item.first.employer.name, item.second.employer.name, start, end, str(OVERLAP_LABELS[item.state]),
        item.found_at, str(item.public_id),
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
def show_overlap(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = get_overlap_for(actor, public_id)
    form = ExplanationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            explain_overlap(found, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())
        except NotAllowed:
            raise PermissionDenied from None
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Explained; the finding is closed."))
            return redirect("organisations:overlap", public_id)
    context = {
        "overlap": found,
        "employments": [found.first, found.second],
        "span": overlap(found.first, found.second),
        "state": OVERLAP_LABELS[found.state],
        "form": form,
        "can_explain": can_explain_overlaps(actor) and found.state == EmploymentOverlap.State.OPEN,
    }
    return render(request, "organisations/overlap.html", context, status=422 if form.errors else 200)
