"""Into a class and out of it: by oneself, by an invitation."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.ui.acts import Act, posted, serve_act
from denggao.systems.university.learning import policies
from denggao.systems.university.learning.actions import enrolling
from denggao.systems.university.learning.forms.learner import LeaveForm
from denggao.systems.university.learning.models import Enrolment, Run
from denggao.systems.university.learning.rules.entry import seats_left
from denggao.systems.university.learning.selection.actions import apply_for_seat
from denggao.systems.university.learning.selection.queries import standing_of


@login_required
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What one enters, and the button."""
    actor, now = actor_of(request), timezone.now()
    run = policies.get_run_to_enter(actor, public_id)
    if not policies.can_enrol_self(actor, run):
        raise PermissionDenied(_("Your account belongs to no person, so there is nobody to learn. Sign in as yourself."))
    mine = policies.own_enrolments(actor).filter(run=run).first()
    applied = standing_of(run, policies.person_id_of(actor) or 0) if run.entry == Run.Entry.SELECTED else None
    wrong = ""
    if request.method == "POST":
        try:
            entered = enrolling.enrol_self(run, actor=actor, now=now)
        except Refused as refused:
            wrong = str(refused)
        else:
            waits = entered.state == Enrolment.State.WAITING
            said = (
                _("The class is full. You are on the waiting list.") if waits else _("You are enrolled. Here is your first step.")
            )
            messages.success(request, said)
            return redirect("learning:course", entered.public_id)
    elif mine is not None and mine.is_learning:
        return redirect("learning:course", mine.public_id)
    left = seats_left(run.seats, enrolling.learners_of(run).count())
    context = {"run": run, "mine": mine, "seats_left": left, "wrong": wrong, "applied": applied}
    return render(request, "learning/enter.html", context, status=422 if wrong else 200)


@login_required
@require_POST
def apply(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Begin an application for a seat, and go on to its page; to the one that stands, where there is one."""
    actor = actor_of(request)
    run = policies.get_run_to_enter(actor, public_id)
    if not policies.can_enrol_self(actor, run):
        raise PermissionDenied(_("Your account belongs to no person, so there is nobody to learn. Sign in as yourself."))
    known = standing_of(run, policies.person_id_of(actor) or 0)
    if known is not None and known.is_standing:
        return redirect(known.link)
    try:
        case = apply_for_seat(run, actor=actor, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("learning:enter", run.public_id)
    messages.success(request, _("Write your application and submit it. The school reads it and answers here."))
    return redirect(case.link)


@login_required
@require_POST
def accept(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    enrolment = policies.get_own_enrolment(actor, public_id)
    try:
        enrolling.accept_invitation(enrolment, actor=actor, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("You are in. Here is your first step."))
    return redirect("learning:course", enrolment.public_id)


@login_required
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    enrolment = policies.get_own_enrolment(actor, public_id)
    form = LeaveForm(posted(request))
    act = Act(
        _("Leave this class"),
        _("Your seat goes to somebody else. What you have learned, your hours and notes stay: come back, and you go on from here."),
        _("Leave the class"),
        _("You have left the class."),
        back="/learn/",
        tone="danger",
    )

    def go() -> None:
        enrolling.leave(enrolment, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, act, go, template="learning/act.html", about=enrolment.run)
