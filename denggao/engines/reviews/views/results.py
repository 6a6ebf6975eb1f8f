"""The chair's view of scores: sealed, open, counted anew; closing. And rankings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from denggao.engines.reviews import policies, sealing
from denggao.engines.reviews.actions.closing import close_panel, open_scores, set_aside_late, wanted
from denggao.engines.reviews.forms.scoring import CloseForm, OpenForm, SetAsideForm
from denggao.engines.reviews.models import Assignment, Criterion, Panel, Ranking, SiteVisit
from denggao.engines.reviews.queries import progress_of
from denggao.engines.reviews.registry import review_subject
from denggao.engines.reviews.results import Results, results_of
from denggao.engines.reviews.rules.ranking import BY_CRITERION
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.ui.exports import table_response
from denggao.foundation.ui.listing import Listing

LINES_A_PAGE = 50
"""Of a ranking."""


@login_required
@require_GET
def results(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the experts gave, once open; how far they are, before."""
    actor = actor_of(request)
    panel = policies.get_panel_for(actor, public_id)
    found = results_of(panel) if sealing.can_see_scores(actor, panel) else None
    if found is not None and request.GET.get("export") in {"csv", "xlsx"}:
        return _export(found, request.GET["export"])
    return _page(request, actor, panel, found)


def _page(
    request: HttpRequest,
    actor: Actor,
    panel: Panel,
    found: Results | None,
    *,
    close_form: forms.Form | None = None,
    open_form: forms.Form | None = None,
) -> HttpResponse:
    subject = review_subject(panel.subject_kind)
    running = panel.state != Panel.State.CLOSED
    chairs = policies.can_chair_panel(actor, panel)
    progress = progress_of([panel])[panel.pk]
    pending = progress.asked - progress.submitted
    tally = found.tally if found else None
    visit_missing = bool(panel.rule.get("visit_required")) and not panel.visits.filter(state=SiteVisit.State.HELD).exists()
    page = {
        "panel": panel,
        "results": found,
        "progress": progress,
        "pending": pending,
        "wanted": wanted(panel),
        "short": tally is not None and tally.count < wanted(panel),
        "visit_missing": visit_missing,
        "visits": list(panel.visits.prefetch_related("experts__person", "photos__file")),
        "subject_url": subject.url(panel.subject_id) if subject is not None else "",
        "may_chair": chairs and running,
        "may_set_aside": chairs and not running,
        "may_plan": policies.can_run_panel(actor, panel) and running,
        "can_close": bool(tally and tally.result is not None and not pending and not visit_missing),
        "can_open": found is None and not pending and progress.submitted > 0,
        "close_form": close_form or CloseForm(),
        "open_form": open_form or OpenForm(),
        "rankings": list(sealing.visible_rankings(actor).filter(panels=panel).order_by("-number")),
    }
    failed = any(form is not None and form.errors for form in (close_form, open_form))
    return render(request, "reviews/results.html", page, status=422 if failed else 200)


def _export(found: Results, kind: str) -> HttpResponse:
    header = [_("Criterion"), _("Most"), *(column.name for column in found.columns), _("Mean")]
    rows: list[list[Any]] = [
        [row.criterion.name, row.criterion.max_points, *(_points(one.points) for one in row.given), _points(row.mean)]
        for row in found.rows
    ]
    rows.append([_("Total"), found.panel.rubric_version.total, *(column.total for column in found.columns), found.tally.mean])
    rows.append([_("Counts"), "", *(_("yes") if column.counts else _("no, set aside") for column in found.columns), ""])
    return table_response(f"{found.panel.title_zh}-{_('scores')}", header, rows, kind=kind)


def _points(text: str) -> Decimal | None:
    return Decimal(text) if text else None


@login_required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Close with the result; on a refusal the page comes again with the reason why not."""
    actor = actor_of(request)
    panel = policies.get_panel_for_chairing(actor, public_id)
    return _act(
        request,
        panel,
        CloseForm,
        lambda reason: close_panel(panel, reason=reason, actor=actor, now=timezone.now()).state == Panel.State.CLOSED,
        done=_("The review is closed with its result."),
        name="close_form",
    )


@login_required
@require_http_methods(["GET", "POST"])
def open_early(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Open the scores of fewer experts than wanted."""
    actor = actor_of(request)
    panel = policies.get_panel_for_chairing(actor, public_id)
    return _act(
        request,
        panel,
        OpenForm,
        lambda reason: open_scores(panel, reason=reason, actor=actor, now=timezone.now()) is not None,
        done=_("The scores are open."),
        name="open_form",
    )


def _act(
    request: HttpRequest, panel: Panel, form_class: type[forms.Form], act: Callable[[str], bool], *, done: str, name: str
) -> HttpResponse:
    actor = actor_of(request)
    if request.method != "POST":
        return redirect("reviews:results", panel.public_id)
    form = form_class(request.POST)
    if form.is_valid():
        try:
            happened = act(form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            if happened:
                messages.success(request, done)
                return redirect("reviews:results", panel.public_id)
            messages.warning(request, _("Not done: a conflict of interest came to light just now. Look at the seats again."))
            return redirect("reviews:panel", panel.public_id) if policies.can_see_panel(actor, panel) else redirect("/")
    panel.refresh_from_db()
    found = results_of(panel) if sealing.can_see_scores(actor, panel) else None
    return _page(request, actor, panel, found, **{name: form})


@login_required
@require_http_methods(["GET", "POST"])
def set_aside(request: HttpRequest, public_id: UUID, assignment_id: UUID) -> HttpResponse:
    """After closing: a conflict came to light, one expert's scores stop counting."""
    actor = actor_of(request)
    panel = policies.get_panel_for_chairing(actor, public_id)
    rows = panel.assignments.select_related("expert__person", "panel__rubric_version")
    seat = rows.filter(public_id=assignment_id, state=Assignment.State.SUBMITTED).first()
    if seat is None or panel.state != Panel.State.CLOSED:
        raise Http404
    form = SetAsideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            set_aside_late(seat, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The scores are set aside; the result is counted anew."))
            return redirect("reviews:results", panel.public_id)
    page = {"panel": panel, "seat": seat, "form": form}
    return render(request, "reviews/set_aside.html", page, status=422 if form.errors else 200)


# Rankings


@login_required
@require_GET
def ranking_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One ranking as it stood, with the question it answers and its hash."""
    actor = actor_of(request)
    ranking = sealing.get_ranking_for(actor, public_id)
    group = request.GET.get("group", "")
    groups = {one["group"] for one in ranking.result if one.get("group")}
    lines = [one for one in ranking.result if group not in groups or one["group"] == group]
    if request.GET.get("export") in {"csv", "xlsx"}:
        return _ranking_table(ranking, _shown(ranking, lines), in_groups=bool(groups), kind=request.GET["export"])
    part = Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page"))
    versions = sealing.visible_rankings(actor).filter(subject_kind=ranking.subject_kind, subject_id=ranking.subject_id)
    page = {
        "ranking": ranking,
        "rows": _shown(ranking, list(part.object_list)),
        "listing": {"page": part, "count": len(lines)},
        "advancing": sum(1 for one in ranking.result if one["advances"]),
        "group": group if group in groups else "",
        "tabs": _group_tabs(ranking, groups, group),
        "seats": _group_seats(ranking, groups),
        "parting": _parting(ranking),
        "versions": list(versions.defer("inputs", "result", "labels").order_by("-number")),
    }
    return render(request, "reviews/ranking.html", page)


def _shown(ranking: Ranking, lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines with their panels, in one query."""
    titles = {str(panel.subject_id): panel for panel in ranking.panels.filter(subject_id__in=[one["code"] for one in lines])}
    return [{**one, "panel": titles.get(one["code"]), "group_label": ranking.group_label(one.get("group", ""))} for one in lines]


def _ranking_table(ranking: Ranking, rows: list[dict[str, Any]], *, in_groups: bool, kind: str) -> HttpResponse:
    header = [_("Rank"), _("Title"), _("Points"), _("Advances")]
    if in_groups:
        header += [pgettext("of a ranking", "Group"), _("Rank in the group")]
    cells: list[list[Any]] = [
        [
            one["place"], one["panel"].title if one["panel"] else "", one["points"], _("yes") if one["advances"] else _("no"),
            *([one["group_label"], one["group_place"]] if in_groups else []),
        ]
        for one in rows
    ]  # fmt: skip
    return table_response(f"{_('ranking')}-{ranking.number}", header, cells, kind=kind)


def _group_tabs(ranking: Ranking, groups: set[str], here: str) -> list[dict[str, Any]]:
    """Across all, and within each group that has an entry; none without groups."""
    if not groups:
        return []
    order = [code for code in ranking.labels if code in groups] + sorted(groups - set(ranking.labels))
    counts = Counter(one["group"] for one in ranking.result)
    return [
        {"label": _("All together"), "url": "?", "on": here not in groups, "count": len(ranking.result)},
        *(
            {"label": ranking.group_label(code), "url": f"?group={code}", "on": code == here, "count": counts[code]}
            for code in order
        ),
    ]


def _parting(ranking: Ranking) -> list[str]:
    """Names of the criteria that part equal points, in their order."""
    ties: str = ranking.inputs.get("ties") or ""
    if not ties.startswith(BY_CRITERION):
        return []
    codes = ties.removeprefix(BY_CRITERION).split(",")
    lines = Criterion.objects.filter(version__panels__rankings=ranking, code__in=codes).order_by("version_id").distinct()
    names = {line.code: line.name for line in lines}
    return [names.get(code, code) for code in codes]


def _group_seats(ranking: Ranking, groups: set[str]) -> list[tuple[str, str]]:
    """The seats of each group that has a number of its own, and how many are filled."""
    seats: dict[str, int] = ranking.inputs.get("groups") or {}
    filled = Counter(one["group"] for one in ranking.result if one.get("group") and one["advances"])
    told = _("%(seats)s · %(filled)s filled")
    codes = [code for code in ranking.labels if code in seats or code in groups]
    return [
        (
            ranking.group_label(code),
            told % {"seats": seats[code], "filled": filled[code]}
            if code in seats
            else _("%(filled)s advance") % {"filled": filled[code]},
        )
        for code in codes
    ]


@login_required
@require_GET
def ranking_list(request: HttpRequest) -> HttpResponse:
    """The rankings that were made, the newest first."""
    actor = actor_of(request)
    if not actor.is_office:
        raise Http404
    rows: Any = sealing.visible_rankings(actor).defer("inputs", "result", "labels").annotate(ranked=Count("panels"))
    listing: Listing = Listing(request.GET, rows, sorts={"at": "at"}, default="-at")
    return render(request, "reviews/rankings.html", {"listing": listing})
