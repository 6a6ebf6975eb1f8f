"""What a special mentor did: entered by one side, confirmed by the other, corrected by both. Under a lock on the mentor's person,
no two sessions of one mentor share a minute, at whichever base; so no day ever holds more hours than it has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.engines.agreements.mentorships import hold
from denggao.engines.agreements.models import Mentorship
from denggao.foundation.audit.actions import NotAllowed, Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.systems.craftsmen.mentors import policies, rules, telling
from denggao.systems.craftsmen.mentors.models import MentorDuty, MentorSession
from denggao.systems.craftsmen.mentors.queries import BLOCKING

State = MentorSession.State


class SessionRefused(Refused):
    """The session can't be entered or changed so."""


@dataclass(frozen=True)
class SessionGiven:
    """When, of what, with how many; ``mentored`` are the mentorships of those who were there by name."""

    day: dt.date
    starts: dt.time
    ends: dt.time
    topic: str
    learners: int = 1
    room: str = ""
    mentored: Sequence[Mentorship] = ()


@action("craftsmen.mentor.session.enter", requires=policies.can_enter)
def enter_session(duty: MentorDuty, given: SessionGiven, *, actor: Actor, now: dt.datetime) -> MentorSession:
    """Enter what was done, for the other side to confirm; of a day ahead, plan it. Raises SessionRefused for a day outside the
    term, times the wrong way round or on which the mentor teaches already, and learners who are not the mentor's on that day."""
    hold(duty.craftsman.person)
    _must_fit(duty, given)
    planned = given.day > localdate(now)
    session = _keep(duty, given, State.PLANNED if planned else State.ENTERED, actor=actor, now=now)
    if not planned:
        telling.tell_session(session, "mentors.session", now=now)
    return session


@action("craftsmen.mentor.session.held", requires=policies.can_touch)
def session_held(session: MentorSession, *, actor: Actor, now: dt.datetime) -> MentorSession:
    """A planned session took place: entered by whoever says so, for the other side to confirm. Raises SessionRefused before its
    day, or where it is planned no longer."""
    if session.day > localdate(now):
        raise SessionRefused(_("Its day lies ahead: say so once it has taken place."))
    side = policies.side_of(actor, session.duty)
    moved = MentorSession.objects.filter(pk=session.pk, state=State.PLANNED).update(
        state=State.ENTERED, entered_side=side, entered_by=actor.id, entered_at=now
    )
    session.refresh_from_db()
    if not moved:
        raise _moved(session)
    telling.tell_session(session, "mentors.session", now=now)
    return session


@action("craftsmen.mentor.session.answer", requires=policies.can_touch)
def answer_session(session: MentorSession, *, agree: bool, reason: str = "", actor: Actor, now: dt.datetime) -> MentorSession:
    """The other side's yes or no. With the yes to a correction, what it corrects is replaced. Raises NotAllowed for the side that
    entered it; SessionRefused for the same person, for a no without a reason, and where it was answered before."""
    if policies.side_of(actor, session.duty) == session.entered_side or session.entered_by == actor.id:
        raise SessionRefused(_("Your own side entered this: the other side confirms it."))
    reason = "" if agree else _given(reason)
    hold(session.duty.craftsman.person)
    moved = MentorSession.objects.filter(pk=session.pk, state=State.ENTERED).update(
        state=State.CONFIRMED if agree else State.REFUSED,
        answered_by=actor.id,
        answered_at=now,
        **({} if agree else {"reason": reason}),
    )
    session.refresh_from_db()
    if not moved:
        raise _moved(session)
    if agree and session.corrects is not None:
        _replace(session.corrects)
    if not agree:
        telling.tell_session(session, "mentors.session_refused", now=now)
    return session


@action("craftsmen.mentor.session.correct", requires=policies.can_touch)
def correct_session(
    session: MentorSession, given: SessionGiven | None, *, reason: str, actor: Actor, now: dt.datetime
) -> MentorSession:
    """Say that a confirmed session was otherwise, or (None) that there was none; it stays as it is until the other side confirms.
    Raises SessionRefused as ``enter_session``, without a reason, and where another correction waits."""
    reason = _given(reason)
    hold(session.duty.craftsman.person)
    session.refresh_from_db()
    if session.state != State.CONFIRMED or session.strikes:
        raise _moved(session)
    if session.corrections.filter(state=State.ENTERED).exists():
        raise SessionRefused(_("A correction of this session waits for an answer already."))
    strikes = given is None
    told = given or SessionGiven(session.day, session.starts, session.ends, session.topic, session.learners, session.room)
    if not strikes:
        if told.day > localdate(now):
            raise SessionRefused(_("Day: it lies ahead."))
        _must_fit(session.duty, told, but=session)
    try:
        with transaction.atomic():
            made = _keep(session.duty, told, State.ENTERED, corrects=session, strikes=strikes, reason=reason, actor=actor, now=now)
    except IntegrityError:
        raise SessionRefused(_("A correction of this session waits for an answer already.")) from None
    telling.tell_session(made, "mentors.session", now=now)
    return made


@action("craftsmen.mentor.session.call_off", requires=policies.can_touch)
def call_off_session(session: MentorSession, *, reason: str, actor: Actor, now: dt.datetime) -> MentorSession:
    """A planned session will not be, or what one's own side entered is taken back before it is confirmed."""
    reason = _given(reason)
    if session.state == State.ENTERED and policies.side_of(actor, session.duty) != session.entered_side:
        raise NotAllowed("craftsmen.mentor.session.call_off")
    moved = MentorSession.objects.filter(pk=session.pk, state=session.state).filter(state__in=[State.PLANNED, State.ENTERED])
    done = moved.update(state=State.VOID, reason=reason, answered_at=now)
    session.refresh_from_db()
    if not done:
        raise _moved(session)
    return session


def _keep(
    duty: MentorDuty,
    given: SessionGiven,
    state: str,
    *,
    corrects: MentorSession | None = None,
    strikes: bool = False,
    reason: str = "",
    actor: Actor,
    now: dt.datetime,
) -> MentorSession:
    session = MentorSession.objects.create(
        duty=duty,
        day=given.day,
        starts=given.starts,
        ends=given.ends,
        topic=" ".join(given.topic.split())[:120],
        room=" ".join(given.room.split())[:80],
        learners=given.learners,
        state=state,
        corrects=corrects,
        strikes=strikes,
        reason=reason,
        entered_side=policies.side_of(actor, duty),
        entered_by=actor.id,
        entered_at=now,
    )
    session.mentored.set(given.mentored)
    return session


def _replace(old: MentorSession) -> None:
    before = snapshot(old)
    if not MentorSession.objects.filter(pk=old.pk, state=State.CONFIRMED).update(state=State.REPLACED):
        raise SessionRefused(_("What this corrects was changed meanwhile. Look at it again."))
    old.refresh_from_db()
    note([Line.about("craftsmen.mentor.session.replace", old, before=before, after=snapshot(old))])


def _must_fit(duty: MentorDuty, given: SessionGiven, *, but: MentorSession | None = None) -> None:
    duty.refresh_from_db()
    if duty.state != MentorDuty.State.APPOINTED or not duty.from_on <= given.day <= duty.last_on:
        raise SessionRefused(
            _("Day: it lies outside the term (%(first)s to %(last)s).")
            % {"first": duty.from_on.isoformat(), "last": duty.last_on.isoformat()}
        )
    if not given.topic.strip():
        raise SessionRefused(_("Topic: say what was taught."))
    if given.ends <= given.starts:
        raise SessionRefused(_("Until: it must lie after the beginning, on the same day."))
    others = MentorSession.objects.filter(
        duty__craftsman__person=duty.craftsman.person_id, day=given.day, state__in=BLOCKING, strikes=False
    )
    if but is not None:
        others = others.exclude(pk=but.pk)
    if rules.clashes(given.starts, given.ends, others.values_list("starts", "ends")):
        raise SessionRefused(_("From: the mentor has another session at this time of that day. Choose other times."))
    for item in given.mentored:
        lasts = item.from_on <= given.day <= (item.to_on or dt.date.max)
        if item.mentor_id != duty.craftsman.person_id or item.declined_at is not None or not lasts:
            raise SessionRefused(_("Learners: one of them is not this mentor’s learner on that day."))
    if given.learners < max(1, len(given.mentored)):
        raise SessionRefused(_("Number of learners: not fewer than those named, and at least one."))


def _moved(session: MentorSession) -> SessionRefused:
    return SessionRefused(_("This can’t be done: the session is %(state)s.") % {"state": session.get_state_display()})


def _given(reason: str) -> str:
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise SessionRefused(_("Reason: say why; the other side reads it."))
    return reason
