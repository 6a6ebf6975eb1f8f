"""What was issued, as anyone sees it: its live status, and its paper to whom it belongs."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from denggao.engines.credentials import policies
from denggao.engines.credentials.drawings import plaque_of
from denggao.engines.credentials.models import Issued
from denggao.engines.credentials.paper import status_address
from denggao.engines.credentials.registry import issued_kind
from denggao.engines.credentials.standing import status_of
from denggao.foundation.audit.actions import record_reading
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.documents.codes import qr_svg
from denggao.foundation.documents.pictures import page_count, page_image
from denggao.foundation.files.forms import ReadingForm
from denggao.foundation.files.queries import FileGone, open_file

PAGE_WIDTH = 1400


@login_not_required
@never_cache
@require_GET
def status(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Where its QR code leads: whether it stands, at this moment."""
    issued = policies.get_issued(public_id)
    actor, today = actor_of(request), timezone.localdate()
    may_read = policies.can_read_paper(actor, issued, today)
    context = {
        "issued": issued,
        "status": status_of(issued, day=today),
        "drawing": issued_kind(issued.kind).drawing,
        "plaque": plaque_of(issued, day=today),
        "code": qr_svg(status_address(issued), label=request.build_absolute_uri(request.path)),
        "address": status_address(issued),
        "asked_at": timezone.now(),
        "plan": issued.plan,
        "may_read": may_read,
        "may_look": may_read and not policies.paper_reading_is_recorded(actor, issued),
    }
    return render(request, "credentials/status.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pdf(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The paper. Somebody else's letter is asked for by POST with a purpose, and that is recorded."""
    issued = _readable(request, public_id)
    if not issued.has_current_pdf:
        return render(request, "credentials/being_made.html", {"issued": issued, "plan": issued.plan}, status=404)
    actor = actor_of(request)
    if policies.paper_reading_is_recorded(actor, issued):
        form = ReadingForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            context = {"issued": issued, "form": form, "plan": issued.plan}
            return render(request, "credentials/reading.html", context, status=422 if form.is_bound else 200)
        purpose = form.cleaned_data["purpose"]
        record_reading(issued, fields=["holder_zh"], purpose=purpose, actor=actor, now=timezone.now())
    return _handed_out(issued)


@login_not_required
@never_cache
@require_GET
def pages(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The paper as pictures, for browsers that can't show a PDF."""
    issued = _readable(request, public_id)
    if not issued.has_current_pdf:
        return render(request, "credentials/being_made.html", {"issued": issued, "plan": issued.plan}, status=404)
    if policies.paper_reading_is_recorded(actor_of(request), issued):
        return redirect("credentials:pdf", public_id=public_id)
    numbers = range(1, page_count(_bytes(issued)) + 1)
    return render(request, "credentials/pages.html", {"issued": issued, "numbers": numbers, "plan": issued.plan})


@login_not_required
@require_GET
def page(request: HttpRequest, public_id: UUID, number: int) -> HttpResponse:
    issued = _readable(request, public_id)
    if not issued.has_current_pdf or policies.paper_reading_is_recorded(actor_of(request), issued):
        raise Http404
    try:
        drawn = page_image(_bytes(issued), number, width=PAGE_WIDTH)
    except IndexError:
        raise Http404 from None
    # The address carries the content's hash (``?of=``): a paper made anew is another picture.
    return HttpResponse(drawn, content_type="image/png", headers={"Cache-Control": "private, max-age=86400"})


def _readable(request: HttpRequest, public_id: UUID) -> Issued:
    """Raises Http404 where the paper is none of the actor's business."""
    issued = policies.get_issued(public_id)
    if not policies.can_read_paper(actor_of(request), issued, timezone.localdate()):
        raise Http404
    return issued


def _bytes(issued: Issued) -> bytes:
    if issued.pdf is None:
        raise Http404
    try:
        with open_file(issued.pdf) as kept:
            return kept.read()
    except FileGone:
        raise Http404 from None


def _handed_out(issued: Issued) -> FileResponse:
    if issued.pdf is None:
        raise Http404
    try:
        content = open_file(issued.pdf)
    except FileGone:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=issued.pdf.name, content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Content-Length"] = str(issued.pdf.size)
    return response
