"""What asks for one's consent: the application as it was submitted, and the answer. Made for a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from denggao.engines.agreements.policies import name_shown
from denggao.engines.cases.actions.consenting import agree, ask_for_changes, decline, take_back_consent
from denggao.engines.cases.consents import get_consent_for, may_answer, visible_consents
from denggao.engines.cases.forms import AnswerForm, AnswerWhyForm
from denggao.engines.cases.models import Consent, Snapshot
from denggao.engines.cases.paper import facts_of, sections_of
from denggao.engines.cases.procedures import Audience
from denggao.engines.cases.states import Act, can
from denggao.engines.cases.views.drafts import files_of
from denggao.foundation.audit.actions import NotAllowed, Refused
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.ui.listing import Listing

TONES = {
    Consent.State.ASKED: "amber",
    Consent.State.AGREED: "jade",
    Consent.State.CHANGES: "amber",
    Consent.State.DECLINED: "crimson",
    Consent.State.TAKEN_BACK: "crimson",
    Consent.State.VOID: "",
}


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What waits for the account's word; or all it was ever asked."""
    found = visible_consents(actor_of(request))
    everything = request.GET.get("tab") == "all"
    waiting = found.filter(state=Consent.State.ASKED)
    listing = Listing(request.GET, (found if everything else waiting).order_by("-asked_at", "-id"), per_page=20)
    context = {
        "listing": listing,
        "rows": [(each, TONES[Consent.State(each.state)]) for each in listing.rows],
        "everything": everything,
        "tabs": [
            {"label": _("Waiting for your consent"), "url": "?", "on": not everything, "count": waiting.count()},
            {"label": pgettext("consents", "All"), "url": "?tab=all", "on": everything, "count": None},
        ],
    }
    return render(request, "cases/consents.html", context)


@login_required
@never_cache
@require_safe
def one(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _page(request, get_consent_for(actor_of(request), public_id))


def _page(request: HttpRequest, consent: Consent, *, code: str = "", form: AnswerForm | None = None) -> HttpResponse:
    """The application as it was submitted, and what can be said of it. ``code`` names the answer whose ``form`` has a fault."""
    actor, case = actor_of(request), consent.case
    frozen = Snapshot.objects.filter(case=case, number=consent.snapshot).first()
    if frozen is None:
        raise Http404
    frozen.case = case
    seen = {"hash_seen": consent.content_hash}
    answers = may_answer(actor, consent)
    context: dict[str, Any] = {
        "consent": consent,
        "tone": TONES[Consent.State(consent.state)],
        "case": case,
        "snapshot": frozen,
        "facts": facts_of(frozen),
        "sections": sections_of(frozen, files_of(case)),
        "stage": case.at.names.of(Audience.APPLICANT) if case.is_standing else case.get_state_display(),
        "complaint": " ".join(str(error) for error in form.non_field_errors()) if form is not None else "",
        "newer": visible_consents(actor).filter(case=case, pk__gt=consent.pk, state__in=Consent.IN_FORCE).first(),
        "name": name_shown(actor),
        "wrong": code,
    }
    if answers and consent.state == Consent.State.ASKED and can(Act.CONSENTED, case.state, case.stage_kind):
        context |= {
            "agree_form": AnswerForm(initial=seen, auto_id="agree-%s"),
            "changes_form": form if code == "changes" else AnswerWhyForm(initial=seen, auto_id="changes-%s"),
            "decline_form": form if code == "decline" else AnswerWhyForm(initial=seen, auto_id="decline-%s"),
        }
    elif answers and consent.state == Consent.State.AGREED and can(Act.TAKEN_BACK, case.state, case.stage_kind):
        context["take_back_form"] = form if code == "take-back" else AnswerWhyForm(initial=seen, auto_id="back-%s")
    return render(request, "cases/consent.html", context, status=422 if form is not None else 200)


def _answered(
    request: HttpRequest, public_id: UUID, code: str, form: AnswerForm, do: Callable[[Consent], object], done: str
) -> HttpResponse:
    consent = get_consent_for(actor_of(request), public_id)
    if form.is_valid():
        try:
            do(consent)
        except NotAllowed:
            raise
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, done)
            return redirect("cases:consent", public_id)
    return _page(request, get_consent_for(actor_of(request), public_id), code=code, form=form)


@login_required
@require_POST
def give(request: HttpRequest, public_id: UUID) -> HttpResponse:
    form = AnswerForm(request.POST)
    return _answered(
        request,
        public_id,
        "agree",
        form,
        lambda consent: agree(consent, hash_seen=form.cleaned_data["hash_seen"], actor=actor_of(request), now=timezone.now()),
        _("You have agreed. The application goes on; you are told what becomes of it on this page."),
    )


@login_required
@require_POST
def changes(request: HttpRequest, public_id: UUID) -> HttpResponse:
    form = AnswerWhyForm(request.POST, auto_id="changes-%s")
    return _answered(
        request,
        public_id,
        "changes",
        form,
        lambda consent: ask_for_changes(consent, **form.cleaned_data, actor=actor_of(request), now=timezone.now()),
        _("The application is back with its applicant. Once it is corrected, you are asked again."),
    )


@login_required
@require_POST
def refuse(request: HttpRequest, public_id: UUID) -> HttpResponse:
    form = AnswerWhyForm(request.POST, auto_id="decline-%s")
    return _answered(
        request,
        public_id,
        "decline",
        form,
        lambda consent: decline(consent, **form.cleaned_data, actor=actor_of(request), now=timezone.now()),
        _("You have declined. The application has ended."),
    )


@login_required
@require_POST
def take_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    form = AnswerWhyForm(request.POST, auto_id="back-%s")
    return _answered(
        request,
        public_id,
        "take-back",
        form,
        lambda consent: take_back_consent(consent, reason=form.cleaned_data["reason"], actor=actor_of(request), now=timezone.now()),
        _("Your consent is taken back. The application has ended."),
    )
