"""Mentor and learner (师徒): recorded by one side or for them, in force once both have confirmed."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from denggao.engines.agreements.models import Mentorship
from denggao.engines.agreements.policies import can_keep_mentorship, can_record_mentorship, is_party
from denggao.engines.agreements.telling import tell_to_confirm
from denggao.foundation.audit.actions import NotAllowed, Refused, action
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person


class MentorshipRefused(Refused):
    """These two can't be recorded so."""


@action("agreements.mentorship.record", requires=can_record_mentorship)
def record_mentorship(
    mentor: Person,
    learner: Person,
    *,
    organisation: Organisation | None = None,
    from_on: dt.date,
    to_on: dt.date | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Mentorship:
    """Keep that one teaches the other. Whoever of the two records it has confirmed it with that; the office vouches for
    neither. Whoever has not confirmed is told. Raises NotAllowed, MentorshipRefused for one person, for dates that end before
    they begin, and for two who have one without an end already.
    """
    body = organisation.pk if organisation is not None else -1
    own = actor.user is not None and actor.user.pk in {mentor.account_id, learner.account_id}
    if not (own or actor.has(Role.CLERK, Role.REVIEWER) or actor.has(Role.HR, Role.BASE_MANAGER, organisation_id=body)):
        raise NotAllowed("agreements.mentorship.record")
    if mentor.pk == learner.pk:
        raise MentorshipRefused(_("Learner: nobody is their own mentor. Choose another person."))
    if to_on is not None and to_on < from_on:
        raise MentorshipRefused(_("Last day: it lies before the first."))
    try:
        with transaction.atomic():
            made = Mentorship.objects.create(
                mentor=mentor,
                learner=learner,
                organisation=organisation,
                from_on=from_on,
                to_on=to_on,
                confirmed_by_mentor_at=now if _is(actor, mentor) else None,
                confirmed_by_learner_at=now if _is(actor, learner) else None,
                created_at=now,
            )
    except IntegrityError:
        raise MentorshipRefused(_("These two have a mentorship without an end already. End it first.")) from None
    tell_to_confirm(made, now=now)
    return made


@action("agreements.mentorship.confirm", requires=is_party)
def confirm_mentorship(mentorship: Mentorship, *, actor: Actor, now: dt.datetime) -> Mentorship:
    """One of the two says that it is so. Saying it again changes nothing."""
    if _is(actor, mentorship.mentor):
        Mentorship.objects.filter(pk=mentorship.pk, confirmed_by_mentor_at=None).update(confirmed_by_mentor_at=now)
    else:
        Mentorship.objects.filter(pk=mentorship.pk, confirmed_by_learner_at=None).update(confirmed_by_learner_at=now)
    mentorship.refresh_from_db()
    return mentorship


@action("agreements.mentorship.end", requires=can_keep_mentorship)
def end_mentorship(mentorship: Mentorship, *, on: dt.date, reason: str, actor: Actor, now: dt.datetime) -> Mentorship:
    """Set its last day. Raises MentorshipRefused without a reason, before its first day, or when it has ended before."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise MentorshipRefused(_("Reason: say why it ends."))
    if on < mentorship.from_on:
        raise MentorshipRefused(_("Last day: it lies before the first."))
    ended = Mentorship.objects.filter(pk=mentorship.pk, end_reason="").update(to_on=on, end_reason=reason)
    if not ended:
        raise MentorshipRefused(_("This mentorship has been ended already."))
    mentorship.refresh_from_db()
    return mentorship


def _is(actor: Actor, person: Person) -> bool:
    return actor.user is not None and person.account_id == actor.user.pk
