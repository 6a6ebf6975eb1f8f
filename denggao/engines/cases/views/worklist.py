"""The office's worklist, and steps for several cases at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from denggao.engines.cases import policies, queries
from denggao.engines.cases.actions import Outcome, pass_many, reassign_case
from denggao.engines.cases.actions.noticing import publish_notice
from denggao.engines.cases.filters import CaseFilter, search_cases
from denggao.engines.cases.forms import HandOverForm, NoticeForm, RemarkForm
from denggao.engines.cases.models import Case, CaseQuerySet, Step
from denggao.engines.cases.procedures import Audience, StageKind
from denggao.engines.cases.states import STANDING, State, WaitsFor
from denggao.engines.cases.views.acts import ActPage
from denggao.engines.cases.views.case import LISTED
from denggao.engines.cases.views.office import NOBODY, colleagues_by_name
from denggao.engines.cases.views.wording import days_left, since, state_tone
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, Role, actor_of
from denggao.foundation.calendar.queries import Arrangement, arrangement_of
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.foundation.ui.templatetags.dg import day, iso
from denggao.foundation.ui.words import account_names

_VIEWS = ("waiting", "mine", "all")
# As many as a page shows.
_MOST_AT_ONCE = 50
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
    names = account_names(_colleagues(today))
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
    _remember(request, page)
    context = {
        "listing": listing,
        "rows": _rows(page, now, names),
        "view": view,
        "tabs": _tabs(view, counts),
        "overdue": counts["overdue"],
        "office": actor.is_office,
        "may_mark": policies.can_work_in_bulk(actor) and bool(page),
        "bulk": [
            {"code": "pass", "label": _("Pass on"), "icon": "check"},
            {"code": "hand", "label": _("Hand over"), "icon": "user-share"},
            {"code": "notice", "label": _("Open one public notice"), "icon": "speakerphone"},
        ],
    }
    return render(request, "cases/worklist.html", context)


def _took_part(actor: Actor) -> Q:
    return Q(assignee=actor.id) | Q(pk__in=Step.objects.filter(actor_id=actor.id).order_by().values("case"))


def _labelled(listing: Listing) -> list[Case]:
    """One page with what its rows show. Read only now, by their keys: in the list itself it would be joined, and sorted along,
    for every row that is skipped."""
    keys = list(cast(CaseQuerySet, listing.page.object_list).values_list("pk", flat=True))
    found = Case.objects.for_rows().in_bulk(keys)
    return [found[key] for key in keys]


def _counts(cases: CaseQuerySet, actor: Actor, today: dt.date) -> dict[str, int]:
    """By view, and how many of what waits are overdue. Three queries: each by an index of its own, where one for all would
    read every case."""
    overdue = Count("pk", filter=Q(due_on__lt=today))
    found = _waiting(actor).order_by().aggregate(waiting=Count("pk"), overdue=overdue)
    return {**found, "all": cases.count(), "mine": cases.filter(_took_part(actor)).count()}


def _colleagues(today: dt.date) -> set[str]:
    """Those to whom a case may be handed. Whoever left the office has no name in the list; its case is handed on."""
    return {str(public_id) for public_id in policies.office_accounts(policies.HANDERS, today).values_list("public_id", flat=True)}


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


# Several at once


@login_required
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """First shown with what follows, then, once confirmed, done: each case by the rules it would go by alone."""
    actor = actor_of(request)
    if not policies.can_work_in_bulk(actor):
        raise PermissionDenied
    do = request.POST.get("do", "")
    marked = _marked(actor, request.POST.getlist("case"))
    if do not in _ACTS or not marked:
        messages.warning(request, _("Mark the cases first."))
        return redirect("cases:worklist")
    cases = [case for case in marked if _can(do, case, actor)]
    sure = request.POST if request.POST.get("sure") else None
    form: forms.Form = RemarkForm(sure)
    if do == "hand":
        form = HandOverForm(sure, choices=_who_fits(cases))
    elif do == "notice":
        form = NoticeForm(sure)
    if sure and cases and form.is_valid():
        try:
            outcomes = _do(do, cases, form, actor, timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            _tell(request, outcomes)
            return redirect("cases:worklist")
    context = {"act": _ACTS[do](), "do": do, "cases": cases, "left": len(marked) - len(cases), "form": form}
    return render(request, "cases/bulk.html", context, status=422 if sure else 200)


def _marked(actor: Actor, given: Iterable[str]) -> list[Case]:
    ids = []
    for text in list(given)[:_MOST_AT_ONCE]:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return list(_seen(actor).filter(public_id__in=ids).with_labels().order_by("number"))


def _can(do: str, case: Case, actor: Actor) -> bool:
    if case.state != State.OPEN:
        return False
    if do == "hand":
        return policies.can_hand_over(actor, case)
    if do == "notice":
        waits = case.stage_kind == StageKind.NOTICE and case.waits_for == WaitsFor.OFFICE
        return waits and policies.can_work_on(actor, case)
    return case.at.bulk and policies.can_work_on(actor, case)


def _who_fits(cases: list[Case]) -> list[tuple[str, str]]:
    """Colleagues who work on every stage in which the cases stand."""
    today, fitting = timezone.localdate(), None
    for case in {case.stage: case for case in cases}.values():
        found = dict(colleagues_by_name(case, today))
        fitting = found if fitting is None else {key: name for key, name in fitting.items() if key in found}
    return list((fitting or {}).items())


def _do(do: str, cases: list[Case], form: forms.Form, actor: Actor, now: dt.datetime) -> list[Outcome]:
    if do == "notice":
        publish_notice(cases, **form.cleaned_data, actor=actor, now=now)
        return [Outcome(case, done=True) for case in cases]
    reason = form.cleaned_data["reason"]
    if do == "pass":
        return pass_many(cases, reason=reason, actor=actor, now=now)
    chosen = form.cleaned_data["to"]
    to = None if chosen == NOBODY else User.objects.get(public_id=chosen)
    outcomes = []
    for case in cases:
        try:
            reassign_case(case, to=to, reason=reason, actor=actor, now=now)
        except Refused as refused:
            outcomes.append(Outcome(case, done=False, sentence=str(refused)))
        else:
            outcomes.append(Outcome(case, done=True))
    return outcomes


def _tell(request: HttpRequest, outcomes: list[Outcome]) -> None:
    done = sum(1 for each in outcomes if each.done)
    if done:
        messages.success(request, ngettext("Done for %(count)s case.", "Done for %(count)s cases.", done) % {"count": done})
    for each in outcomes:
        if not each.done:
            messages.error(request, _("%(case)s: %(why)s") % {"case": each.case, "why": each.sentence})


_ACTS = {
    "pass": lambda: ActPage(
        _("Pass on several cases"),
        _("Each goes on by the rules it would go by alone: one whose check is not complete stays where it is and says why."),
        _("Pass on"),
        "",
    ),
    "notice": lambda: ActPage(
        _("One public notice for several cases"),
        _("They are shown together, from the next working day. All of them or, where one can’t be, none."),
        _("Open the notice"),
        "",
    ),
    "hand": lambda: ActPage(_("Hand over several cases"), _("They stand on your colleague’s list."), _("Hand over"), ""),
}
