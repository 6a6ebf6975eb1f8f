"""An appointment with its letter: the one way in which any room appoints somebody by a letter of the platform, prolongs it, ends
it. Whichever door an appointment ends through, its letter is withdrawn with it (``letter_of_ended`` is plugged in
``wiring.py``)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID

from django.utils.timezone import localdate

from denggao.engines.credentials.actions import IssueOrder, issue_credential, renew_issued, withdraw_issued
from denggao.engines.credentials.kinds import APPOINTMENT
from denggao.engines.credentials.models import Issued, ReasonClass
from denggao.foundation.audit.actors import Actor, Grant, Role
from denggao.foundation.organisations.actions.appointments import appoint, end_appointment, note_letter, prolong_appointment
from denggao.foundation.organisations.models import Appointment, Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Plan

MENTOR = "special_mentor"
MENTOR_ZH, MENTOR_EN = "特聘导师", "Special mentor"


def appoint_by_letter(
    person: Person,
    body: Organisation,
    *,
    role: str,
    title_zh: str,
    title_en: str,
    text_zh: str,
    text_en: str = "",
    from_on: dt.date,
    to_on: dt.date,
    source_kind: str,
    source_id: UUID,
    plan: Plan | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Appointment:
    """Appoint, issue the letter, and note it. Runs inside the act under way. Raises what ``appoint`` and ``issue_credential``
    do."""
    held = appoint(
        person,
        body,
        role=role,
        title_zh=title_zh,
        title_en=title_en,
        from_on=from_on,
        to_on=to_on,
        source_kind=source_kind,
        source_id=source_id,
        actor=actor,
        now=now,
    )
    letter = issue_credential(
        IssueOrder(
            kind=APPOINTMENT,
            title_zh="聘书",
            title_en="Letter of Appointment",
            granters=[{"zh": body.name_zh, "en": body.name_en, "code": body.code or str(body.public_id)}],
            valid_from=from_on,
            valid_until=to_on,
            subject_kind=source_kind,
            subject_id=source_id,
            holder_person=person,
            plan=plan,
            facts={"role_zh": title_zh, "role_en": title_en, "text_zh": text_zh, "text_en": text_en or text_zh},
        ),
        actor=actor,
        now=now,
    )
    return note_letter(held, letter_number=letter.number, letter_id=letter.public_id, actor=actor, now=now)


def prolong_by_letter(held: Appointment, *, to_on: dt.date, reason: str, actor: Actor, now: dt.datetime) -> Appointment:
    """The term goes on, under the same letter, whose paper is made anew."""
    prolong_appointment(held, to_on=to_on, actor=actor, now=now)
    letter = letter_of(held)
    if letter is not None:
        renew_issued(letter, valid_until=to_on, reason=reason, actor=actor, now=now)
    return held


def end_by_letter(held: Appointment, *, on: dt.date, reason: str, actor: Actor, now: dt.datetime) -> Appointment:
    """End it on a day, or on the last of its term where that comes first; one that has not begun never will. The letter goes with
    it."""
    last = min(on, held.to_on or on)
    if last < held.from_on:
        last = held.from_on - dt.timedelta(days=1)
    return end_appointment(held, on=last, reason=reason, actor=actor, now=now)


def letter_of(held: Appointment) -> Issued | None:
    return Issued.objects.filter(public_id=held.letter_id).first() if held.letter_id else None


def letter_of_ended(held: Appointment, *, actor: Actor, now: dt.datetime) -> None:
    """For ``appointment_ended``: the letter is withdrawn, on the day after the last one where that lies ahead (by the daily job).
    Whoever may end the appointment withdraws its letter: for this one consequence the actor has the body's right."""
    letter = letter_of(held)
    if letter is None or letter.status == Issued.Status.WITHDRAWN or (held.ended_on or dt.date.min) > localdate(now):
        return
    body = replace(actor, grants=actor.grants | {Grant(Role.BASE_MANAGER, held.organisation_id)})
    withdraw_issued(letter, reason=held.ended_reason, reason_class=ReasonClass.ENDED, actor=body, now=now)


def withdraw_ended(*, actor: Actor, now: dt.datetime) -> int:
    """Withdraw the letters of appointments whose day has come since; how many. A second run finds none."""
    today = localdate(now)
    standing = Issued.objects.filter(kind=APPOINTMENT).exclude(status=Issued.Status.WITHDRAWN)
    ended = Appointment.objects.filter(ended_on__lt=today, letter_id__in=standing.values("public_id")).order_by("pk")
    for held in ended:
        letter_of_ended(held, actor=actor, now=now)
    return len(ended)
