"""Pages on founded universities: the list, one with its founding, and its end by two persons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from denggao.foundation.audit.actors import actor_of
from denggao.foundation.ui.acts import Act, posted, serve_act
from denggao.foundation.ui.listing import Listing
from denggao.foundation.ui.words import actor_names
from denggao.systems.university.founding import policies
from denggao.systems.university.founding.actions import confirm_end, dismiss_end, propose_end
from denggao.systems.university.founding.forms import ReasonForm, RemarkForm, UniversityFilter
from denggao.systems.university.founding.queries import application_of, approval_of
from denggao.systems.university.founding.system import facts_of
from denggao.systems.university.models import University, UniversityAct
from denggao.systems.university.policies import can_see_office
from denggao.systems.university.views.courses import tabs

ACT = "founding/act.html"
TONES = {University.State.FOUNDED: "jade", University.State.WITHDRAWN: "revoked", University.State.CLOSED: "withdrawn"}
ACT_TONES = {UniversityAct.State.PROPOSED: "amber", UniversityAct.State.DONE: "jade", UniversityAct.State.DISMISSED: ""}
FOLLOWS = {
    UniversityAct.Kind.WITHDRAW: gettext_lazy(
        "Once a second person confirms: the founding is withdrawn and the count taken back for good. It can only be"
        " applied for anew."
    ),
    UniversityAct.Kind.CLOSE: gettext_lazy(
        "Once a second person confirms: the university ends today. Within the plan’s span it no longer counts. Its schools stay."
    ),
}
BUTTONS = {UniversityAct.Kind.WITHDRAW: gettext_lazy("Withdraw the founding"), UniversityAct.Kind.CLOSE: gettext_lazy("Close it")}


@login_required
@require_GET
def university_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not policies.can_see_foundings(actor):
        raise PermissionDenied
    listing = Listing(
        request.GET,
        policies.visible_universities(actor),
        sorts={"name": "name_zh", "body": "organisation__name_zh", "state": "state", "founded": "founded_on"},
        default="-founded",
        search=("name_zh", "name_en", "organisation__name_zh", "organisation__name_en", "case__number"),
        filters=UniversityFilter,
    )
    context = {
        "listing": listing,
        "rows": [(one, TONES[University.State(one.state)]) for one in listing.rows],
        "tabs": tabs(actor, "founding") if can_see_office(actor) else [],
    }
    return render(request, "founding/list.html", context)


@login_required
@require_GET
def university_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    university = policies.get_university_for(actor, public_id)
    acts = list(policies.visible_acts(actor).filter(university=university))
    open_act = next((act for act in acts if act.state == UniversityAct.State.PROPOSED), None)
    application = application_of(university.case)
    may_end = policies.can_propose(actor) and open_act is None and university.state == University.State.FOUNDED
    waits = open_act is not None and policies.can_confirm(actor) and open_act.proposed_by != actor.id
    context = {
        "university": university,
        "tone": TONES[University.State(university.state)],
        "facts": facts_of(application) if application else [],
        "statutes": application.statutes if application else "",
        "decision": approval_of(university.case),
        "case_link": university.case.link if actor.is_office else "",
        "acts": told(acts),
        "open_act": open_act,
        "may_confirm": waits,
        "may_dismiss": open_act is not None and policies.can_call_off(actor, open_act),
        "offers": [(kind.value, BUTTONS[kind]) for kind in UniversityAct.Kind] if may_end else [],
    }
    return render(request, "founding/university.html", context)


def told(acts: Iterable[UniversityAct]) -> list[dict[str, Any]]:
    """Acts as pages show them, with who proposed and who decided. Two queries at most."""
    shown = list(acts)
    proposed = [(act.proposed_by, act.proposed_by_text) for act in shown]
    names = actor_names([*proposed, *((act.decided_by, act.decided_by_text) for act in shown)])
    return [
        {
            "act": act,
            "tone": ACT_TONES[UniversityAct.State(act.state)],
            "proposed_by": names[act.proposed_by],
            "decided_by": names.get(act.decided_by, ""),
        }
        for act in shown
    ]


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    actor = actor_of(request)
    university = policies.get_university_for(actor, public_id)
    if kind not in UniversityAct.Kind:
        raise Http404
    if not policies.can_propose(actor):
        raise PermissionDenied(_("The programme office proposes it."))
    form = ReasonForm(posted(request))
    act = Act(
        f"{BUTTONS[UniversityAct.Kind(kind)]} · {university.name}",
        str(FOLLOWS[UniversityAct.Kind(kind)]),
        _("Propose"),
        _("It is proposed; a second person confirms it."),
        back=reverse("founding:university", args=[university.public_id]),
        tone="danger-fill",
    )

    def do() -> None:
        propose_end(university, kind=kind, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, act, do, template=ACT, university=university)


@login_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    act = policies.get_act_for(actor, public_id)
    if not policies.can_confirm(actor):
        raise PermissionDenied(_("An approver of the programme office confirms."))
    form = RemarkForm(posted(request))
    page = Act(
        _("Confirm: %(act)s") % {"act": act.get_kind_display()},
        str(FOLLOWS[UniversityAct.Kind(act.kind)]),
        _("Confirm"),
        _("It is done: the university’s page and the count say so."),
        back=reverse("founding:university", args=[act.university.public_id]),
        tone="danger-fill",
    )

    def do() -> None:
        confirm_end(act, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template=ACT, university=act.university, proposal=told([act])[0])


@login_required
@require_http_methods(["GET", "POST"])
def dismiss(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    act = policies.get_act_for(actor, public_id)
    if not policies.can_call_off(actor, act):
        raise PermissionDenied(_("Whoever proposed it takes it back; an approver dismisses it."))
    form = ReasonForm(posted(request))
    page = Act(
        _("Dismiss: %(act)s") % {"act": act.get_kind_display()},
        _("The university stays as it is."),
        _("Dismiss"),
        _("It will not be done."),
        back=reverse("founding:university", args=[act.university.public_id]),
    )

    def do() -> None:
        dismiss_end(act, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template=ACT, university=act.university, proposal=told([act])[0])
