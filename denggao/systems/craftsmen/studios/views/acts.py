"""Naming documents, and what is proposed for a studio, confirmed or dismissed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.files.actions import store_given
from denggao.foundation.files.models import StoredFile
from denggao.foundation.ui.acts import Act, handed_in, posted, serve_act
from denggao.foundation.ui.listing import Listing
from denggao.foundation.ui.words import actor_names
from denggao.systems.craftsmen.studios import policies, queries, rules
from denggao.systems.craftsmen.studios.actions.acts import Proposal, confirm_act, dismiss_act, propose_act
from denggao.systems.craftsmen.studios.actions.evaluating import check_remedy
from denggao.systems.craftsmen.studios.actions.founding import Document, record_order
from denggao.systems.craftsmen.studios.forms.keeping import (
    FILE_LIMIT,
    FILE_TYPES,
    ActForm,
    CheckForm,
    OrderForm,
    ReasonForm,
    RemarkForm,
)
from denggao.systems.craftsmen.studios.models import Evaluation, Studio, StudioAct
from denggao.systems.craftsmen.studios.showing import ACT_TONES
from denggao.systems.craftsmen.studios.telling import link_of

ACT = "studio_files/act.html"
Kind = StudioAct.Kind


@dataclass(frozen=True)
class Offer:
    """An act that may be proposed: how its button and its page read."""

    kind: str
    label: Any
    follows: Any
    tone: str = "outline"
    icon: str = "flag"


OFFERS = (
    Offer(
        Kind.LEAD, gettext_lazy("Another leader"),
        gettext_lazy("Once a second person confirms: the craftsman leads it, and it stands again where it was suspended for that."),
        icon="user-check",
    ),
    Offer(
        Kind.SUSPEND, gettext_lazy("Suspend"),
        gettext_lazy("Once a second person confirms: studio and plaque are suspended until they are restored."),
        icon="player-pause",
    ),
    Offer(
        Kind.RESTORE, gettext_lazy("Restore"),
        gettext_lazy("Once a second person confirms: studio and plaque are in force again."), icon="refresh",
    ),
    Offer(
        Kind.UNNAME, gettext_lazy("Un-name"),
        gettext_lazy("Once a second person confirms: the plaque is withdrawn for good and the studio ends. What it did stays."),
        tone="danger", icon="ban",
    ),
)  # fmt: skip


def offers_for(actor: Actor, studio: Studio) -> list[tuple[Offer, str]]:
    """What this actor may propose for a studio now, with the addresses."""
    possible = rules.POSSIBLE[studio.state]
    return [
        (offer, f"{link_of(studio)}acts/{offer.kind}/")
        for offer in OFFERS
        if offer.kind in possible and policies.may_propose(actor, studio, offer.kind)
    ]


def told(*acts: StudioAct) -> list[dict[str, Any]]:
    """Acts as pages show them, with who proposed and who decided."""
    actors = [(act.proposed_by, act.proposed_by_text) for act in acts] + [(act.decided_by, act.decided_by_text) for act in acts]
    names = actor_names(actors)
    return [
        {
            "act": act,
            "tone": ACT_TONES[act.state],
            "proposed_by": names[act.proposed_by],
            "decided_by": names.get(act.decided_by, ""),
        }
        for act in acts
    ]


def keep_file(
    given: UploadedFile[Any] | None, actor: Actor, *, kind: str = policies.EVIDENCE, taken: Collection[str] = FILE_TYPES
) -> StoredFile | None:
    """A file handed in beside a form, if there was one. Raises FileTooLarge, FileNotTaken."""
    return store_given(given, kind=kind, taken=taken, limit=FILE_LIMIT, actor=actor, now=timezone.now())


@login_required
@require_GET
def order_list(request: HttpRequest) -> HttpResponse:
    """The documents studios were named by."""
    actor = actor_of(request)
    if not actor.is_office:
        raise PermissionDenied
    listing = Listing(
        request.GET,
        policies.visible_orders(actor),
        sorts={"number": "number", "on": "issued_on"},
        default="-on",
        search=("number", "title"),
    )
    context = {"listing": listing, "rows": list(listing.rows), "may_record": policies.can_record_order(actor)}
    return render(request, "studio_files/orders.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def order_new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not policies.can_record_order(actor):
        raise PermissionDenied
    form = OrderForm(posted(request), handed_in(request))
    page = Act(
        _("Record a naming document"),
        _("Studios of this call are named by it once they are decided. It can’t be changed afterwards."),
        _("Record"),
        _("The document is recorded."),
        back="/craftsmen/studios/orders/",
        uploads=True,
    )

    def do() -> None:
        given = form.cleaned_data
        document = Document(given["number"], given["title"], given["issued_on"], keep_file(given["file"], actor))
        record_order(given["round"], document, actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template=ACT)


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    actor = actor_of(request)
    studio = policies.get_studio_for(actor, public_id)
    offer = next((item for item in OFFERS if item.kind == kind), None)
    if offer is None:
        raise Http404
    if not policies.may_propose(actor, studio, kind):
        raise PermissionDenied
    leaders = queries.free_to_lead(studio.organisation, studio.plan, timezone.localdate()) if kind == Kind.LEAD else []
    form = ActForm(posted(request), handed_in(request), kind=kind, leaders=leaders)
    page = Act(
        f"{offer.label} · {studio.name}",
        str(offer.follows),
        _("Propose"),
        _("It is proposed; a second person confirms it."),
        back=link_of(studio),
        tone="danger-fill" if kind == Kind.UNNAME else "primary",
        uploads=True,
    )

    def do() -> None:
        given = form.cleaned_data
        leader = next((one for one in leaders if str(one.public_id) == given.get("leader")), None)
        stored = keep_file(given["evidence"], actor)
        proposal = Proposal(kind, given["grounds"], given["reason"], leader=leader, evidence=stored)
        propose_act(studio, proposal, actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template=ACT, studio=studio)


@login_required
@require_GET
def acts_waiting(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, and what was done."""
    actor = actor_of(request)
    if not actor.is_office:
        raise PermissionDenied
    done = request.GET.get("view") == "done"
    states = [StudioAct.State.DONE, StudioAct.State.DISMISSED] if done else [StudioAct.State.PROPOSED]
    listing = Listing(
        request.GET,
        policies.visible_acts(actor).filter(state__in=states),
        sorts={"studio": "studio__name_zh", "kind": "kind", "at": "proposed_at"},
        default="-at",
        search=("studio__name_zh", "studio__name_en", "reason"),
    )
    tabs = [
        {"label": _("Waiting"), "url": "/craftsmen/studios/acts/", "on": not done, "count": None},
        {"label": _("Decided"), "url": "/craftsmen/studios/acts/?view=done", "on": done, "count": None},
    ]
    return render(request, "studio_files/acts.html", {"listing": listing, "rows": told(*listing.rows), "tabs": tabs, "done": done})


@login_required
@require_GET
def act_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    act = policies.get_act_for(actor, public_id)
    offer = next((item for item in OFFERS if item.kind == act.kind), None)
    waits, mine = act.state == StudioAct.State.PROPOSED, act.proposed_by == actor.id
    context = {
        **told(act)[0],
        "studio": act.studio,
        "follows": offer.follows if offer else "",
        "may_confirm": waits and policies.can_confirm(actor) and not mine,
        "own_proposal": waits and mine,
        "may_dismiss": waits and policies.can_call_off(actor, act),
        "waits": waits,
    }
    return render(request, "studio_files/act_page.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    act = policies.get_act_for(actor, public_id)
    if not policies.can_confirm(actor):
        raise PermissionDenied(_("An approver of the programme office confirms."))
    form = RemarkForm(posted(request))
    offer = next((item for item in OFFERS if item.kind == act.kind), None)
    page = Act(
        _("Confirm: %(act)s") % {"act": act.get_kind_display()},
        str(offer.follows) if offer else "",
        _("Confirm"),
        _("It is done: studio and plaque say so."),
        back=link_of(act.studio),
        tone="danger-fill" if act.kind == Kind.UNNAME else "primary",
    )

    def do() -> None:
        confirm_act(act, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template=ACT, studio=act.studio, proposal=told(act)[0])


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
        _("The studio stays as it is. Whoever proposed it is told."),
        _("Dismiss"),
        _("It will not be done."),
        back=link_of(act.studio),
    )

    def do() -> None:
        dismiss_act(act, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template=ACT, studio=act.studio, proposal=told(act)[0])


@login_required
@require_http_methods(["GET", "POST"])
def remedy_check(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the check after the remedies found."""
    actor = actor_of(request)
    if not policies.can_check_remedy(actor):
        raise PermissionDenied
    found = Evaluation.objects.select_related("studio__organisation", "studio__leader__person").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    evaluation = found
    form = CheckForm(posted(request))
    page = Act(
        _("Check the remedies: %(studio)s") % {"studio": evaluation.studio.name},
        _("Remedied: it stays a studio. Not remedied, once the days are over: its un-naming is proposed for a second person."),
        _("Record"),
        _("It is recorded."),
        back=link_of(evaluation.studio),
    )

    def do() -> None:
        given = form.cleaned_data
        check_remedy(evaluation, remedied=given["remedied"] == "yes", reason=given["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template=ACT, studio=evaluation.studio)
