"""Pages on bases that stand: the list, one base with its acts and appraisals, and what is proposed, confirmed, renewed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.files.actions import store_given
from denggao.foundation.files.models import StoredFile
from denggao.foundation.ui.acts import Act, handed_in, posted, serve_act
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.foundation.ui.words import actor_names, listed
from denggao.systems.bases import policies, rules
from denggao.systems.bases.actions.acts import confirm_act, dismiss_act, propose_act
from denggao.systems.bases.actions.renewing import ask_renewal, why_not
from denggao.systems.bases.forms.office import FILE_LIMIT, FILE_TYPES, ActForm, BaseFilter, ReasonForm, RemarkForm
from denggao.systems.bases.models import Base, BaseAct
from denggao.systems.bases.showing import ACT_TONES, BASE_TONES, GRADE_TONES, STATE_TONES, plain
from denggao.systems.bases.system import coverage_in_words

ACT = "bases/act.html"
Kind = BaseAct.Kind


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
        Kind.SUSPEND, gettext_lazy("Suspend"),
        gettext_lazy("Once a second person confirms: base and plaque are suspended until they are restored."),
        icon="player-pause",
    ),
    Offer(
        Kind.RESTORE, gettext_lazy("Restore"),
        gettext_lazy("Once a second person confirms: base and plaque are in force again, for what is left of the term."),
        icon="refresh",
    ),
    Offer(
        Kind.WITHDRAW, gettext_lazy("Withdraw"),
        gettext_lazy("Once a second person confirms: plaque and count are taken back for good. It can only apply anew."),
        tone="danger", icon="ban",
    ),
    Offer(
        Kind.EXIT, gettext_lazy("Leave"),
        gettext_lazy("Once the office confirms: the base ends and its plaque is withdrawn at its own request. It may apply again."),
        icon="logout",
    ),
)  # fmt: skip


@login_required
@require_GET
def base_list(request: HttpRequest) -> HttpResponse:
    """The office's bases, a manager's own, those an authority accredits."""
    actor, today = actor_of(request), timezone.localdate()
    if not policies.can_see_bases(actor):
        raise PermissionDenied
    listing = Listing(
        request.GET,
        policies.visible_bases(actor),
        sorts={
            "name": "name_zh", "body": "organisation__name_zh", "number": "plaque__number", "state": "state",
            "since": "accredited_on", "until": "valid_until",
        },
        default="number",
        search=("name_zh", "name_en", "organisation__name_zh", "organisation__name_en", "plaque__number"),
        filters=BaseFilter,
        today=today,
    )  # fmt: skip
    if listing.export:
        return table_response("bases", _header(), map(_cells, listing.everything), kind=listing.export)
    context = {
        "listing": listing,
        "rows": [(base, BASE_TONES[base.state]) for base in listing.rows],
        "today": today,
        "office": actor.is_office,
        "waiting": policies.visible_acts(actor).filter(state=BaseAct.State.PROPOSED).count() if actor.is_office else 0,
    }
    return render(request, "bases/list.html", context)


def _header() -> list[str]:
    return [
        _("Plaque"), _("Base"), _("Body"), _("Industry"), _("State"), _("Accredited on"), _("Last day"), _("Address"),
        _("Floor area"), _("Workstations"),
    ]  # fmt: skip


def _cells(base: Base) -> list[Cell]:
    return [
        base.plaque.number if base.plaque else "",
        base.name,
        base.organisation.name,
        base.industry.name,
        str(base.get_state_display()),
        base.accredited_on,
        base.valid_until,
        base.address,
        base.floor_area_m2,
        base.workstations,
    ]


@login_required
@require_GET
def base_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One base as its manager and the office see it."""
    actor = actor_of(request)
    base = policies.get_base_for(actor, public_id)
    return _file(request, actor, base)


def _file(request: HttpRequest, actor: Actor, base: Base, refusal: str = "") -> HttpResponse:
    today = timezone.localdate()
    acts = list(policies.visible_acts(actor).filter(base=base))
    open_act = next((act for act in acts if act.state == BaseAct.State.PROPOSED), None)
    own = policies.manages(actor, base) and not actor.is_operator
    renewal = why_not(base, today) if own and base.is_in_force else None
    appraisals = list(policies.visible_appraisals(actor).filter(base=base))
    context = {
        "base": base,
        "tone": BASE_TONES[base.state],
        "facts": _facts(base),
        "equipment": list(base.equipment.order_by("id")),
        "acts": _told(*acts),
        "open_act": open_act,
        "offers": _offers(actor, base) if open_act is None else [],
        "own": own,
        "may_renew": own and base.is_in_force and renewal is None,
        "no_renewal": renewal,
        "case_link": base.case.link if actor.is_office or own else "",
        "appraisals": [(item, STATE_TONES[item.state], GRADE_TONES.get(item.grade, "")) for item in appraisals],
        "today": today,
        "refusal": refusal,
    }
    return render(request, "bases/file.html", context, status=422 if refusal else 200)


def _facts(base: Base) -> list[tuple[str, str]]:
    return [
        (_("Body"), base.organisation.name),
        (_("Main industry"), base.industry.name),
        (_("All industries trained for"), listed(item.name for item in base.industries.all())),
        (_("Address"), base.address),
        (_("Place"), f"{base.longitude}, {base.latitude}"),
        (_("Floor area"), f"{plain(base.floor_area_m2)} m²"),
        (_("Workstations"), str(base.workstations)),
        (_("Office telephone or address"), base.contact),
        (_("Occupations and levels"), coverage_in_words(base)),
    ]


def _offers(actor: Actor, base: Base) -> list[tuple[Offer, str]]:
    possible = rules.POSSIBLE[base.state]
    office, own = policies.can_propose_any(actor), policies.can_ask_exit(actor, base)
    return [
        (offer, f"/bases/{base.public_id}/acts/{offer.kind}/")
        for offer in OFFERS
        if offer.kind in possible and (office or (own and offer.kind == Kind.EXIT))
    ]


def _told(*acts: BaseAct) -> list[dict[str, Any]]:
    """Acts as pages show them, with who proposed and who decided."""
    actors = [(act.proposed_by, act.proposed_by_text) for act in acts] + [(act.decided_by, act.decided_by_text) for act in acts]
    names = actor_names(actors)
    return [
        {
            "act": act,
            "tone": ACT_TONES[act.state],
            "proposed_by": names[act.proposed_by],
            "decided_by": names.get(act.decided_by, ""),
            "second": act.kind in rules.TWO_PERSONS,
        }
        for act in acts
    ]


def keep_file(given: Any, actor: Actor) -> StoredFile | None:
    """A file handed in beside a form, if there was one. Raises FileTooLarge, FileNotTaken."""
    return store_given(given, kind=policies.EVIDENCE, taken=FILE_TYPES, limit=FILE_LIMIT, actor=actor, now=timezone.now())


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    actor = actor_of(request)
    base = policies.get_base_for(actor, public_id)
    offer = next((item for item in OFFERS if item.kind == kind), None)
    if offer is None:
        raise Http404
    if not (policies.can_propose_any(actor) or (kind == Kind.EXIT and policies.can_ask_exit(actor, base))):
        raise PermissionDenied
    form = ActForm(posted(request), handed_in(request))
    act = Act(
        f"{offer.label} · {base.name}",
        str(offer.follows),
        _("Propose"),
        _("It is proposed; a second person confirms it."),
        back=f"/bases/{base.public_id}/file/",
        tone="danger-fill" if kind == Kind.WITHDRAW else "primary",
        uploads=True,
    )

    def do() -> None:
        given = form.cleaned_data
        stored = keep_file(given["evidence"], actor)
        propose_act(base, kind=kind, reason=given["reason"], evidence=stored, actor=actor, now=timezone.now())

    return serve_act(request, form, act, do, template=ACT, base=base)


@login_required
@require_GET
def acts_waiting(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, and what was done."""
    actor = actor_of(request)
    if not actor.is_office:
        raise PermissionDenied
    done = request.GET.get("view") == "done"
    states = [BaseAct.State.DONE, BaseAct.State.DISMISSED] if done else [BaseAct.State.PROPOSED]
    listing = Listing(
        request.GET,
        policies.visible_acts(actor).filter(state__in=states),
        sorts={"base": "base__name_zh", "kind": "kind", "at": "proposed_at"},
        default="-at",
        search=("base__name_zh", "base__name_en", "reason"),
    )
    tabs = [
        {"label": _("Waiting"), "url": "/bases/acts/", "on": not done, "count": None},
        {"label": _("Decided"), "url": "/bases/acts/?view=done", "on": done, "count": None},
    ]
    context = {"listing": listing, "rows": _told(*listing.rows), "tabs": tabs, "done": done}
    return render(request, "bases/acts.html", context)


@login_required
@require_GET
def act_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    act = policies.get_act_for(actor, public_id)
    offer = next((item for item in OFFERS if item.kind == act.kind), None)
    waits = act.state == BaseAct.State.PROPOSED
    mine = act.proposed_by == actor.id
    context = {
        **_told(act)[0],
        "base": act.base,
        "follows": offer.follows if offer else "",
        "may_confirm": waits and policies.can_confirm(actor) and not mine,
        "own_proposal": waits and mine,
        "may_dismiss": waits and policies.can_call_off(actor, act),
        "waits": waits,
    }
    return render(request, "bases/act_page.html", context)


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
        _("It is done: base, plaque and count say so."),
        back=f"/bases/{act.base.public_id}/file/",
        tone="danger-fill" if act.kind == Kind.WITHDRAW else "primary",
    )
    return serve_act(
        request,
        form,
        page,
        lambda: confirm_act(act, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()),
        template=ACT,
        base=act.base,
        proposal=_told(act)[0],
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
        _("The base stays as it is. Both sides are told."),
        _("Dismiss"),
        _("It will not be done."),
        back=f"/bases/{act.base.public_id}/file/",
    )
    return serve_act(
        request,
        form,
        page,
        lambda: dismiss_act(act, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()),
        template=ACT,
        base=act.base,
        proposal=_told(act)[0],
    )


@login_required
@require_POST
def renewal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Begin the application for a further term, and go on to its first page."""
    actor = actor_of(request)
    base = policies.get_base_for(actor, public_id)
    if not policies.manages(actor, base):
        raise PermissionDenied(_("The base’s own manager asks for a further term."))
    try:
        case = ask_renewal(base, actor=actor, now=timezone.now())
    except Refused as refused:
        return _file(request, actor, base, str(refused))
    messages.success(request, _("The application is opened. Fill in its pages and submit it."))
    return redirect(case.link)
