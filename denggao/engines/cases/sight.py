"""Who sees a case, or must not, by what the engines below know. Filled in by ``wiring.py``'s registrations below."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection

from denggao.foundation.audit.actors import Actor

Known = Callable[[Actor], Collection[uuid.UUID] | None]


def _nothing(actor: Actor) -> Collection[uuid.UUID] | None:
    return None


_KNOWN: dict[str, Known] = {"conflicts": _nothing, "signing": _nothing, "judging": _nothing, "handling": _nothing}


def plug_sight(what: str, known: Known) -> None:
    """``conflicts``: public ids of the cases an actor is in conflict with. ``signing``: of those a body the actor signs for was
    asked to sign (a queryset will do); None where there can't be any. ``judging``: of those whose file an actor reads as an
    expert. ``handling``: of those that a body's own people work on in the office's place, with the roles their stages name, for
    the bodies in which the actor holds such a role (a queryset will do); None where there can't be any."""
    if what not in _KNOWN:
        raise KeyError(what)
    _KNOWN[what] = known


def conflicted_cases(actor: Actor) -> Collection[uuid.UUID]:
    return _KNOWN["conflicts"](actor) or ()


def signed_cases(actor: Actor) -> Collection[uuid.UUID] | None:
    return _KNOWN["signing"](actor)


def handled_cases(actor: Actor) -> Collection[uuid.UUID] | None:
    return _KNOWN["handling"](actor)


def judged_cases(actor: Actor) -> Collection[uuid.UUID]:
    return _KNOWN["judging"](actor) or ()
