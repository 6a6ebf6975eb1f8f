"""A handover as the workbook somebody would send: a title row above the header, text cells for numbers, a note below."""

from __future__ import annotations

import datetime as dt
import io

import xlsxwriter

from denggao.demo.region import Handover

SHEET_NAME = "Sheet1"


def workbook(handover: Handover) -> bytes:
    """The .xlsx file. The title spans the columns, the header is the second row, notes and total come last."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": handover.at.replace(tzinfo=None)})
        sheet = book.add_worksheet(SHEET_NAME)
        bold = book.add_format({"bold": True, "align": "center"})
        sheet.merge_range(0, 0, 0, len(handover.columns) - 1, handover.title, bold)
        for column, heading in enumerate(handover.columns):
            sheet.write_string(1, column, heading, bold)
        for number, row in enumerate(handover.rows, start=2):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif isinstance(value, dt.date):
                    sheet.write_datetime(number, column, dt.datetime.combine(value, dt.time()))
                elif value is not None:
                    sheet.write_number(number, column, value)
        for number, text in enumerate(handover.notes, start=len(handover.rows) + 2):
            sheet.write_string(number, 0, text)
        sheet.set_column(0, len(handover.columns) - 1, 16)
    return buffer.getvalue()
