"""The roof: the one place where rooms are plugged into each other. Read it as a table of contents.

Called once, when all rooms are loaded (``denggao.apps`` is the last to be ready).
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from denggao.engines.ledger import registry as counting_rules
from denggao.engines.ledger.evidence import register_opener
from denggao.foundation.audit.commands import command_starts
from denggao.foundation.files import policies as file_policies
from denggao.foundation.jobs.registry import job_failed, plug_actors
from denggao.foundation.messages.tasks import tell_failure
from denggao.foundation.organisations.queries import actor_of_account
from denggao.foundation.sheets.actions import UPLOAD
from denggao.foundation.sheets.policies import can_read_upload
from denggao.guards import before_command
from denggao.systems.assessment.counting import EVIDENCE_KIND, RULE, FirstRaise
from denggao.systems.assessment.evidence import open_raise


def wire() -> None:
    _sheets()
    _counting()
    _hooks()
    _jobs()
    _pages()
    _commands()


def _sheets() -> None:
    """Which sheets are taken, and who may read the files they came in."""
    file_policies.register(UPLOAD, can_read_upload)


def _counting() -> None:
    """Which rules count, and who opens their evidence."""
    counting_rules.register(RULE, FirstRaise())
    register_opener(EVIDENCE_KIND, open_raise)


def _hooks() -> None:
    """What follows, in the same transaction, when something changes."""


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
    """What is seen to before the operator's command does its work."""
    command_starts.plug(before_command)
