"""One certificate: what it says, why it counts, what was done to it. And the form that registers one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.engines.credentials.actions import CertificateRefused, Whole, read_whole
from denggao.engines.credentials.models import Scan
from denggao.engines.credentials.policies import (
    can_compare_scan,
    can_keep_certificates,
    can_read_whole,
    can_register_certificates,
)
from denggao.engines.credentials.queries import WaitsFor, waiting
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.people.masks import mask_number
from denggao.foundation.sheets.kinds import Fault
from denggao.foundation.sheets.rules import sentence, without_column
from denggao.foundation.standards.models import Occupation
from denggao.systems.assessment import policies
from denggao.systems.assessment.actions import RowRefused, register_certificate
from denggao.systems.assessment.columns import COLUMNS
from denggao.systems.assessment.counting import explain
from denggao.systems.assessment.forms import CertificateForm, ReasonForm
from denggao.systems.assessment.models import LevelCertificate
from denggao.systems.assessment.queries import history_of, sheet_row_of


@login_required
@require_GET
def certificate_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _page(request, policies.get_certificate_for(actor_of(request), public_id))


@login_required
@require_POST
def certificate_whole(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same page with name and numbers unmasked, once; the reading is recorded."""
    actor = actor_of(request)
    certificate = policies.get_certificate_for(actor, public_id)
    if not can_read_whole(actor):
        raise PermissionDenied
    form = ReasonForm(request.POST)
    whole = None
    if form.is_valid():
        try:
            whole = read_whole(certificate.credential, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())
        except CertificateRefused as refused:
            messages.error(request, str(refused))
    else:
        messages.error(request, _("Reason: say why the whole name and numbers are needed."))
    response = _page(request, certificate, whole)
    response["Cache-Control"] = "no-store"
    return response


def _page(request: HttpRequest, certificate: LevelCertificate, whole: Whole | None = None) -> HttpResponse:
    actor = actor_of(request)
    credential = certificate.credential
    office = actor.is_office
    may_keep = can_keep_certificates(actor)
    stands = credential.status == credential.Status.VALID
    scans = list(credential.scans.select_related("file")) if may_keep else []
    waits = waiting([credential])[0] if office and stands and credential.holder_id is None else None
    context = {
        "certificate": certificate,
        "credential": credential,
        "whole": whole,
        "document_number": mask_number(credential.document_number),
        "why": explain(certificate),
        "history": history_of(certificate) if office else [],
        "row": sheet_row_of(certificate) if office else None,
        "scans": [(scan, can_compare_scan(actor, scan) and scan.state == Scan.State.OPEN) for scan in scans],
        "waits": waits,
        "offered": bool(waits and waits.waits_for != WaitsFor.PERSON),
        "office": office,
        "may_act": may_keep and stands,
        "may_read_whole": can_read_whole(actor),
    }
    return render(request, "assessment/certificate.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def certificate_new(request: HttpRequest) -> HttpResponse:
    """Register one certificate by the rules of the sheet."""
    actor = actor_of(request)
    if not can_register_certificates(actor):
        raise PermissionDenied
    form = CertificateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            done = register_certificate(form.texts(), today=timezone.localdate(now), actor=actor, now=now)
        except RowRefused as refused:
            for fault in refused.faults:
                form.add_error(fault.column if fault.column in form.fields else None, _words(fault))
        else:
            text = {
                "created": _("The certificate is registered."),
                "updated": _("The certificate was registered before; what was missing is filled in."),
            }.get(done.outcome, _("The certificate was registered before and says the same."))
            messages.success(request, text)
            return redirect("assessment:certificate", done.object_id)
    context = {
        "form": form,
        "occupations": Occupation.objects.current(),
    }
    return render(request, "assessment/new.html", context, status=422 if form.errors else 200)


def _words(fault: Fault) -> str:
    """A fault as it stands beside its field, which names the column already."""
    titles = {column.key: column.title(get_language() or "") for column in COLUMNS}
    return without_column(sentence(fault, titles), titles.get(fault.column, ""))
