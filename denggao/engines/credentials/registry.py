"""Kinds of credentials: what of a certificate may be told to whoever verifies one, and what a kind issued here looks like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from denggao.engines.credentials.models import Credential, Issued
from denggao.engines.credentials.numbers import NumberRule
from denggao.foundation.audit.actors import Actor

Facts = list[tuple[str, str]]

_TOLD: dict[str, Callable[[Credential], Facts]] = {}


def tell_kind(kind: str, facts: Callable[[Credential], Facts]) -> None:
    """``facts`` gives label and value of what a public query may show beside number, name and dates; nothing personal."""
    _TOLD[kind] = facts


def facts_of(credential: Credential) -> Facts:
    return _TOLD[credential.kind](credential) if credential.kind in _TOLD else []


def no_rows(_issued: Issued) -> Facts:
    return []


@dataclass(frozen=True)
class IssuedKind:
    """A kind the platform issues.

    ``template`` names the paper (``documents.render``); ``rows`` gives what its public page says beside holder, granting
    bodies, term and number: nothing personal. ``may_issue(actor, order)`` and ``may_change(actor, issued)`` let more than
    the office and the authorities. ``drawing`` is the template of the paper as the page draws it; empty for none.
    """

    code: str
    label: Any
    template: str
    number_rule: NumberRule
    rows: Callable[[Issued], Facts] = no_rows
    drawing: str = ""
    may_issue: Callable[[Actor, Any], bool] | None = None
    may_change: Callable[[Actor, Issued], bool] | None = None


ISSUED_KINDS: dict[str, IssuedKind] = {}


def register_issued_kind(kind: IssuedKind) -> None:
    ISSUED_KINDS[kind.code] = kind


def issued_kind(code: str) -> IssuedKind:
    """Raises KeyError for a kind no room registered."""
    return ISSUED_KINDS[code]
