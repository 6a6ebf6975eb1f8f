"""Reads that span tables."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor, Grant, Role, account
from denggao.foundation.organisations.models import Membership


def grants_of(user: User, *, on: dt.date) -> frozenset[Grant]:
    """The roles an account holds on a day."""
    held = Membership.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=on), account=user, from_on__lte=on)
    return frozenset(Grant(Role(role), organisation) for role, organisation in held.values_list("role", "organisation_id"))


def actor_of_account(public_id: str, on: dt.date) -> Actor | None:
    """The actor that an account is on a day; None when the account is gone or closed."""
    user = User.objects.filter(public_id=public_id, is_active=True).first()
    return account(user, grants_of(user, on=on), "job") if user else None
