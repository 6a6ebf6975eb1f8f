"""The list of records, one record with its proof, and the personal values behind it."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from denggao.faces.auditing.forms import RecordFilter, UnmaskForm
from denggao.faces.auditing.queries import row_of, rows_of, values_of
from denggao.foundation.audit.actions import unmask_record
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.audit.models import Record
from denggao.foundation.audit.policies import can_read_records, can_unmask_record, get_record_for, visible_records
from denggao.foundation.audit.queries import chain_state, companions_of, page_of, proof_of, with_personal
from denggao.foundation.audit.seals import public_key_pem
from denggao.foundation.ui.exports import Cell, table_response

EXPORTED = 20_000


def _reader(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not can_read_records(actor):
        raise PermissionDenied(_("The audit is open to auditors and administrators."))
    return actor


@require_safe
def records(request: HttpRequest) -> HttpResponse:
    actor = _reader(request)
    form = RecordFilter(request.GET)
    found = form.narrow(visible_records(actor))
    export = request.GET.get("export", "")
    if export in {"csv", "xlsx"}:
        header, table = _as_table(list(found.order_by("-pk")[:EXPORTED]))
        return table_response("audit", header, table, kind=export)
    page = page_of(found, before=form.asked.get("before"), after=form.asked.get("after"))
    context = {"form": form, "page": page, "rows": rows_of(page.records), "chain": chain_state()}
    return render(request, "auditing/list.html", context)


@require_safe
def numbered(request: HttpRequest, number: int) -> HttpResponse:
    """The address a number has on paper: ``/audit/4711/``."""
    found = visible_records(_reader(request)).filter(number=number).first()
    if found is None:
        raise Http404
    return redirect("auditing:record", found.act_id, found.position)


@require_safe
def record(request: HttpRequest, act_id: uuid.UUID, position: int) -> HttpResponse:
    actor = _reader(request)
    found = get_record_for(actor, act_id, position)
    return render(request, "auditing/record.html", _context(found, actor, UnmaskForm()))


@never_cache
@require_POST
def unmask(request: HttpRequest, act_id: uuid.UUID, position: int) -> HttpResponse:
    actor = _reader(request)
    found = get_record_for(actor, act_id, position)
    if not can_unmask_record(actor, found):
        raise PermissionDenied(_("Only an auditor may see the personal values behind a record."))
    form = UnmaskForm(request.POST)
    if not form.is_valid():
        return render(request, "auditing/record.html", _context(found, actor, form), status=422)
    shown = unmask_record(found, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())
    return render(request, "auditing/record.html", {**_context(found, actor, form, shown), "unmasked": True})


def _context(found: Record, actor: Actor, form: UnmaskForm, shown: Any = None) -> dict[str, Any]:
    has_personal = bool(with_personal([found]))
    values = values_of(found, shown)
    return {
        "row": row_of(found),
        "record": found,
        "values": values,
        "speaks_of_personal": any(value.personal for value in values),
        "has_personal": has_personal,
        "can_unmask": has_personal and can_unmask_record(actor, found),
        "form": form,
        "proof": proof_of(found),
        "public_key": public_key_pem(),
        "companions": rows_of(companions_of(found, visible_records(actor))),
    }


def _as_table(found: list[Record]) -> tuple[list[str], list[list[Cell]]]:
    header = [_("Number"), _("When"), _("What was done"), _("Code"), _("Kind of object"), _("Object"), _("Object’s id"), _("Actor"),
              _("Actor’s id"), _("From where"), _("Act")]  # fmt: skip
    table: list[list[Cell]] = []
    for row in rows_of(found):
        one = row.record
        table.append(
            [one.number, one.at, row.action, one.action, row.object, one.object_text, one.object_id, row.actor, one.actor_id,
             one.origin, str(one.act_id)]
        )  # fmt: skip
    return header, table
