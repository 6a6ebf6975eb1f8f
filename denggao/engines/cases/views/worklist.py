"""The office's worklist."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from denggao.engines.cases import policies, queries
from denggao.engines.cases.filters import CaseFilter, kept_query, search_cases
from denggao.engines.cases.models import Case, CaseQuerySet, SavedView, Step
from denggao.engines.cases.procedures import Audience, StageKind
from denggao.engines.cases.states import STANDING, State, WaitsFor
from denggao.engines.cases.views.case import LISTED
from denggao.engines.cases.views.wording import days_left, since, state_tone
from denggao.foundation.audit.actors import Actor, Role, actor_of
from denggao.foundation.audit.readied import readied
from denggao.foundation.calendar.queries import Arrangement, arrangement_of
from denggao.foundation.organisations.members.queries import office_names
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.foundation.ui.templatetags.dg import day, iso

_VIEWS = ("waiting", "mine", "all")
_EXPORTED_AT_ONCE = 500


_ROWS = 30


@dataclass(frozen=True)
class Row:
    """A case as the worklist shows it."""

    case: Case
    url: str
    applicant: str
    round: str
    stage: str
    tone: str
    icon: str
    turn: str
    since: str
    due: str
    left: str
    due_class: str
    assignee: str


def _seen(actor: Actor) -> CaseQuerySet:
    """What was ever submitted, of what the actor sees as the office, or as a body that signs."""
    return policies.visible_cases(actor).submitted()


def _of_view(cases: CaseQuerySet, view: str, actor: Actor) -> CaseQuerySet:
    if view == "waiting":
        return _waiting(actor)
    if view == "mine":
        return cases.filter(_took_part(actor))
    return cases


def _waiting(actor: Actor) -> CaseQuerySet:
    """Whose turn it is the actor's: the office's work, or the signature of the actor's body."""
    if actor.is_office:
        return policies.office_work(actor)
    return _seen(actor).filter(state=State.OPEN, stage_kind=StageKind.COSIGN, waits_for=WaitsFor.SIGNERS)


@login_required
@require_GET
def worklist(request: HttpRequest) -> HttpResponse:
    """What waits for the actor, what the actor has to do with, or all. A fixed number of queries."""
    actor, now = actor_of(request), timezone.now()
    if not (actor.is_office or actor.has(Role.AUTHORITY) or actor.organisations_as(Role.AUTHORITY)):
        return redirect("cases:mine")
    view = request.GET.get("view", "waiting")
    view = view if view in _VIEWS else "waiting"
    today = timezone.localdate(now)
    cases = _seen(actor)
    counts = _counts(cases, actor, today)
    names = office_names(policies.HANDERS, today)
    listing = Listing(
        request.GET,
        _of_view(cases, view, actor),
        sorts={
            "number": "number",
            "title": ("title", "number"),
            "stage": ("stage_kind", "waits_since"),
            "since": "waits_since",
            "due": ("due_on", "waits_since"),
        },
        default="-since" if view == "all" else "since",
        search=search_cases,
        filters=CaseFilter,
        known_count=counts[view],
        per_page=_ROWS,
        colleagues=sorted(names.items(), key=lambda pair: pair[1]),
        today=today,
    )
    if listing.export:
        everything = cast(CaseQuerySet, listing.everything).with_labels()
        exported = (_exported(row) for part in batched(everything, _EXPORTED_AT_ONCE) for row in _rows(part, now, names))
        return table_response("cases", _header(), exported, kind=listing.export)
    page = _labelled(listing)
    query = kept_query(request.GET.urlencode())
    saved = _saved(actor, query)
    _remember(request, page)
    context = {
        "listing": listing,
        "rows": _rows(page, now, names),
        "view": view,
        "tabs": _tabs(view, counts),
        "overdue": counts["overdue"],
        "office": actor.is_office,
        "saved": saved,
        "query": query,
        "savable": bool(query) and not any(one["on"] for one in saved),
        "may_mark": policies.can_work_in_bulk(actor) and bool(page),
        "bulk": [
            {"code": "pass", "label": _("Pass on"), "icon": "check"},
            {"code": "hand", "label": _("Hand over"), "icon": "user-share"},
            {"code": "remind", "label": _("Remind"), "icon": "bell"},
            {"code": "notice", "label": _("Open one public notice"), "icon": "speakerphone"},
        ],
    }
    return render(request, "cases/worklist.html", context)


def _took_part(actor: Actor) -> Q:
    return _part_in(actor.id)


def _part_in(account: str) -> Q:
    return Q(assignee=account) | Q(pk__in=Step.objects.filter(actor_id=account).order_by().values("case"))


def _saved(actor: Actor, here: str) -> list[dict[str, Any]]:
    """The account's own views, the one shown now marked."""
    return [
        {"view": view, "url": f"{reverse('cases:worklist')}?{view.query}", "on": view.query == here}
        for view in (_views.objects(actor.user.pk) if actor.user is not None else ())
    ]


@readied(int)
def _views(account_id: int) -> QuerySet[SavedView]:
    return SavedView.objects.filter(account_id=account_id)


def _labelled(listing: Listing) -> list[Case]:
    """One page with what its rows show. Read only now, by their keys: in the list itself it would be joined, and sorted along,
    for every row that is skipped."""
    keys = list(cast(CaseQuerySet, listing.page.object_list).values_list("pk", flat=True))
    if not keys:
        return []
    padded = [*keys, *keys[-1:] * (_ROWS - len(keys))]
    found = {case.pk: case for case in _these.objects(*padded)}
    return [found[key] for key in keys]


@readied(*[int] * _ROWS)
def _these(*keys: int) -> QuerySet[Case]:
    return Case.objects.for_rows().filter(pk__in=keys)


def _counts(cases: CaseQuerySet, actor: Actor, today: dt.date) -> dict[str, int]:
    """By view, and how many of what waits are overdue. Up to four queries: each by an index of its own, where one for all would
    read every case."""
    if policies.sees_all_submitted(actor):
        worked = policies.stages_worked(actor)
        return {
            "waiting": policies.work_to_count(worked).count(actor.id),
            "overdue": policies.work_due_before(worked).count(actor.id, today),
            "all": _submitted.count(),
            "mine": _submitted_with.count(actor.id),
        }
    overdue = Count("pk", filter=Q(due_on__lt=today))
    found = _waiting(actor).order_by().aggregate(waiting=Count("pk"), overdue=overdue)
    return {**found, "all": cases.count(), "mine": cases.filter(_took_part(actor)).count()}


@readied()
def _submitted() -> QuerySet[Case]:
    return Case.objects.submitted().order_by()


@readied(str)
def _submitted_with(account: str) -> QuerySet[Case]:
    return Case.objects.submitted().filter(_part_in(account)).order_by()


def _remember(request: HttpRequest, page: Sequence[Case]) -> None:
    """For the arrows on a case's page. Written only when it changed: a session is a row of the database."""
    listed = [str(case.public_id) for case in page]
    if request.session.get(LISTED) != listed:
        request.session[LISTED] = listed


def _tabs(view: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    labels = {"waiting": _("Waiting for me"), "mine": _("I have part in"), "all": _("All")}
    here = reverse("cases:worklist")
    return [
        {"label": label, "url": f"{here}?view={code}" if code != "waiting" else here, "on": code == view, "count": counts[code]}
        for code, label in labels.items()
    ]


def _rows(cases: Iterable[Case], now: dt.datetime, names: Mapping[str, str]) -> list[Row]:
    """One query for the calendar, and what ``queries.waiting`` asks the engines below."""
    cases, today = list(cases), timezone.localdate(now)
    waits = queries.waiting(cases, today=today)
    known = arrangement_of({today.year, *(each.due_on.year for each in waits.values() if each.due_on)})
    return [_row(case, waits[case.pk], now, known, names) for case in cases]


def _row(case: Case, waits: queries.Waiting, now: dt.datetime, known: Arrangement, names: Mapping[str, str]) -> Row:
    tone, icon = state_tone(case)
    left, due_class = days_left(waits.due_on, timezone.localdate(now), known)
    standing = case.state in STANDING
    return Row(
        case,
        case.link,
        case.applicant_name,
        case.round.title if case.round else "",
        _stage(case),
        tone,
        icon,
        waits.text if standing else "—",
        since(case, now) if standing else day(case.ended_at),
        iso(waits.due_on) or "—",
        _("fixed when the arrangement for that year is entered") if waits.open_end else left,
        due_class,
        names.get(case.assignee, ""),
    )


def _stage(case: Case) -> str:
    if case.state != State.OPEN:
        return str(case.get_state_display())
    try:
        return case.at.names.of(Audience.OFFICE)
    except KeyError:
        return case.stage


def batched(cases: QuerySet[Case], size: int) -> Iterator[list[Case]]:
    rows = cases.iterator(chunk_size=size)
    while part := list(islice(rows, size)):
        yield part


def _header() -> list[str]:
    return [
        _("Number"), _("What it is about"), _("Applicant"), _("Call"), _("Stage"), _("Waiting for"), _("Since"), _("Due"),
        _("Assigned to"), _("Submitted"),
    ]  # fmt: skip


def _exported(row: Row) -> list[Cell]:
    case = row.case
    return [
        case.number,
        case.title,
        row.applicant,
        row.round,
        row.stage,
        row.turn,
        timezone.localdate(case.waits_since),
        case.due_on,
        row.assignee,
        case.submitted_at,
    ]
