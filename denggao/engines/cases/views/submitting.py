"""Looking an application through, submitting it, taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.engines.cases import policies
from denggao.engines.cases.actions import resubmit_case, submit_case, withdraw_case
from denggao.engines.cases.answers import clean
from denggao.engines.cases.arriving import faults_of, unfinished
from denggao.engines.cases.forms import RemarkForm
from denggao.engines.cases.known import known_of
from denggao.engines.cases.models import Case
from denggao.engines.cases.procedures import CaseForm
from denggao.engines.cases.refusals import AnswersIncomplete
from denggao.engines.cases.showing import label_of, shown_sections
from denggao.engines.cases.states import Act, State, can
from denggao.engines.cases.views.acts import ActPage, serve
from denggao.engines.cases.views.drafts import FormPage
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, actor_of

Fault = tuple[str, str, str]


@dataclass(frozen=True)
class OpenPoint:
    label: str
    sentence: str
    url: str


@login_required
@require_GET
def review(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What will be filed, and every point that is still open, each with the way to it."""
    actor = actor_of(request)
    case = policies.get_case_for_writing(actor, public_id)
    if not can(Act.SAVE, case.state, case.stage_kind):
        return redirect("cases:case", case.public_id)
    return _review_page(request, case, actor)


def _review_page(
    request: HttpRequest, case: Case, actor: Actor, *, refusal: str = "", faults: Iterable[Fault] | None = None
) -> HttpResponse:
    form = case.declared.forms[case.form_version]
    page = FormPage(case, form.sections[0].code, actor=actor)
    drafts: dict[str, dict[str, Any]] = {code: draft.answers or {} for code, draft in page.drafts.items()}
    if faults is None:
        answers, found = clean(form, drafts)
        faults = found or [
            (section, name, str(said)) for section, name, said in case.declared.system.submission_faults(case, answers)
        ]
        faults = [*faults_of(unfinished(case, actor)), *faults]
    context = {
        "case": case,
        "round": case.round,
        "states": page.states,
        "faults": [_point(case, form, each) for each in faults],
        "sections": shown_sections(form, drafts, page.files, known_of(case)),
        "returned": page.correction,
        "refusal": refusal,
        "lock": case.lock,
    }
    return render(request, "cases/review.html", context, status=422 if refusal else 200)


def _point(case: Case, form: CaseForm, fault: Fault) -> OpenPoint:
    section_code, name, sentence = fault
    section = form.section(section_code)
    asked = section.fields().get(name)
    label = f"{section.title} · {label_of(name, asked)}" if asked is not None else str(section.title)
    url = f"{reverse('cases:edit', args=[case.public_id, section_code])}?check=1"
    return OpenPoint(label, sentence, f"{url}#field-{name}" if name else url)


@login_required
@require_POST
def submit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """For the first time, or corrected."""
    actor, now = actor_of(request), timezone.now()
    case = policies.get_case_for_writing(actor, public_id)
    if not request.POST.get("sure"):
        return _review_page(request, case, actor, refusal=_("Tick that it is true and complete; then submit."))
    again = case.state == State.RETURNED
    seen = request.POST.get("lock", "")
    try:
        done = resubmit_case if again else submit_case
        case = done(case, seen=int(seen) if seen.isascii() and seen.isdigit() else None, actor=actor, now=now)
    except AnswersIncomplete as incomplete:
        return _review_page(request, case, actor, refusal=str(incomplete), faults=incomplete.faults)
    except Refused as refused:
        if not can(Act.SAVE, case.state, case.stage_kind):
            messages.error(request, str(refused))
            return redirect("cases:case", case.public_id)
        return _review_page(request, case, actor, refusal=str(refused))
    said = _("Submitted as number %(number)s. You are told when something happens.") % {"number": case.number}
    messages.success(request, _("The correction is submitted; the office goes on.") if again else said)
    return redirect("cases:case", case.public_id)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    case = policies.get_case_for_writing(actor, public_id)
    act = ActPage(
        _("Withdraw this application"),
        _("It ends here and can’t be taken up again; what was written stays in the record. In an open call you can begin anew."),
        _("Withdraw the application"),
        _("The application is withdrawn."),
        tone="danger-fill",
        applicant=True,
    )
    form = RemarkForm(request.POST if request.method == "POST" else None, initial={"lock": case.lock})

    def do() -> object:
        return withdraw_case(
            case, reason=form.cleaned_data["reason"], seen=form.cleaned_data["lock"], actor=actor, now=timezone.now()
        )

    return serve(request, case, form, act, do)
