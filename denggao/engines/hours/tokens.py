"""The token by which a page speaks for its sitting: no session, no cookie. Whoever holds it can add beats to that one
sitting, whose credit the server's own clock bounds."""

from __future__ import annotations

import hmac
import uuid

from denggao.foundation.vault.keys import key

_MAC_BYTES = 16


def token_of(public_id: uuid.UUID) -> str:
    return f"{public_id.hex}.{_mac(public_id)}"


def read_token(token: object) -> uuid.UUID | None:
    """The sitting's public id; None for what we did not sign."""
    if not isinstance(token, str) or len(token) != 32 + 1 + 2 * _MAC_BYTES or not token.isascii():
        return None
    try:
        public_id = uuid.UUID(hex=token[:32])
    except ValueError:
        return None
    return public_id if hmac.compare_digest(token[33:], _mac(public_id)) else None


def hashed(purpose: str, value: str) -> str:
    """A keyed hash of a device or an address: the same one is known again, and can't be told from it. Empty for nothing."""
    return hmac.digest(key("hours"), f"{purpose}:{value}".encode(), "sha256")[:_MAC_BYTES].hex() if value else ""


def _mac(public_id: uuid.UUID) -> str:
    return hmac.digest(key("hours"), b"sitting:" + public_id.bytes, "sha256")[:_MAC_BYTES].hex()
