"""Alliances as the studios in them keep them."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.ui.acts import Act, posted, serve_act
from denggao.systems.craftsmen.studios import policies
from denggao.systems.craftsmen.studios.actions.alliances import answer_alliance, ask_alliance, found_alliance, leave_alliance
from denggao.systems.craftsmen.studios.forms.keeping import AllianceAskForm, AllianceForm, AnswerForm, LeaveForm
from denggao.systems.craftsmen.studios.models import Alliance, AllianceMembership, Studio
from denggao.systems.craftsmen.studios.showing import PLACE_TONES
from denggao.systems.craftsmen.studios.views.acts import ACT
from denggao.systems.craftsmen.studios.views.public import alliance_context

State = AllianceMembership.State


def _link(alliance: Alliance) -> str:
    return f"/craftsmen/studios/alliances/{alliance.public_id}/"


def _seen(request: HttpRequest, public_id: UUID) -> tuple[Actor, Alliance]:
    """For the office and whoever keeps a studio. Raises Http404, PermissionDenied."""
    actor = actor_of(request)
    alliance = get_object_or_404(
        Alliance.objects.select_related("plan", "lead__organisation", "lead__leader__person"), public_id=public_id
    )
    if not policies.can_see_list(actor):
        raise PermissionDenied
    return actor, alliance


@login_required
@require_http_methods(["GET", "POST"])
def alliance_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    studio = policies.get_studio_for(actor, public_id)
    if not policies.can_found_alliance(actor, studio):
        raise PermissionDenied
    form = AllianceForm(posted(request))
    page = Act(
        _("Found an alliance of studios"),
        _("This studio leads it. Others join with their own yes and yours."),
        _("Found"),
        _("The alliance is founded."),
        back=f"/craftsmen/studios/{studio.public_id}/",
    )

    def do() -> None:
        found_alliance(studio, **form.cleaned_data, actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template=ACT, studio=studio)


@login_required
@require_GET
def alliance_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """With who waits for an answer, for who may give it."""
    actor, alliance = _seen(request, public_id)
    leads = policies.leads_alliance(actor, alliance) and not actor.is_operator
    waiting = AllianceMembership.objects.filter(alliance=alliance, state__in=[State.ASKED, State.INVITED])
    rows = waiting.select_related("studio__organisation", "studio__leader__person", "alliance__lead__leader__person")
    context = {
        **alliance_context(alliance),
        "leads": leads,
        "waiting": [
            (one, PLACE_TONES[one.state], policies.can_answer_alliance(actor, one))
            for one in rows
            if actor.is_office or leads or policies.can_keep(actor, one.studio)
        ],
        "may_ask": _offered(actor, alliance).exists(),
        "leaving": {
            one.public_id
            for one in AllianceMembership.objects.filter(alliance=alliance, state=State.MEMBER).select_related(
                "studio__leader__person", "alliance__lead__leader__person"
            )
            if one.studio_id != alliance.lead_id and policies.can_end_alliance(actor, one) and not actor.is_office
        },
    }
    return render(request, "studio_files/alliance.html", context)


def _offered(actor: Actor, alliance: Alliance) -> QuerySet[Studio]:
    taken = AllianceMembership.objects.filter(alliance=alliance, state__in=[State.ASKED, State.INVITED, State.MEMBER])
    standing = Studio.objects.filter(plan=alliance.plan, state=Studio.State.NAMED).exclude(pk__in=taken.values("studio_id"))
    if policies.leads_alliance(actor, alliance):
        return standing
    keeps = [one.pk for one in policies.visible_studios(actor).filter(plan=alliance.plan) if policies.can_keep(actor, one)]
    return standing.filter(pk__in=keeps)


@login_required
@require_http_methods(["GET", "POST"])
def alliance_ask(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, alliance = _seen(request, public_id)
    offered = _offered(actor, alliance)
    if not offered.exists():
        raise PermissionDenied(_("There is no studio of yours that could join."))
    form = AllianceAskForm(posted(request), studios=offered)
    leads = policies.leads_alliance(actor, alliance)
    page = Act(
        _("Invite a studio: %(alliance)s") % {"alliance": alliance.name}
        if leads
        else _("Join an alliance: %(alliance)s") % {"alliance": alliance.name},
        _("The other side is told, and its yes makes the studio a member."),
        _("Invite") if leads else _("Ask to join"),
        _("The other side is asked."),
        back=_link(alliance),
    )

    def do() -> None:
        ask_alliance(alliance, form.cleaned_data["studio"], actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template=ACT)


@login_required
@require_http_methods(["GET", "POST"])
def alliance_answer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    membership = policies.get_alliance_membership_for(actor, public_id)
    if not policies.can_answer_alliance(actor, membership):
        raise PermissionDenied(_("The other side answers this."))
    form = AnswerForm(posted(request))
    page = Act(
        f"{membership.studio.name} · {membership.alliance.name}",
        _("With your yes the studio is a member from today on."),
        pgettext("verb", "Answer"),
        _("Your answer is kept."),
        back=_link(membership.alliance),
    )

    def do() -> None:
        given = form.cleaned_data
        answer_alliance(membership, yes=given["yes"] == "yes", reason=given["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template=ACT, studio=membership.studio)


@login_required
@require_http_methods(["GET", "POST"])
def alliance_leave(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    membership = policies.get_alliance_membership_for(actor, public_id)
    form = LeaveForm(posted(request))
    page = Act(
        _("Leave the alliance: %(alliance)s") % {"alliance": membership.alliance.name},
        _("The studio is a member no more from today on. Joint projects stay on both pages."),
        _("Leave"),
        _("The studio has left the alliance."),
        back=_link(membership.alliance),
    )

    def do() -> None:
        leave_alliance(membership, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template=ACT, studio=membership.studio)
