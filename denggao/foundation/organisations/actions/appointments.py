"""Naming a person to a post for a term, its letter, and its end."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import NotAllowed, Refused, action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.hooks import appointment_ended
from denggao.foundation.organisations.models import Appointment, Organisation
from denggao.foundation.organisations.policies import can_appoint, can_appoint_in, can_keep_appointment
from denggao.foundation.people.models import Person


class AppointmentRefused(Refused):
    """The person can't be appointed so, or the appointment not be changed so."""


@action("organisations.appointment.make", requires=can_appoint)
def appoint(
    person: Person,
    organisation: Organisation,
    *,
    role: str,
    title_zh: str,
    title_en: str = "",
    from_on: dt.date,
    to_on: dt.date | None = None,
    letter_number: str = "",
    letter_id: UUID | None = None,
    source_kind: str = "",
    source_id: UUID | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Appointment:
    """Appoint a person in a body. ``role`` is a code (``special_mentor``), the titles what the letter says.

    Raises NotAllowed for another body than the actor's, AppointmentRefused where the term ends before it begins or the
    same appointment stands already.
    """
    if not can_appoint_in(actor, organisation.pk):
        raise NotAllowed("organisations.appointment.make")
    if to_on is not None and to_on < from_on:
        raise AppointmentRefused(_("Last day: it lies before the first."))
    standing = Appointment.objects.filter(person=person, organisation=organisation, role=role, ended_on=None)
    if any(from_on <= (held.to_on or dt.date.max) and held.from_on <= (to_on or dt.date.max) for held in standing):
        raise AppointmentRefused(_("This person holds the same appointment on some of these days already. End it first."))
    try:
        with transaction.atomic():
            return Appointment.objects.create(
                person=person,
                organisation=organisation,
                role=role,
                title_zh=title_zh,
                title_en=title_en,
                from_on=from_on,
                to_on=to_on,
                letter_number=letter_number,
                letter_id=letter_id,
                source_kind=source_kind,
                source_id=source_id,
                created_at=now,
            )
    except IntegrityError:
        raise AppointmentRefused(_("This person holds the same appointment on some of these days already. End it first.")) from None


@action("organisations.appointment.letter", requires=can_keep_appointment)
def note_letter(
    appointment: Appointment, *, letter_number: str, letter_id: UUID | None, actor: Actor, now: dt.datetime
) -> Appointment:
    """Keep which letter of appointment was issued: its number, and its public id where the platform issued it."""
    appointment.letter_number = letter_number
    appointment.letter_id = letter_id
    appointment.save(update_fields=["letter_number", "letter_id"])
    return appointment


@action("organisations.appointment.end", requires=can_keep_appointment)
def end_appointment(appointment: Appointment, *, on: dt.date, reason: str, actor: Actor, now: dt.datetime) -> Appointment:
    """End it before its term does; ``on`` is the last day it holds. The day before its first says that it never began. An end that
    lies ahead can be brought forward. What rests on it ends with it (``hooks.appointment_ended``).

    Raises AppointmentRefused without a reason, for a day outside the term, or when it has ended by then.
    """
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise AppointmentRefused(_("Reason: say why it ends."))
    if on < appointment.from_on - dt.timedelta(days=1) or (appointment.to_on is not None and on > appointment.to_on):
        raise AppointmentRefused(_("Last day: it must lie within the term."))
    standing = Appointment.objects.filter(Q(ended_on=None) | Q(ended_on__gt=on), pk=appointment.pk)
    if not standing.update(ended_on=on, ended_reason=reason):
        raise AppointmentRefused(_("This appointment has ended already."))
    appointment.refresh_from_db()
    appointment_ended(appointment, actor=actor, now=now)
    return appointment


@action("organisations.appointment.prolong", requires=can_keep_appointment)
def prolong_appointment(appointment: Appointment, *, to_on: dt.date, actor: Actor, now: dt.datetime) -> Appointment:
    """Its term goes on to a later last day. Raises AppointmentRefused where it has no end or has ended, where the day is not a
    later one, or where the person holds the same appointment again by then."""
    if appointment.to_on is None or to_on <= appointment.to_on:
        raise AppointmentRefused(_("Last day: it must lie after the last day now."))
    others = Appointment.objects.filter(
        person=appointment.person_id, organisation=appointment.organisation_id, role=appointment.role, ended_on=None
    ).exclude(pk=appointment.pk)
    if others.filter(from_on__lte=to_on, from_on__gt=appointment.from_on).exists():
        raise AppointmentRefused(_("This person holds the same appointment on some of these days already. End it first."))
    if not Appointment.objects.filter(pk=appointment.pk, ended_on=None, to_on=appointment.to_on).update(to_on=to_on):
        raise AppointmentRefused(_("This appointment has ended or was changed meanwhile. Look at it again."))
    appointment.refresh_from_db()
    return appointment
