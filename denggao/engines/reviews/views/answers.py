"""What an expert answers when asked: yes, no, or a conflict of interest."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from denggao.engines.reviews import policies
from denggao.engines.reviews.actions.assigning import accept_assignment, decline_assignment
from denggao.engines.reviews.actions.conflicts import declare_conflict
from denggao.engines.reviews.forms.panels import ReasonForm
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import actor_of


@login_required
@require_POST
def accept(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    assignment = policies.get_assignment_for(actor, public_id)
    try:
        accept_assignment(assignment, actor=actor, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Thank you: the review is yours."))
    return redirect(f"/reviews/{assignment.public_id}/")


@login_required
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """No time: the seat goes to another expert."""
    actor = actor_of(request)
    assignment = policies.get_assignment_for(actor, public_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            decline_assignment(assignment, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The chair is told; another expert will be asked."))
            return redirect("/reviews/")
    context = {"form": form, "assignment": assignment, "panel": assignment.panel, "conflict": False}
    return render(request, "reviews/answer.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def recuse(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A conflict of interest: from then on the subject is hidden."""
    actor = actor_of(request)
    assignment = policies.get_assignment_for(actor, public_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            declare_conflict(assignment, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your conflict is on record. You are recused, and see nothing more of this subject."))
            return redirect("/reviews/")
    context = {"form": form, "assignment": assignment, "panel": assignment.panel, "conflict": True}
    return render(request, "reviews/answer.html", context, status=422 if form.errors else 200)
