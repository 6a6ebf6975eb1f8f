"""The reckoner, the office's list, one application with its reckoning and outcome."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.engines.cases.models import Round
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.people.models import Person
from denggao.foundation.ui.acts import Act, posted, serve_act
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.systems.craftsmen.benefits import policies
from denggao.systems.craftsmen.benefits.actions import (
    BENEFIT,
    confirm_outcome,
    dismiss_outcome,
    forget_answers,
    note_told,
    propose_outcome,
    save_answers,
)
from denggao.systems.craftsmen.benefits.forms import BenefitFilter, OutcomeForm, ReasonForm, ReckonForm, ToldForm
from denggao.systems.craftsmen.benefits.gathering import facts_of, reckon, said_from, saved_of, thawed, title_of
from denggao.systems.craftsmen.benefits.models import BenefitApplication, BenefitOutcome
from denggao.systems.craftsmen.benefits.rules import Facts, shifted
from denggao.systems.craftsmen.benefits.showing import OUTCOME_TONES, plot, shown, told

ANSWERS = {"confirm": confirm_outcome, "dismiss": dismiss_outcome}


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def reckoner(request: HttpRequest) -> HttpResponse:
    """What a craftsman may come to, step by step. PRIVACY: what is typed comes by POST, so that no address holds it, and is kept
    only where the person asks for it."""
    actor = actor_of(request)
    person = policies.own_person(actor)
    craftsman = title_of(person) if person is not None else None
    if person is None or craftsman is None:
        return render(request, "benefits/none.html", {}, status=200)
    today = timezone.localdate()
    saved = saved_of(person)
    kept: dict[str, Any] = saved.answers if saved is not None else {}
    form = ReckonForm(_given(request)) if request.method == "POST" else ReckonForm(initial={**kept, "on": today})
    said, on = said_from(kept), today
    if form.is_bound and form.is_valid():
        said, on = said_from(form.answers), form.cleaned_data["on"]
        if request.POST.get("act") == "save":
            save_answers(person, form.answers, actor=actor, now=timezone.now())
            messages.success(request, _("Your answers are kept, encrypted. You can delete them here at any time."))
            return redirect("benefits:reckoner")
    facts = facts_of(person, said, today)
    answers = reckon(person, said, on, known_on=today)
    context = {
        "form": form,
        "craftsman": craftsman,
        "saved": saved,
        "on": on,
        "is_ahead": on > today,
        "ahead": [(years, shifted(today, years)) for years in (1, 2, 3, 5)],
        "facts": facts,
        "known": _known(person, facts),
        "answers": [shown(answer) for answer in answers.values()],
        "rounds": _open_rounds(),
    }
    return render(request, "benefits/reckoner.html", context, status=422 if form.errors else 200)


def _given(request: HttpRequest) -> Any:
    """What was posted; one of the buttons ahead sets the day."""
    given = request.POST.copy()
    if ahead := given.get("ahead"):
        given["on"] = ahead
    return given


def _known(person: Person, facts: Facts) -> list[tuple[str, str, str]]:
    """What is prefilled and can't be typed over, with its source."""
    lines = [
        (
            span.where,
            f"{span.first.isoformat()} – {span.last.isoformat() if span.last else _('today')}",
            _("rosters of the employer"),
        )
        for span in facts.spans
    ]
    lines += [
        (one.name, f"{one.number} · {one.issued_on.isoformat()}", _("register of level certificates")) for one in facts.levels
    ]
    return lines


def _open_rounds() -> list[Round]:
    now = timezone.now()
    return list(
        Round.objects.filter(procedure=BENEFIT, state=Round.State.OPEN, opens_at__lte=now, closes_at__gt=now).order_by("-opens_at")
    )


@login_required
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    person = policies.own_person(actor)
    if person is None:
        raise Http404
    forget_answers(person, actor=actor, now=timezone.now())
    messages.success(request, _("Your answers are deleted."))
    return redirect("benefits:reckoner")


@login_required
@require_GET
def benefit_list(request: HttpRequest) -> HttpResponse:
    """The office's."""
    actor = actor_of(request)
    if not actor.is_office:
        raise PermissionDenied
    visible = policies.visible_benefits(actor)
    listing = Listing(
        request.GET,
        visible,
        sorts={
            "number": "case__number", "name": "person__name_key", "kind": "kind", "at": "submitted_at", "over": "handed_over_on",
            "outcome": "outcome",
        },
        default="-at",
        search=("case__number", "person__name", "outcome_document"),
        filters=BenefitFilter,
    )  # fmt: skip
    if listing.export:
        return table_response("benefits", _header(), map(_cells, listing.everything), kind=listing.export)
    counted = visible.order_by().values_list("kind", "outcome").annotate(count=Count("pk"))
    context = {
        "listing": listing,
        "rows": [(one, OUTCOME_TONES[one.outcome]) for one in listing.rows],
        "plot": plot({(kind, result): count for kind, result, count in counted}),
        "outcomes": BenefitApplication.Outcome.choices,
        "rounds": _open_rounds(),
    }
    return render(request, "benefits/list.html", context)


def _header() -> list[str]:
    return [
        _("Number"), _("Name"), _("Kind"), _("Submitted"), _("State"), _("Handed to the authority on"), _("Outcome"),
        _("Decided on"), _("Document"), _("Review"),
    ]  # fmt: skip


def _cells(one: BenefitApplication) -> list[Cell]:
    return [
        one.case.number or "", one.person.name, str(one.get_kind_display()), one.submitted_at, str(one.case.get_state_display()),
        one.handed_over_on or "", str(one.get_outcome_display()), one.outcome_on or "", one.outcome_document,
        str(one.get_review_display()) if one.review != "none" else "",
    ]  # fmt: skip


@login_required
@require_GET
def benefit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One application: what was reckoned on the day of its submission, and what the authority decided."""
    actor = actor_of(request)
    found = policies.get_benefit_for(actor, public_id)
    outcomes = told(found.outcomes.all()) if actor.is_office else []
    waits = next((each["outcome"] for each in outcomes if each["outcome"].state == BenefitOutcome.State.PROPOSED), None)
    context = {
        "benefit": found,
        "tone": OUTCOME_TONES[found.outcome],
        "reckoned": shown(thawed(found.reckoned)) if found.reckoned else None,
        "outcomes": outcomes,
        "waits": waits,
        "may_enter": policies.can_record(actor) and waits is None and found.handed_over_on and found.outcome == "none",
        "may_confirm": waits is not None and policies.can_confirm(actor) and waits.proposed_by != actor.id,
        "may_dismiss": waits is not None and policies.can_call_off(actor, waits),
        "may_tell": policies.can_record(actor) and found.review == "due",
        "office": actor.is_office,
    }
    return render(request, "benefits/benefit.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def outcome(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_benefit_for_office(actor, public_id)
    if not policies.can_record(actor):
        raise PermissionDenied
    form = OutcomeForm(posted(request))
    act = Act(
        _("Outcome of %(number)s") % {"number": found.case.number},
        _("As the authority’s paper says. It holds, and the craftsman is told, once a second person confirms."),
        _("Enter"),
        _("It is entered; a second person confirms it."),
        back=f"/craftsmen/benefits/{found.public_id}/",
    )

    def do() -> None:
        given: dict[str, Any] = form.cleaned_data
        decided_on: dt.date = given["decided_on"]
        propose_outcome(
            found, result=given["result"], document=given["document"], decided_on=decided_on, actor=actor, now=timezone.now()
        )

    return serve_act(request, form, act, do, template="benefits/act.html", benefit=found)


@login_required
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, public_id: UUID, act: str) -> HttpResponse:
    """The second person confirms, or it is dismissed."""
    actor = actor_of(request)
    found = policies.get_outcome_for(actor, public_id)
    if act not in ANSWERS:
        raise Http404
    confirms = act == "confirm"
    if not (policies.can_confirm(actor) if confirms else policies.can_call_off(actor, found)):
        raise PermissionDenied(_("An approver of the programme office confirms."))
    form = Form(posted(request)) if confirms else ReasonForm(posted(request))
    page = Act(
        _("Confirm the outcome") if confirms else _("Dismiss the outcome"),
        _("The outcome is recorded, and the craftsman is told.") if confirms else _("Nothing is recorded."),
        _("Confirm") if confirms else _("Dismiss"),
        _("The outcome is recorded.") if confirms else _("It was dismissed."),
        back=f"/craftsmen/benefits/{found.application.public_id}/",
    )

    def do() -> None:
        if confirms:
            confirm_outcome(found, actor=actor, now=timezone.now())
        else:
            dismiss_outcome(found, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, page, do, template="benefits/act.html", benefit=found.application, proposal=told([found])[0])


@login_required
@require_http_methods(["GET", "POST"])
def told_authority(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_benefit_for_office(actor, public_id)
    if not policies.can_record(actor):
        raise PermissionDenied
    form = ToldForm(posted(request))
    act = Act(
        _("The authority was told"),
        _("The title is gone; the authority looks at the benefit again. Nothing is deleted here."),
        _("Keep"),
        _("It is noted."),
        back=f"/craftsmen/benefits/{found.public_id}/",
    )
    return serve_act(
        request, form, act, lambda: note_told(found, how=form.cleaned_data["how"], actor=actor, now=timezone.now()),
        template="benefits/act.html", benefit=found,
    )  # fmt: skip
