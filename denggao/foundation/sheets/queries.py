"""What the pages of an import show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from denggao.foundation.jobs.models import Job
from denggao.foundation.sheets.headers import RECORD_ID
from denggao.foundation.sheets.kinds import Column, Kind
from denggao.foundation.sheets.models import Import, ImportRow
from denggao.foundation.sheets.rules import REFUSED, in_language, masked, unpack, without_column

WHOLE_ROW = "-"


@dataclass(frozen=True)
class ShownColumn:
    """A column of the preview: the kind's title, and the heading as the file writes it where it differs."""

    key: str
    title: str
    written: str


@dataclass(frozen=True)
class ShownCell:
    """``tone`` is e (refused), d (a warning) or empty; ``was`` what was typed, or what is recorded and would change."""

    text: str
    was: str
    whys: Sequence[str]
    tone: str

    @property
    def is_number(self) -> bool:
        return sum(char.isdigit() or char == "*" for char in self.text) > 8 and self.text.isascii()

    @property
    def is_short(self) -> bool:
        """Dates and words of a few characters are not broken over lines."""
        return len(self.text) <= 12


@dataclass(frozen=True)
class ShownRow:
    row: ImportRow
    cells: Sequence[ShownCell]
    whys: Sequence[str]
    tone: str


@dataclass(frozen=True)
class Problem:
    """A column with faults or warnings: how many rows."""

    key: str
    title: str
    refused: int
    warned: int


def columns_of(kind: Kind, handed_in: Import, *, troubled_first: bool = False) -> list[ShownColumn]:
    """The columns the file has, in the kind's order; or, behind what says whose row it is, those with most faults first,
    so that none of them lies outside the screen."""
    language = get_language() or "zh"
    written: dict[str, str] = {}
    for sheet in handed_in.mapping:
        for column in sheet["columns"]:
            written.setdefault(column["key"], column["title"])
    found = [
        ShownColumn(
            column.key,
            column.title(language),
            written[column.key] if written[column.key] != column.title(language) else "",
        )
        for column in kind.columns
        if column.key in written
    ]
    if not troubled_first:
        return found
    faults: dict[str, int] = handed_in.counts.get("faults", {})
    warnings: dict[str, int] = handed_in.counts.get("warnings", {})
    lead = {column.key for column in kind.columns if column.required}
    rest = [shown for shown in found if shown.key not in lead]
    rest.sort(key=lambda shown: (-faults.get(shown.key, 0), -warnings.get(shown.key, 0)))
    return [*(shown for shown in found if shown.key in lead), *rest]


def rows_shown(handed_in: Import, show: str, column: str) -> QuerySet[ImportRow]:
    """``show``: all, refused, warned, attention (refused or warned), normalised; ``column``: only rows marked there."""
    rows = ImportRow.objects.filter(sheet_import=handed_in).order_by("id")
    if column:
        rows = rows.filter(marked__contains=f" {column} ")
    if show == "refused":
        rows = rows.filter(outcome=REFUSED)
    elif show == "warned":
        rows = rows.exclude(warnings=[])
    elif show == "attention":
        rows = rows.exclude(marked="")
    elif show == "normalised":
        rows = rows.exclude(normalised=[])
    return rows


def shown_row(kind: Kind, shown: Sequence[ShownColumn], row: ImportRow) -> ShownRow:
    """A row as the preview shows it: personal cells masked, what was normalised with its original."""
    by_key = {column.key: column for column in kind.columns}
    read = {entry["column"]: entry for entry in row.normalised}
    changed = {entry["column"]: entry for entry in row.changes}
    cells = [_cell(by_key[column.key], row, read.get(column.key), changed.get(column.key), column.title) for column in shown]
    keys = {column.key for column in shown}
    elsewhere = [in_language(entry) for entry in (*row.reasons, *row.warnings) if entry["column"] not in keys]
    return ShownRow(row, cells, elsewhere, "e" if row.outcome == REFUSED else "d" if row.warnings else "")


def _cell(
    column: Column, row: ImportRow, read: Mapping[str, str] | None, changed: Mapping[str, str] | None, title: str
) -> ShownCell:
    stored = (row.cells or {}).get(column.key, "")
    text = masked(column, unpack(stored).text) if stored else ""
    was = ""
    if read:
        text, was = read["to"], read["from"] if read["from"] != read["to"] else ""
    if changed and not was:
        was = changed["from"]
    refused = [without_column(in_language(entry), title) for entry in row.reasons if entry["column"] == column.key]
    warned = [without_column(in_language(entry), title) for entry in row.warnings if entry["column"] == column.key]
    return ShownCell(text, was, [*refused, *warned], "e" if refused else "d" if warned else "")


def problems_of(kind: Kind, handed_in: Import) -> list[Problem]:
    """The columns with most refused rows first."""
    language = get_language() or "zh"
    titles = {column.key: column.title(language) for column in kind.columns}
    faults: dict[str, int] = handed_in.counts.get("faults", {})
    warnings: dict[str, int] = handed_in.counts.get("warnings", {})
    found = [
        Problem(key or WHOLE_ROW, titles.get(key) or _("The row as a whole"), faults.get(key, 0), warnings.get(key, 0))
        for key in {**faults, **warnings}
    ]
    return sorted(found, key=lambda problem: (-problem.refused, -problem.warned, problem.title))


def choices_of(kind: Kind) -> list[tuple[str, str]]:
    """What a column can be said to mean."""
    language = get_language() or "zh"
    return [
        ("", _("— not needed —")),
        *((column.key, column.title(language)) for column in kind.columns),
        (RECORD_ID, _("Record number")),
    ]


def recognised(handed_in: Import) -> tuple[int, int]:
    """How many columns with a heading there are, and how many were understood."""
    columns = [column for sheet in handed_in.mapping for column in sheet["columns"]]
    return len(columns), sum(bool(column["key"]) for column in columns)


def missing_columns(kind: Kind, handed_in: Import) -> list[str]:
    """Titles of needed columns that no sheet, or not every sheet, has."""
    language = get_language() or "zh"
    sheets: list[dict[str, Any]] = handed_in.mapping
    known = [{column["key"] for column in sheet["columns"]} for sheet in sheets]
    return [column.title(language) for column in kind.columns if column.required and any(column.key not in keys for keys in known)]


def job_of(handed_in: Import) -> Job | None:
    return Job.objects.filter(public_id=handed_in.job_id).first() if handed_in.job_id else None
