"""A list handed out as a table: CSV or Excel, nothing in it ever a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone

Cell = str | int | float | Decimal | dt.date | dt.datetime | bool | None

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 44


def table_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, kind: str) -> HttpResponse:
    """``kind`` is ``csv`` (UTF-8 with a mark, as Excel reads it) or ``xlsx``; ``name`` goes without its ending."""
    if kind == "csv":
        body, media = _csv(header, rows), "text/csv; charset=utf-8"
    else:
        body, media = _xlsx(header, rows), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(body, content_type=media)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{name}.{kind}')}"
    response["Cache-Control"] = "private, no-store"
    return response


def plain(value: Cell) -> str:
    """A value as text; one that a spreadsheet would take for a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA_STARTS) else text


def _csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([plain(cell) for cell in header])
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return "\ufeff".encode() + out.getvalue().encode()


def _xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F5F7FA"})
    widths = [len(str(title)) * 2 for title in header]
    for column, title in enumerate(header):
        sheet.write_string(0, column, str(title), bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool):
                sheet.write_number(number, column, float(cell))
                continue
            words = cell if isinstance(cell, str) else plain(cell)
            sheet.write_string(number, column, words)
            widths[column] = max(widths[column], sum(2 if ord(char) > 0x2E7F else 1 for char in words))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(max(width + 2, 8), _WIDEST))
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
