"""What ends with an appointment, and with a title. Whichever door an appointment ends through, planned sessions are called off, the
mentorships that rest on it end that day, and each learner left behind is a work item until another mentor is named."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.engines.agreements.mentorships import end_bound
from denggao.engines.agreements.models import Mentorship
from denggao.engines.credentials.appointing import end_by_letter
from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.calendar.queries import nth_working_day
from denggao.foundation.organisations.models import Appointment
from denggao.foundation.standards.queries import rule_value
from denggao.systems.craftsmen.mentors import policies, queries, rules, telling
from denggao.systems.craftsmen.mentors.models import LearnerGap, MentorDuty, MentorSession
from denggao.systems.craftsmen.models import Craftsman


class GapRefused(Refused):
    """This can't be closed so."""


@action("craftsmen.mentor.end_with_title", requires=policies.can_end_with_title, batch=True)
def end_with_title(craftsman: Craftsman, *, reason: str, on: dt.date, actor: Actor, now: dt.datetime) -> None:
    """For ``craftsman_revoked``: what is proposed is dismissed, what stands ends that day. Mentorships that have nothing to do with
    the title go on. A reinstatement begins nothing by itself."""
    why = _("The title of craftsman was revoked: %(reason)s") % {"reason": reason}
    for duty in MentorDuty.objects.filter(craftsman=craftsman).select_related("craftsman__person", "place", "appointment"):
        if duty.state in {MentorDuty.State.PROPOSED, MentorDuty.State.ACCEPTED}:
            before = snapshot(duty)
            MentorDuty.objects.filter(pk=duty.pk).update(
                state=MentorDuty.State.DISMISSED,
                reason=why[:300],
                decided_by=actor.id,
                decided_by_text=actor.text[:120],
                decided_at=now,
            )
            duty.refresh_from_db()
            note([Line.about("craftsmen.mentor.dismiss", duty, before=before, after=snapshot(duty))])
            telling.tell(telling.managers([duty.place_id], now), "mentors.dismissed", duty, now=now, reason=why)
    held = Appointment.objects.filter(Q(ended_on=None) | Q(ended_on__gt=on), duties__craftsman=craftsman).distinct()
    for appointment in held.order_by("pk"):
        if appointment.to_on is None or appointment.to_on >= on:
            end_by_letter(appointment, on=on, reason=why, actor=actor, now=now)


def appointment_over(held: Appointment, *, actor: Actor, now: dt.datetime) -> None:
    """For ``appointment_ended``."""
    duties = MentorDuty.objects.filter(appointment=held).select_related("craftsman__person", "place").order_by("-from_on")
    duty = duties.first()
    if duty is None or held.ended_on is None:
        return
    end_what_rests_on(duty, actor=actor, now=now)


@action("craftsmen.mentor.over", requires=policies.can_end_with_title, batch=True)
def end_what_rests_on(duty: MentorDuty, *, actor: Actor, now: dt.datetime) -> list[LearnerGap]:
    """Of an appointment that was ended: sessions, mentorships, renewals proposed; and everybody is told what holds on."""
    held = duty.appointment
    if held is None or held.ended_on is None:
        return []
    _call_off(held, now=now)
    for renewal in MentorDuty.objects.filter(
        renews__appointment=held, state__in=[MentorDuty.State.PROPOSED, MentorDuty.State.ACCEPTED]
    ):
        before = snapshot(renewal)
        MentorDuty.objects.filter(pk=renewal.pk).update(
            state=MentorDuty.State.DISMISSED,
            reason=held.ended_reason,
            decided_by=actor.id,
            decided_by_text=actor.text[:120],
            decided_at=now,
        )
        renewal.refresh_from_db()
        note([Line.about("craftsmen.mentor.dismiss", renewal, before=before, after=snapshot(renewal))])
    ended = end_bound(
        duty.craftsman.person,
        duty.place,
        kind=Mentorship.Kind.CRAFTSMAN,
        on=held.ended_on,
        reason=held.ended_reason,
        actor=actor,
        now=now,
    )
    accounts = [*telling.mentor_of(duty), *telling.managers([duty.place_id], now)]
    telling.tell(accounts, "mentors.ended", duty, now=now, reason=_sentence(held.ended_reason))
    return _gaps(ended, duty, held, now=now)


@action("craftsmen.mentor.close_gap", requires=policies.can_close)
def close_gap(gap: LearnerGap, *, reason: str, actor: Actor, now: dt.datetime) -> LearnerGap:
    """The learner needs no other mentor: say why. Raises GapRefused without a reason, or where it is settled already."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise GapRefused(_("Reason: say why no other mentor is named."))
    if gap.closed_at is not None or not queries.open_gaps(LearnerGap.objects.filter(pk=gap.pk)).exists():
        raise GapRefused(_("This is settled already: the learner has another mentor, or it was closed."))
    closed = LearnerGap.objects.filter(pk=gap.pk, closed_at=None).update(closed_at=now, closed_by=actor.id, close_reason=reason)
    gap.refresh_from_db()
    if not closed:
        raise GapRefused(_("This is settled already: the learner has another mentor, or it was closed."))
    return gap


def _call_off(held: Appointment, *, now: dt.datetime) -> None:
    planned = MentorSession.objects.filter(duty__appointment=held, state=MentorSession.State.PLANNED, day__gt=held.ended_on)
    for session in planned:
        before = snapshot(session)
        MentorSession.objects.filter(pk=session.pk, state=MentorSession.State.PLANNED).update(
            state=MentorSession.State.VOID, reason=held.ended_reason, answered_at=now
        )
        session.refresh_from_db()
        note([Line.about("craftsmen.mentor.session.call_off", session, before=before, after=snapshot(session))])


def _gaps(ended: list[Mentorship], duty: MentorDuty, held: Appointment, *, now: dt.datetime) -> list[LearnerGap]:
    if not ended or held.ended_on is None:
        return []
    since = max(held.ended_on, localdate(now))
    within = int(rule_value(rules.NAMED_WITHIN, since))
    day = since + dt.timedelta(days=1)
    due = nth_working_day(day, within) or day + dt.timedelta(days=within * 2)
    said = {"duty": duty, "since": held.ended_on, "due_on": due}
    gaps = [LearnerGap.objects.update_or_create(mentorship=item, defaults=said)[0] for item in ended]
    note([Line.about("craftsmen.mentor.gap", gap, after=snapshot(gap)) for gap in gaps])
    telling.tell_without(gaps, duty, now=now)
    return gaps


def _sentence(text: str) -> str:
    return text if text.endswith((".", "。", "！", "!")) else f"{text}。" if not text.isascii() else f"{text}."
