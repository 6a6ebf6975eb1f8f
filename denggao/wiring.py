"""The roof: the one place where rooms are plugged into each other. Read it as a table of contents.

Called once, when all rooms are loaded (``denggao.apps`` is the last to be ready).
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from denggao.engines.ledger import registry as counting_rules
from denggao.engines.ledger.evidence import register_opener
from denggao.foundation.standards.ladder import BY_CODE
from denggao.foundation.ui.navigation import NavItem, PublicItem, register_item, register_public
from denggao.foundation.ui.words import set_level_name
from denggao.systems.assessment.counting import EVIDENCE_KIND, RULE, FirstRaise
from denggao.systems.assessment.evidence import open_raise


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
    register_opener(EVIDENCE_KIND, open_raise)


def _hooks() -> None:
    """What follows, in the same transaction, when something changes."""


def _pages() -> None:
    """What stands in the navigation and on the worklist."""
    set_level_name(lambda code: BY_CODE[code].name if code in BY_CODE else code)
    register_public(
        PublicItem("board", _("Board"), "board:home", 10),
        PublicItem("verify", _("Verify a certificate"), "portal:verify", 20),
        PublicItem("rules", _("How we count"), "portal:rules", 30),
        PublicItem("open_data", _("Open data"), "portal:open_data", 40),
        PublicItem("help", _("Help"), "portal:help", 50),
        PublicItem("footer_rules", _("How we count"), "portal:rules", 10, in_footer=True),
        PublicItem("footer_open_data", _("Open data"), "portal:open_data", 20, in_footer=True),
        PublicItem("footer_privacy", _("Privacy"), "portal:privacy", 30, in_footer=True),
        PublicItem("footer_accessibility", _("Accessibility"), "portal:accessibility", 40, in_footer=True),
        PublicItem("footer_help", _("Help"), "portal:help", 50, in_footer=True),
    )
    register_item(
        NavItem("desk", _("My desk"), "home", "desk:home", position=10, on_phone=True),
        NavItem("board", _("Board"), "chart-bar", "board:home", "data", 80, on_phone=True),
    )
