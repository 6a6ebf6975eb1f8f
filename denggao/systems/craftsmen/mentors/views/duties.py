"""Pages on appointments at bases: the list, one of them, proposing, answering, confirming, renewing, ending, a year of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from denggao.engines.agreements.models import Mentorship
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.people.rules import name_key
from denggao.foundation.standards.queries import rule_value
from denggao.foundation.ui.acts import Act, posted, serve_act
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing
from denggao.systems.craftsmen.mentors import policies, queries, rules
from denggao.systems.craftsmen.mentors.actions import duties as actions
from denggao.systems.craftsmen.mentors.forms import (
    STANDINGS,
    TONES,
    AnswerForm,
    DutyFilter,
    EndForm,
    ProposeForm,
    ReasonForm,
    TermForm,
    craftsmen_to_ask,
)
from denggao.systems.craftsmen.mentors.models import MentorDuty, MentorSession
from denggao.systems.craftsmen.mentors.telling import link

ACT = "craftsmen_mentors/act.html"
SESSION_TONES = {"planned": "lake", "entered": "amber", "confirmed": "jade", "refused": "crimson"}


def rows_of(actor: Actor, found: Iterable[MentorDuty], today: dt.date) -> list[dict[str, Any]]:
    """Duties as lists show them. One query more, however many."""
    items = list(found)
    known = queries.standings(items, today)
    slack = int(rule_value(rules.SLACK, today)) if items else 0
    rows = []
    for duty in items:
        standing = duty.standing_on(today)
        year = queries.this_year(known[duty.pk], today) if duty.state == MentorDuty.State.APPOINTED else None
        rows.append(
            {
                "duty": duty,
                "name": name_of(actor, duty),
                "standing": standing,
                "said": STANDINGS[standing],
                "tone": TONES.get(standing, ""),
                "year": year,
                "years": known[duty.pk],
                "behind": bool(year and standing == "current" and year.is_behind(slack)),
            }
        )
    return rows


def name_of(actor: Actor, duty: MentorDuty) -> str:
    person = duty.craftsman.person
    return person.name if policies.knows_name(actor, duty) else person.masked_name


def _search(rows: QuerySet[MentorDuty], text: str) -> QuerySet[MentorDuty]:
    found = rows.filter(craftsman__person__name_key__startswith=name_key(text))
    for field in ("place__name_zh", "place__name_en", "subject", "appointment__letter_number"):
        found = found | rows.filter(**{f"{field}__icontains": text})
    return found


@login_required
@require_GET
def duty_list(request: HttpRequest) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    listing = Listing(
        request.GET,
        policies.visible_duties(actor),
        sorts={"name": "craftsman__person__name_key", "place": "place__name_key", "from": "from_on", "until": "to_on"},
        default="-from",
        search=_search,
        filters=DutyFilter,
    )
    if listing.export:
        return table_response("special-mentors", _header(), _cells(actor, listing.everything, today), kind=listing.export)
    context = {
        "listing": listing,
        "rows": rows_of(actor, listing.rows, today),
        "may_propose": policies.can_propose(actor),
        "gaps": queries.learners_without_mentor(actor),
        "own": not actor.is_office and not policies.can_propose(actor),
    }
    return render(request, "craftsmen_mentors/list.html", context)


def _header() -> list[str]:
    return [
        _("Craftsman"), _("Base"), pgettext("of teaching", "Subject"), _("From"), _("Until"), _("Hours a year"),
        _("Learners at a time"), _("Letter"),
        _("State"), _("Year"), _("Hours owed"), _("Hours confirmed by both"), _("Hours that wait"), _("Reason"),
    ]  # fmt: skip


def _cells(actor: Actor, found: Iterable[MentorDuty], today: dt.date) -> Iterable[list[Cell]]:
    """A line for each year of each duty."""
    for row in rows_of(actor, found, today):
        duty: MentorDuty = row["duty"]
        letter = duty.appointment.letter_number if duty.appointment is not None else ""
        head: list[Cell] = [
            row["name"], duty.place.name, duty.subject, duty.from_on, duty.last_on, duty.hours_a_year, duty.learners_at_once,
            letter, str(row["said"]),
        ]  # fmt: skip
        reason = duty.appointment.ended_reason if duty.appointment is not None else duty.reason
        for year in row["years"]:
            yield [*head, year.year, year.owed, year.done, year.waiting, reason]


@login_required
@require_GET
def duty_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    duty = policies.get_duty_for(actor, public_id)
    row = rows_of(actor, [duty], today)[0]
    sessions = list(duty.sessions.select_related("corrects").prefetch_related("mentored__learner")[:100])
    renewed = MentorDuty.objects.filter(renews=duty).exclude(state__in=["declined", "dismissed"]).first()
    side = policies.side_of(actor, duty)
    live = row["standing"] in {"current", "coming"} and duty.appointment is not None and duty.appointment.ended_on is None
    context = {
        **row,
        "sessions": [session_row(actor, each, side, today) for each in sessions],
        "learners": [
            {"item": item, "state": item.state_on(today)}
            for item in Mentorship.objects.standing()
            .filter(mentor_id=duty.craftsman.person_id, place_id=duty.place_id, kind=Mentorship.Kind.CRAFTSMAN)
            .select_related("learner")
        ],
        "gaps": queries.open_gaps(duty.gaps.all()).count(),
        "others": queries.others_going_on(duty.craftsman.person_id, today) if not duty.craftsman.is_in_force else 0,
        "renewed": renewed,
        "may_answer": duty.state == MentorDuty.State.PROPOSED and policies.can_answer(actor, duty),
        "may_confirm": duty.state == MentorDuty.State.ACCEPTED and policies.can_decide(actor) and duty.proposed_by != actor.id,
        "own_proposal": duty.proposed_by == actor.id,
        "may_dismiss": duty.state in {MentorDuty.State.PROPOSED, MentorDuty.State.ACCEPTED} and policies.can_take_back(actor, duty),
        "may_renew": live and renewed is None and policies.can_propose_at(actor, duty.place_id) and duty.craftsman.is_in_force,
        "may_end": live and policies.can_end(actor, duty),
        "may_enter": bool(side) and duty.state == MentorDuty.State.APPOINTED and duty.from_on <= today,
        "letter": f"/credentials/{duty.appointment.letter_id}/" if duty.appointment and duty.appointment.letter_id else "",
        "office": actor.is_office,
    }
    return render(request, "craftsmen_mentors/duty.html", context)


def session_row(actor: Actor, session: MentorSession, side: str, today: dt.date) -> dict[str, Any]:
    """With what this side may do with it."""
    states = MentorSession.State
    entered = session.state == states.ENTERED
    other = bool(side) and side != session.entered_side and session.entered_by != actor.id
    return {
        "session": session,
        "tone": SESSION_TONES.get(session.state, ""),
        "named": [item.learner.masked_name for item in session.mentored.all()],
        "may_answer": entered and other,
        "may_hold": bool(side) and session.state == states.PLANNED and session.day <= today,
        "may_call_off": bool(side) and (session.state == states.PLANNED or (entered and side == session.entered_side)),
        "may_correct": bool(side) and session.state == states.CONFIRMED and not session.strikes,
    }


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not policies.can_propose(actor):
        raise PermissionDenied
    initial = {"from_on": timezone.localdate(), "craftsman": request.GET.get("craftsman", "")}
    form = ProposeForm(posted(request), actor=actor, initial=initial)
    act = Act(
        _("Ask a craftsman to be special mentor"),
        _("The craftsman says yes or no on the phone; a second person of the office confirms, and the letter is issued with that."),
        _("Propose"),
        _("Proposed. The craftsman is asked."),
        back="/craftsmen/mentors/",
    )

    def do() -> None:
        body = form.places[form.cleaned_data["place"]]
        try:
            actions.propose_duty(form.cleaned_data["craftsman"], body, form.given, actor=actor, now=timezone.now())
        except NotAllowed:
            raise PermissionDenied from None

    return serve_act(request, form, act, do, template=ACT, choices=craftsmen_to_ask())


@login_required
@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    duty = policies.get_duty_for(actor, public_id)
    if not policies.can_propose_at(actor, duty.place_id):
        raise PermissionDenied(_("The base and the office’s clerks propose a renewal."))
    first = duty.to_on + dt.timedelta(days=1)
    initial = {
        "from_on": first,
        "to_on": first + (duty.to_on - duty.from_on),
        "subject": duty.subject,
        "hours_a_year": duty.hours_a_year,
        "learners_at_once": duty.learners_at_once,
    }
    form = TermForm(posted(request), initial=initial)
    act = Act(
        _("Renew the appointment"),
        _("The craftsman accepts and the office confirms, as before; the same letter goes on until the new last day."),
        _("Propose"),
        _("Proposed. The craftsman is asked."),
        back=link(duty),
    )
    return serve_act(
        request,
        form,
        act,
        lambda: actions.propose_duty(duty.craftsman, duty.place, form.given, renews=duty, actor=actor, now=timezone.now()),
        template=ACT,
        duty=duty,
        name=name_of(actor, duty),
    )


@login_required
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The craftsman's yes or no."""
    actor = actor_of(request)
    duty = policies.get_duty_for(actor, public_id)
    if not policies.can_answer(actor, duty):
        raise PermissionDenied(_("The craftsman answers."))
    form = AnswerForm(posted(request))
    act = Act(
        _("Special mentor at %(place)s") % {"place": duty.place.name},
        _("Once you accept, a second person of the office confirms; then you are appointed by letter for the term."),
        pgettext("verb", "Answer"),
        _("Your answer is sent."),
        back=link(duty),
    )

    def do() -> None:
        said = form.cleaned_data
        actions.answer_duty(duty, accept=said["answer"] == "yes", reason=said["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, act, do, template=ACT, duty=duty, name=name_of(actor, duty))


class NothingToSay(ReasonForm):
    """A confirmation asks for nothing but the button."""

    reason = None  # type: ignore[assignment]  # takes the field out


@login_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    duty = policies.get_duty_for(actor, public_id)
    if not policies.can_decide(actor):
        raise PermissionDenied(_("An approver of the programme office confirms."))
    act = Act(
        _("Confirm the appointment"),
        _("The craftsman is appointed for the term, and the letter is issued."),
        _("Confirm"),
        _("Appointed. The letter can be printed in a moment."),
        back=link(duty),
    )
    return serve_act(
        request,
        NothingToSay(posted(request)),
        act,
        lambda: actions.confirm_duty(duty, actor=actor, now=timezone.now()),
        template=ACT,
        duty=duty,
        name=name_of(actor, duty),
    )


@login_required
@require_http_methods(["GET", "POST"])
def dismiss(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    duty = policies.get_duty_for(actor, public_id)
    if not policies.can_take_back(actor, duty):
        raise PermissionDenied(_("Whoever proposed it takes it back; an approver dismisses it."))
    form = ReasonForm(posted(request))
    act = Act(
        _("Take back or dismiss"),
        _("Nobody is appointed. The craftsman and the base read the reason."),
        _("Dismiss"),
        _("It will not be done."),
        back=link(duty),
    )
    return serve_act(
        request,
        form,
        act,
        lambda: actions.dismiss_duty(duty, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()),
        template=ACT,
        duty=duty,
        name=name_of(actor, duty),
    )


@login_required
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    duty = policies.get_duty_for(actor, public_id)
    if not policies.can_end(actor, duty):
        raise PermissionDenied(_("The base, the craftsman and the office’s clerks may end it."))
    form = EndForm(posted(request), initial={"on": max(today, duty.from_on)})
    act = Act(
        _("End the appointment"),
        _(
            "Its letter is withdrawn, sessions planned later are called off, and the mentorships that rest on it end that day; "
            "hours and sessions so far stay. Each learner is told, and another mentor is to be named."
        ),
        _("End it"),
        _("It ends on the day given."),
        back=link(duty),
        tone="danger-fill",
    )

    def do() -> None:
        actions.end_duty(duty, on=form.cleaned_data["on"], reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    return serve_act(request, form, act, do, template=ACT, duty=duty, name=name_of(actor, duty))


@login_required
@require_GET
def year(request: HttpRequest, public_id: UUID, year: int) -> HttpResponse:
    """What was done in a year, to be printed or taken along."""
    actor, today = actor_of(request), timezone.localdate()
    duty = policies.get_duty_for(actor, public_id)
    row = rows_of(actor, [duty], today)[0]
    found = next((each for each in row["years"] if each.year == year), None)
    if found is None:
        raise Http404
    states = MentorSession.State
    sessions = duty.sessions.filter(day__year=year, state__in=[states.CONFIRMED, states.ENTERED, states.PLANNED])
    listing = Listing(
        request.GET,
        sessions.prefetch_related("mentored__learner"),
        sorts={"day": ("day", "starts"), "topic": "topic", "state": "state"},
        default="day",
        search=("topic", "room"),
        per_page=200,
    )
    if listing.export:
        header = [_("Day"), _("From"), _("Until"), _("Hours"), _("Topic"), _("Room"), _("Learners"), _("By name"), _("State")]
        return table_response(f"special-mentor-{year}", header, _session_cells(listing.everything), kind=listing.export)
    confirmed = sessions.filter(state=states.CONFIRMED, strikes=False)
    side = policies.side_of(actor, duty)
    context = {
        **row,
        "found": found,
        "listing": listing,
        "sessions": [session_row(actor, each, side, today) for each in listing.rows],
        "count": confirmed.count(),
        "people": sum(confirmed.values_list("learners", flat=True)),
        "named": confirmed.filter(mentored__isnull=False).values("mentored__learner").distinct().count(),
    }
    return render(request, "craftsmen_mentors/year.html", context)


def _session_cells(found: Iterable[MentorSession]) -> Iterable[list[Cell]]:
    """PRIVACY: learners are named masked."""
    for each in found:
        named = "; ".join(item.learner.masked_name for item in each.mentored.all())
        yield [
            each.day, f"{each.starts:%H:%M}", f"{each.ends:%H:%M}", each.hours, each.topic, each.room, each.learners, named,
            str(each.get_state_display()),
        ]  # fmt: skip
