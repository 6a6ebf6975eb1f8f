"""The office's calls: prepare, change, open, close."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.engines.cases import policies, procedures
from denggao.engines.cases.actions import change_round, close_round, open_round, prepare_round, weigh_round
from denggao.engines.cases.actions.ranking import ROUND_KIND, confirm_ranking, rank_round
from denggao.engines.cases.call_form import RoundForm, options_of_call, seats_of_call, stages_with_weights
from denggao.engines.cases.filters import RoundFilter
from denggao.engines.cases.focus import grouped
from denggao.engines.cases.models import Case, Round
from denggao.engines.cases.procedures import Audience, StageKind
from denggao.engines.cases.rubrics import rubric_of
from denggao.engines.cases.stages.interview import interview_card
from denggao.engines.cases.stages.meeting import meeting_card
from denggao.engines.cases.states import State
from denggao.engines.cases.views.applying import call_of
from denggao.engines.reviews.actions.ranking import latest_ranking
from denggao.engines.reviews.actions.rubrics import RubricRefused
from denggao.engines.reviews.forms.scoring import WeightsForm
from denggao.engines.reviews.models import Ranking
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.plans.models import Plan
from denggao.foundation.ui.listing import Listing
from denggao.foundation.ui.templatetags.dg import moment

_TONES: dict[str, str] = {Round.State.DRAFT: "draft", Round.State.OPEN: "jade", Round.State.CLOSED: ""}


def _name(code: str) -> str:
    try:
        return str(procedures.latest(code).name)
    except KeyError:
        return code


@login_required
@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not actor.is_office:
        raise PermissionDenied
    seen = policies.visible_cases(actor).submitted().filter(round=OuterRef("pk")).order_by().values("round")
    counted = seen.annotate(count=Count("pk")).values("count")
    found = policies.visible_rounds(actor).annotate(submitted=Coalesce(Subquery(counted), 0))
    listing = Listing(
        request.GET,
        found,
        sorts={"title": "title_zh", "opens": "opens_at", "closes": "closes_at"},
        default="-opens",
        search=("title_zh", "title_en", "document"),
        filters=RoundFilter,
    )
    now = timezone.now()
    rows = [
        {
            "round": each,
            "name": _name(each.procedure),
            "state": _state(each, now),
            "submitted": each.submitted,
        }
        for each in listing.rows
    ]
    context = {"listing": listing, "rows": rows, "may_keep": policies.can_keep_rounds(actor)}
    return render(request, "cases/rounds.html", context)


def _state(round_: Round, now: dt.datetime) -> tuple[str, str]:
    """Words and tone. An open call whose window is over, or still to come, says so."""
    if round_.state == Round.State.OPEN:
        call = call_of(round_, now)
        return call.state, call.tone
    return str(round_.get_state_display()), _TONES[round_.state]


@login_required
@require_GET
def round_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    if not actor.is_office:
        raise PermissionDenied
    return _page(request, policies.get_round_for(actor, public_id))


def _page(request: HttpRequest, found: Round, refusal: str = "") -> HttpResponse:
    actor = actor_of(request)
    listed = f"{reverse('cases:worklist')}?view=all&round={found.public_id}"
    kinds = policies.visible_cases(actor).submitted().filter(round=found).order_by().values_list("stage_kind", "state")
    counts: dict[tuple[str, str], int] = {}
    for kind, state, count in kinds.annotate(count=Count("pk")):
        key = ("stage", kind) if state == "open" else ("state", state)
        counts[key] = counts.get(key, 0) + count
    context = {
        "round": found,
        "state": _state(found, timezone.now()),
        "facts": _facts(found),
        "counts": [
            (_label(key), count, f"{listed}&{key[0]}={key[1]}" + ("&state=open" if key[0] == "stage" else ""))
            for key, count in sorted(counts.items(), key=_on_the_way)
        ],
        "cases_url": listed,
        "ways": _ways(found, actor),
        "may_keep": policies.can_keep_rounds(actor),
        "weighed": stages_with_weights(found) if found.state != Round.State.CLOSED and policies.can_keep_rounds(actor) else [],
        "focus": grouped(found.looks_for),
        "ranking": _ranking(found, actor),
        "interviews": interview_card(found, actor, counts),
        "meeting": meeting_card(found, actor, counts.get(("stage", StageKind.MEETING), 0)),
        "refusal": refusal,
    }
    return render(request, "cases/round.html", context, status=422 if refusal else 200)


def _ways(found: Round, actor: Actor) -> list[tuple[str, str]]:
    try:
        return list(procedures.latest(found.procedure).system.ways(actor, found))
    except KeyError:
        return []


def _on_the_way(counted: tuple[tuple[str, str], int]) -> tuple[int, int]:
    """Stages in the order cases come through them, then how the others stand."""
    what, code = counted[0]
    order = list(StageKind) if what == "stage" else list(State)
    return (0 if what == "stage" else 1, [str(each) for each in order].index(code))


def _label(key: tuple[str, str]) -> str:
    what, code = key
    return str(StageKind(code).label if what == "stage" else Case(state=code).get_state_display())


def _facts(found: Round) -> list[tuple[str, str]]:
    facts = [
        (_("Procedure"), _name(found.procedure)),
        (_("Opens"), moment(found.opens_at)),
        (_("Closes"), moment(found.closes_at)),
        (_("Quota"), str(found.quota) if found.quota else _("no limit")),
        (_("Document"), found.document or "—"),
    ]
    if found.plan is not None:
        facts.append((_("Plan"), found.plan.name))
    return [*facts, *seats_of_call(found), *options_of_call(found, Audience.OFFICE, timezone.localdate())]


@login_required
@require_http_methods(["GET", "POST"])
def round_new(request: HttpRequest) -> HttpResponse:
    """Begins as the last call of the procedure was, its times moved on. ``?procedure=`` and ``?plan=`` (its code) choose both."""
    actor, now = actor_of(request), timezone.now()
    if not policies.can_keep_rounds(actor):
        raise PermissionDenied
    chosen = _chosen(request)
    known = policies.visible_rounds(actor).order_by("-created_at").select_related("plan")
    procedure = request.POST.get("procedure") or chosen.get("procedure")
    last = known.filter(procedure=procedure).first() if procedure else known.first()
    form = RoundForm(request.POST if request.method == "POST" else None, copied_from=last, chosen=chosen, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            made = prepare_round(form.given(), actor=actor, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The call is written down. Nobody sees it before you open it."))
            return redirect("cases:round", made.public_id)
    copied = _("Begins as “%(title)s” was") % {"title": last.title} if last is not None else ""
    context: dict[str, Any] = {"form": form, "heading": _("New call"), "copied": copied}
    return render(request, "cases/round_form.html", context, status=422 if form.errors else 200)


def _chosen(request: HttpRequest) -> dict[str, str]:
    """What the address says of a call to be written. A plan by its code or its key."""
    chosen = {name: str(value) for name, value in request.GET.items()}
    plan = Plan.objects.filter(code=chosen.get("plan", "")).first()
    return {**chosen, "plan": str(plan.pk)} if plan is not None else chosen


@login_required
@require_http_methods(["GET", "POST"])
def round_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    found = policies.get_round_for_keeping(actor, public_id)
    form = RoundForm(request.POST if request.method == "POST" else None, changes=found, chosen=_chosen(request), now=now)
    if request.method == "POST" and form.is_valid():
        try:
            change_round(found, form.given(), actor=actor, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The call is changed."))
            return redirect("cases:round", found.public_id)
    context: dict[str, Any] = {"form": form, "heading": _("Change this call"), "copied": found.title}
    return render(request, "cases/round_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def round_weights(request: HttpRequest, public_id: UUID, stage: str) -> HttpResponse:
    """Other weights of the rubric, for this call alone."""
    actor, now = actor_of(request), timezone.now()
    found = policies.get_round_for_keeping(actor, public_id)
    judging = next((each for each in stages_with_weights(found) if each.code == stage), None)
    if judging is None:
        raise Http404
    version = rubric_of({**judging.options, **(found.options.get(stage) or {})})
    form = WeightsForm(request.POST if request.method == "POST" else None, version=version)
    if request.method == "POST" and form.is_valid():
        try:
            weigh_round(found, judging, weights=form.weights(), reason=form.cleaned_data["reason"], actor=actor, now=now)
        except RubricRefused as refused:
            for criterion, sentence in refused.faults.items():
                form.add_error(form.name_of(criterion) if criterion else None, sentence)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("This call is judged by these weights."))
            return redirect("cases:round", found.public_id)
    page = {
        "round": found,
        "version": version,
        "form": form,
        "rows": [(one, form[form.name_of(one.code)]) for one in form.criteria],
    }
    return render(request, "cases/round_weights.html", page, status=422 if form.errors else 200)


@login_required
@require_POST
def round_open(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_round_for_keeping(actor, public_id)
    try:
        open_round(found, actor=actor, now=timezone.now())
    except Refused as refused:
        return _page(request, found, str(refused))
    messages.success(request, _("The call is open."))
    return redirect("cases:round", found.public_id)


@login_required
@require_POST
def round_close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_round_for_keeping(actor, public_id)
    try:
        close_round(found, actor=actor, now=timezone.now())
    except Refused as refused:
        return _page(request, found, str(refused))
    messages.success(request, _("The call is closed."))
    return redirect("cases:round", found.public_id)


@dataclass(frozen=True)
class RankingCard:
    """Where the ranking of a call stands: ``waiting`` cases, the list that stands, and what this actor can do about it."""

    waiting: int
    latest: Ranking | None
    may_rank: bool
    may_confirm: bool


def _ranking(found: Round, actor: Actor) -> RankingCard | None:
    """None where nothing of this call is ranked. Two queries."""
    waiting = policies.visible_cases(actor).filter(round=found, stage_kind=StageKind.RANK, state=State.OPEN).count()
    latest = latest_ranking(ROUND_KIND, found.public_id)
    if not waiting and latest is None:
        return None
    may_confirm = bool(waiting and latest and latest.made_by != actor.id and policies.can_confirm_ranking(actor, found))
    return RankingCard(waiting, latest, bool(waiting) and policies.can_rank(actor, found), may_confirm)


@login_required
@require_POST
def round_rank(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Make the list; a second person confirms it."""
    actor = actor_of(request)
    found = policies.get_round_for(actor, public_id)
    if not policies.can_rank(actor, found):
        raise PermissionDenied
    try:
        rank_round(found, reason=request.POST.get("reason", "").strip()[:300], actor=actor, now=timezone.now())
    except Refused as refused:
        return _page(request, found, str(refused))
    messages.success(request, _("The list is made. A second person confirms it."))
    return redirect("cases:round", found.public_id)


@login_required
@require_POST
def round_confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Go on by the list: those above the line advance, the others end."""
    actor = actor_of(request)
    found = policies.get_round_for(actor, public_id)
    if not policies.can_confirm_ranking(actor, found):
        raise PermissionDenied
    try:
        ranking = Ranking.objects.get(public_id=UUID(request.POST.get("ranking", "")), subject_id=found.public_id)
    except (ValueError, Ranking.DoesNotExist):
        raise Http404 from None
    try:
        moved = confirm_ranking(found, ranking, actor=actor, now=timezone.now())
    except Refused as refused:
        return _page(request, found, str(refused))
    told = ngettext("%(count)s case has gone on by the list.", "%(count)s cases have gone on by the list.", len(moved))
    messages.success(request, told % {"count": len(moved)})
    return redirect("cases:round", found.public_id)
