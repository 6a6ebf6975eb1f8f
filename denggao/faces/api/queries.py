"""Reads of tokens."""

from __future__ import annotations

import datetime as dt

from denggao.faces.api.models import ApiToken
from denggao.faces.api.rules import secret_agrees, split_token
from denggao.foundation.audit.actors import Actor, ActorKind, Grant, Role


def token_of(text: str, *, on: dt.date) -> ApiToken | None:
    """The token this text belongs to, if it holds on the day."""
    parts = split_token(text)
    if parts is None:
        return None
    prefix, secret = parts
    token = ApiToken.objects.select_related("organisation").filter(prefix=prefix).first()
    if token is None or not secret_agrees(secret, token.secret_hash) or not token.holds_on(on):
        return None
    return token


def actor_of_token(token: ApiToken, origin: str) -> Actor:
    """A token acts as its organisation's HR would, within its scopes."""
    return Actor(
        ActorKind.TOKEN,
        str(token.public_id),
        f"token {token.prefix}",
        origin=origin,
        grants=frozenset({Grant(Role.HR, token.organisation_id)}),
        scopes=frozenset(token.scopes),
    )


def actor_of_token_id(public_id: str, on: dt.date) -> Actor | None:
    """The actor a token is in the background work it asked for; None when it no longer holds."""
    token = ApiToken.objects.select_related("organisation").filter(public_id=public_id).first()
    return actor_of_token(token, "job") if token is not None and token.holds_on(on) else None
