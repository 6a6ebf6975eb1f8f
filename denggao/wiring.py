"""The roof: the one place where rooms are plugged into each other. Read it as a table of contents.

Called once, when all rooms are loaded (``denggao.apps`` is the last to be ready).
"""

from __future__ import annotations

from denggao.engines.ledger import registry as counting_rules
from denggao.engines.ledger.evidence import register_opener
from denggao.foundation.plans.registry import tell_rule
from denggao.systems.assessment.counting import EVIDENCE_KIND, RULE, FirstRaise
from denggao.systems.assessment.evidence import open_raise
from denggao.systems.assessment.rules import FIRST_RAISE_IN_WORDS


def wire() -> None:
    _sheets()
    _counting()
    _hooks()
    _pages()


def _sheets() -> None:
    """Which sheets are taken."""


def _counting() -> None:
    """Which rules count, and who opens their evidence."""
    counting_rules.register(RULE, FirstRaise())
    tell_rule(RULE, FIRST_RAISE_IN_WORDS)
    register_opener(EVIDENCE_KIND, open_raise)


def _hooks() -> None:
    """What follows, in the same transaction, when something changes."""


def _pages() -> None:
    """What stands in the navigation and on the worklist."""
