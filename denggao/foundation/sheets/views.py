from __future__ import annotations

import datetime as dt
import uuid
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.files.uploads import size_refused
from denggao.foundation.sheets import actions
from denggao.foundation.sheets.forms import STATE_LABELS, ColumnsForm, ImportFilters, UploadForm
from denggao.foundation.sheets.kinds import Kind, all_kinds, is_offered, kind_of, title_of
from denggao.foundation.sheets.models import Import
from denggao.foundation.sheets.policies import can_work_on, get_import_for, visible_imports
from denggao.foundation.sheets.queries import (
    columns_of,
    job_of,
    missing_columns,
    problems_of,
    recognised,
    rows_shown,
    shown_row,
)
from denggao.foundation.sheets.rules import in_language
from denggao.foundation.sheets.safety import SheetRefused, refuse_larger_than_limit
from denggao.foundation.sheets.template import template_workbook
from denggao.foundation.ui.listing import Listing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TONES = {
    "uploaded": "lake", "checking": "lake", "checked": "amber", "applying": "lake", "applied": "jade", "cancelled": "",
    "failed": "crimson",
}  # fmt: skip


def _title(kind: Kind | None, code: str = "") -> str:
    return title_of(kind, get_language() or "zh") if kind else code


def _kind_or_none(code: str) -> Kind | None:
    try:
        return kind_of(code)
    except KeyError:
        return None


def _kind_for(actor: Actor, code: str) -> Kind:
    """A kind the actor may hand in. Raises Http404."""
    kind = _kind_or_none(code)
    if kind is None or not is_offered(kind, actor):
        raise Http404
    return kind


@require_GET
def list_imports(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    listing = Listing(
        request.GET,
        visible_imports(actor),
        sorts={"created": "created_at", "file": "file_name", "state": "state"},
        default="-created",
        search=("file_name", "body_text", "created_by_text"),
        filters=ImportFilters,
        actor=actor,
    )
    rows = [
        {
            "import": found,
            "kind": _title(_kind_or_none(found.kind), found.kind),
            "state": STATE_LABELS[Import.State(found.state)],
            "tone": TONES[found.state],
        }
        for found in listing.rows
    ]
    offered = [{"code": kind.code, "title": _title(kind)} for kind in all_kinds() if is_offered(kind, actor)]
    return render(request, "sheets/list.html", {"listing": listing, "rows": rows, "offered": offered})


@require_GET
def choose_kind(request: HttpRequest) -> HttpResponse:
    offered = [kind for kind in all_kinds() if is_offered(kind, actor_of(request))]
    kinds = [
        {"code": kind.code, "title": _title(kind), "columns": [c.title(get_language() or "zh") for c in kind.columns]}
        for kind in offered
    ]
    if len(kinds) == 1:
        return redirect("sheets:upload", kinds[0]["code"])
    return render(request, "sheets/choose.html", {"kinds": kinds, "steps": _steps(None)})


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    kind, now = _kind_for(actor, code), timezone.now()
    sent = request.method == "POST"
    form = UploadForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        kind=kind,
        actor=actor,
        today=timezone.localdate(now),
        initial={name: value for name, value in request.GET.items() if name != "file"},
    )
    if sent:
        refused = size_refused(request)
        if refused:
            form.errors.pop("file", None)
            form.add_error("file", str(_too_large(refused)))
        elif form.is_valid():
            try:
                found = _hand_in(form, kind, actor, now)
            except SheetRefused as refusal:
                form.add_error("file", str(refusal))
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("sheets:import", found.public_id)
    context = {"form": form, "kind": kind, "title": _title(kind), "steps": _steps(None)}
    return render(request, "sheets/upload.html", context, status=422 if form.errors else 200)


def _hand_in(form: UploadForm, kind: Kind, actor: Actor, now: dt.datetime) -> Import:
    file = form.cleaned_data["file"]
    return actions.hand_in(kind, file.name, file, form.options, as_of=form.cleaned_data["as_of"], actor=actor, now=now)


def _too_large(size: int) -> SheetRefused:
    try:
        refuse_larger_than_limit(size)
    except SheetRefused as refusal:
        return refusal
    raise AssertionError("The upload was let go for a size that is allowed.")


@require_GET
def show_import(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    found = get_import_for(actor, public_id)
    kind = _kind_or_none(found.kind)
    if kind is None:
        raise Http404
    context = {
        "import": found,
        "kind": kind,
        "title": _title(kind),
        "steps": _steps(found),
        "state": STATE_LABELS[Import.State(found.state)],
        "tone": TONES[found.state],
        "error": in_language(found.error) if found.error else "",
        "can_work": can_work_on(actor, found),
    }
    if found.is_busy:
        return render(request, "sheets/progress.html", {**context, **_progress(found)})
    if found.state == Import.State.FAILED:
        return render(request, "sheets/failed.html", context)
    return render(request, "sheets/preview.html", {**context, **_preview(request, found, kind)})


def _progress(found: Import) -> dict[str, Any]:
    job = job_of(found)
    total = job.total if job and job.total else 100
    return {"job": job, "done": job.done if job else 0, "total": total, "doing": _(job.text) if job and job.text else ""}


def _preview(request: HttpRequest, found: Import, kind: Kind) -> dict[str, Any]:
    counts = found.counts
    shows = {"all", "refused", "warned", "attention", "normalised"}
    asked = request.GET.get("show", "")
    show = asked if asked in shows else "refused" if counts.get("refused") else "warned" if counts.get("warned") else "all"
    column = request.GET.get("column", "")
    listing = Listing(request.GET, rows_shown(found, show, column), per_page=50)
    shown = columns_of(kind, found, troubled_first=show in {"refused", "warned", "attention"})
    total = sum(counts.get(outcome, 0) for outcome in ("created", "updated", "unchanged", "refused"))
    tabs = [
        ("all", _("All"), total),
        ("refused", _("To mend"), counts.get("refused", 0)),
        ("warned", _("To look at"), counts.get("warned", 0)),
        ("normalised", _("Normalised"), counts.get("normalised", 0)),
    ]
    return {
        "counts": counts,
        "valid": total - counts.get("refused", 0),
        "to_write": counts.get("created", 0) + counts.get("updated", 0),
        "listing": listing,
        "rows": [shown_row(kind, shown, row) for row in listing.rows],
        "columns": shown,
        "several": len(found.mapping) > 1,
        "tabs": [{"label": f"{label} {count}", "url": f"?show={code}", "on": code == show} for code, label, count in tabs],
        "column": column,
        "problems": problems_of(kind, found),
        "missing": missing_columns(kind, found),
        "notes": [in_language(note) for note in found.notes],
        "absences": (found.absences or [])[:100],
        "absences_left": max(counts.get("absent", 0) - 100, 0),
        "show_original": request.GET.get("original", "yes") != "no",
        "has_file": found.file is not None and found.file.erased_at is None,
    }


def _steps(found: Import | None) -> list[dict[str, str]]:
    """Upload → columns → check → apply, and where the import stands."""
    state = found.state if found else ""
    columns = refused = ""
    if found and found.mapping:
        columns = _("%(all)s columns, %(known)s recognised") % dict(zip(("all", "known"), recognised(found), strict=True))
        refused = (
            _("%(count)s rows to mend") % {"count": found.counts["refused"]}
            if found.counts.get("refused")
            else _("nothing to mend")
        )
    reached = {"": 0, "uploaded": 1, "checking": 1, "failed": 1, "checked": 2, "cancelled": 2, "applying": 3, "applied": 4}[state]
    labels = [
        (_("Upload the file"), ""),
        (_("Match columns"), columns),
        (_("Look through"), refused),
        (_("Apply the list"), _("at one go, never by halves")),
    ]
    bad = state in {"failed", "cancelled"}
    return [
        {
            "label": label,
            "note": note,
            "state": "done" if number < reached else ("bad" if bad else "now") if number == reached else "",
        }
        for number, (label, note) in enumerate(labels)
    ]


@require_GET
def progress(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The part of the page that asks again; once the work is done, the browser is told to load the page anew."""
    found = get_import_for(actor_of(request), public_id)
    if not found.is_busy:
        response = HttpResponse(status=200)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "sheets/progress.html#bar", {"import": found, **_progress(found)})


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    found = get_import_for(actor, public_id)
    kind = _kind_or_none(found.kind)
    if kind is None or found.state != Import.State.CHECKED or not can_work_on(actor, found):
        raise Http404
    form = ColumnsForm(request.POST if request.method == "POST" else None, kind=kind, handed_in=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_mapping(found, form.columns, actor=actor, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("sheets:import", found.public_id)
    context = {
        "import": found,
        "form": form,
        "title": _title(kind),
        "steps": _steps(found),
        "missing": missing_columns(kind, found),
    }
    return render(request, "sheets/columns.html", context, status=422 if form.errors else 200)


@require_POST
def apply(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    found = get_import_for(actor, public_id)
    try:
        actions.start_apply(found, only_if_all_valid=bool(request.POST.get("all")), actor=actor, now=timezone.now())
    except actions.NotAllValid as refusal:
        messages.error(request, str(refusal))
    return _back(request, found)


@require_POST
def cancel(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    found = get_import_for(actor_of(request), public_id)
    return _do(request, found, actions.cancel_import)


@require_POST
def recheck(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    found = get_import_for(actor_of(request), public_id)
    return _do(request, found, actions.recheck)


def _do(request: HttpRequest, found: Import, act: Any) -> HttpResponse:
    try:
        act(found, actor=actor_of(request), now=timezone.now())
    except actions.ImportBusy as refusal:
        messages.error(request, str(refusal))
    return _back(request, found)


def _back(request: HttpRequest, found: Import) -> HttpResponse:
    return redirect("sheets:import", found.public_id)


@require_POST
def workbook(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The file handed back, with what became of each row. It holds personal data unmasked: taking it is recorded."""
    actor = actor_of(request)
    found = get_import_for(actor, public_id)
    try:
        data = actions.take_workbook(found, actor=actor, now=timezone.now())
    except (SheetRefused, actions.NotChecked) as refusal:
        messages.error(request, str(refusal))
        return _back(request, found)
    stem = found.file_name.rpartition(".")[0] or found.file_name
    return _download(f"{stem}-{_('result')}.xlsx", data)


@require_GET
def template(request: HttpRequest, code: str) -> HttpResponse:
    kind = _kind_for(actor_of(request), code)
    return _download(f"{_title(kind)}.xlsx", template_workbook(kind))


def _download(name: str, data: bytes) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
