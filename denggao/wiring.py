"""The roof: the one place where rooms are plugged into each other. Read it as a table of contents.

Called once, when all rooms are loaded (``denggao.apps`` is the last to be ready).
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from denggao.engines.ledger import registry as counting_rules
from denggao.engines.ledger.actions import rebuild_changed_plan, recount
from denggao.engines.ledger.evidence import register_opener
from denggao.foundation.audit.commands import command_ends, command_starts
from denggao.foundation.audit.seals import seal_after_command
from denggao.foundation.jobs.registry import job_failed, plug_actors
from denggao.foundation.messages.tasks import tell_failure
from denggao.foundation.organisations.hooks import heads_changed
from denggao.foundation.organisations.queries import actor_of_account
from denggao.foundation.plans.hooks import plan_changed
from denggao.foundation.plans.registry import tell_rule
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


def _counting() -> None:
    """Which rules count, and who opens their evidence."""
    counting_rules.register(RULE, FirstRaise())
    tell_rule(RULE, FIRST_RAISE_IN_WORDS)
    register_opener(EVIDENCE_KIND, open_raise)


def _hooks() -> None:
    """What follows, in the same transaction, when something changes. Whoever joins comes before whoever counts."""
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


def _commands() -> None:
    """What is seen to before the operator's command does its work, and after."""
    command_starts.plug(before_command)
    command_ends.plug(seal_after_command)
