"""``denggao load_rubric FILE``: load a rubric; one that differs from what is loaded becomes its next version."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from denggao.engines.reviews.actions.rubrics import load_rubric
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.commands import Outcome, ProductCommand, WrongUse, existing_file
from denggao.foundation.plans.nodes import LIMIT_BYTES, FileRefused


class Command(ProductCommand):
    help = _("Load a rubric from its file; one that differs from what is loaded becomes its next version.")

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=existing_file, help=_("A rubric file (YAML)."))

    def perform(self, *, actor: Actor, now: dt.datetime, **options: Any) -> Outcome:
        try:
            with options["file"].open("rb") as handle:
                content = handle.read(LIMIT_BYTES + 1)
        except OSError as error:
            raise WrongUse(_("The file “%(file)s” can't be read.") % {"file": options["file"]}) from error
        try:
            version = load_rubric(content=content, actor=actor, now=now)
        except FileRefused as refusal:
            for fault in refusal.faults:
                self.say(fault)
            return Outcome({"outcome": "refused", "faults": refusal.faults}, ok=False)
        said = {"code": version.rubric.code, "version": version.version, "total": str(version.total)}
        outcome = "created" if version.created_at == now else "unchanged"
        line = (
            _("Rubric %(code)s is loaded as version %(version)s; %(total)s points at most.")
            if outcome == "created"
            else _("Rubric %(code)s was loaded before, as version %(version)s; nothing changed.")
        )
        return Outcome({"outcome": outcome, **said}, [line % said])
