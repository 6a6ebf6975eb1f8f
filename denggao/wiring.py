"""The roof: the one place where rooms are plugged into each other. Read it as a table of contents.

Called once, when all rooms are loaded (``denggao.apps`` is the last to be ready).
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from denggao.engines.ledger import registry as counting_rules
from denggao.engines.ledger.actions import rebuild_changed_plan, recount
from denggao.engines.ledger.evidence import register_opener
from denggao.foundation.audit.commands import command_starts
from denggao.foundation.jobs.registry import job_failed, plug_actors
from denggao.foundation.messages.tasks import tell_failure
from denggao.foundation.organisations.actions.employments import resolve_occupations_again
from denggao.foundation.organisations.hooks import heads_changed, plug_joining
from denggao.foundation.organisations.policies import employed_here
from denggao.foundation.organisations.queries import actor_of_account
from denggao.foundation.organisations.sheets.employers import Employers
from denggao.foundation.organisations.sheets.roster import Roster
from denggao.foundation.people.hooks import people_changed
from denggao.foundation.people.policies import plug_visibility
from denggao.foundation.plans.hooks import plan_changed
from denggao.foundation.plans.joining import PlanJoining
from denggao.foundation.plans.registry import tell_rule
from denggao.foundation.sheets import kinds as sheet_kinds
from denggao.foundation.standards.hooks import occupations_changed
from denggao.foundation.standards.ladder import BY_CODE
from denggao.foundation.ui.navigation import NavItem, PublicItem, register_item, register_public
from denggao.foundation.ui.words import set_level_name
from denggao.guards import before_command
from denggao.systems.assessment.counting import EVIDENCE_KIND, RULE, FirstRaise
from denggao.systems.assessment.evidence import open_raise
from denggao.systems.assessment.rules import FIRST_RAISE_IN_WORDS


def wire() -> None:
    _sheets()
    _counting()
    _hooks()
    _jobs()
    _pages()
    _commands()


def _sheets() -> None:
    """Which sheets are taken."""
    sheet_kinds.register(Employers())
    sheet_kinds.register(Roster())


def _counting() -> None:
    """Which rules count, and who opens their evidence."""
    counting_rules.register(RULE, FirstRaise())
    tell_rule(RULE, FIRST_RAISE_IN_WORDS)
    register_opener(EVIDENCE_KIND, open_raise)


def _hooks() -> None:
    """What follows, in the same transaction, when something changes. Whoever joins comes before whoever counts."""
    people_changed.plug(heads_changed)
    plug_visibility(employed_here)
    plug_joining(PlanJoining())
    occupations_changed.plug(resolve_occupations_again)
    heads_changed.plug(recount)
    plan_changed.plug(rebuild_changed_plan)


def _jobs() -> None:
    """What runs in the background: each room's ``tasks``."""
    plug_actors(actor_of_account)
    job_failed.plug(tell_failure)
    for room in apps.get_app_configs():
        if room.name.startswith("denggao.") and find_spec(f"{room.name}.tasks"):
            import_module(f"{room.name}.tasks")


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


def _commands() -> None:
    """What is seen to before the operator's command does its work."""
    command_starts.plug(before_command)
