"""The empty workbook of a kind, to be filled in; and lists handed out in its shape, to be handed in again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from denggao.foundation.sheets.cells import yes_no
from denggao.foundation.sheets.headers import RECORD_ID_TITLES
from denggao.foundation.sheets.kinds import Column, Kind, title_of
from denggao.foundation.sheets.rules import masked

# How many rows of a template are prepared: numbers kept as text, choices offered.
PREPARED_ROWS = 5000
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def template_workbook(kind: Kind) -> bytes:
    """Headings, an example row (passed over when it is handed in), and a sheet that explains each column; in the active
    language."""
    language = get_language() or "zh"
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bg_color": "#E6F1F5", "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    needed = book.add_format({"bold": True, "bg_color": "#E6F1F5", "bottom": 1, "font_color": "#B3261E", "valign": "vcenter"})
    text = book.add_format({"num_format": "@"})
    example = book.add_format({"num_format": "@", "font_color": "#5B6775"})
    sheet = book.add_worksheet(_sheet_name(title_of(kind, language)))
    for index, column in enumerate(kind.columns):
        title = column.title(language)
        sheet.set_column(index, index, max(12, _width(title) + 4, _width(column.example) + 2), text)
        sheet.write_string(0, index, title, needed if column.required else head)
        if column.example:
            sheet.write_string(1, index, column.example, example)
        if column.parse is yes_no:
            choices = ["yes", "no"] if language.startswith("en") else ["是", "否"]
            sheet.data_validation(1, index, PREPARED_ROWS, index, {"validate": "list", "source": choices})
    sheet.set_row(0, 24)
    sheet.freeze_panes(1, 0)
    sheet.write_comment(1, 0, _("An example. It is passed over when the list is handed in."))
    _explain(book, kind, language, head)
    book.close()
    return target.getvalue()


def _explain(book: Any, kind: Kind, language: str, head: Any) -> None:
    sheet = book.add_worksheet(_("Notes"))
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for index, (title, width) in enumerate(((_("Column"), 22), (_("Needed"), 10), (_("What goes in"), 60), (_("Example"), 26))):
        sheet.set_column(index, index, width, wrapped)
        sheet.write_string(0, index, title, head)
    for row, column in enumerate(kind.columns, start=1):
        help_text = column.help_en if language.startswith("en") else column.help_zh
        for index, words in enumerate((column.title(language), _("yes") if column.required else "", help_text, column.example)):
            sheet.write_string(row, index, words)
    remarks = (
        _("Columns may stand in any order; further ones are passed over."),
        _("Keep numbers as text: Excel loses the last digits of an identity number that is typed as a numeral."),
        _("Dates as 2022-05-03."),
    )
    for offset, words in enumerate(remarks):
        sheet.write_string(len(kind.columns) + 2 + offset, 0, words)


def export_rows(
    kind: Kind, records: Iterable[tuple[str, Mapping[str, str]]], *, unmasked: bool = False
) -> tuple[list[str], Iterable[list[str]]]:
    """Heading and rows of a list that can be handed in again: each with its record's public id, personal columns masked
    unless told otherwise. ``records``: public id, and text by column key. For ``ui.exports.table_response``, or below."""
    language = get_language() or "zh"
    heading = [*(column.title(language) for column in kind.columns), _record_title(language)]
    return heading, ([*(_shown(column, texts, unmasked=unmasked) for column in kind.columns), record] for record, texts in records)


def _shown(column: Column, texts: Mapping[str, str], *, unmasked: bool) -> str:
    text = texts.get(column.key, "")
    return text if unmasked else masked(column, text)


def workbook_of(heading: Sequence[str], rows: Iterable[Sequence[str]], *, name: str = "Sheet1") -> bytes:
    """An .xlsx of text cells, row by row: 100,000 rows need no more memory than one. Nothing in it is a formula."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_sheet_name(name))
    text = book.add_format({"num_format": "@"})
    for index, title in enumerate(heading):
        sheet.set_column(index, index, max(12, _width(title) + 4), text)
        sheet.write_string(0, index, title, book.add_format({"bold": True, "bg_color": "#E6F1F5"}))
    for number, row in enumerate(rows, start=1):
        for index, words in enumerate(row):
            sheet.write_string(number, index, words, text)
    book.close()
    return target.getvalue()


def csv_of(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with its mark, as Excel reads it; what a spreadsheet would take for a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([f"'{words}" if words.startswith(_FORMULA_STARTS) else words for words in row] for row in rows)
    return "\ufeff".encode() + out.getvalue().encode()


def _record_title(language: str) -> str:
    return RECORD_ID_TITLES[2] if language.startswith("en") else RECORD_ID_TITLES[0]


def _width(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def _sheet_name(title: str) -> str:
    return "".join(char for char in title if char not in "[]:*?/\\")[:31] or "Sheet1"
