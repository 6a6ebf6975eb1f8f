"""A title taken away or given back: proposing, confirming, dismissing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.files.actions import store_given
from denggao.foundation.files.models import StoredFile
from denggao.foundation.ui.acts import Act, handed_in, posted, serve_act
from denggao.foundation.ui.listing import Listing
from denggao.systems.craftsmen import policies
from denggao.systems.craftsmen.actions.revoking import confirm_act, dismiss_act, propose_act
from denggao.systems.craftsmen.forms.office import FILE_LIMIT, FILE_TYPES, ReasonForm, ReinstateForm, RemarkForm, RevokeForm
from denggao.systems.craftsmen.models import CraftsmanAct
from denggao.systems.craftsmen.showing import told

Kind = CraftsmanAct.Kind
FOLLOWS: dict[str, Any] = {
    Kind.REVOKE: gettext_lazy(
        "Once a second person confirms: the certificate is withdrawn, the medal is called back, a bonus not paid is cancelled, the "
        "count goes down; appointments, studio and benefits that rest on the title end. The history stays."
    ),
    Kind.REINSTATE: gettext_lazy(
        "Once a second person confirms: the title holds again from that day, with a new certificate, and counts again. What ended "
        "with the revocation is not begun again by itself."
    ),
}
_FORMS = {Kind.REVOKE: RevokeForm, Kind.REINSTATE: ReinstateForm}


def keep_file(given: Any, kind: str, actor: Actor) -> StoredFile | None:
    """A file handed in beside a form, if there was one. Raises FileTooLarge, FileNotTaken."""
    return store_given(given, kind=kind, taken=FILE_TYPES, limit=FILE_LIMIT, actor=actor, now=timezone.now())


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    actor = actor_of(request)
    craftsman = policies.get_craftsman_for_office(actor, public_id)
    if kind not in _FORMS:
        raise Http404
    if not policies.can_propose(actor):
        raise PermissionDenied
    form = _FORMS[Kind(kind)](posted(request), handed_in(request))
    act = Act(
        f"{capfirst(str(Kind(kind).label))} · {craftsman.person.name}",
        str(FOLLOWS[kind]),
        _("Propose"),
        _("It is proposed; a second person confirms it."),
        back=f"/craftsmen/{craftsman.public_id}/",
        tone="danger-fill" if kind == Kind.REVOKE else "primary",
        uploads=True,
    )

    def do() -> None:
        given = form.cleaned_data
        stored = keep_file(given["evidence"], policies.EVIDENCE, actor)
        propose_act(
            craftsman, kind=kind, grounds=given.get("grounds", ""), reason=given["reason"], document=given["document"],
            evidence=stored, actor=actor, now=timezone.now(),
        )  # fmt: skip

    return serve_act(request, form, act, do, template="craftsmen/act.html", craftsman=craftsman)


@login_required
@require_GET
def acts_waiting(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, and what was decided."""
    actor = actor_of(request)
    if not actor.is_office:
        raise PermissionDenied
    done = request.GET.get("view") == "done"
    states = [CraftsmanAct.State.DONE, CraftsmanAct.State.DISMISSED] if done else [CraftsmanAct.State.PROPOSED]
    listing = Listing(
        request.GET,
        policies.visible_acts(actor).filter(state__in=states),
        sorts={"name": "craftsman__person__name_key", "kind": "kind", "at": "proposed_at"},
        default="-at",
        search=("craftsman__person__name", "reason", "document"),
    )
    tabs = [
        {"label": _("Waiting"), "url": "/craftsmen/acts/", "on": not done, "count": None},
        {"label": _("Decided"), "url": "/craftsmen/acts/?view=done", "on": done, "count": None},
    ]
    return render(request, "craftsmen/acts.html", {"listing": listing, "rows": told(listing.rows), "tabs": tabs, "done": done})


@login_required
@require_GET
def act_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    act = policies.get_act_for(actor, public_id)
    waits, own = act.state == CraftsmanAct.State.PROPOSED, act.proposed_by == actor.id
    context = {
        **told([act])[0],
        "craftsman": act.craftsman,
        "follows": FOLLOWS[act.kind],
        "waits": waits,
        "own_proposal": waits and own,
        "may_confirm": waits and policies.can_confirm(actor) and not own,
        "may_dismiss": waits and policies.can_call_off(actor, act),
    }
    return render(request, "craftsmen/act_page.html", context)


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
        str(FOLLOWS[act.kind]),
        _("Confirm"),
        _("It is done: title, certificate and count say so."),
        back=f"/craftsmen/{act.craftsman.public_id}/",
        tone="danger-fill" if act.kind == Kind.REVOKE else "primary",
    )
    return serve_act(
        request,
        form,
        page,
        lambda: confirm_act(act, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()),
        template="craftsmen/act.html",
        craftsman=act.craftsman,
        proposal=told([act])[0],
    )


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
        _("The title stays as it is. Whoever proposed it is told."),
        _("Dismiss"),
        _("It will not be done."),
        back=f"/craftsmen/{act.craftsman.public_id}/",
    )
    return serve_act(
        request,
        form,
        page,
        lambda: dismiss_act(act, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()),
        template="craftsmen/act.html",
        craftsman=act.craftsman,
        proposal=told([act])[0],
    )
