"""Occupations as the taxonomy's editions name them, job titles, moves, and the names that people wrote."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.foundation.audit.actors import actor_of
from denggao.foundation.standards import policies
from denggao.foundation.standards.actions import (
    OccupationRefused,
    add_job_title,
    add_occupation_move,
    map_occupation_name,
    remove_job_title,
    remove_occupation_move,
    unmap_occupation_name,
)
from denggao.foundation.standards.forms import JobTitleForm, MapNameForm, MoveForm, NameFilter, OccupationFilter
from denggao.foundation.standards.models import JobTitle, Occupation, OccupationEntry, OccupationMove, OccupationName
from denggao.foundation.standards.queries import OccupationFinder
from denggao.foundation.standards.rules import flat
from denggao.foundation.standards.uses import counts_of
from denggao.foundation.ui.exports import table_response
from denggao.foundation.ui.listing import Listing


def _tabs(request: HttpRequest, on: str) -> list[dict[str, Any]]:
    actor = actor_of(request)
    waiting = (
        policies.visible_occupation_names(actor).exclude(state=OccupationName.State.MAPPED).count() if actor.is_office else None
    )
    tabs: list[tuple[str, str, str, int | None]] = [
        ("occupations", _("Occupations"), "/occupations/", None),
        ("moves", _("Moves"), "/occupations/moves/", None),
    ]
    if actor.is_office:
        tabs.append(("names", _("Names to map"), "/occupations/names/", waiting))
    return [{"label": label, "url": url, "on": code == on, "count": count} for code, label, url, count in tabs]


def _search(rows: QuerySet[Occupation], text: str) -> QuerySet[Occupation]:
    entries = OccupationEntry.objects.filter(Q(code__startswith=text) | Q(name_zh__icontains=text) | Q(name_en__icontains=text))
    titles = JobTitle.objects.filter(name_zh__icontains=text, removed_at__isnull=True)
    return rows.filter(Q(pk__in=entries.values("occupation_id")) | Q(pk__in=titles.values("occupation_id")))


@login_required
@require_GET
def occupation_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    listing = Listing(
        request.GET,
        policies.visible_occupations(actor).prefetch_related("entries", "job_titles"),
        sorts={"code": "code", "name": "name_zh"},
        default="code",
        search=_search,
        filters=OccupationFilter,
    )
    if listing.export:
        header = (_("Code"), _("Name"), _("English name"), _("Edition"), _("Source"), _("Confidence"), _("Job titles"))
        return table_response("occupations", header, _export(listing.everything), kind=listing.export)
    return render(request, "standards/occupations.html", {"listing": listing, "tabs": _tabs(request, "occupations")})


def _export(rows: QuerySet[Occupation]) -> list[tuple[str, ...]]:
    return [
        (entry.code, entry.name_zh, entry.name_en, entry.edition, entry.source, entry.confidence, "、".join(_standing(occupation)))
        for occupation in rows
        for entry in occupation.entries.all()
    ]


def _standing(occupation: Occupation) -> list[str]:
    return [title.name_zh for title in occupation.job_titles.all() if title.removed_at is None]


@login_required
@require_http_methods(["GET", "POST"])
def occupation_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The occupation with its codes and titles; POST adds a job title."""
    actor = actor_of(request)
    occupation = get_object_or_404(policies.visible_occupations(actor), public_id=public_id)
    may_keep = policies.can_map_occupation_names(actor)
    if request.method == "POST" and not may_keep:
        raise PermissionDenied
    form = JobTitleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            title = add_job_title(occupation, **form.cleaned_data, actor=actor, now=timezone.now())
        except OccupationRefused as refused:
            form.add_error("name_zh", str(refused))
        else:
            messages.success(
                request, _("“%(title)s” now means %(occupation)s.") % {"title": title.name_zh, "occupation": occupation.name}
            )
            return redirect(request.path)
    codes = list(occupation.entries.values_list("code", flat=True))
    moves = OccupationMove.objects.filter(removed_at__isnull=True).filter(Q(old_code__in=codes) | Q(new_code__in=codes))
    context = {
        "occupation": occupation,
        "entries": occupation.entries.all(),
        "job_titles": occupation.job_titles.filter(removed_at__isnull=True),
        "names": policies.visible_occupation_names(actor).filter(occupation=occupation),
        "moves": moves,
        "form": form,
        "may_keep": may_keep,
    }
    return render(request, "standards/occupation.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def job_title_remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    title = policies.get_job_title_for_keeping(actor, public_id)
    remove_job_title(title, actor=actor, now=timezone.now())
    messages.success(request, _("“%(title)s” is taken back; what it resolved is listed for mapping.") % {"title": title.name_zh})
    return redirect("standards:occupation", title.occupation.public_id)


@login_required
@require_http_methods(["GET", "POST"])
def move_list(request: HttpRequest) -> HttpResponse:
    """Codes that are one occupation though their names or editions differ; POST adds one."""
    actor = actor_of(request)
    may_keep = policies.can_map_occupation_names(actor)
    if request.method == "POST" and not may_keep:
        raise PermissionDenied
    form = MoveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            add_occupation_move(
                old_code=flat(given["old_code"]),
                new_code=flat(given["new_code"]),
                source=given["source"],
                actor=actor,
                now=timezone.now(),
            )
        except OccupationRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The two codes are one occupation now; what carries them is counted again."))
            return redirect(request.path)
    moves = list(OccupationMove.objects.filter(removed_at__isnull=True))
    entries = {
        entry.code: entry for entry in OccupationEntry.objects.filter(code__in=[c for m in moves for c in (m.old_code, m.new_code)])
    }
    rows = [(move, entries.get(move.old_code), entries.get(move.new_code)) for move in moves]
    context = {"rows": rows, "form": form, "may_keep": may_keep, "tabs": _tabs(request, "moves")}
    return render(request, "standards/moves.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def move_remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    move = policies.get_move_for_keeping(actor, public_id)
    remove_occupation_move(move, actor=actor, now=timezone.now())
    messages.success(request, _("The move %(move)s is taken back.") % {"move": str(move)})
    return redirect("standards:moves")


@login_required
@require_GET
def name_list(request: HttpRequest) -> HttpResponse:
    """The names people wrote that are not one occupation, with how many records wait for each."""
    actor = actor_of(request)
    if not actor.is_office:
        raise PermissionDenied
    listing = Listing(
        request.GET,
        policies.visible_occupation_names(actor).select_related("occupation"),
        sorts={"name": "text", "seen": "first_seen_at"},
        default="-seen",
        search=("text",),
        filters=NameFilter,
    )
    if listing.export:
        header = (_("Name as written"), _("State"), _("Occupation"), _("First seen"))
        lines = [
            (item.text, item.get_state_display(), str(item.occupation or ""), item.first_seen_at) for item in listing.everything
        ]
        return table_response("occupation-names", header, lines, kind=listing.export)
    counts = counts_of([item.name_key for item in listing.rows])
    finder = OccupationFinder()
    rows = [(item, counts[item.name_key], [] if item.occupation else finder.candidates(item.text)[:3]) for item in listing.rows]
    context = {
        "listing": listing,
        "rows": rows,
        "tabs": _tabs(request, "names"),
        "may_map": policies.can_map_occupation_names(actor),
    }
    return render(request, "standards/names.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def name_map(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    name = policies.get_occupation_name_for_mapping(actor, public_id)
    form = MapNameForm(request.POST if request.method == "POST" else None, candidates=OccupationFinder().candidates(name.text))
    if request.method == "POST" and form.is_valid():
        try:
            map_occupation_name(name, occupation=form.cleaned_data["occupation"], actor=actor, now=timezone.now())
        except OccupationRefused as refused:
            form.add_error(None, str(refused))
        else:
            said = {"name": name.text, "occupation": form.cleaned_data["occupation"].name}
            messages.success(request, _("“%(name)s” now means %(occupation)s; what carries it is counted again.") % said)
            return redirect("standards:names")
    context = {
        "name": name,
        "form": form,
        "counts": counts_of([name.name_key])[name.name_key],
        "occupations": policies.visible_occupations(actor),
    }
    return render(request, "standards/name.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def name_unmap(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    name = policies.get_occupation_name_for_mapping(actor, public_id)
    try:
        unmap_occupation_name(name, actor=actor, now=timezone.now())
    except OccupationRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("“%(name)s” is no longer mapped; what carries it does not count by it.") % {"name": name.text})
    return redirect("standards:names")
