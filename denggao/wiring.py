"""The roof: the one place where rooms are plugged into each other. Read it as a table of contents.

Called once, when all rooms are loaded (``denggao.apps`` is the last to be ready).
"""

from __future__ import annotations


def wire() -> None:
    _sheets()
    _counting()
    _hooks()
    _pages()


def _sheets() -> None:
    """Which sheets are taken."""


def _counting() -> None:
    """Which rules count, and who opens their evidence."""


def _hooks() -> None:
    """What follows, in the same transaction, when something changes."""


def _pages() -> None:
    """What stands in the navigation and on the worklist."""
