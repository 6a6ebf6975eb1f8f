"""One case: its page, what was submitted, what changed between submissions, the whole file to print."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from denggao.engines.cases import policies
from denggao.engines.cases.models import Case, Correction, Snapshot
from denggao.engines.cases.panels import panels_of
from denggao.engines.cases.paper import facts_of, paper_of, sections_of
from denggao.engines.cases.showing import differences
from denggao.engines.cases.views.casepage import CasePage, neighbours
from denggao.engines.cases.views.drafts import files_of
from denggao.foundation.audit.actions import record_reading
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.documents.rendering import GlyphMissing
from denggao.foundation.files.forms import ReadingForm

# The ids of the worklist last looked at, so that a case knows the one before and the next.
LISTED = "cases_listed"


@login_required
@require_GET
def case(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    aside = False
    try:
        found = policies.get_case_for(actor, public_id)
    except Http404:
        found = policies.get_case_to_step_aside(actor, public_id)
        aside = True
    page = CasePage(found, actor=actor, now=timezone.now(), as_public=aside)
    before, after = neighbours(request.session.get(LISTED) or [], str(found.public_id))
    context = {
        "case": found,
        "round": found.round,
        "page": page,
        "previous": reverse("cases:case", args=[before]) if before else "",
        "next": reverse("cases:case", args=[after]) if after else "",
        "ways": found.declared.system.ways(actor, found.round) if page.is_applicant and found.round is not None else (),
        "panels": [] if aside else panels_of(request, actor, found, page.kinds_entered),
    }
    return render(request, "cases/case.html", context)


@login_required
@require_GET
def snapshot(request: HttpRequest, public_id: UUID, number: int) -> HttpResponse:
    return _filed(request, policies.get_snapshot_for(actor_of(request), public_id, number))


@login_required
@require_GET
def filed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The newest submission, to print: the whole file with its hash."""
    actor = actor_of(request)
    found = policies.get_case_for(actor, public_id)
    latest = Snapshot.objects.filter(case=found).order_by("-number").first()
    if latest is None:
        raise Http404
    return _filed(request, policies.get_snapshot_for(actor, public_id, latest.number))


def _filed(request: HttpRequest, frozen: Snapshot) -> HttpResponse:
    context = {
        "case": frozen.case,
        "snapshot": frozen,
        "sections": sections_of(frozen, files_of(frozen.case)),
        "facts": facts_of(frozen),
    }
    return render(request, "cases/snapshot.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def pdf(request: HttpRequest, public_id: UUID, number: int) -> HttpResponse:
    """The submission as a document. The applicant's side takes it; everyone else says what for, and it is recorded."""
    actor = actor_of(request)
    frozen = policies.get_snapshot_for(actor, public_id, number)
    purpose = None
    if not policies.is_applicant(actor, frozen.case):
        form = ReadingForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            context = {"case": frozen.case, "snapshot": frozen, "form": form}
            return render(request, "cases/reading.html", context, status=422 if form.is_bound else 200)
        purpose = form.cleaned_data["purpose"]
    try:
        made = paper_of(frozen, files_of(frozen.case))
    except GlyphMissing as refused:
        messages.error(request, str(refused))
        return redirect("cases:snapshot", public_id, number)
    if purpose is not None:
        record_reading(frozen, fields=["answers"], purpose=purpose, actor=actor, now=timezone.now())
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{frozen.case.number}-{number}.pdf") or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_GET
def diff(request: HttpRequest, public_id: UUID, number: int) -> HttpResponse:
    """From the submission before to this one, or from ``?from=``, field by field."""
    actor = actor_of(request)
    after = policies.get_snapshot_for(actor, public_id, number)
    asked = request.GET.get("from", "")
    earlier = int(asked) if asked.isascii() and asked.isdigit() else number - 1
    before = policies.get_snapshot_for(actor, public_id, earlier)
    form = after.case.declared.forms[after.form_version]
    changes = differences(form, before.answers or {}, after.answers or {}, files_of(after.case), (before.known, after.known))
    context = {"case": after.case, "before": before, "after": after, "changes": changes, "remarks": _remarks(after.case, earlier)}
    return render(request, "cases/diff.html", context)


def _remarks(found: Case, number: int) -> list[dict[str, str]]:
    """What the office asked of the submission that was corrected."""
    correction = Correction.objects.filter(case=found, snapshot=number).order_by("-id").first()
    return correction.fields if correction is not None else []
