"""What rooms above tell of contexts and activities, and who beside the office sees whose hours: plugged in ``wiring.py``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from denggao.foundation.audit.actors import Actor
from denggao.foundation.people.models import Person


@dataclass(frozen=True)
class Titled:
    """How a context or an activity is called, and the address of its page (empty: it has none)."""

    title: str
    url: str = ""
    organisation_id: int | None = None


@dataclass(frozen=True)
class ContextKind:
    """What hours are for. ``titles`` names many at once, keyed by id, without those it does not know; ``of_person`` lists the
    ids a person has, for the office that puts hours right."""

    label: Any
    titles: Callable[[Collection[UUID]], Mapping[UUID, Titled]]
    of_person: Callable[[Person], Sequence[UUID]] = lambda person: []


@dataclass(frozen=True)
class ActivityKind:
    """What time is spent on. ``titles`` as in ContextKind."""

    label: Any
    titles: Callable[[Collection[UUID]], Mapping[UUID, Titled]]


_contexts: dict[str, ContextKind] = {}
_activities: dict[str, ActivityKind] = {}
Sight = Callable[[Actor], Q | None]
_sights: list[Sight] = []
_rules: dict[str, Any] = {}


def register_context(kind: str, context: ContextKind) -> None:
    _contexts[kind] = context


def register_activity(kind: str, activity: ActivityKind) -> None:
    _activities[kind] = activity


def register_rule(code: str, label: Any) -> None:
    """How it is said what an entry of another room's rests on: its ``rule``."""
    _rules[code] = label


def rule_label(code: str) -> str:
    """As it stands where no room says it in words."""
    return str(_rules.get(code, code))


def context_kinds() -> Mapping[str, ContextKind]:
    return _contexts


def context_titles(wanted: Collection[tuple[str, UUID]]) -> dict[tuple[str, UUID], Titled]:
    """Keyed as asked; those nobody names are left out. One call a kind."""
    return _titles(_contexts, wanted)


def activity_titles(wanted: Collection[tuple[str, UUID]]) -> dict[tuple[str, UUID], Titled]:
    return _titles(_activities, wanted)


def _titles(
    known: Mapping[str, ContextKind | ActivityKind], wanted: Collection[tuple[str, UUID]]
) -> dict[tuple[str, UUID], Titled]:
    found: dict[tuple[str, UUID], Titled] = {}
    for kind in sorted({kind for kind, _id in wanted} & set(known)):
        ids = {public_id for other, public_id in wanted if other == kind}
        found |= {(kind, public_id): titled for public_id, titled in known[kind].titles(ids).items()}
    return found


def plug_hours_sight(sight: Sight) -> None:
    """Add a reason for which an actor sees hours: a condition that holds for Sitting, HourEntry and Fix alike (``person``,
    ``organisation``, ``context_kind``, ``context_id``), or None where it doesn't apply."""
    if sight not in _sights:
        _sights.append(sight)


def sights() -> Sequence[Sight]:
    return _sights
