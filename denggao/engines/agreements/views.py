"""What waits for a signature; the text, who has signed, and signing it. Made for a phone in a corridor as for a desk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from denggao.engines.agreements import queries
from denggao.engines.agreements.actions import AlreadySpoken, must_be_able_to_speak, refuse_to_sign, sign
from denggao.engines.agreements.forms import RefuseForm, SignForm, SpeakForm
from denggao.engines.agreements.models import Refusal, Signature, Signer, SigningRequest
from denggao.engines.agreements.policies import (
    get_request_for,
    get_signer_for,
    name_shown,
    signer_for,
    signs_for_a_body,
    visible_requests,
)
from denggao.engines.agreements.reading import lines_of
from denggao.engines.agreements.registry import label_of, subject_of
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.people.signin.proving import WrongProof, factor_asked_of, give_second_factor
from denggao.foundation.ui.exports import table_response
from denggao.foundation.ui.listing import Listing
from denggao.foundation.ui.words import listed

ALL = pgettext_lazy("no filter", "all")


class RequestFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), empty_label=ALL, choices=SigningRequest.State.choices)

    class Meta:
        model = SigningRequest
        fields: tuple[str, ...] = ()


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    waiting = queries.waiting_for(actor)
    everything = visible_requests(actor)
    signs = signs_for_a_body(actor)
    tab = "waiting" if signs and request.GET.get("tab") != "all" else "all"
    shown: QuerySet[SigningRequest] = waiting if tab == "waiting" else everything
    listing = Listing(
        request.GET,
        shown.prefetch_related("signers__organisation"),
        sorts={"title": "title_zh", "asked": "asked_at", "due": "due_on"},
        default="due" if tab == "waiting" else "-asked",
        search=_search,
        filters=RequestFilters if tab == "all" else None,
    )
    if listing.export:
        return _export(listing)
    context = {
        "listing": listing,
        "rows": queries.rows_of(listing.rows),
        "tab": tab,
        "today": timezone.localdate(),
        "tabs": _tabs(tab, waiting.count()) if signs else [],
    }
    return render(request, "agreements/list.html", context)


def _tabs(tab: str, waiting: int) -> list[dict[str, Any]]:
    return [
        {"label": _("Waits for my body"), "url": "?tab=waiting", "on": tab == "waiting", "count": waiting},
        {"label": _("All"), "url": "?tab=all", "on": tab == "all", "count": None},
    ]


def _search(requests: QuerySet[SigningRequest], text: str) -> QuerySet[SigningRequest]:
    """Every word in the title, or in the name of a body asked."""
    for word in text.split():
        bodies = Signer.objects.filter(Q(organisation__name_zh__icontains=word) | Q(organisation__name_en__icontains=word))
        found = Q(title_zh__icontains=word) | Q(title_en__icontains=word) | Q(pk__in=bodies.values("request_id"))
        requests = requests.filter(found)
    return requests


def _export(listing: Listing) -> HttpResponse:
    header = [_("Text"), _("Round"), _("State"), _("Signed"), _("Waits for"), _("Asked on"), _("Due"), _("Hash of the text")]
    rows = (
        (
            row.request.title,
            row.request.round,
            str(row.request.get_state_display()),
            f"{row.signed}/{row.total}",
            listed(row.waits),
            timezone.localdate(row.request.asked_at),
            row.request.due_on,
            row.request.content_hash,
        )
        for row in queries.rows_of(listing.everything)
    )
    return table_response("signatures", header, rows, kind=listing.export)


@login_required
@never_cache
@require_safe
def one(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _page(request, get_request_for(actor_of(request), public_id))


@login_required
@never_cache
@sensitive_post_parameters("proof")
@require_POST
def give(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Sign. A signature that this account has given already, by a first click, is shown as its receipt."""
    actor = actor_of(request)
    wanted = get_signer_for(actor, public_id)
    factor = factor_asked_of(actor.user) if actor.user is not None else None
    if actor.user is None or factor is None:
        return redirect(_set_up(wanted))
    form = SignForm(request.POST, factor=factor)
    if not form.is_valid():
        return _page(request, wanted, sign_form=form)
    body, now = _body(wanted, form), timezone.now()
    told = {"organisation": body, "shown_hash": form.cleaned_data["shown_hash"], "actor": actor}
    try:
        must_be_able_to_speak(wanted, **told)
        proof = give_second_factor(actor.user, form.cleaned_data["proof"], actor=actor, now=now)
        said = sign(wanted, second_factor=proof, now=now, **told)
    except AlreadySpoken as spoken:
        if isinstance(spoken.word, Signature) and spoken.word.account_id == actor.id:
            return _signed(request, spoken.word)
        form.add_error(None, str(spoken))
    except WrongProof as wrong:
        own = Signature.objects.filter(signer__request=wanted, signer__organisation=body, account_id=actor.id).first()
        if own is not None:
            return _signed(request, own)
        form.add_error("proof", str(wrong))
    except Refused as refused:
        form.add_error(None, str(refused))
    else:
        return _signed(request, said)
    return _page(request, wanted, sign_form=form)


@login_required
@never_cache
@require_POST
def refuse(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    wanted = get_signer_for(actor, public_id)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _page(request, wanted, refuse_form=form)
    told = {"shown_hash": form.cleaned_data["shown_hash"], "reason": form.cleaned_data["reason"], "actor": actor}
    try:
        refuse_to_sign(wanted, organisation=_body(wanted, form), now=timezone.now(), **told)
    except AlreadySpoken as spoken:
        if not (isinstance(spoken.word, Refusal) and spoken.word.account_id == actor.id):
            form.add_error(None, str(spoken))
            return _page(request, wanted, refuse_form=form)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, wanted, refuse_form=form)
    messages.info(request, _("Your refusal and its reason are kept. The programme office takes the matter up."))
    return redirect("agreements:request", public_id)


def _signed(request: HttpRequest, said: Signature) -> HttpResponse:
    wanted = said.signer.request
    wanted.refresh_from_db()
    moment = f"{timezone.localtime(said.at):%H:%M:%S}"
    if wanted.state == SigningRequest.State.COMPLETE:
        messages.success(request, _("Signed at %(time)s. All bodies have signed: it counts from now on.") % {"time": moment})
    else:
        messages.success(request, _("Signed at %(time)s. It counts once the other bodies have signed.") % {"time": moment})
    return redirect("agreements:request", wanted.public_id)


def _body(wanted: SigningRequest, form: SpeakForm) -> Any:
    """The body named on the page. One the actor doesn't speak for is refused by the action."""
    public_id = form.cleaned_data["organisation"]
    found = [signer.organisation for signer in wanted.signers.all() if signer.organisation.public_id == public_id]
    return found[0] if found else wanted.signers.all()[0].organisation


def _set_up(wanted: SigningRequest) -> str:
    back = reverse("agreements:request", args=[wanted.public_id])
    return f"{reverse('account_set_up_factor')}?{urlencode({'next': back})}"


def _page(
    request: HttpRequest, wanted: SigningRequest, *, sign_form: SignForm | None = None, refuse_form: RefuseForm | None = None
) -> HttpResponse:
    """The text as it stands now. What was refused is said on top, and the forms begin afresh over the text shown; a form in
    which only a field is wrong is carried on."""
    actor = actor_of(request)
    bound = sign_form or refuse_form
    if bound is not None:
        wanted = get_request_for(actor, wanted.public_id)
    standings = queries.standings(wanted)
    mine = signer_for(actor, wanted)
    complaint = " ".join(str(error) for error in bound.non_field_errors()) if bound is not None else ""
    others = [item for item in queries.rounds_of(wanted.subject_kind, wanted.subject_id) if item.pk != wanted.pk]
    context: dict[str, Any] = {
        "wanted": wanted,
        "lines": lines_of(wanted.content, label_of),
        "described": subject_of(wanted.subject_kind).describe(actor, wanted.subject_id),
        "standings": standings,
        "own": queries.own_words(standings, actor),
        "complaint": complaint,
        "earlier": [item for item in others if item.round < wanted.round],
        "newer": next((item for item in others if item.round > wanted.round), None),
        "sees_origins": actor.is_office,
        "today": timezone.localdate(),
    }
    if wanted.state == SigningRequest.State.OPEN and mine is not None and mine.state == Signer.State.WAITING:
        kept = (None, None) if complaint else (sign_form, refuse_form)
        context |= {"mine": mine, "barred": _barred(actor, wanted, mine)} | _forms(actor, wanted, mine, *kept)
    return render(request, "agreements/request.html", context, status=422 if bound is not None else 200)


def _barred(actor: Actor, wanted: SigningRequest, mine: Signer) -> str:
    """Why this account may not sign, where it may not."""
    try:
        must_be_able_to_speak(wanted, organisation=mine.organisation, shown_hash=wanted.content_hash, actor=actor)
    except Refused as refused:
        return str(refused)
    return ""


def _forms(
    actor: Actor, wanted: SigningRequest, mine: Signer, sign_form: SignForm | None, refuse_form: RefuseForm | None
) -> dict[str, Any]:
    initial = {"organisation": mine.organisation.public_id, "shown_hash": wanted.content_hash}
    factor = factor_asked_of(actor.user) if actor.user is not None else None
    if sign_form is None and factor is not None:
        sign_form = SignForm(initial=initial, factor=factor)
    return {
        "sign_form": sign_form,
        "refuse_form": refuse_form or RefuseForm(initial=initial, auto_id="refuse-%s"),
        "refusing": refuse_form is not None,
        "needs_factor": factor is None,
        "set_up_url": _set_up(wanted),
        "name_shown": name_shown(actor),
    }
