"""What goes on beneath a counted goal: numbers of today that nobody is counted by. A system registers a provider for its counting
rule in ``wiring.py``; several may stand beside each other, in the order of their registration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from denggao.engines.ledger.disclosure import SMALLEST_SHOWN
from denggao.foundation.plans.models import Goal, Plan


@dataclass(frozen=True)
class Beat:
    """One number. ``label`` is a lazy translation that names the unit; ``value`` is None where it is withheld; ``persons`` how many
    stand behind it, 0 where it is not about persons."""

    label: Any
    value: int | Decimal | None
    persons: int = 0


PulseSource = Callable[[Plan], Sequence[Beat]]
_SOURCES: list[tuple[str, PulseSource]] = []


def register_pulse(rule: str, source: PulseSource) -> None:
    """``source(plan)``: what can be proven today, from the records, in a constant number of queries."""
    if (rule, source) not in _SOURCES:
        _SOURCES.append((rule, source))


def has_pulse(goal: Goal) -> bool:
    return any(rule == goal.counting_rule for rule, _source in _SOURCES)


def pulse_of(goal: Goal, *, public: bool) -> list[Beat]:
    """The beats of a goal; none where nothing is registered for its rule. PRIVACY: the public is not told what fewer than five
    persons stand behind."""
    beats = [beat for rule, source in _SOURCES if rule == goal.counting_rule for beat in source(goal.plan)]
    return [_withheld(beat) for beat in beats] if public else beats


def _withheld(beat: Beat) -> Beat:
    return replace(beat, value=None) if 0 < beat.persons < SMALLEST_SHOWN else beat
