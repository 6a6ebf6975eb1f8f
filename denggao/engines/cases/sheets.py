"""Rows of a form's table from a sheet: read by ``foundation/sheets``, shown before they are taken."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from denggao.engines.cases.fields import RowsField, read_rows
from denggao.foundation.audit.actions import Refused
from denggao.foundation.sheets.reading import read_book

SHEET_LIMIT = 5 * 1024 * 1024


class NoRows(Refused):
    """The sheet has a heading, and nothing below it."""


@dataclass(frozen=True)
class ShownCell:
    text: str
    fault: str = ""


@dataclass(frozen=True)
class ShownRow:
    number: int
    cells: list[ShownCell]


@dataclass(frozen=True)
class Preview:
    """What was read: ``rows`` as texts by column key; ``shown`` with each cell's fault; ``faulty`` how many rows have one."""

    rows: list[dict[str, str]]
    shown: list[ShownRow]
    titles: list[str]
    faulty: int
    notes: list[str]

    @property
    def json(self) -> str:
        return json.dumps(self.rows, ensure_ascii=False)


def preview_of(name: str, data: bytes, asked: RowsField) -> Preview:
    """Raises SheetRefused with what to do, NoRows."""
    book = read_book(name, data, asked.columns)
    keys = [column.key for column in asked.columns]
    rows = [
        {key: row.cells[key].text.strip() if key in row.cells else "" for key in keys}
        for sheet in book.sheets
        for row in sheet.rows()
    ]
    if not rows:
        raise NoRows(_("The sheet has a heading but no rows below it. Fill it in and hand it in again."))
    if len(rows) > asked.most:
        told = {"most": asked.most, "count": len(rows)}
        raise NoRows(_("At most %(most)s rows can be taken; there are %(count)s.") % told)
    _values, faults = read_rows(asked.columns, rows)
    shown = [
        ShownRow(number + 1, [ShownCell(row[key], faults.get((number, key), "")) for key in keys])
        for number, row in enumerate(rows)
    ]
    language = get_language() or ""
    return Preview(
        rows,
        shown,
        [column.title(language) for column in asked.columns],
        len({number for number, _key in faults}),
        [str(note.text) % note.values if note.values else str(note.text) for note in book.notes],
    )
