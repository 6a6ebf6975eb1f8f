"""Kinds of certificates: the system that registers a kind says what of it may be told to whoever verifies one."""

from __future__ import annotations

from collections.abc import Callable

from denggao.engines.credentials.models import Credential

Facts = list[tuple[str, str]]

_TOLD: dict[str, Callable[[Credential], Facts]] = {}


def tell_kind(kind: str, facts: Callable[[Credential], Facts]) -> None:
    """``facts`` gives label and value of what a public query may show beside number, name and dates; nothing personal."""
    _TOLD[kind] = facts


def facts_of(credential: Credential) -> Facts:
    return _TOLD[credential.kind](credential) if credential.kind in _TOLD else []
