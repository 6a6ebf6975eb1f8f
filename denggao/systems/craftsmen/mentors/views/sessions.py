"""Pages on what a special mentor did: entering, confirming, correcting; and learners without a mentor."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Role, actor_of
from denggao.foundation.ui.acts import Act, posted, serve_act
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.systems.craftsmen.mentors import policies, queries
from denggao.systems.craftsmen.mentors.actions import ending
from denggao.systems.craftsmen.mentors.actions import sessions as actions
from denggao.systems.craftsmen.mentors.forms import CorrectForm, ReasonForm, SessionForm
from denggao.systems.craftsmen.mentors.models import LearnerGap
from denggao.systems.craftsmen.mentors.telling import link
from denggao.systems.craftsmen.mentors.views.duties import ACT, name_of, session_row


@login_required
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    duty = policies.get_duty_for(actor, public_id)
    if not policies.can_enter(actor, duty):
        raise PermissionDenied(_("The mentor and the base enter what was done."))
    form = SessionForm(posted(request), duty=duty, initial={"day": min(today, duty.last_on)})
    act = Act(
        _("Enter a session"),
        _("The other side confirms that it took place; only then do its hours count."),
        _("Enter"),
        _("Entered."),
        back=link(duty),
    )
    return serve_act(
        request,
        form,
        act,
        lambda: actions.enter_session(duty, form.given, actor=actor, now=timezone.now()),
        template=ACT,
        duty=duty,
        name=name_of(actor, duty),
    )


@login_required
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """All sessions that wait for this side's word."""
    actor, today = actor_of(request), timezone.localdate()
    found = (
        queries.sessions_waiting(actor)
        .select_related("duty__craftsman__person", "duty__place", "corrects")
        .prefetch_related("mentored__learner")
        .order_by("day", "starts")
    )
    rows = [
        {
            **session_row(actor, each, policies.side_of(actor, each.duty), today),
            "duty": each.duty,
            "name": name_of(actor, each.duty),
        }
        for each in found[:200]
    ]
    return render(request, "craftsmen_mentors/waiting.html", {"rows": rows})


@login_required
@require_POST
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One tap."""
    actor = actor_of(request)
    session = policies.get_session_for(actor, public_id)
    try:
        actions.answer_session(session, agree=True, actor=actor, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Confirmed. Its hours count."))
    return redirect("/craftsmen/mentors/sessions/" if request.POST.get("back") == "waiting" else link(session.duty))


@login_required
@require_POST
def held(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    session = policies.get_session_for(actor, public_id)
    try:
        actions.session_held(session, actor=actor, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Entered. The other side is asked to confirm it."))
    return redirect(link(session.duty))


@login_required
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    session = policies.get_session_for(actor, public_id)
    form = ReasonForm(posted(request))
    act = Act(
        _("Not as entered"),
        _("Its hours do not count. The other side reads the reason and may enter it anew."),
        _("Refuse"),
        _("Refused."),
        back=link(session.duty),
    )
    return serve_act(
        request,
        form,
        act,
        lambda: actions.answer_session(session, agree=False, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()),
        template=ACT,
        duty=session.duty,
        name=name_of(actor, session.duty),
    )


@login_required
@require_http_methods(["GET", "POST"])
def call_off(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    session = policies.get_session_for(actor, public_id)
    form = ReasonForm(posted(request))
    act = Act(
        _("Call the session off"),
        _("It counts nowhere; it stays on the page with the reason."),
        _("Call off"),
        _("Called off."),
        back=link(session.duty),
    )

    def do() -> None:
        actions.call_off_session(session, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, act, do, template=ACT, duty=session.duty, name=name_of(actor, session.duty))


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    session = policies.get_session_for(actor, public_id)
    initial = {
        "day": session.day,
        "starts": session.starts,
        "ends": session.ends,
        "topic": session.topic,
        "room": session.room,
        "learners": session.learners,
        "mentored": [str(item.public_id) for item in session.mentored.all()],
    }
    form = CorrectForm(posted(request), duty=session.duty, initial=initial)
    act = Act(
        _("Correct the session"),
        _("It stays as confirmed until the other side confirms the correction; both stay on record."),
        _("Ask for the correction"),
        _("Asked for. The other side is told."),
        back=link(session.duty),
    )

    def do() -> None:
        said = form.cleaned_data
        given = None if said["strikes"] else form.given
        actions.correct_session(session, given, reason=said["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, act, do, template=ACT, duty=session.duty, name=name_of(actor, session.duty))


@login_required
@require_GET
def gaps(request: HttpRequest) -> HttpResponse:
    """Learners whose mentor's appointment ended."""
    actor, today = actor_of(request), timezone.localdate()
    if not (actor.is_office or actor.organisations_as(Role.HR, Role.BASE_MANAGER)):
        raise PermissionDenied
    settled = request.GET.get("view") == "settled"
    visible = policies.visible_gaps(actor)
    open_ones = queries.open_gaps(visible)
    listing = Listing(
        request.GET,
        visible.exclude(pk__in=open_ones.values("pk")) if settled else open_ones,
        sorts={"learner": "mentorship__learner__name_key", "due": "due_on", "since": "since"},
        default="due",
        search=("mentorship__place__name_zh", "mentorship__place__name_en", "mentorship__organisation__name_zh"),
    )
    if listing.export:
        header = [_("Learner"), _("Mentor so far"), _("Employer"), _("Base"), _("Without a mentor since"), _("Due"), _("Settled")]
        return table_response(
            "learners-without-mentor", header, (_gap_cells(gap) for gap in listing.everything), kind=listing.export
        )
    tabs = [
        {"label": _("Without a mentor"), "url": "/craftsmen/mentors/learners/", "on": not settled, "count": None},
        {"label": _("Settled"), "url": "/craftsmen/mentors/learners/?view=settled", "on": settled, "count": None},
    ]
    context = {
        "listing": listing,
        "rows": [(gap, gap.due_on < today) for gap in listing.rows],
        "tabs": tabs,
        "settled": settled,
        "may_close": policies.can_close(actor) and not settled,
    }
    return render(request, "craftsmen_mentors/gaps.html", context)


def _gap_cells(gap: LearnerGap) -> list[Cell]:
    item = gap.mentorship
    return [
        item.learner.masked_name,
        item.mentor.masked_name,
        item.organisation.name if item.organisation else "",
        item.place.name if item.place else "",
        gap.since,
        gap.due_on,
        gap.close_reason,
    ]


class CloseForm(ReasonForm):
    reason = forms.CharField(
        label=gettext_lazy("Why no other mentor is named"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


@login_required
@require_http_methods(["GET", "POST"])
def close_gap(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    gap = policies.get_gap_for(actor, public_id)
    form = CloseForm(posted(request))
    act = Act(
        _("Close without another mentor"),
        _("The learner leaves the list. What was done so far stays on record."),
        _("Close"),
        _("Closed."),
        back="/craftsmen/mentors/learners/",
    )
    return serve_act(
        request,
        form,
        act,
        lambda: ending.close_gap(gap, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()),
        template="craftsmen_mentors/gap_act.html",
        gap=gap,
    )
