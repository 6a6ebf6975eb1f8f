"""What the office does to one case: check, pass, send back, reject, decide, hand over."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from denggao.engines.cases import policies, queries
from denggao.engines.cases.actions import (
    FieldRemark,
    ask_again,
    decide_case,
    nudge,
    pass_check,
    reassign_case,
    record_check,
    reject_case,
    return_case,
)
from denggao.engines.cases.forms import HandOverForm, ReasonForm, RemarkForm, ReturnForm, SeenForm
from denggao.engines.cases.models import Case, CheckResult, Snapshot
from denggao.engines.cases.moves import moved
from denggao.engines.cases.showing import shown_sections
from denggao.engines.cases.states import Act, can
from denggao.engines.cases.views.acts import ActPage, serve
from denggao.engines.cases.views.drafts import files_of
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import NotAllowed, Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.ui.words import account_names


def _given(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


class Elsewhere(Exception):
    """The case is no longer where the page that was sent had it."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case = case


View = Callable[..., HttpResponse]


def _or_elsewhere(view: View) -> View:
    """Who comes too late is led to the case, and told where it is and what brought it there."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, public_id: UUID) -> HttpResponse:
        try:
            return view(request, public_id)
        except Elsewhere as elsewhere:
            messages.error(request, str(moved(elsewhere.case)))
            return redirect("cases:case", public_id)

    return guarded


def _for_office(request: HttpRequest, public_id: UUID, act: Act) -> tuple[Actor, Case]:
    """The case, where this act is this actor's; Http404 where the case is none of theirs. Raises Elsewhere, NotAllowed."""
    actor = actor_of(request)
    case = policies.get_case_for_office(actor, public_id)
    seen = request.POST.get("lock", "")
    if not can(act, case.state, case.stage_kind) or (seen and seen != str(case.lock)):
        raise Elsewhere(case)
    if act not in {offer.act for offer in queries.offers(case, actor=actor, now=timezone.now())}:
        raise NotAllowed(f"cases.case.{act}")
    return actor, case


@login_required
@require_POST
@_or_elsewhere
def check(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The lines of the check that were changed, each for itself."""
    actor, case = _for_office(request, public_id, Act.PASS)
    before = {each.item: each for each in _results(case)}
    kept = 0
    for item in case.declared.system.checklist(case):
        given, remark = request.POST.get(item.code, ""), request.POST.get(f"{item.code}-remark", "").strip()
        was = before.get(item.code)
        if given not in {"yes", "no"} or (was is not None and (was.ok, was.remark) == (given == "yes", remark)):
            continue
        try:
            record_check(case, item=item.code, ok=given == "yes", remark=remark, actor=actor, now=timezone.now())
        except NotAllowed:
            raise
        except Refused as refused:
            messages.error(request, _("%(line)s: %(why)s") % {"line": item.label, "why": refused})
        else:
            kept += 1
    if kept:
        messages.success(request, _("The results are kept."))
    return redirect("cases:case", case.public_id)


def _results(case: Case) -> list[CheckResult]:
    latest = Snapshot.objects.filter(case=case).order_by("-number").values_list("number", flat=True).first()
    return list(CheckResult.objects.filter(case=case, snapshot=latest or 0))


@login_required
@require_http_methods(["GET", "POST"])
@_or_elsewhere
def pass_on(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, case = _for_office(request, public_id, Act.PASS)
    form = RemarkForm(_given(request), initial={"lock": case.lock})
    act = ActPage(
        _("Pass it on"),
        _("The application is complete. It goes on to the next stage, and the applicant is told."),
        _("Pass it on"),
        _("The application has gone on."),
    )
    return serve(
        request,
        case,
        form,
        act,
        lambda: pass_check(
            case, remark=form.cleaned_data["reason"], seen=form.cleaned_data["lock"], actor=actor, now=timezone.now()
        ),
    )


@dataclass(frozen=True)
class Tick:
    section: str
    field: str
    label: str
    value: str
    on: bool
    remark: str

    @property
    def key(self) -> str:
        return f"{self.section}.{self.field}"


@dataclass(frozen=True)
class TickSection:
    title: str
    ticks: list[Tick]

    @property
    def open(self) -> bool:
        return any(tick.on for tick in self.ticks)


@login_required
@require_http_methods(["GET", "POST"])
@_or_elsewhere
def send_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """For correction: fields are ticked, each with what is wrong."""
    actor, case = _for_office(request, public_id, Act.RETURN)
    form = ReturnForm(_given(request), initial={"lock": case.lock})
    ticks = _ticks(request, case)
    act = ActPage(
        _("Return for correction"),
        _("The applicant can change the fields named, and submits again. The office’s clock stands still meanwhile."),
        _("Return"),
        _("The application is with the applicant for correction."),
    )

    def do() -> object:
        remarks = [FieldRemark(tick.section, tick.field, tick.remark) for section in ticks for tick in section.ticks if tick.on]
        cleaned = form.cleaned_data
        return return_case(
            case,
            reason=cleaned["reason"],
            fields=remarks,
            days=cleaned["days"],
            seen=cleaned["lock"],
            actor=actor,
            now=timezone.now(),
        )

    return serve(request, case, form, act, do, ticks=ticks)


def _ticks(request: HttpRequest, case: Case) -> list[TickSection]:
    latest = Snapshot.objects.filter(case=case).order_by("-number").first()
    form = case.declared.forms[case.form_version]
    shown = shown_sections(form, latest.answers or {} if latest else {}, files_of(case))
    chosen = set(request.POST.getlist("field"))
    return [
        TickSection(
            section.title,
            [
                Tick(section.code, item.name, item.label, item.as_text or "—", key in chosen, request.POST.get(f"remark-{key}", ""))
                for item in section.fields
                for key in [f"{section.code}.{item.name}"]
            ],
        )
        for section in shown
    ]


@login_required
@require_http_methods(["GET", "POST"])
@_or_elsewhere
def reject(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, case = _for_office(request, public_id, Act.REJECT)
    form = ReasonForm(_given(request), initial={"lock": case.lock})
    act = ActPage(
        _("Reject this application"),
        _("It ends here. The applicant reads the reason."),
        _("Reject"),
        _("The application is rejected; the applicant is told."),
        tone="danger-fill",
    )
    return serve(request, case, form, act, lambda: reject_case(case, **_words(form), actor=actor, now=timezone.now()))


def _words(form: SeenForm) -> dict[str, Any]:
    return {"reason": form.cleaned_data["reason"], "seen": form.cleaned_data["lock"]}


@login_required
@require_http_methods(["GET", "POST"])
@_or_elsewhere
def approve(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _decide(
        request,
        public_id,
        ActPage(
            _("Approve"),
            _("The application goes on to the next stage. The reason is kept, and the applicant reads it."),
            _("Approve"),
            _("The application is approved and has gone on."),
        ),
        approved=True,
    )


@login_required
@require_http_methods(["GET", "POST"])
@_or_elsewhere
def refuse(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _decide(
        request,
        public_id,
        ActPage(
            _("Reject this application"),
            _("It ends here. The applicant reads the reason."),
            _("Reject"),
            _("The application is rejected; the applicant is told."),
            tone="danger-fill",
        ),
        approved=False,
    )


def _decide(request: HttpRequest, public_id: UUID, act: ActPage, *, approved: bool) -> HttpResponse:
    actor, case = _for_office(request, public_id, Act.DECIDE)
    form = ReasonForm(_given(request), initial={"lock": case.lock})
    return serve(
        request, case, form, act, lambda: decide_case(case, approve=approved, **_words(form), actor=actor, now=timezone.now())
    )


@login_required
@require_http_methods(["GET", "POST"])
@_or_elsewhere
def ask(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The signatures once more, after one was refused."""
    actor, case = _for_office(request, public_id, Act.ASK_AGAIN)
    form = RemarkForm(_given(request), initial={"lock": case.lock})
    act = ActPage(
        _("Ask for the signatures again"),
        _("All bodies are asked to sign anew; signatures given before are void."),
        _("Ask again"),
        _("The bodies are asked to sign anew."),
    )
    return serve(request, case, form, act, lambda: ask_again(case, **_words(form), actor=actor, now=timezone.now()))


@login_required
@require_http_methods(["GET", "POST"])
@_or_elsewhere
def hand_over(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, case = _for_office(request, public_id, Act.REASSIGN)
    today = timezone.localdate()
    form = HandOverForm(_given(request), choices=colleagues_by_name(case, today), initial={"lock": case.lock})
    act = ActPage(
        _("Hand over"),
        _("It stands on your colleague’s list. Whoever checked it does not decide it."),
        _("Hand over"),
        _("The case is handed over."),
    )

    def do() -> object:
        to = None if form.cleaned_data["to"] == NOBODY else User.objects.get(public_id=form.cleaned_data["to"])
        return reassign_case(case, to=to, **_words(form), actor=actor, now=timezone.now())

    return serve(request, case, form, act, do)


@login_required
@require_POST
def remind(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """催办."""
    actor = actor_of(request)
    case = policies.get_case_for_office(actor, public_id)
    try:
        messages.success(request, nudge(case, actor=actor, now=timezone.now()))
    except NotAllowed:
        raise
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("cases:case", case.public_id)


NOBODY = "nobody"


def colleagues_by_name(case: Case, on: dt.date) -> list[tuple[str, str]]:
    """Public id and name of who may work on the stage, and nobody in particular."""
    ids = [str(user.public_id) for user in queries.colleagues(case, on=on)]
    names = account_names(ids)
    named = sorted(((each, names.get(each, each)) for each in ids if each != case.assignee), key=lambda pair: pair[1])
    return [*named, *([(NOBODY, _("whoever has time"))] if case.assignee else [])]
