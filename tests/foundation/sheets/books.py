"""Spreadsheets for tests, made as programs make them; a small writer of .xls among them."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import xlsxwriter

HEADINGS = ["姓名", "证件号码", "入职日期"]


def xlsx(
    rows: Sequence[Sequence[Any]] | None = None,
    *,
    sheets: Mapping[str, Sequence[Sequence[Any]]] | None = None,
    design: Callable[[Any, Any], None] | None = None,
    **options: Any,
) -> bytes:
    """A workbook of these sheets. ``design(workbook, first sheet)`` may hide and merge."""
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, **options})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    first = None
    for name, lines in (sheets or {"Sheet1": rows or []}).items():
        sheet = workbook.add_worksheet(name)
        first = first or sheet
        for row, line in enumerate(lines):
            for column, value in enumerate(line):
                if isinstance(value, dt.date):
                    sheet.write_datetime(row, column, value, day)
                elif value is not None:
                    sheet.write(row, column, value)
    if design:
        design(workbook, first)
    workbook.close()
    return target.getvalue()


def csv_text(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    return "".join(delimiter.join(line) + "\r\n" for line in rows)


def tampered(data: bytes, replace: Mapping[str, bytes | Callable[[bytes], bytes] | None]) -> bytes:
    """The same archive with members replaced, changed, added or (None) taken out."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for info in source.infolist():
            change = replace.get(info.filename, source.read(info))
            if change is not None:
                archive.writestr(info.filename, change(source.read(info)) if callable(change) else change)
        for name, content in replace.items():
            if name not in source.namelist() and isinstance(content, bytes):
                archive.writestr(name, content)
    return target.getvalue()


# .xls: BIFF8 records in a compound file


def _record(code: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", code, len(body)) + body


def _short_text(text: str) -> bytes:
    return struct.pack("<BB", len(text), 1) + text.encode("utf-16-le")


def xls(
    rows: Sequence[Sequence[Any]],
    *,
    name: str = "Sheet1",
    hidden_rows: Sequence[int] = (),
    merged: Sequence[tuple[int, int, int, int]] = (),
    mac: bool = False,
    locked: bool = False,
    months: Sequence[tuple[int, int]] = (),
    streams: Mapping[str, bytes] | None = None,
) -> bytes:
    """An .xls workbook of one sheet: text, numbers and (as numbers with a date format) dates. Rows count from 0."""
    body = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    for row in hidden_rows:
        body += _record(0x0208, struct.pack("<HHHHHHHH", row, 0, 10, 0xFF, 0, 0, 0x20 | 0x100, 0x0F))
    for row, line in enumerate(rows):
        for column, value in enumerate(line):
            if value is None:
                continue
            if isinstance(value, dt.date):
                serial = float((value - (dt.date(1904, 1, 1) if mac else dt.date(1899, 12, 30))).days)
                body += _record(0x0203, struct.pack("<HHHd", row, column, 2 if (row, column) in months else 1, serial))
            elif isinstance(value, int | float):
                body += _record(0x0203, struct.pack("<HHHd", row, column, 0, float(value)))
            else:
                text = str(value)
                body += _record(
                    0x0204, struct.pack("<HHHHB", row, column, 0, len(text.encode("utf-16-le")) // 2, 1) + text.encode("utf-16-le")
                )
    if merged:
        body += _record(0x00E5, struct.pack("<H", len(merged)) + b"".join(struct.pack("<HHHH", *area) for area in merged))
    body += _record(0x000A)

    def globals_(offset: int) -> bytes:
        head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
        if locked:
            head += _record(0x002F, struct.pack("<HHH", 0, 0x1234, 0x5678))
        head += _record(0x0042, struct.pack("<H", 1200)) + _record(0x0022, struct.pack("<H", int(mac)))
        for number in (0, 14, 17):
            head += _record(0x00E0, struct.pack("<HHH", 0, number, 0) + bytes(14))
        head += _record(0x0085, struct.pack("<IBB", offset, 0, 0) + _short_text(name))
        return head + _record(0x000A)

    workbook = globals_(len(globals_(0))) + body
    return compound({"Workbook": workbook, **(streams or {})})


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file; every stream is padded past the size below which it would go to the mini stream."""
    sector = 512
    padded = {name: content.ljust(4096, b"\0") for name, content in streams.items()}
    blocks, starts, chains = b"", {}, []
    for name, content in padded.items():
        content += bytes(-len(content) % sector)
        count = len(content) // sector
        starts[name] = len(chains)
        chains += [len(chains) + index + 1 for index in range(count - 1)] + [0xFFFFFFFE]
        blocks += content
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)]
    names = list(padded)
    for index, name in enumerate(names):
        right = index + 2 if index + 1 < len(names) else 0xFFFFFFFF
        entries.append(_entry(name, 2, starts[name], len(padded[name]), right=right))
    while len(entries) % 4:
        entries.append(_entry("", 0, 0, 0))
    directory_start = len(chains)
    directory = b"".join(entries)
    count = len(directory) // sector
    chains += [len(chains) + index + 1 for index in range(count - 1)] + [0xFFFFFFFE]
    blocks += directory
    fat_count = 1
    while (len(chains) + fat_count) > fat_count * (sector // 4):
        fat_count += 1
    fat_start = len(chains)
    chains += [0xFFFFFFFD] * fat_count
    chains += [0xFFFFFFFF] * (-len(chains) % (sector // 4))
    blocks += struct.pack(f"<{len(chains)}I", *chains)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, fat_count, directory_start, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    sectors = [fat_start + index for index in range(fat_count)]
    header += struct.pack("<109I", *(sectors + [0xFFFFFFFF] * (109 - len(sectors))))
    return header + blocks


def _entry(name: str, kind: int, start: int, size: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2 if name else 0, kind, 1)
    return head + struct.pack("<III", 0xFFFFFFFF, right, child) + bytes(16 + 4 + 16) + struct.pack("<IQ", start, size)
