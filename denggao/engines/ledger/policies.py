"""Who sees single heads behind a number. The public sees numbers only."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from denggao.engines.ledger.models import Entry
from denggao.engines.ledger.queries import heads
from denggao.foundation.audit.actors import OFFICE_ROLES, Actor, Role
from denggao.foundation.plans.models import Goal

_EVERY_HEAD = (*OFFICE_ROLES, Role.AUTHORITY)


def can_see_every_head(actor: Actor) -> bool:
    """The programme office, auditors and the guiding authorities (in whichever body they hold the role)."""
    return actor.is_operator or any(grant.role in _EVERY_HEAD for grant in actor.grants)


def names_its_heads(goal: Goal) -> bool:
    """Bodies are no persons: which of them count is for everybody to know (ADR 5)."""
    return goal.unit == Goal.Unit.BODY


def can_see_heads(actor: Actor, goal: Goal) -> bool:
    """Of a goal that counts persons: those, and an employer's HR its own people."""
    return names_its_heads(goal) or can_see_every_head(actor) or bool(actor.organisations_as(Role.HR))


def visible_heads(actor: Actor, goal: Goal, *, as_of: dt.date, known_on: dt.date | None = None) -> QuerySet[Entry]:
    found = heads(goal, as_of=as_of, known_on=known_on)
    if names_its_heads(goal) or can_see_every_head(actor):
        return found
    return found.filter(employer_id__in=actor.organisations_as(Role.HR))


def get_head_for(actor: Actor, goal: Goal, public_id: UUID) -> Entry:
    """An entry that makes a head count, in force or taken back since. Raises Http404, also where it is another body's."""
    entries = Entry.objects.filter(goal=goal, sign=1)
    if not (names_its_heads(goal) or can_see_every_head(actor)):
        entries = entries.filter(employer_id__in=actor.organisations_as(Role.HR))
    entry = (
        entries.select_related("goal__plan", "person", "organisation", "occupation", "employer").filter(public_id=public_id).first()
    )
    if entry is None:
        raise Http404
    return entry
