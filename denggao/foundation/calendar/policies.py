"""Who may enter a year's arrangement. Everybody who signed in may read it."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from denggao.foundation.audit.actors import Actor, ActorKind, Role

ENTERERS = frozenset({Role.ADMINISTRATOR, Role.CLERK})


def can_see_calendar(actor: Actor, _subject: Any = None) -> bool:
    return actor.kind is not ActorKind.VISITOR


def can_enter_year(actor: Actor, _subject: Any = None) -> bool:
    return actor.has(*ENTERERS)


def gate_entering(actor: Actor) -> None:
    """Raises Http404."""
    if not can_enter_year(actor):
        raise Http404
