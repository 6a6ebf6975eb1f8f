"""What rooms above show on a person's page: each plugs a panel in (``wiring.py``); nothing here knows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from denggao.foundation.audit.actors import Actor
from denggao.foundation.people.models import Person


@dataclass(frozen=True)
class Panel:
    """``template`` draws it, with ``panel`` in its context; ``title`` is its heading, ``note`` a line beside it."""

    title: Any
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    note: Any = ""


Build = Callable[[Actor, Person], Panel | None]
_panels: dict[str, tuple[int, Build]] = {}


def register_panel(code: str, build: Build, *, position: int = 50) -> None:
    """``build(actor, person)`` gives the panel, with only what this actor may see; None where there is nothing to show."""
    _panels[code] = (position, build)


def panels_for(actor: Actor, person: Person) -> list[Panel]:
    ordered = sorted(_panels.items(), key=lambda item: (item[1][0], item[0]))
    return [panel for _code, (_position, build) in ordered if (panel := build(actor, person)) is not None]
