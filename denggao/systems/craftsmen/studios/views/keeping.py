"""The office's list, one studio's file, and the numbers on it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.systems.craftsmen.studios import policies
from denggao.systems.craftsmen.studios.actions.evaluating import ask_evaluation, why_not
from denggao.systems.craftsmen.studios.forms.keeping import StudioFilter
from denggao.systems.craftsmen.studios.models import AllianceMembership, Evaluation, Result, Studio, StudioAct
from denggao.systems.craftsmen.studios.numbers import Number, Span, numbers_of
from denggao.systems.craftsmen.studios.showing import (
    GRADE_TONES,
    PLACE_TONES,
    PROJECT_TONES,
    RESULT_TONES,
    STUDIO_TONES,
)
from denggao.systems.craftsmen.studios.views.acts import offers_for, told


@login_required
@require_GET
def studio_list(request: HttpRequest) -> HttpResponse:
    """The office's studios, an employer's own, those one works in."""
    actor, today = actor_of(request), timezone.localdate()
    if not policies.can_see_list(actor):
        raise PermissionDenied
    listing = Listing(
        request.GET,
        policies.visible_studios(actor),
        sorts={
            "name": "name_zh", "body": "organisation__name_zh", "number": "plaque__number", "state": "state", "since": "named_on",
            "due": "evaluation_due_on",
        },
        default="number",
        search=("name_zh", "name_en", "organisation__name_zh", "organisation__name_en", "plaque__number"),
        filters=StudioFilter,
        today=today,
    )  # fmt: skip
    if listing.export:
        return table_response("craftsman-studios", _header(), map(_cells, listing.everything), kind=listing.export)
    context = {
        "listing": listing,
        "rows": [(studio, STUDIO_TONES[studio.state]) for studio in listing.rows],
        "today": today,
        "office": actor.is_office,
        "may_apply": bool(actor.organisations_as(*policies.OF_THE_EMPLOYER)),
        "waiting": policies.visible_acts(actor).filter(state=StudioAct.State.PROPOSED).count() if actor.is_office else 0,
    }
    return render(request, "studio_files/list.html", context)


def _header() -> list[str]:
    return [
        _("Plaque"), _("Studio"), _("Employer"), _("Industry"), _("State"), _("Named on"), _("Naming document"),
        _("Evaluation due by"), _("Place"),
    ]  # fmt: skip


def _cells(studio: Studio) -> list[Cell]:
    return [
        studio.plaque.number if studio.plaque else "",
        studio.name,
        studio.organisation.name,
        studio.industry.name,
        str(studio.get_state_display()),
        studio.named_on,
        studio.order.number,
        studio.evaluation_due_on,
        studio.place,
    ]


@login_required
@require_GET
def studio_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One studio as its employer, its leader, its members and the office see it."""
    actor = actor_of(request)
    return show_file(request, actor, policies.get_studio_for(actor, public_id))


def show_file(request: HttpRequest, actor: Actor, studio: Studio, refusal: str = "") -> HttpResponse:
    today = timezone.localdate()
    acts = list(policies.visible_acts(actor).filter(studio=studio))
    open_act = next((act for act in acts if act.state == StudioAct.State.PROPOSED), None)
    keeps = policies.can_keep(actor, studio) and not actor.is_operator
    own = policies.employs(actor, studio) and not actor.is_operator
    later = why_not(studio, today) if own and studio.is_in_force else None
    inside, changes = keeps or actor.is_office, keeps and studio.is_in_force
    members = list(studio.members.select_related("person").order_by("to_on", "from_on", "id"))
    evaluations = list(Evaluation.objects.filter(studio=studio).select_related("case"))
    context = {
        "studio": studio,
        "tone": STUDIO_TONES[studio.state],
        "facts": _facts(studio, whole=inside),
        "numbers": _numbers(studio),
        "keeps": changes,
        "inside": inside,
        "own": own,
        "leaderless": studio.is_in_force and not studio.leader.is_in_force,
        "members": [
            (
                one,
                one.person.name if inside else one.public_name,
                keeps and studio.is_in_force and one.role != "leader" and not one.to_on,
            )
            for one in members
        ],
        "projects": [(one, PROJECT_TONES[one.state]) for one in studio.projects.select_related("alliance")],
        "results": [
            (
                one,
                RESULT_TONES[one.state],
                one.state == Result.State.REPORTED and one.reported_by != actor.id and policies.can_confirm_result(actor, one),
            )
            for one in studio.results.select_related("project", "proof", "studio")
            if inside or one.state == Result.State.CONFIRMED
        ],
        "visits": list(studio.visits.select_related("alliance").prefetch_related("photos__file")),
        "acts": told(*acts),
        "open_act": open_act,
        "offers": offers_for(actor, studio) if open_act is None else [],
        "evaluations": [(one, GRADE_TONES[one.grade]) for one in evaluations],
        "may_check": policies.can_check_remedy(actor),
        "may_evaluate": own and studio.is_in_force and later is None,
        "later": later,
        "places": [
            (one, PLACE_TONES[one.state]) for one in AllianceMembership.objects.filter(studio=studio).select_related("alliance")
        ],
        "case_link": studio.case.link if actor.is_office or own else "",
        "today": today,
        "refusal": refusal,
    }
    return render(request, "studio_files/file.html", context, status=422 if refusal else 200)


def _facts(studio: Studio, *, whole: bool) -> list[tuple[str, str]]:
    """``whole``: with what the employer promised, which is between it and the office."""
    shown = [
        (_("Employer"), studio.organisation.name),
        (_("Industry"), studio.industry.name),
        (_("Place"), studio.place),
        (_("Floor area"), f"{studio.floor_area_m2.normalize():f} m²"),
        (_("Equipment"), studio.equipment),
        (_("What the studio is for"), studio.purpose),
    ]
    promised = [
        (_("Funds for the two years (yuan)"), f"{studio.funds_yuan:,.2f}".removesuffix(".00")),
        (_("Working hours a week for the studio"), str(studio.hours_a_week)),
    ]
    return [*shown, *promised] if whole else shown


def _numbers(studio: Studio) -> list[Number]:
    last = studio.ended_on or timezone.localdate()
    return numbers_of(studio, Span(studio.named_on, max(last, studio.named_on)))


@login_required
@require_GET
def number_rows(request: HttpRequest, public_id: UUID, code: str) -> HttpResponse:
    """The rows a number is counted from."""
    studio = policies.get_studio_for(actor_of(request), public_id)
    found = next((one for one in _numbers(studio) if one.code == code), None)
    if found is None:
        raise Http404
    return render(request, "studio_files/number.html", {"studio": studio, "number": found})


@login_required
@require_POST
def evaluation_ask(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Begin the report, and go on to its first page."""
    actor = actor_of(request)
    studio = policies.get_studio_for(actor, public_id)
    if not policies.can_ask_evaluation(actor, studio):
        raise PermissionDenied(_("The employer hands the evaluation in."))
    try:
        case = ask_evaluation(studio, actor=actor, now=timezone.now())
    except Refused as refused:
        return show_file(request, actor, studio, str(refused))
    messages.success(request, _("The report is opened. Fill in its page and submit it."))
    return redirect(case.link)
