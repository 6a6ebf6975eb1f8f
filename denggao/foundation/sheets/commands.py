"""The base of the commands that take a sheet: ``import_employers``, ``import_roster``, ``import_certificates``.

A subclass names its ``kind`` and turns its own arguments into the kind's options. The valid rows are applied, the others
refused; exit status 1 says that some were, 2 that the file could not be taken at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.commands import Outcome, ProductCommand, WrongUse, existing_file
from denggao.foundation.sheets.actions import run_import
from denggao.foundation.sheets.kinds import kind_of
from denggao.foundation.sheets.rules import REFUSED
from denggao.foundation.sheets.safety import SheetRefused


class ImportCommand(ProductCommand):
    kind: ClassVar[str]

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=existing_file, help=_("The sheet: .xlsx, .xls or .csv."))
        parser.add_argument("--dry-run", action="store_true", help=_("Say what would become of each row, and write nothing."))
        parser.add_argument(
            "--report", metavar="OUT.xlsx", type=Path, help=_("Write the sheet handed back, with what became of each row.")
        )

    def kind_options(self, options: Mapping[str, Any]) -> dict[str, str]:
        """What the kind needs beside the file, from the command's own arguments. Raises WrongUse."""
        return {}

    def perform(self, *, actor: Actor, now: dt.datetime, **options: Any) -> Outcome:
        report: Path | None = options["report"]
        if report is not None and not report.expanduser().parent.is_dir():
            raise WrongUse(_("There is no folder “%(folder)s” for the report.") % {"folder": report.parent})
        try:
            told = run_import(
                kind_of(self.kind),
                options["file"],
                self.kind_options(options),
                as_of=options.get("as_of") or timezone.localdate(now),
                actor=actor,
                now=now,
                dry_run=options["dry_run"],
                report=report.expanduser() if report else None,
            )
        except SheetRefused as refusal:
            raise WrongUse(refusal) from refusal
        return Outcome(told, list(_lines(told)), ok=not told[REFUSED])


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    """What people read: the counts, then each row that was refused or that something is to be said of."""
    yield _("Created %(created)s, updated %(updated)s, unchanged %(unchanged)s, refused %(refused)s.") % told
    yield from told.get("notes", ())
    for row in told["rows"]:
        place = _("Row %(row)s") % row if "sheet" not in row else _("%(sheet)s, row %(row)s") % row
        if row["outcome"] == REFUSED:
            yield _("%(place)s is refused: %(reasons)s") % {"place": place, "reasons": " ".join(row["reasons"])}
        elif row.get("warnings"):
            yield _("%(place)s: %(warnings)s") % {"place": place, "warnings": " ".join(row["warnings"])}
