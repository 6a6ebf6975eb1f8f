"""What other rooms show on the page of a craftsman: mentorships, studios, benefits; and where everybody reads of one. Plugged in
``wiring.py``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from denggao.foundation.audit.actors import Actor
from denggao.systems.craftsmen.models import Craftsman


@dataclass(frozen=True)
class Panel:
    """A part of the page: a template and what it is drawn from."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


_PANELS: dict[str, tuple[int, Callable[[Actor, Craftsman], Panel | None]]] = {}


def plug_craftsman_panel(code: str, panel: Callable[[Actor, Craftsman], Panel | None], *, position: int) -> None:
    """``panel(actor, craftsman)`` gives None where there is nothing for this actor."""
    _PANELS[code] = (position, panel)


def panels_for(actor: Actor, craftsman: Craftsman) -> list[Panel]:
    found = [panel(actor, craftsman) for _position, panel in sorted(_PANELS.values(), key=lambda each: each[0])]
    return [each for each in found if each is not None]


_public_page: Callable[[Craftsman], str] | None = None


def plug_public_page(address: Callable[[Craftsman], str]) -> None:
    """``address(craftsman)`` is empty where no page is shown."""
    global _public_page
    _public_page = address


def public_page(craftsman: Craftsman) -> str:
    return _public_page(craftsman) if _public_page is not None else ""
