"""The workbook handed back: the very file with a 结果 column, its faulty cells marked.

SECURITY: a formula is never written live. What the file held as a formula comes back as the value it last showed; text
that begins like a formula stays text.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import warnings
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
import xlsxwriter
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from denggao.foundation.sheets.cells import LOST_FROM, text_of
from denggao.foundation.sheets.facts import column_index
from denggao.foundation.sheets.headers import RECORD_ID_TITLES, RESULT_TITLES, heading_key
from denggao.foundation.sheets.kinds import Kind
from denggao.foundation.sheets.models import Import, ImportRow
from denggao.foundation.sheets.reading import Grid, grids_of
from denggao.foundation.sheets.rules import REFUSED, in_language
from denggao.foundation.sheets.safety import Format, inspect

# openpyxl holds about fifty times a file's size: larger ones come back as a new, plain workbook.
_KEEPS_DESIGN_UP_TO = 300_000
_COMMENTS = 2_000
_REFUSED_FILL, _WARNED_FILL, _HEAD_FILL = "FDE8E6", "FDF1DC", "E6F1F5"
_WIDTH_RESULT, _WIDTH_RECORD = 60, 38


@dataclass(frozen=True)
class _Verdict:
    """What is written beside a row: its result, its record, and what is said of single cells (by column index)."""

    result: str
    record_id: str
    refused: Mapping[int, str]
    warned: Mapping[int, str]


@dataclass(frozen=True)
class _Plan:
    """Where a sheet's verdicts go. Rows as the sheet shows them; columns count from 0."""

    heading_row: int
    result: int
    record: int
    verdicts: Mapping[int, _Verdict]


def handed_back(kind: Kind, handed_in: Import, data: bytes, rows: Sequence[ImportRow]) -> bytes:
    """An .xlsx in the active language. ``data`` is the file as it was handed in. Raises SheetRefused."""
    taken = inspect(handed_in.file_name, data)
    grids = grids_of(taken)
    plans = _plans(handed_in, grids, rows)
    cells = sum(grid.facts.rows * grid.facts.columns for grid in grids)
    if taken.format is Format.XLSX and cells <= _KEEPS_DESIGN_UP_TO:
        # Files the fast reader takes may hold designs this one stumbles over, each in its own way.
        with contextlib.suppress(Exception):
            return _in_the_file(taken.data, plans)
    return _in_a_new_file(grids, plans)


def outcome_label(outcome: str, *, applied: bool) -> str:
    if outcome == REFUSED:
        return pgettext("row of a list", "Refused")
    if applied and outcome == "created":
        return pgettext("row of a list", "Created")
    if applied and outcome == "updated":
        return pgettext("row of a list", "Updated")
    return {"created": _("To be created"), "updated": _("To be updated")}.get(outcome) or pgettext("row of a list", "Unchanged")


def _plans(handed_in: Import, grids: Sequence[Grid], rows: Sequence[ImportRow]) -> dict[str, _Plan]:
    by_sheet: dict[str, list[ImportRow]] = defaultdict(list)
    for row in rows:
        by_sheet[row.sheet].append(row)
    width = {grid.facts.name: grid.facts.columns for grid in grids}
    applied = handed_in.state == Import.State.APPLIED
    plans = {}
    for sheet in handed_in.mapping:
        places = {column["key"]: column_index(column["letters"]) for column in sheet["columns"] if column["key"]}
        titles = {heading_key(column["title"]): column_index(column["letters"]) for column in sheet["columns"]}
        free = max([width.get(sheet["sheet"], 0), *(place + 1 for place in titles.values())])
        result = _place(titles, RESULT_TITLES, free)
        record = _place(titles, RECORD_ID_TITLES, free + (result == free))
        verdicts = {row.number: _verdict(row, places, applied=applied) for row in by_sheet[sheet["sheet"]]}
        plans[sheet["sheet"]] = _Plan(sheet["row"] + sheet["depth"] - 1, result, record, verdicts)
    return plans


def _place(titles: Mapping[str, int], known: Sequence[str], free: int) -> int:
    """The column that has this title already (a file handed back before), or the first free one."""
    return next((titles[heading_key(title)] for title in known if heading_key(title) in titles), free)


def _verdict(row: ImportRow, places: Mapping[str, int], *, applied: bool) -> _Verdict:
    refused: dict[int, str] = {}
    warned: dict[int, str] = {}
    for kept, entries in ((refused, row.reasons), (warned, row.warnings)):
        for entry in entries:
            place = places.get(entry["column"])
            if place is not None:
                kept[place] = "\n".join(filter(None, [kept.get(place, ""), in_language(entry)]))
    said = [in_language(entry) for entry in (*row.reasons, *row.warnings)]
    label = outcome_label(row.outcome, applied=applied)
    english = (get_language() or "").startswith("en")
    result = label + (": " if english else "：") + " ".join(said) if said else label
    return _Verdict(result, row.object_id, refused, warned)


def _titles() -> tuple[str, str]:
    english = (get_language() or "").startswith("en")
    return (RESULT_TITLES[2], RECORD_ID_TITLES[2]) if english else (RESULT_TITLES[0], RECORD_ID_TITLES[0])


# In the file itself


def _in_the_file(data: bytes, plans: Mapping[str, _Plan]) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        for sheet in book.worksheets:
            if sheet.title in plans:
                _mark(sheet, plans[sheet.title])
        target = io.BytesIO()
        book.save(target)
    return target.getvalue()


def _mark(sheet: Worksheet, plan: _Plan) -> None:
    fills = {name: PatternFill("solid", fgColor=name) for name in (_REFUSED_FILL, _WARNED_FILL, _HEAD_FILL)}
    for place, title, width in zip((plan.result, plan.record), _titles(), (_WIDTH_RESULT, _WIDTH_RECORD), strict=True):
        head = _writable(sheet, plan.heading_row, place)
        if head is not None:
            head.value, head.font, head.fill = title, Font(bold=True), fills[_HEAD_FILL]
        sheet.column_dimensions[openpyxl.utils.get_column_letter(place + 1)].width = width
    comments = 0
    for number, verdict in plan.verdicts.items():
        result, record = _writable(sheet, number, plan.result), _writable(sheet, number, plan.record)
        if result is not None:
            result.value, result.alignment = verdict.result, Alignment(wrap_text=True, vertical="top")
            if verdict.refused or verdict.warned:
                result.fill = fills[_REFUSED_FILL if verdict.refused else _WARNED_FILL]
        if record is not None and verdict.record_id:
            record.value = verdict.record_id
        for said, fill in ((verdict.warned, _WARNED_FILL), (verdict.refused, _REFUSED_FILL)):
            for place, text in said.items():
                cell = _writable(sheet, number, place)
                if cell is None:
                    continue
                cell.fill = fills[fill]
                if comments < _COMMENTS:
                    cell.comment = Comment(text, "Denggao", width=320, height=90)
                    comments += 1


def _writable(sheet: Worksheet, row: int, place: int) -> Any:
    """None inside a merged area, where nothing can be written."""
    cell = sheet.cell(row, place + 1)
    return None if isinstance(cell, MergedCell) else cell


# In a new file


def _in_a_new_file(grids: Sequence[Grid], plans: Mapping[str, _Plan]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    design = {
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "head": book.add_format({"bold": True, "bg_color": f"#{_HEAD_FILL}"}),
        "refused": book.add_format({"bg_color": f"#{_REFUSED_FILL}", "num_format": "@"}),
        "warned": book.add_format({"bg_color": f"#{_WARNED_FILL}", "num_format": "@"}),
        "result": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    for grid in grids:
        if grid.facts.state != "very_hidden":
            _write_sheet(book, grid, plans.get(grid.facts.name), design)
    book.close()
    return target.getvalue()


def _write_sheet(book: Any, grid: Grid, plan: _Plan | None, design: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet(grid.facts.name or "Sheet1")
    verdicts = plan.verdicts if plan else {}
    comments = 0
    for row in range(len(grid.values)):
        verdict = verdicts.get(row + 1)
        for column in range(len(grid.values[row])):
            said = verdict and (verdict.refused.get(column) or verdict.warned.get(column))
            mark = design["refused" if verdict and column in verdict.refused else "warned"] if said else None
            value = grid.value(row, column)
            _write_value(sheet, row, column, text_of(value) if said else value, design, mark)
            if said and comments < _COMMENTS:
                sheet.write_comment(row, column, said, {"x_scale": 2})
                comments += 1
        if verdict and plan:
            for place, said in {**verdict.warned, **verdict.refused}.items():
                if place >= len(grid.values[row]):
                    sheet.write_blank(row, place, None, design["refused" if place in verdict.refused else "warned"])
                    sheet.write_comment(row, place, said, {"x_scale": 2})
            sheet.write_string(row, plan.result, verdict.result, design["result"])
            if verdict.record_id:
                sheet.write_string(row, plan.record, verdict.record_id)
    if plan:
        for place, title, width in zip((plan.result, plan.record), _titles(), (_WIDTH_RESULT, _WIDTH_RECORD), strict=True):
            sheet.write_string(plan.heading_row - 1, place, title, design["head"])
            sheet.set_column(place, place, width)


def _write_value(sheet: Any, row: int, column: int, value: Any, design: Mapping[str, Any], mark: Any) -> None:
    if value is None or value == "":
        if mark is not None:
            sheet.write_blank(row, column, None, mark)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, mark)
    elif isinstance(value, int | float) and abs(value) < LOST_FROM:
        sheet.write_number(row, column, value, mark)
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(row, column, value, mark or design["moment"])
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, value, mark or design["day"])
    else:
        sheet.write_string(row, column, text_of(value), mark)
