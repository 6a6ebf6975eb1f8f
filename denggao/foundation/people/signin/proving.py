"""Asking the account's holder to prove, now, that it is they: a code of their second factor. Wrong ones are limited and
recorded."""

from __future__ import annotations

import datetime as dt

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from denggao.foundation.accounts import limits
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor
from denggao.foundation.people.signin.actions import record_refused_proof
from denggao.foundation.people.signin.proofs import Factor, SecondFactorGiven
from denggao.foundation.people.signin.queries import second_factor_of


class WrongProof(Refused):
    """What was typed proves nothing."""


class NoSecondFactor(Refused):
    """The account has nothing beside its password."""


def factor_asked_of(user: User) -> Factor | None:
    """By what this account proves itself: its app (or a recovery code); in demo mode, where it has none, its password
    again. None: a second factor must be set up first."""
    if second_factor_of(user).has_app:
        return Factor.APP
    return Factor.PASSWORD if settings.DEMO else None


def give_second_factor(user: User, typed: str, *, actor: Actor, now: dt.datetime) -> SecondFactorGiven:
    """Check what the holder typed. A code is good once.

    Raises NoSecondFactor, WrongProof, and TooOften after five wrong ones in five minutes.
    """
    asked = factor_asked_of(user)
    if asked is None:
        raise NoSecondFactor(_("This account has no second step yet. Set it up first; it takes a minute."))
    try:
        kind = _password(user, typed) if asked is Factor.PASSWORD else _code(user, typed)
    except limits.TooOften:
        record_refused_proof(user, locked=True, actor=actor, now=now)
        raise
    if kind is not None:
        return SecondFactorGiven(str(user.public_id), kind, now)
    record_refused_proof(user, locked=False, actor=actor, now=now)
    if asked is Factor.PASSWORD:
        raise WrongProof(_("This is not the password of your account."))
    raise WrongProof(_("This code doesn't fit. Each works once: after signing in, wait until your app shows the next one."))


def authenticator_with(user: User, code: str) -> Authenticator | None:
    """The second factor this code belongs to. Raises TooOften after five wrong ones in five minutes."""
    limits.take(limits.SECOND_FACTOR, str(user.pk))
    for factor in Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN).order_by("-type"):
        if factor.wrap().validate_code(code):
            limits.forget(limits.SECOND_FACTOR, str(user.pk))
            factor.user = user
            return factor
    return None


def _code(user: User, typed: str) -> Factor | None:
    found = authenticator_with(user, typed.replace(" ", "").replace("-", ""))
    if found is None:
        return None
    return Factor.APP if found.type == Authenticator.Type.TOTP else Factor.RECOVERY_CODE


def _password(user: User, typed: str) -> Factor | None:
    limits.take(limits.REAUTHENTICATE, str(user.pk))
    if not user.check_password(typed):
        return None
    limits.forget(limits.REAUTHENTICATE, str(user.pk))
    return Factor.PASSWORD
