"""Issuing and revoking tokens."""

from __future__ import annotations

import datetime as dt
import secrets
import string
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.faces.api.models import ApiToken
from denggao.faces.api.policies import can_grant_office_scopes, can_manage_tokens, can_note_use, can_revoke_token
from denggao.faces.api.rules import (
    LONGEST_DAYS,
    PREFIX_LENGTH,
    Scope,
    asks_for_office_scope,
    may_expire_on,
    secret_hash,
    token_text,
)
from denggao.foundation.audit.actions import NotAllowed, Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.organisations.models import Organisation

_PREFIX_CHARACTERS = string.digits + string.ascii_lowercase


@dataclass(frozen=True)
class Issued:
    """``text`` is shown once and kept nowhere."""

    token: ApiToken
    text: str


@action("api.token.issue", requires=can_manage_tokens, batch=True)
def issue_token(
    organisation: Organisation, *, name: str, scopes: Collection[str], expires_on: dt.date, actor: Actor, now: dt.datetime
) -> Issued:
    """Give a program the right to act for an organisation.

    Raises Refused for no scope, an unknown scope or a day out of bounds; NotAllowed for a scope only the office grants.
    """
    if not scopes or not set(scopes) <= set(Scope.values):
        raise Refused(_("Choose at least one thing the token may do."))
    if asks_for_office_scope(scopes) and not can_grant_office_scopes(actor):
        raise NotAllowed("api.token.issue")
    if not may_expire_on(expires_on, localdate(now)):
        raise Refused(_("A token holds for at most %(days)s days. Choose an earlier last day.") % {"days": LONGEST_DAYS})
    secret = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        organisation=organisation,
        name=name,
        prefix="".join(secrets.choice(_PREFIX_CHARACTERS) for _number in range(PREFIX_LENGTH)),
        secret_hash=secret_hash(secret),
        scopes=sorted(scopes),
        created_by=actor.id,
        created_by_text=actor.text,
        created_at=now,
        expires_on=expires_on,
    )
    note([Line.about("api.token.issue", token, after=snapshot(token))])
    return Issued(token, token_text(token.prefix, secret))


@action("api.token.revoke", requires=can_revoke_token)
def revoke_token(token: ApiToken, *, actor: Actor, now: dt.datetime) -> ApiToken:
    """End a token at once. Revoking it again changes nothing."""
    if token.revoked_at is None:
        token.revoked_at, token.revoked_by_text = now, actor.text
        token.save(update_fields=["revoked_at", "revoked_by_text"])
    return token


@action("api.token.use", requires=can_note_use)
def note_use(token: ApiToken, *, actor: Actor, now: dt.datetime) -> ApiToken:
    """Record, once a day, that a token was used and from where."""
    token.last_used_on = localdate(now)
    token.save(update_fields=["last_used_on"])
    return token
