"""How a lower room tells a higher one that something happened: the higher one's function is registered in
``wiring.py`` and runs inside the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Hook:
    """A named place where higher rooms plug in. Handlers run in the order of their registration."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._handlers: list[Callable[..., Any]] = []

    def plug(self, handler: Callable[..., Any]) -> None:
        if handler not in self._handlers:
            self._handlers.append(handler)

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        for handler in self._handlers:
            handler(*args, **kwargs)
