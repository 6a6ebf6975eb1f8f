"""A craftsman appointed at a base: proposed, accepted, confirmed by a second person with the letter; renewed, ended."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.engines.credentials.appointing import (
    MENTOR,
    MENTOR_EN,
    MENTOR_ZH,
    appoint_by_letter,
    end_by_letter,
    prolong_by_letter,
)
from denggao.foundation.audit.actions import NotAllowed, Refused, action
from denggao.foundation.audit.actors import Actor, Grant, Role
from denggao.foundation.organisations.models import Appointment, Organisation
from denggao.systems.craftsmen.mentors import policies, telling
from denggao.systems.craftsmen.mentors.models import MentorDuty
from denggao.systems.craftsmen.mentors.registry import Place, places_on
from denggao.systems.craftsmen.models import Craftsman

DUTY = "craftsmen.mentor_duty"
State = MentorDuty.State


class DutyRefused(Refused):
    """The craftsman can't be appointed so, or the appointment not be changed so."""


@dataclass(frozen=True)
class DutyGiven:
    """What is asked of the mentor, and for how long."""

    from_on: dt.date
    to_on: dt.date
    subject: str
    hours_a_year: int
    learners_at_once: int = 0


@action("craftsmen.mentor.propose", requires=policies.can_propose)
def propose_duty(
    craftsman: Craftsman,
    place: Organisation,
    given: DutyGiven,
    *,
    renews: MentorDuty | None = None,
    actor: Actor,
    now: dt.datetime,
) -> MentorDuty:
    """Ask a craftsman to be special mentor at a base. Nothing holds before the craftsman has accepted and the office confirmed.

    Raises NotAllowed for another base than the actor's; DutyRefused for a craftsman or a base not in force, for a term that has
    passed or lies the wrong way round, and where the same is proposed, or stands, on some of these days already.
    """
    if not policies.can_propose_at(actor, place.pk):
        raise NotAllowed("craftsmen.mentor.propose")
    subject = " ".join(given.subject.split())[:120]
    if not subject:
        raise DutyRefused(_("Subject: say what is to be taught."))
    if not 1 <= given.hours_a_year <= 2000:
        raise DutyRefused(_("Hours a year: from 1 to 2000."))
    _must_run(given.from_on, given.to_on, localdate(now))
    _must_be_in_force(craftsman)
    _place(place, localdate(now))
    if renews is not None and (renews.craftsman_id, renews.place_id) != (craftsman.pk, place.pk):
        raise DutyRefused(_("This appointment is another one: renew it from its own page."))
    if renews is not None and (renews.appointment is None or renews.appointment.ended_on is not None):
        raise DutyRefused(_("The appointment has ended: propose a new one."))
    others = MentorDuty.objects.filter(craftsman=craftsman, place=place, state=State.APPOINTED).select_related("appointment")
    if any(given.from_on <= held.last_on and held.from_on <= given.to_on for held in others):
        raise DutyRefused(_("This craftsman is special mentor here on some of these days already. Renew that appointment."))
    try:
        with transaction.atomic():
            duty = MentorDuty.objects.create(
                craftsman=craftsman,
                place=place,
                renews=renews,
                from_on=given.from_on,
                to_on=given.to_on,
                subject=subject,
                hours_a_year=given.hours_a_year,
                learners_at_once=given.learners_at_once,
                proposed_by=actor.id,
                proposed_by_text=actor.text[:120],
                proposed_at=now,
            )
    except IntegrityError:
        raise DutyRefused(_("An appointment of this craftsman here waits for an answer already.")) from None
    telling.tell(telling.mentor_of(duty), "mentors.proposed", duty, now=now)
    return duty


@action("craftsmen.mentor.answer", requires=policies.can_answer)
def answer_duty(duty: MentorDuty, *, accept: bool, reason: str = "", actor: Actor, now: dt.datetime) -> MentorDuty:
    """The craftsman's yes or no. Raises DutyRefused where it was answered or taken back before, and for a no without a reason."""
    reason = "" if accept else _given(reason)
    state = State.ACCEPTED if accept else State.DECLINED
    answered = MentorDuty.objects.filter(pk=duty.pk, state=State.PROPOSED).update(state=state, answered_at=now, reason=reason)
    duty.refresh_from_db()
    if not answered:
        raise DutyRefused(_("This was answered or taken back before: %(state)s.") % {"state": duty.get_state_display()})
    told = telling.office(now, Role.APPROVER) if accept else []
    accounts = [*telling.managers([duty.place_id], now), *told]
    telling.tell(accounts, "mentors.accepted" if accept else "mentors.declined", duty, now=now, reason=reason)
    return duty


@action("craftsmen.mentor.confirm", requires=policies.can_decide)
def confirm_duty(duty: MentorDuty, *, actor: Actor, now: dt.datetime) -> MentorDuty:
    """Appoint, with the letter; of a renewal, the same letter goes on. An appointment of the same kind that stands for these days
    already (lent through the teacher pool, say) takes the duties on: there is no second one.

    Raises DutyRefused for whoever proposed it, before the craftsman has accepted, where title or base are no longer in force.
    """
    if duty.proposed_by == actor.id:
        raise DutyRefused(_("Whoever proposed this may not confirm it: a second person must."))
    craftsman = _held(duty)
    if duty.state != State.ACCEPTED:
        raise DutyRefused(_("This can’t be confirmed: %(state)s.") % {"state": duty.get_state_display()})
    _must_be_in_force(craftsman)
    place = _place(duty.place, localdate(now))
    _must_run(duty.from_on, duty.to_on, localdate(now))
    held = _appointment(duty, place, actor=actor, now=now)
    MentorDuty.objects.filter(pk=duty.pk).update(
        state=State.APPOINTED, appointment=held, decided_by=actor.id, decided_by_text=actor.text[:120], decided_at=now
    )
    duty.refresh_from_db()
    accounts = [*telling.mentor_of(duty), *telling.managers([duty.place_id], now)]
    telling.tell(accounts, "mentors.appointed", duty, now=now, until=duty.to_on.isoformat())
    return duty


@action("craftsmen.mentor.dismiss", requires=policies.can_take_back)
def dismiss_duty(duty: MentorDuty, *, reason: str, actor: Actor, now: dt.datetime) -> MentorDuty:
    """Not confirm what was proposed, or take it back. Raises DutyRefused without a reason, or where it was decided before."""
    _dismiss(duty, reason=_given(reason), actor=actor, now=now)
    accounts = [*telling.mentor_of(duty), *telling.managers([duty.place_id], now)]
    telling.tell(accounts, "mentors.dismissed", duty, now=now, reason=duty.reason)
    return duty


@action("craftsmen.mentor.end", requires=policies.can_end)
def end_duty(duty: MentorDuty, *, on: dt.date, reason: str, actor: Actor, now: dt.datetime) -> MentorDuty:
    """End the appointment before its term does. Its letter, the planned sessions and the mentorships that rest on it end with it
    (``ending``). Raises DutyRefused where there is none, it has ended, or the day has passed."""
    reason = _given(reason)
    duty.refresh_from_db()
    if duty.appointment is None or duty.last_on < max(localdate(now), duty.from_on) or (duty.appointment.ended_on or on) < on:
        raise DutyRefused(_("This appointment has ended, or never began."))
    if on < localdate(now):
        raise DutyRefused(_("Last day: it has passed. Today is the earliest."))
    end_by_letter(duty.appointment, on=on, reason=reason, actor=_for(duty, actor), now=now)
    duty.refresh_from_db()
    return duty


def _appointment(duty: MentorDuty, place: Place, *, actor: Actor, now: dt.datetime) -> Appointment:
    person = duty.craftsman.person
    before = duty.renews.appointment if duty.renews is not None else None
    if before is not None:
        if before.to_on is not None and before.to_on < duty.to_on:
            prolong_by_letter(before, to_on=duty.to_on, reason=_("Term renewed."), actor=actor, now=now)
        return before
    standing = Appointment.objects.filter(person=person, organisation=duty.place, role=MENTOR, ended_on=None)
    for held in standing.filter(from_on__lte=duty.from_on):
        if held.to_on is None or held.to_on >= duty.to_on:
            return held
    return appoint_by_letter(
        person,
        duty.place,
        role=MENTOR,
        title_zh=MENTOR_ZH,
        title_en=MENTOR_EN,
        text_zh=f"{place.name_zh}，{duty.subject}",
        text_en=f"{place.name_en or place.name_zh}: {duty.subject}",
        from_on=duty.from_on,
        to_on=duty.to_on,
        source_kind=DUTY,
        source_id=duty.public_id,
        plan=place.plan,
        actor=actor,
        now=now,
    )


def _for(duty: MentorDuty, actor: Actor) -> Actor:
    """The appointment is the base's. A craftsman who leaves ends it with the base's right, for this one consequence."""
    return replace(actor, grants=actor.grants | {Grant(Role.BASE_MANAGER, duty.place_id)})


def _dismiss(duty: MentorDuty, *, reason: str, actor: Actor, now: dt.datetime) -> None:
    dismissed = MentorDuty.objects.filter(pk=duty.pk, state__in=[State.PROPOSED, State.ACCEPTED]).update(
        state=State.DISMISSED, reason=reason[:300], decided_by=actor.id, decided_by_text=actor.text[:120], decided_at=now
    )
    duty.refresh_from_db()
    if not dismissed:
        raise DutyRefused(_("This was decided before: %(state)s.") % {"state": duty.get_state_display()})


def _held(duty: MentorDuty) -> Craftsman:
    """The craftsman of a duty, the row taken before the duty's: a revocation at the same moment comes first or after."""
    Craftsman.objects.filter(pk=duty.craftsman_id).update(state=F("state"))
    MentorDuty.objects.filter(pk=duty.pk).update(state=F("state"))
    duty.refresh_from_db()
    return Craftsman.objects.select_related("person").get(pk=duty.craftsman_id)


def _must_be_in_force(craftsman: Craftsman) -> None:
    if not Craftsman.objects.in_force().filter(pk=craftsman.pk).exists():
        raise DutyRefused(_("Craftsman: the title is not in force. Only craftsmen in force are appointed."))


def _place(body: Organisation, today: dt.date) -> Place:
    found = places_on(today).get(body.pk)
    if found is None:
        raise DutyRefused(_("Base: it is not an accredited base today. Special mentors are appointed at bases in force."))
    return found


def _must_run(first: dt.date, last: dt.date, today: dt.date) -> None:
    if last < first:
        raise DutyRefused(_("Last day: it lies before the first."))
    if last < today:
        raise DutyRefused(_("Last day: it has passed."))


def _given(reason: str) -> str:
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise DutyRefused(_("Reason: say why; the other side reads it."))
    return reason
