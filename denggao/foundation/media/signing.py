"""Short-lived addresses of a film's pieces: a player asks for hundreds, and each is let pass by its signature alone. They hold
for one reader; whose has run out is asked who they are, as at any other address."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import uuid

from denggao.foundation.audit.actors import Actor
from denggao.foundation.vault.keys import key

HOLDS_FOR = dt.timedelta(hours=6)


def signed(file_id: uuid.UUID, actor: Actor, now: dt.datetime) -> str:
    """``<until>.<signature>``."""
    until = f"{int((now + HOLDS_FOR).timestamp()):x}"
    return f"{until}.{_signature(file_id, actor, until)}"


def holds(token: str, file_id: uuid.UUID, actor: Actor, now: dt.datetime) -> bool:
    until, _dot, signature = token.partition(".")
    try:
        ends = int(until, 16)
    except ValueError:
        return False
    return now.timestamp() < ends and hmac.compare_digest(signature, _signature(file_id, actor, until))


def _signature(file_id: uuid.UUID, actor: Actor, until: str) -> str:
    said = f"media {file_id} {actor.id} {until}".encode()
    return hmac.new(key("media"), said, hashlib.sha256).hexdigest()[:32]
