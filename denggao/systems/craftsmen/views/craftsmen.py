"""Pages on craftsmen: the list, one of them, one's own title, the medal."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.ui.acts import Act, posted, serve_act
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.systems.craftsmen import policies
from denggao.systems.craftsmen.actions.revoking import MEDAL_GOES_TO, keep_medal
from denggao.systems.craftsmen.forms.office import CraftsmanFilter, MedalForm
from denggao.systems.craftsmen.models import BonusOrder, Craftsman, CraftsmanAct, Medal
from denggao.systems.craftsmen.panels import panels_for
from denggao.systems.craftsmen.showing import BONUS_TONES, CRAFTSMAN_TONES, MEDAL_TONES, told


@login_required
@require_GET
def craftsman_list(request: HttpRequest) -> HttpResponse:
    """The office's, and those of an employer."""
    actor = actor_of(request)
    if not policies.can_see_craftsmen(actor):
        raise PermissionDenied
    listing = Listing(
        request.GET,
        policies.visible_craftsmen(actor),
        sorts={
            "name": "person__name_key", "employer": "employer__name_zh", "number": "certificate__number", "named": "named_on",
            "state": "state",
        },
        default="-named",
        search=("person__name", "employer__name_zh", "employer__name_en", "certificate__number", "order__number"),
        filters=CraftsmanFilter,
    )  # fmt: skip
    if listing.export:
        return table_response("craftsmen", _header(), map(_cells, listing.everything), kind=listing.export)
    context = {
        "listing": listing,
        "rows": [(one, CRAFTSMAN_TONES[one.state]) for one in listing.rows],
        "office": actor.is_office,
        "waiting": policies.visible_acts(actor).filter(state=CraftsmanAct.State.PROPOSED).count() if actor.is_office else 0,
    }
    return render(request, "craftsmen/list.html", context)


def _header() -> list[str]:
    return [
        _("Certificate"), _("Name"), _("Employer"), _("Post"), _("Industry"), _("Named on"), _("Naming order"), _("State"),
        _("Ended on"),
    ]  # fmt: skip


def _cells(one: Craftsman) -> list[Cell]:
    return [
        one.certificate.number if one.certificate else "",
        one.person.name,
        one.employer.name if one.employer else "",
        one.post,
        one.industry.name,
        one.named_on,
        one.order.number,
        str(one.get_state_display()),
        one.ended_on or "",
    ]


@login_required
@require_GET
def craftsman_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One craftsman, as the office, the employer and the holder see it."""
    actor = actor_of(request)
    return _file(request, actor, policies.get_craftsman_for(actor, public_id))


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """One's own title; who has none is told how one comes to it."""
    actor = actor_of(request)
    own = Craftsman.objects.filter(person__account=actor.user).select_related(
        "person", "employer", "industry", "order", "certificate", "plan"
    )
    held = own.order_by("state", "-named_on", "-pk").first()
    if held is None:
        return render(request, "craftsmen/none.html", {})
    return _file(request, actor, held)


def _file(request: HttpRequest, actor: Actor, craftsman: Craftsman) -> HttpResponse:
    office, own = actor.is_office, policies.is_holder(actor, craftsman)
    acts = told(policies.visible_acts(actor).filter(craftsman=craftsman))
    open_act = next((item["act"] for item in acts if item["act"].state == CraftsmanAct.State.PROPOSED), None)
    bonus = BonusOrder.objects.filter(craftsman=craftsman).first() if office or own else None
    context = {
        "craftsman": craftsman,
        "tone": CRAFTSMAN_TONES[craftsman.state],
        "facts": _facts(craftsman),
        "medals": [
            (medal, MEDAL_TONES[medal.state], MEDAL_GOES_TO.get(Medal.State(medal.state), ())) for medal in craftsman.medals.all()
        ],
        "bonus": bonus,
        "bonus_tone": BONUS_TONES[bonus.state] if bonus else "",
        "acts": acts,
        "open_act": open_act,
        "may_propose": policies.can_propose(actor) and open_act is None,
        "may_keep_medal": policies.can_keep_medals(actor),
        "case_link": craftsman.case.link if office or own else "",
        "office": office,
        "own": own,
        "panels": panels_for(actor, craftsman),
    }
    return render(request, "craftsmen/file.html", context)


def _facts(craftsman: Craftsman) -> list[tuple[str, str]]:
    lines = [
        (_("Employer"), craftsman.employer.name if craftsman.employer else "—"),
        (_("Post"), craftsman.post or "—"),
        (_("Industry"), craftsman.industry.name),
        (_("Named on"), craftsman.named_on.isoformat()),
        (_("Naming order"), f"{craftsman.order.number} · {craftsman.order.title}"),
        (_("Channel"), str(craftsman.nomination.get_channel_display())),
    ]
    if craftsman.ended_on is not None:
        lines.append((_("Revoked on"), craftsman.ended_on.isoformat()))
    return lines


@login_required
@require_http_methods(["GET", "POST"])
def medal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Note that a medal was handed over, given back or lost."""
    actor = actor_of(request)
    found = policies.get_medal_for(actor, public_id)
    if not policies.can_keep_medals(actor):
        raise PermissionDenied
    possible = [str(state) for state in MEDAL_GOES_TO.get(Medal.State(found.state), ())]
    form = MedalForm(posted(request), possible=possible, initial={"on": timezone.localdate()})
    page = Act(
        _("Medal %(number)s") % {"number": found.number},
        _("It is %(state)s now.") % {"state": found.get_state_display()},
        _("Keep"),
        _("It is noted."),
        back=f"/craftsmen/{found.craftsman.public_id}/",
    )

    def do() -> None:
        given = form.cleaned_data
        keep_medal(found, state=given["state"], on=given["on"], remark=given["remark"], actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template="craftsmen/act.html", craftsman=found.craftsman)
