"""Calls for applications, for everybody; beginning an application; one's own applications."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required, login_required
from django.db.models import QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_POST

from denggao.engines.cases import policies, procedures
from denggao.engines.cases.actions.drafting import open_case
from denggao.engines.cases.call_form import options_of_call, seats_of_call
from denggao.engines.cases.focus import grouped
from denggao.engines.cases.models import Case, Draft, Round
from denggao.engines.cases.procedures import Audience, CaseForm, Procedure
from denggao.engines.cases.showing import label_of, state_of
from denggao.engines.cases.states import State
from denggao.engines.cases.views.wording import state_tone, until
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, ActorKind, actor_of
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.ui.listing import Listing
from denggao.foundation.ui.templatetags.dg import day, moment


@dataclass(frozen=True)
class Call:
    """A round as the public sees it."""

    round: Round
    name: str
    is_open: bool
    state: str
    tone: str
    sentence: str


def call_of(round_: Round, now: dt.datetime) -> Call:
    try:
        name = str(procedures.latest(round_.procedure).name)
    except KeyError:
        name = ""
    if round_.state == Round.State.CLOSED or round_.closes_at <= now:
        return Call(round_, name, False, pgettext("a call", "closed"), "", _("Closed on %(day)s") % {"day": day(round_.closes_at)})
    if round_.opens_at > now:
        return Call(round_, name, False, _("opens soon"), "amber", _("Opens on %(at)s") % {"at": moment(round_.opens_at)})
    left = (timezone.localdate(round_.closes_at) - timezone.localdate(now)).days
    words = ngettext("%(days)s day left", "%(days)s days left", left) % {"days": left} if left else _("today is the last day")
    sentence = _("Until %(at)s, %(left)s") % {"at": moment(round_.closes_at), "left": words}
    return Call(round_, name, True, pgettext("a call", "open"), "jade", sentence)


@login_not_required
@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """The calls that are open or open soon; or those that are over."""
    now, past = timezone.now(), request.GET.get("view") == "past"
    rounds = Round.objects.exclude(state=Round.State.DRAFT)
    over = rounds.filter(closes_at__lte=now) | rounds.filter(state=Round.State.CLOSED)
    shown: QuerySet[Round] = over if past else rounds.filter(state=Round.State.OPEN, closes_at__gt=now)
    listing = Listing(request.GET, shown.order_by("-closes_at" if past else "closes_at", "id"), per_page=20)
    tabs = [
        {"label": pgettext("calls", "Open"), "url": reverse("cases:calls"), "on": not past, "count": None},
        {"label": _("Past"), "url": f"{reverse('cases:calls')}?view=past", "on": past, "count": None},
    ]
    context = {
        "listing": listing,
        "rows": [call_of(each, now) for each in listing.rows],
        "tabs": tabs,
        "past": past,
        "may_apply": actor_of(request).kind == ActorKind.ACCOUNT,
    }
    return render(request, "cases/calls.html", context)


@login_not_required
@require_GET
def call(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _call_page(request, _published(actor_of(request), public_id))


def _published(actor: Actor, public_id: UUID) -> Round:
    """Raises Http404 for a call in preparation, which only the office sees, elsewhere."""
    found = policies.get_round_for(actor, public_id)
    if found.state == Round.State.DRAFT:
        raise Http404
    return found


def _call_page(request: HttpRequest, round_: Round, refusal: str = "") -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    shown = call_of(round_, now)
    try:
        declared: Procedure | None = procedures.latest(round_.procedure)
    except KeyError:
        declared = None
    facts = [(_("Opens"), moment(round_.opens_at)), (_("Closes"), moment(round_.closes_at))]
    if round_.quota:
        facts.append((_("Can be awarded"), str(round_.quota)))
    if round_.document:
        facts.append((_("Document"), round_.document))
    facts += seats_of_call(round_)
    if declared is not None:
        facts += declared.system.terms(round_)
    facts += options_of_call(round_, Audience.PUBLIC, timezone.localdate(now))
    context = {
        "call": shown,
        "facts": facts,
        "refusal": refusal,
        "signed_in": actor.kind == ActorKind.ACCOUNT,
        "applicants": _applicants(actor, round_, declared) if declared and shown.is_open and actor.user else [],
        "ways": declared.system.ways(actor, round_) if declared and actor.user and not actor.is_office else (),
        "nobody": _nobody(declared),
        "sign_in": _who_signs_in(declared),
        "sections": _asked(declared.form_of(round_.options) or declared.form) if declared else [],
        "stages": _stages(declared) if declared else [],
        "focus": grouped(round_.looks_for),
    }
    return render(request, "cases/call.html", context, status=422 if refusal else 200)


def _who_signs_in(declared: Procedure | None) -> str:
    if declared is not None and declared.applicant == "person":
        return _("Sign in with your own account to apply.")
    if declared is not None and declared.applicant == "either":
        return _("Sign in to apply: with your own account for yourself, or with one that writes for your body.")
    return _("Sign in with an account of your body to apply.")


def _nobody(declared: Procedure | None) -> str:
    if declared is not None and declared.applicant == "person":
        return _("Only a person on record can apply here; your account is not joined to one yet.")
    if declared is not None and declared.applicant == "either":
        return _(
            "Persons on record and bodies apply here. Your account is joined to no person yet, and writes for no body: your body’s "
            "administrator, or the office, can change that."
        )
    return _("Your account writes for no body that can apply here. Your body’s administrator, or the office, can grant the role.")


def _asked(form: CaseForm) -> list[dict[str, Any]]:
    return [
        {
            "title": section.title,
            "help": section.help,
            "asked": [
                {"label": label_of(name, asked), "required": asked.required, "help": asked.help_text}
                for name, asked in section.fields().items()
            ],
        }
        for section in form.sections
    ]


def _stages(declared: Procedure) -> list[dict[str, Any]]:
    return [{"name": stage.names.of(Audience.PUBLIC), "days": stage.days} for stage in declared.stages]


@dataclass(frozen=True)
class Standing:
    """An application of an applicant's, with the way on."""

    case: Case
    url: str
    sentence: str

    @property
    def is_draft(self) -> bool:
        """Still to be handed in, or to be corrected."""
        return self.case.state == State.RETURNED or (self.case.state == State.OPEN and self.case.stage_kind == "draft")


@dataclass(frozen=True)
class Applicant:
    """Somebody the visitor can apply for: the applications that stand, and whether one can be begun, or why not. ``is_person``:
    oneself, where bodies could apply too. ``more``: how many further ones are not listed."""

    id: str
    name: str
    refusal: str = ""
    may_begin: bool = True
    is_person: bool = False
    standing: tuple[Standing, ...] = ()
    more: int = 0


# More than these are found under one's own applications.
_LISTED = 20


def _applicants(actor: Actor, round_: Round, declared: Procedure) -> list[Applicant]:
    """The actor's bodies (or person), each with what stands. A few queries a body: nobody writes for many."""
    given: list[Organisation | Person] = []
    if declared.takes_bodies:
        given += Organisation.objects.filter(pk__in=actor.organisations_as(*declared.applicant_roles)).order_by("name_key")
    if declared.takes_persons:
        given += Person.objects.filter(account=actor.user)
    present: dict[tuple[int | None, int | None], list[Case]] = defaultdict(list)
    for case in policies.own_cases(actor).filter(round=round_).order_by("opened_at").with_labels():
        present[case.body_id, case.person_id].append(case)
    return [
        _applicant(actor, round_, declared, each, present[(each.pk, None) if isinstance(each, Organisation) else (None, each.pk)])
        for each in given
    ]


def _applicant(actor: Actor, round_: Round, declared: Procedure, one: Organisation | Person, cases: list[Case]) -> Applicant:
    kind = "body" if isinstance(one, Organisation) else "person"
    once = declared.is_once_for(kind)
    shown = [case for case in (cases[-1:] if once else reversed(cases)) if case.is_standing or case.state == State.AWARDED]
    may_begin = not (once and shown)
    return Applicant(
        str(one.public_id),
        one.name,
        refusal=str(declared.system.may_apply(actor, round_, one) or "") if may_begin else "",
        may_begin=may_begin,
        is_person=kind == "person" and declared.takes_bodies,
        standing=tuple(Standing(case, _way_on(case), what_is_missing(case)) for case in shown[:_LISTED]),
        more=max(0, len(shown) - _LISTED),
    )


def _way_on(case: Case) -> str:
    if case.stage_kind == "draft" and case.state == State.OPEN:
        return reverse("cases:begin", args=[case.public_id])
    return reverse("cases:case", args=[case.public_id])


def what_is_missing(case: Case, drafts: Sequence[Draft] | None = None) -> str:
    """How far a draft is, in a sentence; for others where they stand."""
    if case.state == State.OPEN and case.stage_kind == "draft":
        return _missing(case.declared.forms[case.form_version], case.drafts.all() if drafts is None else drafts)
    return case.at.names.of(Audience.APPLICANT) if case.is_standing else case.get_state_display()


def _missing(form: CaseForm, drafts: Sequence[Draft] | QuerySet[Draft]) -> str:
    answers: Mapping[str, dict[str, Any]] = {draft.section: draft.answers or {} for draft in drafts}
    done = sum(1 for section in form.sections if state_of(section, answers.get(section.code, {})).code == "done")
    if done == len(form.sections):
        return _("Everything is filled in; it has not been submitted yet.")
    return _("%(done)s of %(total)s sections are complete") % {"done": done, "total": len(form.sections)}


@login_required
@require_POST
def apply(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    round_ = _published(actor, public_id)
    try:
        chosen = UUID(request.POST.get("applicant", ""))
    except ValueError:
        raise Http404 from None
    body = Organisation.objects.filter(public_id=chosen).first()
    person = Person.objects.filter(public_id=chosen, account=actor.user).first() if body is None else None
    if body is None and person is None:
        raise Http404
    try:
        case = open_case(round_, body=body, person=person, actor=actor, now=timezone.now())
    except Refused as refused:
        return _call_page(request, round_, str(refused))
    return redirect("cases:begin", case.public_id)


@dataclass(frozen=True)
class OwnRow:
    case: Case
    url: str
    round: str
    stage: str
    sentence: str
    tone: str
    tile: str
    icon: str


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The actor's applications, the body's and the own: what waits for them first. Queries do not grow with the rows."""
    actor = actor_of(request)
    found = policies.own_cases(actor).select_related("round").defer("round__call_zh", "round__call_en", "round__focus")
    listing = Listing(request.GET, found.order_by("ended_at", "-opened_at", "-id"), per_page=20)
    shown = list(listing.rows)
    # Only a draft says how far it is; what was submitted is not read for a line of a list.
    prefetch_related_objects([case for case in shown if case.state == State.OPEN and case.stage_kind == "draft"], "drafts")
    return render(request, "cases/mine.html", {"listing": listing, "rows": [_own_row(case) for case in shown]})


def _own_row(case: Case) -> OwnRow:
    tone, icon = state_tone(case)
    if case.state == State.OPEN and case.stage_kind == "draft":
        sentence = " · ".join(filter(None, [what_is_missing(case, list(case.drafts.all())), until(case)]))
    elif case.state == State.RETURNED:
        sentence = " · ".join(filter(None, [_("The office asks for a correction"), until(case)]))
    elif case.is_standing:
        sentence = _("Waiting for %(whom)s since %(day)s") % {"whom": case.get_waits_for_display(), "day": day(case.waits_since)}
    else:
        sentence = _("%(state)s on %(day)s") % {"state": case.get_state_display(), "day": day(case.ended_at)}
    stage = case.at.names.of(Audience.APPLICANT) if case.state == State.OPEN else case.get_state_display()
    tile = "amber" if case.waits_for == "applicant" else "jade" if case.state == State.AWARDED else ""
    return OwnRow(case, _way_on(case), case.round.title if case.round else "", str(stage), sentence, tone, tile, icon)
