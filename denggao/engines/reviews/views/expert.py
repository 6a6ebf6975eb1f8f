"""The expert's own pages: the queue, the score sheet with the file beside it, handing in, changing later, the history.

Everything is reached through ``get_assignment_for``: somebody else's, or one a conflict hides, does not exist.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from denggao.engines.reviews import policies, sealing
from denggao.engines.reviews.actions.scoring import (
    Receipt,
    ScoringRefused,
    SheetIncomplete,
    change_submitted,
    save_entries,
    submit_score,
)
from denggao.engines.reviews.forms.scoring import (
    LateReasonForm,
    NotRead,
    QueueFilter,
    entries_in,
    entries_sent,
)
from denggao.engines.reviews.models import Assignment, Panel, ScoreChange
from denggao.engines.reviews.parties import Parties
from denggao.engines.reviews.registry import review_subject
from denggao.engines.reviews.results import results_of
from denggao.engines.reviews.sheets import as_data, clock, queue_of, sheet_of, waiting_count
from denggao.foundation.audit.actions import NotAllowed, Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.ui.listing import Listing

SORTS: dict[str, str | tuple[str, ...]] = {"due": ("finished", "due_first"), "title": "panel__title_zh", "asked": "asked_at"}


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What I am asked to judge, what is due first."""
    actor = actor_of(request)
    if policies.expert_of(actor) is None:
        raise PermissionDenied(_("Only experts of the register have reviews. The programme office keeps the register."))
    own = policies.visible_assignments(actor)
    listing = Listing(
        request.GET,
        queue_of(own),
        sorts=SORTS,
        default="due",
        search=("panel__title_zh", "panel__title_en"),
        filters=QueueFilter,
        per_page=20,
    )
    page = {"listing": listing, "waiting": waiting_count(own), "today": timezone.localdate()}
    return render(request, "reviews/queue.html", page)


@login_required
@require_http_methods(["GET", "POST"])
def assignment_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The score sheet. Sent as one form it saves what was touched; the script sends each entry by itself (``entries``)."""
    actor = actor_of(request)
    assignment = policies.get_assignment_for(actor, public_id)
    if request.method != "POST":
        return _sheet_page(request, actor, assignment)
    sheet = sheet_of(assignment)
    try:
        receipts = save_entries(assignment, entries=entries_in(request.POST, sheet), actor=actor, now=timezone.now())
    except ScoringRefused as refused:
        messages.error(request, str(refused))
        return redirect("reviews:assignment", assignment.public_id)
    faults = {receipt.criterion: receipt.fault for receipt in receipts if receipt.fault}
    if faults:
        return _sheet_page(request, actor, assignment, faults=faults)
    _say_saved(request, receipts)
    return redirect("reviews:submit" if request.POST.get("then") == "submit" else "reviews:assignment", assignment.public_id)


def _say_saved(request: HttpRequest, receipts: list[Receipt]) -> None:
    saved = [receipt.saved_at for receipt in receipts if receipt.saved_at is not None]
    if saved:
        messages.success(request, _("Saved %(time)s") % {"time": clock(max(saved))})
    if any(not receipt.stands for receipt in receipts):
        messages.warning(request, _("Something newer was entered on another device and stands; your text is kept beneath it."))


def _sheet_page(
    request: HttpRequest, actor: Actor, assignment: Assignment, *, faults: dict[str, str] | None = None
) -> HttpResponse:
    panel = assignment.panel
    sheet = sheet_of(assignment, faults=faults)
    entering = panel.state != Panel.State.CLOSED and assignment.state in {Assignment.State.ACCEPTED, Assignment.State.SCORING}
    submitted = assignment.state == Assignment.State.SUBMITTED
    others = results_of(panel) if sealing.can_see_others(actor, assignment) else None
    page = {
        "assignment": assignment,
        "panel": panel,
        "sheet": sheet,
        "typed": request.POST if faults else {},
        "asked": assignment.state == Assignment.State.ASKED,
        "concerned": _concerned(panel) if assignment.state == Assignment.State.ASKED else [],
        "entering": entering,
        "submitted": submitted,
        "may_change": submitted and panel.state != Panel.State.CLOSED,
        "results": others,
        "file": _file_of(request, actor, assignment),
        "visits": list(panel.visits.prefetch_related("experts__person")) if entering or submitted else [],
        "today": timezone.localdate(),
    }
    template = "reviews/asked.html" if page["asked"] else "reviews/sheet.html"
    return render(request, template, page, status=422 if faults else 200)


def _concerned(panel: Panel) -> list[Organisation]:
    """The bodies a panel is about: whoever is asked must know them to say whether there is a conflict."""
    parties = Parties.from_json(panel.parties)
    return list(Organisation.objects.filter(pk__in=parties.organisation_ids | parties.nominator_ids).order_by("name_key"))


def _file_of(request: HttpRequest, actor: Actor, assignment: Assignment) -> str:
    """What experts read beside the sheet, drawn; nothing before they took the seat."""
    subject = review_subject(assignment.panel.subject_kind)
    if subject is None or assignment.state == Assignment.State.ASKED:
        return ""
    found = subject.file(actor, assignment.panel.subject_id)
    return render_to_string(*found, request=request) if found is not None else ""


@login_required
@require_http_methods(["GET", "POST"])
def entries(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """For the script: what stands (GET), and entries with their receipts (POST, JSON)."""
    actor = actor_of(request)
    assignment = policies.get_assignment_for(actor, public_id)
    if request.method != "POST":
        return _answer(as_data(sheet_of(assignment)))
    try:
        sent = entries_sent(request.body)
    except NotRead:
        return _answer({"refused": _("The entries could not be read. Open the page again; nothing is lost.")}, status=400)
    try:
        receipts = save_entries(assignment, entries=sent, actor=actor, now=timezone.now())
    except (ScoringRefused, NotAllowed) as refused:
        return _answer({"refused": str(refused)}, status=409)
    told = [
        {
            "client_id": str(receipt.client_id),
            "criterion": receipt.criterion,
            "saved": clock(receipt.saved_at),
            "stands": receipt.stands,
            "fault": receipt.fault,
        }
        for receipt in receipts
    ]
    return _answer({"receipts": told, **as_data(sheet_of(assignment))})


def _answer(data: dict[str, Any], *, status: int = 200) -> JsonResponse:
    response = JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The whole sheet once more, and the button that hands it in."""
    actor = actor_of(request)
    assignment = policies.get_assignment_for(actor, public_id)
    refusal = ""
    if request.method == "POST":
        try:
            submit_score(assignment, revision=_shown(request), actor=actor, now=timezone.now())
        except (ScoringRefused, SheetIncomplete) as refused:
            refusal = str(refused)
        else:
            if not policies.is_own_assignment(actor, assignment):
                messages.warning(
                    request,
                    _("A conflict of interest of yours came to light. What you gave is kept, and does not count. Thank you."),
                )
                return redirect("reviews:queue")
            messages.success(request, _("Handed in. What you gave stays sealed until every expert has handed in."))
            return redirect("reviews:assignment", assignment.public_id)
    if assignment.state not in {Assignment.State.ACCEPTED, Assignment.State.SCORING}:
        if refusal:
            messages.error(request, refusal)
        return redirect("reviews:assignment", assignment.public_id)
    page = {"assignment": assignment, "panel": assignment.panel, "sheet": sheet_of(assignment), "refusal": refusal}
    return render(request, "reviews/submit.html", page, status=422 if refusal else 200)


def _shown(request: HttpRequest) -> int | None:
    shown = request.POST.get("revision", "")
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 9 else -1


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change what was handed in, with a reason."""
    actor = actor_of(request)
    assignment = policies.get_assignment_for(actor, public_id)
    sheet = sheet_of(assignment)
    form = LateReasonForm(request.POST if request.method == "POST" else None)
    faults: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        try:
            given = entries_in(request.POST, sheet)
            change_submitted(assignment, entries=given, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())
        except SheetIncomplete as refused:
            faults = refused.faults
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The change is kept with its reason."))
            return redirect("reviews:assignment", assignment.public_id)
    page = {
        "assignment": assignment,
        "panel": assignment.panel,
        "sheet": sheet_of(assignment, faults=faults) if faults else sheet,
        "typed": request.POST if request.method == "POST" else {},
        "form": form,
        "late": True,
    }
    if assignment.state != Assignment.State.SUBMITTED or assignment.panel.state == Panel.State.CLOSED:
        for refusal in form.non_field_errors() or [_("This sheet can’t be changed this way.")]:
            messages.error(request, str(refusal))
        return redirect("reviews:assignment", assignment.public_id)
    return render(request, "reviews/change.html", page, status=422 if faults or form.errors else 200)


@login_required
@require_GET
def history(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Everything I ever entered here, the latest first."""
    assignment = policies.get_assignment_for(actor_of(request), public_id)
    changes = ScoreChange.objects.filter(score__assignment=assignment).select_related("criterion").order_by("-saved_at", "-pk")
    listing = Listing(request.GET, changes, per_page=50)
    return render(request, "reviews/history.html", {"assignment": assignment, "panel": assignment.panel, "listing": listing})
