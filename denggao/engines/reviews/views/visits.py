"""Site visits: planned, recorded on the spot (also on a phone), with photos."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.engines.reviews import policies, sealing
from denggao.engines.reviews.actions.visits import add_photo, call_off_visit, plan_visit, record_visit, remove_photo
from denggao.engines.reviews.forms.scoring import CallOffForm, PhotoForm, RecordForm, VisitForm
from denggao.engines.reviews.models import Assignment, Expert, Panel, SiteVisit
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.files.actions import store_file

PHOTO_TYPES = ("png", "jpeg")
PHOTO_LIMIT = 20 * 1024 * 1024


@login_required
@require_http_methods(["GET", "POST"])
def visit_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    panel = sealing.get_panel_for_visits(actor, public_id)
    form = VisitForm(request.POST if request.method == "POST" else None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            visit = plan_visit(panel, given=form.given(), actor=actor, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The visit is planned."))
            return redirect("reviews:visit", visit.public_id)
    page = {"panel": panel, "form": form, "back": back_from(actor, panel)}
    return render(request, "reviews/visit_new.html", page, status=422 if form.errors else 200)


@login_required
@require_GET
def visit_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    visit = sealing.get_visit_for(actor, public_id)
    return render(request, "reviews/visit.html", _context(actor, visit, PhotoForm()))


@login_required
@require_http_methods(["GET", "POST"])
def visit_record(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What was found, by whom, with whom; recorded before, it is corrected with a reason."""
    actor = actor_of(request)
    visit = sealing.get_visit_for(actor, public_id, recording=True)
    recorded = visit.state == SiteVisit.State.HELD
    given: dict[str, Any] = {"experts": experts_of(visit.panel), "recorded": recorded}
    form = RecordForm(request.POST if request.method == "POST" else None, initial=_told(visit), **given)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data.get("reason", "")
        try:
            record_visit(visit, given=form.given(), record=form.record(), reason=reason, actor=actor, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The visit is recorded."))
            return redirect("reviews:visit", visit.public_id)
    page = {"visit": visit, "panel": visit.panel, "form": form, "recorded": recorded}
    return render(request, "reviews/visit_record.html", page, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def visit_call_off(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    visit = sealing.get_visit_for(actor, public_id, recording=True)
    form = CallOffForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            call_off_visit(visit, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The visit is called off."))
            return redirect("reviews:visit", visit.public_id)
    page = {"visit": visit, "panel": visit.panel, "form": form}
    return render(request, "reviews/visit_call_off.html", page, status=422 if form.errors else 200)


@login_required
@require_POST
def photo_add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    visit = sealing.get_visit_for(actor, public_id, recording=True)
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        now, file = timezone.now(), form.cleaned_data["file"]
        try:
            kept = store_file(file.name, file, kind=sealing.PHOTO_KIND, taken=PHOTO_TYPES, limit=PHOTO_LIMIT, actor=actor, now=now)
            add_photo(visit, file=kept, caption=form.cleaned_data["caption"], actor=actor, now=now)
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, _("The photo is kept."))
            return redirect("reviews:visit", visit.public_id)
    return render(request, "reviews/visit.html", _context(actor, visit, form), status=422)


@login_required
@require_POST
def photo_remove(request: HttpRequest, public_id: UUID, photo_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    photo = sealing.get_photo_for(actor, public_id, photo_id)
    try:
        remove_photo(photo, actor=actor, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The photo is taken away."))
    return redirect("reviews:visit", public_id)


def experts_of(panel: Panel) -> Any:
    """The panel's experts, by whom a visit can be recorded."""
    seats = panel.assignments.filter(state__in=Assignment.WORKING)
    return Expert.objects.filter(pk__in=seats.values("expert_id")).select_related("person").order_by("pk")


def back_from(actor: Actor, panel: Panel) -> tuple[str, UUID]:
    """Where a visit's pages lead back to: the expert's sheet, or the panel's results."""
    own = policies.visible_assignments(actor).filter(panel=panel).first()
    if own is not None:
        return "reviews:assignment", own.public_id
    if not policies.can_see_panel(actor, panel):
        raise Http404
    return "reviews:results", panel.public_id


def _context(actor: Actor, visit: SiteVisit, form: PhotoForm) -> dict[str, Any]:
    running = visit.panel.state != Panel.State.CLOSED
    may_record = running and sealing.can_record_visit(actor, visit)
    return {
        "visit": visit,
        "panel": visit.panel,
        "experts": list(visit.experts.select_related("person")),
        "photos": list(visit.photos.filter(removed_at__isnull=True).select_related("file")),
        "form": form,
        "back": back_from(actor, visit.panel),
        "may_record": may_record and visit.state != SiteVisit.State.CALLED_OFF,
        "may_call_off": may_record and visit.state == SiteVisit.State.PLANNED,
    }


def _told(visit: SiteVisit) -> dict[str, Any]:
    return {
        "on": visit.on,
        "place": visit.place,
        "longitude": visit.longitude,
        "latitude": visit.latitude,
        "experts": [expert.pk for expert in visit.experts.all()],
        "others": visit.others,
        "findings": visit.findings,
    }
