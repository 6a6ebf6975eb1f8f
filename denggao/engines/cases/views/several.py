"""Steps for several cases of the worklist at once: shown with what follows, then done, each by the rules it would go by alone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from denggao.engines.cases import policies, queries
from denggao.engines.cases.actions import Outcome, nudge, pass_many, reassign_case
from denggao.engines.cases.actions.noticing import publish_notice
from denggao.engines.cases.filters import kept_query
from denggao.engines.cases.forms import HandOverForm, NoticeForm, RemarkForm
from denggao.engines.cases.models import Case
from denggao.engines.cases.procedures import StageKind
from denggao.engines.cases.states import State, WaitsFor
from denggao.engines.cases.views.acts import ActPage
from denggao.engines.cases.views.office import NOBODY, colleagues_by_name
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, actor_of

# As many as a page shows.
_MOST_AT_ONCE = 50


@login_required
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """First shown with what follows, then, once confirmed, done: each case by the rules it would go by alone."""
    actor = actor_of(request)
    if not policies.can_work_in_bulk(actor):
        raise PermissionDenied
    do = request.POST.get("do", "")
    marked = _marked(actor, request.POST.getlist("case"))
    back = _back(request)
    if do not in _ACTS or not marked:
        messages.warning(request, _("Mark the cases first."))
        return redirect(back)
    cases = [case for case in marked if _can(do, case, actor)]
    sure = request.POST if request.POST.get("sure") else None
    form: forms.Form = RemarkForm(sure)
    if do == "hand":
        form = HandOverForm(sure, choices=_who_fits(cases))
    elif do == "notice":
        form = NoticeForm(sure)
    elif do == "remind":
        form = forms.Form(sure)
    if sure and cases and form.is_valid():
        try:
            outcomes = _do(do, cases, form, actor, timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            _tell(request, outcomes)
            return redirect(back)
    waits = queries.waiting(cases, today=timezone.localdate()) if do == "remind" else {}
    context = {
        "act": _ACTS[do](),
        "do": do,
        "cases": [(case, waits[case.pk].text if waits else "") for case in cases],
        "left": len(marked) - len(cases),
        "form": form,
        "back": back,
        "list": kept_query(request.POST.get("list", "")),
    }
    return render(request, "cases/bulk.html", context, status=422 if sure else 200)


def _back(request: HttpRequest) -> str:
    """The list from which the cases were marked."""
    query = kept_query(request.POST.get("list", ""))
    return reverse("cases:worklist") + (f"?{query}" if query else "")


def _marked(actor: Actor, given: Iterable[str]) -> list[Case]:
    ids = []
    for text in list(given)[:_MOST_AT_ONCE]:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return list(policies.visible_cases(actor).submitted().filter(public_id__in=ids).with_labels().order_by("number"))


def _can(do: str, case: Case, actor: Actor) -> bool:
    if do == "remind":
        return case.is_standing and policies.can_hand_over(actor, case)
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
    if do == "remind":
        return [_one(case, lambda case: nudge(case, actor=actor, now=now)) for case in cases]
    reason = form.cleaned_data["reason"]
    if do == "pass":
        return pass_many(cases, reason=reason, actor=actor, now=now)
    chosen = form.cleaned_data["to"]
    to = None if chosen == NOBODY else User.objects.get(public_id=chosen)
    return [_one(case, lambda case: reassign_case(case, to=to, reason=reason, actor=actor, now=now)) for case in cases]


def _one(case: Case, act: Callable[[Case], object]) -> Outcome:
    """Each case for itself: one that refuses does not hold up the others."""
    try:
        told = act(case)
    except Refused as refused:
        return Outcome(case, done=False, sentence=str(refused))
    return Outcome(case, done=True, sentence=told if isinstance(told, str) else "")


def _tell(request: HttpRequest, outcomes: list[Outcome]) -> None:
    """How many it was done for, then each thing that happened once, with the cases it happened to."""
    done = sum(1 for each in outcomes if each.done)
    if done:
        messages.success(request, ngettext("Done for %(count)s case.", "Done for %(count)s cases.", done) % {"count": done})
    by_sentence: dict[tuple[bool, str], list[str]] = defaultdict(list)
    for each in outcomes:
        if each.sentence:
            by_sentence[each.done, each.sentence].append(str(each.case))
    for (was_done, sentence), cases in by_sentence.items():
        level = messages.INFO if was_done else messages.ERROR
        messages.add_message(request, level, _("%(case)s: %(why)s") % {"case": ", ".join(cases), "why": sentence})


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
    "remind": lambda: ActPage(
        _("Remind whoever is waited for"),
        _("Whoever’s turn it is gets a message in the app and by e-mail. Nobody is reminded twice in a short time."),
        _("Remind"),
        "",
    ),
}
