"""The base of the commands that import a sheet: ``denggao import_… FILE [--dry-run] [--report OUT.xlsx] [--json]``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.commands import Outcome, ProductCommand, WrongUse, existing_file
from denggao.foundation.sheets.actions import run_import
from denggao.foundation.sheets.kinds import kind_of
from denggao.foundation.sheets.rules import OUTCOMES
from denggao.foundation.sheets.safety import SheetRefused


class ImportCommand(ProductCommand):
    """A subclass names its ``kind``, and says in ``kind_options`` what the sheet needs beside the file. The valid rows are
    applied and the others refused; exit status 1 where there is one, 2 where the file could not be
    taken at all. ``--dry-run`` writes nothing but the report."""

    kind: ClassVar[str]

    def add_kind_options(self, parser: CommandParser) -> None:
        """Arguments of this sheet's own."""

    def kind_options(self, options: Mapping[str, Any]) -> dict[str, str]:
        """What the kind's ``resolve`` takes. Raises WrongUse."""
        return {}

    def as_of(self, options: Mapping[str, Any], today: dt.date) -> dt.date:
        """The date of the list."""
        return today

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=existing_file, help=_("A spreadsheet: .xlsx, .xls or .csv."))
        self.add_kind_options(parser)
        parser.add_argument("--dry-run", action="store_true", help=_("Only say what would become of each row."))
        parser.add_argument(
            "--report", metavar="OUT.xlsx", type=Path, help=_("Write the workbook handed back, with a column of results.")
        )

    def perform(self, *, actor: Actor, now: dt.datetime, **options: Any) -> Outcome:
        report: Path | None = options["report"]
        if report is not None and not report.expanduser().absolute().parent.is_dir():
            raise WrongUse(_("There is no folder for “%(file)s”.") % {"file": report})
        try:
            summary = run_import(
                kind_of(self.kind),
                options["file"],
                self.kind_options(options),
                as_of=self.as_of(options, timezone.localdate(now)),
                actor=actor,
                now=now,
                dry_run=options["dry_run"],
                report=report.expanduser() if report else None,
            )
        except SheetRefused as refusal:
            raise WrongUse(refusal) from refusal
        return Outcome(summary, _lines(summary, dry_run=options["dry_run"]), ok=not summary["refused"])


def _lines(summary: Mapping[str, Any], *, dry_run: bool) -> list[str]:
    words = {"created": _("created"), "updated": _("updated"), "unchanged": _("unchanged"), "refused": _("refused")}
    counts = ", ".join(f"{words[outcome]} {summary[outcome]}" for outcome in OUTCOMES)
    lines = [_("Nothing was written: %(counts)s") % {"counts": counts} if dry_run else counts, *summary["notes"]]
    for row in summary["rows"]:
        if row["outcome"] == "refused":
            where = f"{row['sheet']} {row['row']}" if "sheet" in row else str(row["row"])
            lines.append(_("Row %(row)s is refused: %(reasons)s") % {"row": where, "reasons": " ".join(row["reasons"])})
    return lines
