"""Which role may be given by whom, and where it is held. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
from enum import StrEnum

from denggao.foundation.audit.actors import OFFICE_ROLES, Role

INVITATION_DAYS = 7

# Held for the whole installation; every other role is held within one body.
WITHOUT_A_BODY = OFFICE_ROLES
# A worker's account is tied to a person, not to a promise, and whoever stands in the register is an expert: neither is given by
# invitation.
INVITED_ROLES = frozenset(Role) - {Role.WORKER, Role.EXPERT}
# What an office clerk may give and take: who acts for a body taking part. Office roles and the authorities, who oversee
# the office, are the administrator's to give.
CLERK_GIVES = frozenset({Role.HR, Role.BASE_MANAGER, Role.TEACHER, Role.EXPERT})
# What the HR of a body may give and take in the own body.
HR_GIVES = frozenset({Role.HR})


class State(StrEnum):
    """How an invitation stands on a given moment."""

    OPEN = "open"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


def held_rightly(role: Role, *, has_body: bool) -> bool:
    """Office roles are held for the whole installation, the others within a body."""
    return has_body is (role not in WITHOUT_A_BODY)


def state_of(
    *, accepted_at: dt.datetime | None, withdrawn_at: dt.datetime | None, expires_at: dt.datetime, now: dt.datetime
) -> State:
    """At the very moment of its end an invitation still holds."""
    if accepted_at is not None:
        return State.ACCEPTED
    if withdrawn_at is not None:
        return State.WITHDRAWN
    return State.OPEN if now <= expires_at else State.EXPIRED


def expires_at(now: dt.datetime) -> dt.datetime:
    return now + dt.timedelta(days=INVITATION_DAYS)


def hash_of(secret: str) -> bytes:
    """What is kept of a link's secret: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()
