"""The base of the product's commands, ``denggao <name>``.

A command parses, calls one action or query, and says what came of it. The base gives it its actor (the machine's
operator), one ``now``, ``--json`` and ``--language``, the exit status, and a seal over what it wrote.

    class Command(ProductCommand):
        help = _("Load a plan from its file, or bring it up to date.")

        def add_options(self, parser: ArgumentParser) -> None:
            parser.add_argument("file", metavar="FILE", type=existing_file)

        def perform(self, *, actor: Actor, now: dt.datetime, **options: Any) -> Outcome:
            plan = load_plan(options["file"], actor=actor, now=now)
            return Outcome({"plan": plan.code}, [_("Plan %(code)s is loaded.") % {"code": plan.code}])

Exit status: 0 when all went well; 1 when some rows were refused, a check failed or the act was refused (``Outcome.ok``
is false, or ``Refused`` was raised); 2 for wrong use (``WrongUse``, or arguments that can't be read), with one sentence
on stderr. stdout carries the outcome alone: words for people, or JSON with ``--json``; everything else is on stderr.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from argparse import ArgumentTypeError
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor, operator
from denggao.foundation.audit.hooks import Hook

LANGUAGES = {"zh": "zh-hans", "en": "en"}

command_starts = Hook("command_starts")
"""Called as ``command_starts(command)`` when a command that needs the database was called from the command line."""

command_ends = Hook("command_ends")
"""Called as ``command_ends(actor=…, now=…)`` after the command's work, whatever became of it."""


class WrongUse(CommandError):
    """The command can't be done as it was asked for: exit status 2. The message is one sentence."""

    def __init__(self, message: object) -> None:
        super().__init__(str(message), returncode=2)


@dataclass(frozen=True)
class Outcome:
    """What came of a command: ``data`` for ``--json``, ``lines`` for people. ``ok`` false gives exit status 1."""

    data: Mapping[str, Any] = field(default_factory=dict)
    lines: Sequence[object] = ()
    ok: bool = True


def day(text: str) -> dt.date:
    """For ``type=`` of an option: a date as 2022-12-31."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(_("“%(text)s” is not a date; write it as 2022-12-31.") % {"text": text}) from None


def existing_file(text: str) -> Path:
    """For ``type=`` of an argument: a file that is there."""
    path = Path(text).expanduser()
    if not path.is_file():
        raise ArgumentTypeError(_("There is no file “%(text)s”.") % {"text": text})
    return path


class ProductCommand(BaseCommand):
    """See the module. A subclass writes ``add_options`` and ``perform``."""

    requires_system_checks = ()
    suppressed_base_arguments = {  # noqa: RUF012 -- Django declares it as an instance's
        "--version",
        "--verbosity",
        "--settings",
        "--pythonpath",
        "--no-color",
        "--force-color",
    }
    needs_database = True
    seals = True
    reads_only = False
    """Whether it changes nothing: such a command may look at a demo database outside demo mode."""

    def add_options(self, parser: CommandParser) -> None:
        """The command's own arguments."""

    def perform(self, *, actor: Actor, now: dt.datetime, **options: Any) -> Outcome:
        """Do it. Raises WrongUse or Refused."""
        raise AssertionError(f"{type(self).__module__} has no perform().")

    def say(self, text: object) -> None:
        """A line for whoever watches, on stderr: stdout belongs to the outcome."""
        self.stderr.write(str(text), style_func=str)

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        self.name = subcommand
        self.help = str(self.help)
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        self.add_options(parser)
        parser.add_argument("--json", action="store_true", help=_("Print the outcome as JSON."))
        parser.add_argument(
            "--language",
            choices=sorted(LANGUAGES),
            default=settings.ENVIRONMENT.language,
            help=_("The language of the words: zh or en."),
        )

    def run_from_argv(self, argv: list[str]) -> None:
        """As Django does it, with the product's own ending: a sentence instead of ``CommandError: …``."""
        self._called_from_command_line = True
        try:
            with translation.override(LANGUAGES[settings.ENVIRONMENT.language]):
                options = vars(self.create_parser(argv[0], argv[1]).parse_args(argv[2:]))
            self.execute(**options)
        except CommandError as error:
            if options["traceback"]:
                raise
            self.say(error)
            sys.exit(error.returncode)
        except KeyboardInterrupt:
            sys.exit(130)
        finally:
            connections.close_all()

    def handle(self, **options: Any) -> None:
        with translation.override(LANGUAGES[options.pop("language")]):
            as_json = options.pop("json")
            if self.needs_database and self._called_from_command_line:
                command_starts(self)
            actor, now = operator(self.name), timezone.now()
            try:
                outcome = self.perform(actor=actor, now=now, **options)
            except Refused as refusal:
                self.say(refusal)
                outcome = Outcome({"error": str(refusal)}, ok=False)
            finally:
                if self.seals:
                    command_ends(actor=actor, now=timezone.now())
            self._tell(outcome, as_json=as_json)
        if not outcome.ok:
            sys.exit(1)

    def _tell(self, outcome: Outcome, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(outcome.data, ensure_ascii=False, indent=2, default=str))
            return
        for line in outcome.lines:
            self.stdout.write(str(line))
