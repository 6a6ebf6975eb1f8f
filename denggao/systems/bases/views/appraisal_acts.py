"""What is done to one appraisal, each act on its own page: handing in, grading, confirming, remedying, checking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.ui.acts import Act, handed_in, posted, serve_act
from denggao.systems.bases import policies
from denggao.systems.bases.actions import appraising as actions
from denggao.systems.bases.appraisal.marking import marks_of
from denggao.systems.bases.forms.office import CheckForm, GradeForm, ReasonForm, RemedyForm
from denggao.systems.bases.models import Appraisal
from denggao.systems.bases.showing import GRADE_TONES
from denggao.systems.bases.views.standing import keep_file


def address_of(appraisal: Appraisal) -> str:
    return reverse("bases:appraisal", args=[appraisal.public_id])


def serve_appraisal_act(
    request: HttpRequest, appraisal: Appraisal, form: forms.Form, act: Act, do: Callable[[], object], **context: Any
) -> HttpResponse:
    return serve_act(request, form, act, do, template="bases/appraisal_act.html", appraisal=appraisal, **context)


def _asked(
    request: HttpRequest, public_id: UUID, may: Callable[[Actor, Appraisal], bool], whose: str = ""
) -> tuple[Actor, Appraisal]:
    """Who asks, and about which appraisal. Raises Http404, and PermissionDenied saying ``whose`` act it is."""
    actor = actor_of(request)
    appraisal = policies.get_appraisal_for(actor, public_id)
    if not may(actor, appraisal):
        raise PermissionDenied(whose)
    return actor, appraisal


@login_required
@require_http_methods(["GET", "POST"])
def hand_in(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, appraisal = _asked(request, public_id, policies.can_fill, _("The base’s own manager hands it in."))
    act = Act(
        _("Hand in the appraisal"),
        _("The platform’s numbers are taken once more, and all stand still from then on. The office grades it."),
        pgettext("appraisal", "Hand in"),
        _("It is handed in. You are told when it is graded."),
        back=address_of(appraisal),
    )
    form = forms.Form(posted(request))
    return serve_appraisal_act(
        request,
        appraisal,
        form,
        act,
        lambda: actions.hand_in(appraisal, actor=actor, now=timezone.now()),
    )


@login_required
@require_http_methods(["GET", "POST"])
def send_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, appraisal = _asked(request, public_id, policies.can_grade)
    form = ReasonForm(posted(request))
    act = Act(
        _("Send the appraisal back"),
        _("The base corrects what it entered and hands in again."),
        _("Send back"),
        _("It is with the base again."),
        back=address_of(appraisal),
    )
    return serve_appraisal_act(
        request,
        appraisal,
        form,
        act,
        lambda: actions.send_back(appraisal, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()),
    )


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, appraisal = _asked(request, public_id, policies.can_grade)
    form = GradeForm(posted(request))
    act = Act(
        _("Propose a grade"),
        _("The grade follows from the points. A second person confirms it; then the base reads it."),
        _("Propose"),
        _("The grade is proposed; an approver confirms it."),
        back=address_of(appraisal),
    )

    def do() -> None:
        given = form.cleaned_data
        actions.propose_grade(appraisal, opinion=given["opinion"], demands=given["demands"], actor=actor, now=timezone.now())

    marks = marks_of(appraisal, appraisal.values.all())
    marked = {"points": marks.points, "grade": Appraisal.Grade(marks.grade).label, "tone": GRADE_TONES[marks.grade]}
    return serve_appraisal_act(request, appraisal, form, act, do, marked=marked)


@login_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, appraisal = _asked(request, public_id, policies.can_confirm_grade, _("An approver of the programme office confirms."))
    form = forms.Form(posted(request))
    follows = (
        _("The grade stands. The base has %(days)s working days to remedy, from tomorrow on.")
        % {"days": appraisal.cycle.remedy_days}
        if appraisal.grade == Appraisal.Grade.FAIL
        else _("The grade stands and the appraisal is closed. The base reads it.")
    )
    act = Act(_("Confirm the grade"), follows, _("Confirm"), _("The grade stands."), back=address_of(appraisal))
    return serve_appraisal_act(
        request,
        appraisal,
        form,
        act,
        lambda: actions.confirm_grade(appraisal, actor=actor, now=timezone.now()),
        proposed=True,
    )


@login_required
@require_http_methods(["GET", "POST"])
def return_grade(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, appraisal = _asked(request, public_id, policies.can_confirm_grade, _("An approver of the programme office confirms."))
    form = ReasonForm(posted(request))
    act = Act(
        _("Do not agree with the grade"),
        _("It goes back to whoever grades; the base is not told."),
        _("Send back"),
        _("It is to be graded again."),
        back=address_of(appraisal),
    )
    return serve_appraisal_act(
        request,
        appraisal,
        form,
        act,
        lambda: actions.return_grade(appraisal, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()),
        proposed=True,
    )


@login_required
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, appraisal = _asked(request, public_id, policies.can_fill, _("The base’s own manager reports."))
    form = RemedyForm(posted(request), handed_in(request))
    act = Act(
        _("Report the remedies"),
        _("The office checks them. What is not remedied leads to the withdrawal of the base."),
        _("Report"),
        _("It is reported; the office checks it."),
        back=address_of(appraisal),
        uploads=True,
    )

    def do() -> None:
        given = form.cleaned_data
        stored = keep_file(given["evidence"], actor)
        actions.report_remedy(appraisal, report=given["report"], evidence=stored, actor=actor, now=timezone.now())

    return serve_appraisal_act(request, appraisal, form, act, do)


@login_required
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, appraisal = _asked(request, public_id, policies.can_grade)
    form = CheckForm(posted(request))
    act = Act(
        _("Check the remedies"),
        _("Remedied: the base stays. Not remedied: its withdrawal is proposed, and a second person confirms it."),
        _("Keep the outcome"),
        _("The outcome is kept."),
        back=address_of(appraisal),
    )

    def do() -> None:
        given = form.cleaned_data
        actions.check_remedy(
            appraisal, remedied=given["remedied"] == "yes", reason=given["reason"], actor=actor, now=timezone.now()
        )

    return serve_appraisal_act(request, appraisal, form, act, do)
