"""Mentor and learner (师徒): recorded by one side or for them, in force once both have confirmed; declined, ended, handed on to
another mentor. Each act that adds or lengthens one holds the mentor's row, so that no two of one pair share a day and no mentor has
more learners at an instant than the rule allows, whoever acts at the same moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from denggao.engines.agreements.models import DateFix, Mentorship
from denggao.engines.agreements.policies import (
    can_answer_mentorship,
    can_end_bound,
    can_hand_on,
    can_keep_mentorship,
    can_record_mentorship,
    is_party,
)
from denggao.engines.agreements.rules import Span, busiest, overlap
from denggao.engines.agreements.telling import tell_dates_answered, tell_dates_asked, tell_declined, tell_ended, tell_to_confirm
from denggao.foundation.audit.actions import NotAllowed, Refused, action, note
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.standards.ladder import BY_CODE
from denggao.foundation.standards.models import Occupation
from denggao.foundation.standards.queries import RuleTable

LEARNERS_MOST = "agreements.learners_most"
TAKEN_IN_AT_ONCE = 60


class MentorshipRefused(Refused):
    """These two can't be recorded so."""


@dataclass(frozen=True)
class Terms:
    """What a mentorship is for. ``organisation`` is the learner's body, ``place`` where they meet."""

    from_on: dt.date
    to_on: dt.date | None = None
    kind: str = Mentorship.Kind.WORK
    organisation: Organisation | None = None
    place: Organisation | None = None
    occupation: Occupation | None = None
    goal_level: str = ""


@action("agreements.mentorship.record", requires=can_record_mentorship)
def record_mentorship(
    mentor: Person,
    learner: Person,
    *,
    organisation: Organisation | None = None,
    from_on: dt.date,
    to_on: dt.date | None = None,
    kind: str = Mentorship.Kind.WORK,
    place: Organisation | None = None,
    occupation: Occupation | None = None,
    goal_level: str = "",
    actor: Actor,
    now: dt.datetime,
) -> Mentorship:
    """Keep that one teaches the other. Whoever of the two records it has confirmed it with that; the office vouches for
    neither. Whoever has not confirmed is told. Raises NotAllowed; MentorshipRefused for one person, for dates that end before
    they begin, for two who have one on some of these days already, and where the mentor would have more learners at once than the
    rule of those days allows.
    """
    terms = Terms(from_on, to_on, kind, organisation, place, occupation, goal_level)
    _must_record([mentor.account_id, learner.account_id], terms, actor)
    hold(mentor)
    made = _keep(mentor, learner, terms, actor=actor, now=now)
    tell_to_confirm(made, now=now)
    return made


@action("agreements.mentorship.record_several", requires=can_record_mentorship, batch=True)
def record_several(mentor: Person, learners: Sequence[Person], terms: Terms, *, actor: Actor, now: dt.datetime) -> list[Mentorship]:
    """One mentor, several learners, the same terms: all of them or none. Raises as ``record_mentorship`` does, naming the
    learner."""
    _must_record([mentor.account_id], terms, actor)
    if not learners:
        raise MentorshipRefused(_("Learners: write at least one."))
    if len(learners) > TAKEN_IN_AT_ONCE:
        raise MentorshipRefused(_("Learners: at most %(most)s at once.") % {"most": TAKEN_IN_AT_ONCE})
    hold(mentor)
    made = []
    for learner in learners:
        try:
            made.append(_keep(mentor, learner, terms, actor=actor, now=now))
        except MentorshipRefused as refused:
            raise MentorshipRefused(_("%(learner)s: %(why)s") % {"learner": learner.masked_name, "why": str(refused)}) from None
    note([Line.about("agreements.mentorship.record", item, after=snapshot(item)) for item in made])
    for item in made:
        tell_to_confirm(item, now=now)
    return made


@action("agreements.mentorship.confirm", requires=is_party)
def confirm_mentorship(mentorship: Mentorship, *, actor: Actor, now: dt.datetime) -> Mentorship:
    """One of the two says that it is so. Saying it again changes nothing. Raises MentorshipRefused where it was declined."""
    field = "confirmed_by_mentor_at" if _is(actor, mentorship.mentor) else "confirmed_by_learner_at"
    Mentorship.objects.filter(pk=mentorship.pk, declined_at=None, **{field: None}).update(**{field: now})
    mentorship.refresh_from_db()
    if mentorship.declined_at is not None:
        raise MentorshipRefused(_("This mentorship was declined. It must be recorded anew."))
    return mentorship


@action("agreements.mentorship.decline", requires=can_answer_mentorship)
def decline_mentorship(mentorship: Mentorship, *, reason: str, actor: Actor, now: dt.datetime) -> Mentorship:
    """One of the two says that it is not so: it never was. Raises MentorshipRefused without a reason, and where this side has
    confirmed it, or it was declined, before."""
    reason = _given(reason)
    field = "confirmed_by_mentor_at" if _is(actor, mentorship.mentor) else "confirmed_by_learner_at"
    declined = Mentorship.objects.filter(pk=mentorship.pk, declined_at=None, end_reason="", **{field: None}).update(
        declined_at=now, end_reason=reason
    )
    mentorship.refresh_from_db()
    if not declined:
        raise MentorshipRefused(_("You have confirmed this, or it has ended: end it instead."))
    tell_declined(mentorship, now=now)
    return mentorship


@action("agreements.mentorship.end", requires=can_keep_mentorship)
def end_mentorship(mentorship: Mentorship, *, on: dt.date, reason: str, actor: Actor, now: dt.datetime) -> Mentorship:
    """Set its last day. Raises MentorshipRefused without a reason, before its first day, after its last, or when it has ended
    before."""
    _end(mentorship, on=on, reason=_given(reason), actor=actor, now=now)
    tell_ended(mentorship, but=actor, now=now)
    return mentorship


@action("agreements.mentorship.end_bound", requires=can_end_bound, batch=True)
def end_bound(
    mentor: Person, place: Organisation, *, kind: str, on: dt.date, reason: str, actor: Actor, now: dt.datetime
) -> list[Mentorship]:
    """End all mentorships of a kind that a mentor has at a place, as what they rest on has ended; one that has not begun is
    declined in the mentor's name. The room above has asked who may, and tells the people. Those that had ended before stay."""
    found = Mentorship.objects.standing().filter(mentor=mentor, place=place, kind=kind)
    ended = []
    for item in found.touching(on + dt.timedelta(days=1), None).select_related("mentor", "learner", "organisation", "place"):
        before = snapshot(item)
        if item.from_on > on:
            Mentorship.objects.filter(pk=item.pk, declined_at=None).update(declined_at=now, end_reason=reason)
            item.refresh_from_db()
        elif item.end_reason:
            Mentorship.objects.filter(pk=item.pk, to_on__gt=on).update(to_on=on)
            item.refresh_from_db()
        else:
            _end(item, on=on, reason=reason, actor=actor, now=now)
        note([Line.about("agreements.mentorship.end_bound", item, before=before, after=snapshot(item))])
        ended.append(item)
    return ended


@action("agreements.mentorship.hand_on", requires=can_hand_on)
def hand_on(
    mentorship: Mentorship,
    mentor: Person,
    *,
    from_on: dt.date,
    to_on: dt.date | None = None,
    reason: str,
    place: Organisation | None = None,
    kind: str = "",
    actor: Actor,
    now: dt.datetime,
) -> Mentorship:
    """Give the learner to another mentor from a day on; the one before ends on the day before, where it has not. The new one
    continues it and waits for both. Raises MentorshipRefused as ``record_mentorship``, and where it is continued already."""
    reason = _given(reason)
    if mentor.pk == mentorship.mentor_id:
        raise MentorshipRefused(_("Mentor: this is the mentor now. Choose another person."))
    if from_on <= mentorship.from_on and mentorship.declined_at is None:
        raise MentorshipRefused(_("First day: it must lie after the first day of the mentorship before."))
    if to_on is None and not mentorship.end_reason and (mentorship.to_on or dt.date.min) >= from_on:
        to_on = mentorship.to_on
    hold(mentor)
    if mentorship.declined_at is None and (mentorship.to_on is None or mentorship.to_on >= from_on):
        before = snapshot(mentorship)
        _end(mentorship, on=from_on - dt.timedelta(days=1), reason=reason, actor=actor, now=now)
        note([Line.about("agreements.mentorship.end", mentorship, before=before, after=snapshot(mentorship))])
    terms = Terms(
        from_on,
        to_on,
        kind or mentorship.kind,
        mentorship.organisation,
        place or mentorship.place,
        mentorship.occupation,
        mentorship.goal_level,
    )
    made = _keep(mentor, mentorship.learner, terms, continues=mentorship, actor=actor, now=now)
    tell_to_confirm(made, now=now)
    return made


# Other dates, by both


@action("agreements.mentorship.ask_dates", requires=can_keep_mentorship)
def ask_dates(
    mentorship: Mentorship, *, from_on: dt.date, to_on: dt.date | None, reason: str, actor: Actor, now: dt.datetime
) -> DateFix:
    """Ask for other dates. Whoever of the two asks has agreed with that. Raises MentorshipRefused where they can't be so, where
    nothing would change, or where others are asked for already."""
    reason = _given(reason)
    if mentorship.declined_at is not None or mentorship.end_reason:
        raise MentorshipRefused(_("This mentorship was ended or declined: its dates stay."))
    if (from_on, to_on) == (mentorship.from_on, mentorship.to_on):
        raise MentorshipRefused(_("These are the dates now. Change one of them."))
    if to_on is not None and to_on < from_on:
        raise MentorshipRefused(_("Last day: it lies before the first."))
    hold(mentorship.mentor)
    _must_fit(mentorship.mentor, mentorship.learner, (from_on, to_on), but=mentorship)
    try:
        with transaction.atomic():
            asked = DateFix.objects.create(
                mentorship=mentorship,
                from_on=from_on,
                to_on=to_on,
                before_from_on=mentorship.from_on,
                before_to_on=mentorship.to_on,
                reason=reason,
                asked_by=actor.id,
                asked_at=now,
                agreed_by_mentor_at=now if _is(actor, mentorship.mentor) else None,
                agreed_by_learner_at=now if _is(actor, mentorship.learner) else None,
            )
    except IntegrityError:
        raise MentorshipRefused(_("Other dates are asked for already and wait for an answer.")) from None
    tell_dates_asked(asked, now=now)
    return asked


@action("agreements.mentorship.answer_dates", requires=is_party)
def answer_dates(mentorship: Mentorship, *, agree: bool, actor: Actor, now: dt.datetime) -> DateFix:
    """One of the two agrees or refuses; with the second yes the dates are changed. Raises MentorshipRefused where nothing is asked,
    and where the dates no longer fit."""
    hold(mentorship.mentor)
    mentorship.refresh_from_db()
    asked = DateFix.objects.filter(mentorship=mentorship, state=DateFix.State.ASKED).first()
    if asked is None:
        raise MentorshipRefused(_("No other dates are asked for, or they were answered before."))
    if not agree:
        asked.state, asked.ended_at = DateFix.State.REFUSED, now
    else:
        if _is(actor, mentorship.mentor):
            asked.agreed_by_mentor_at = asked.agreed_by_mentor_at or now
        else:
            asked.agreed_by_learner_at = asked.agreed_by_learner_at or now
        if asked.agreed_by_mentor_at and asked.agreed_by_learner_at:
            _change_dates(mentorship, asked, actor=actor)
            asked.state, asked.ended_at = DateFix.State.DONE, now
    asked.save()
    if asked.state != DateFix.State.ASKED:
        tell_dates_answered(asked, now=now)
    return asked


def _change_dates(mentorship: Mentorship, asked: DateFix, *, actor: Actor) -> None:
    if mentorship.declined_at is not None or mentorship.end_reason:
        raise MentorshipRefused(_("This mentorship was ended or declined: its dates stay."))
    _must_fit(mentorship.mentor, mentorship.learner, (asked.from_on, asked.to_on), but=mentorship)
    before = snapshot(mentorship)
    Mentorship.objects.filter(pk=mentorship.pk).update(from_on=asked.from_on, to_on=asked.to_on)
    mentorship.refresh_from_db()
    note([Line.about("agreements.mentorship.change_dates", mentorship, before=before, after=snapshot(mentorship))])


# What all of them keep to


def hold(mentor: Person) -> None:
    """Take the mentor's row: whoever adds a learner to the same mentor waits."""
    Person.objects.filter(pk=mentor.pk).update(name_key=F("name_key"))


def _must_record(accounts: Sequence[int | None], terms: Terms, actor: Actor) -> None:
    bodies = [body.pk for body in (terms.organisation, terms.place) if body is not None] or [-1]
    own = actor.user is not None and actor.user.pk in accounts
    of_body = any(actor.has(Role.HR, Role.BASE_MANAGER, organisation_id=body) for body in bodies)
    if not (own or actor.has(Role.CLERK, Role.REVIEWER) or of_body):
        raise NotAllowed("agreements.mentorship.record")


def _keep(
    mentor: Person,
    learner: Person,
    terms: Terms,
    *,
    continues: Mentorship | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Mentorship:
    if mentor.pk == learner.pk:
        raise MentorshipRefused(_("Learner: nobody is their own mentor. Choose another person."))
    if terms.to_on is not None and terms.to_on < terms.from_on:
        raise MentorshipRefused(_("Last day: it lies before the first."))
    if terms.kind not in Mentorship.Kind.values or (terms.goal_level and terms.goal_level not in BY_CODE):
        raise MentorshipRefused(_("Kind or level: choose one of the list."))
    _must_fit(mentor, learner, (terms.from_on, terms.to_on))
    try:
        with transaction.atomic():
            return Mentorship.objects.create(
                mentor=mentor,
                learner=learner,
                kind=terms.kind,
                organisation=terms.organisation,
                place=terms.place,
                occupation=terms.occupation,
                goal_level=terms.goal_level,
                from_on=terms.from_on,
                to_on=terms.to_on,
                confirmed_by_mentor_at=now if _is(actor, mentor) else None,
                confirmed_by_learner_at=now if _is(actor, learner) else None,
                continues=continues,
                created_at=now,
            )
    except IntegrityError:
        if continues is not None and continues.continued_by.filter(declined_at=None).exists():
            raise MentorshipRefused(_("This learner was given to another mentor already.")) from None
        raise _have_one() from None


def _must_fit(mentor: Person, learner: Person, span: Span, *, but: Mentorship | None = None) -> None:
    """Under ``hold``: no two of the pair on one day, no more learners on any day than the rule of its first day allows."""
    standing = Mentorship.objects.standing().filter(mentor=mentor).touching(*span)
    if but is not None:
        standing = standing.exclude(pk=but.pk)
    others = list(standing.values_list("learner_id", "from_on", "to_on"))
    if any(other == learner.pk and overlap(span, (first, last)) for other, first, last in others):
        raise _have_one()
    count, day = busiest(span, [(first, last) for _other, first, last in others])
    rule = RuleTable(LEARNERS_MOST).rule(LEARNERS_MOST, span[0])
    if count + 1 > int(rule.value):
        raise MentorshipRefused(
            ngettext(
                "This mentor has %(count)s learner on %(day)s already; %(most)s at once is the most (%(document)s). Choose another "
                "mentor, or days on which one has ended.",
                "This mentor has %(count)s learners on %(day)s already; %(most)s at once are the most (%(document)s). Choose "
                "another mentor, or days on which one has ended.",
                count,
            )
            % {"count": count, "day": day.isoformat(), "most": int(rule.value), "document": rule.document}
        )


def _have_one() -> MentorshipRefused:
    return MentorshipRefused(_("These two have a mentorship on some of these days already. End it first."))


def _end(mentorship: Mentorship, *, on: dt.date, reason: str, actor: Actor, now: dt.datetime) -> None:
    if on < mentorship.from_on:
        raise MentorshipRefused(_("Last day: it lies before the first."))
    if mentorship.to_on is not None and on > mentorship.to_on:
        raise MentorshipRefused(_("Last day: it lies after the last day as agreed. Ask for other dates instead."))
    ended = Mentorship.objects.filter(pk=mentorship.pk, end_reason="", declined_at=None).update(to_on=on, end_reason=reason)
    if not ended:
        raise MentorshipRefused(_("This mentorship has been ended already."))
    DateFix.objects.filter(mentorship=mentorship, state=DateFix.State.ASKED).update(state=DateFix.State.REFUSED, ended_at=now)
    mentorship.refresh_from_db()


def _given(reason: str) -> str:
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise MentorshipRefused(_("Reason: say why; the other side reads it."))
    return reason


def _is(actor: Actor, person: Person) -> bool:
    return actor.user is not None and person.account_id == actor.user.pk


def waits_for_answer(mentorship: Mentorship, today: dt.date | None = None) -> bool:
    """Whether somebody still has to say yes or no."""
    return mentorship.state_on(today or localdate()) == "waiting"
