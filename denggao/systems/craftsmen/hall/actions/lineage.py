"""The yes of mentors and learners to their names in a craftsman's tree."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from denggao.engines.agreements.models import Mentorship
from denggao.foundation.audit.actions import Refused, action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.people.models import Person
from denggao.systems.craftsmen.hall import policies
from denggao.systems.craftsmen.hall.models import LineageYes


class YesRefused(Refused):
    """There is nothing to say yes to."""


@action("craftsmen.lineage.agree", requires=policies.can_say_yes)
def say_yes(mentorship: Mentorship, *, actor: Actor, now: dt.datetime) -> LineageYes:
    """One of the two lets the own name be seen. Said again it changes nothing. Raises YesRefused before both have confirmed it."""
    if not mentorship.is_confirmed:
        raise YesRefused(_("Both of you confirm the mentorship first."))
    yes, made = LineageYes.objects.get_or_create(mentorship=mentorship, person=_own(mentorship, actor), defaults={"given_at": now})
    if not made and yes.taken_back_at is not None:
        LineageYes.objects.filter(pk=yes.pk).update(given_at=now, taken_back_at=None)
        yes.refresh_from_db()
    return yes


@action("craftsmen.lineage.take_back", requires=policies.can_say_yes)
def take_back(mentorship: Mentorship, *, actor: Actor, now: dt.datetime) -> LineageYes:
    """The name is gone from the tree at once. Raises YesRefused where no yes stands."""
    own = LineageYes.objects.filter(mentorship=mentorship, person=_own(mentorship, actor))
    if not own.filter(taken_back_at__isnull=True).update(taken_back_at=now):
        raise YesRefused(_("Your name does not stand in the tree."))
    return own.get()


def _own(mentorship: Mentorship, actor: Actor) -> Person:
    mentor = actor.user is not None and mentorship.mentor.account_id == actor.user.pk
    return mentorship.mentor if mentor else mentorship.learner
