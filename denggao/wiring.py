"""The roof: the one place where rooms are plugged into each other. Read it as a table of contents.

Called once, when all rooms are loaded (``denggao.faces.portal`` is the last to be ready).
"""

from __future__ import annotations


def wire() -> None:
    """Plug the systems into the engines, and the engines into the foundation's hooks."""
