"""What a workbook says beside its values: hidden rows, columns and sheets, how far it reaches, which dates show a month only.

The fast reader of values knows none of this. Both containers are walked once, streaming; nothing is evaluated.
"""

from __future__ import annotations

import contextlib
import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from denggao.foundation.sheets.compound import NotCompound, read_compound
from denggao.foundation.sheets.safety import damaged, inflate, locked


@dataclass
class SheetFacts:
    """``rows`` and ``columns`` count from the sheet's corner to its last value. Rows are numbered as the sheet shows
    them (from 1), columns from 0."""

    name: str
    state: str = "visible"
    rows: int = 0
    columns: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    months: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass
class Facts:
    """``mac`` says that days are counted from 1904. Sheets in the workbook's order."""

    mac: bool = False
    sheets: list[SheetFacts] = field(default_factory=list)


_MONTH_FORMATS = frozenset({17, 27, 36, 50, 52, 57})
_NO_CODE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
# What can't be shown has no place in a list: a hostile number of marks ends the collecting, not the reading.
_MARKS = 200_000


def shows_month_only(code: str) -> bool:
    """Whether a number format shows year and month without a day: ``yyyy"年"m"月"``, ``mmm-yy``."""
    bare = _NO_CODE.sub("", code.split(";")[0]).lower()
    return "y" in bare and "m" in bare and not set(bare) & set("dhs0#")


def column_letters(index: int) -> str:
    """0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """A is 0, AA is 26. Anything that is no column reads as one far outside."""
    index = 0
    for char in letters:
        index = index * 26 + ord(char) - 64 if "A" <= char <= "Z" else 10**6
    return min(index, 10**6) - 1


# .xlsx


def facts_of_xlsx(data: bytes) -> Facts:
    """Raises SheetRefused where the parts do not hang together."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {info.filename.lower(): info for info in archive.infolist()}
            return _read_workbook(archive, parts)
    except (zipfile.BadZipFile, expat.ExpatError, OSError, EOFError, struct.error, ValueError) as error:
        raise damaged() from error


_Handler = Callable[[str, Mapping[str, str]], None]


def _walk(pieces: Iterator[bytes], start: _Handler) -> None:
    parser = _parser(start)
    for piece in pieces:
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def _parser(start: _Handler) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_arguments: object) -> None:
        raise damaged()

    # SECURITY: no document type, so no entity of the file's own; expat never fetches anything by itself.
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    return parser


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _attribute(attributes: Mapping[str, str], name: str) -> str:
    for key, value in attributes.items():
        if _local(key) == name:
            return value
    return ""


def _read_workbook(archive: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo]) -> Facts:
    facts, links, listed = Facts(), {}, []

    def in_workbook(name: str, attributes: Mapping[str, str]) -> None:
        local = _local(name)
        if local == "workbookPr":
            facts.mac = attributes.get("date1904", "0").lower() in {"1", "true", "on"}
        elif local == "sheet":
            state = attributes.get("state", "visible")
            shown = {"hidden": "hidden", "veryHidden": "very_hidden"}.get(state, "visible")
            listed.append((attributes.get("name", ""), shown, _attribute(attributes, "id")))

    def in_links(name: str, attributes: Mapping[str, str]) -> None:
        if _local(name) == "Relationship":
            links[attributes.get("Id", "")] = attributes.get("Target", "")

    _walk(inflate(archive, parts["xl/workbook.xml"]), in_workbook)
    if "xl/_rels/workbook.xml.rels" in parts:
        _walk(inflate(archive, parts["xl/_rels/workbook.xml.rels"]), in_links)
    month_styles = _month_styles(archive, parts)
    for name, state, link in listed:
        sheet = SheetFacts(name, state)
        target = links.get(link, "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        if path.lower() in parts:
            _read_sheet(inflate(archive, parts[path.lower()]), sheet, month_styles)
        facts.sheets.append(sheet)
    return facts


def _month_styles(archive: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo]) -> frozenset[str]:
    if "xl/styles.xml" not in parts:
        return frozenset()
    formats = set(_MONTH_FORMATS)
    styles: list[int] = []
    inside = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside
        local = _local(name)
        if local == "numFmt" and attributes.get("numFmtId", "").isdecimal():
            number = int(attributes["numFmtId"])
            (formats.add if shows_month_only(attributes.get("formatCode", "")) else formats.discard)(number)
        elif local in {"cellXfs", "cellStyleXfs", "cellStyles", "dxfs"}:
            inside = local == "cellXfs"
        elif local == "xf" and inside:
            identifier = attributes.get("numFmtId", "0")
            styles.append(int(identifier) if identifier.isdecimal() else 0)

    _walk(inflate(archive, parts["xl/styles.xml"]), start)
    return frozenset(str(index) for index, number in enumerate(styles) if number in formats)


def _read_sheet(pieces: Iterator[bytes], sheet: SheetFacts, month_styles: frozenset[str]) -> None:
    row = column = 0
    style = kind = ""

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal row, column, style, kind
        if ":" in name:
            name = _local(name)
        if name == "c":
            reference = attributes.get("r", "")
            if reference:
                letters = reference.rstrip("0123456789")
                column = column_index(letters)
                digits = reference[len(letters) :]
                row = int(digits) if digits else row
            else:
                column += 1
            style, kind = attributes.get("s", ""), attributes.get("t", "")
            parser.CharacterDataHandler = None
        elif name in {"v", "is", "f"}:
            if row > sheet.rows:
                sheet.rows = row
            if column >= sheet.columns:
                sheet.columns = column + 1
            if name == "v":
                if style in month_styles and len(sheet.months) < _MARKS:
                    sheet.months.add((row, column))
                if kind == "e" and len(sheet.errors) < _MARKS:
                    parser.CharacterDataHandler = text
        elif name == "row":
            number = attributes.get("r", "")
            row = int(number) if number.isdecimal() else row + 1
            column = -1
            if attributes.get("hidden", "0") in {"1", "true"} and len(sheet.hidden_rows) < _MARKS:
                sheet.hidden_rows.add(row)
        elif name == "col" and attributes.get("hidden", "0") in {"1", "true"}:
            first, last = attributes.get("min", "0"), attributes.get("max", "0")
            if first.isdecimal() and last.isdecimal():
                sheet.hidden_columns.update(range(int(first) - 1, min(int(last), 20_000)))

    def text(piece: str) -> None:
        if piece.startswith("#"):
            sheet.errors.setdefault((row, column), piece[:20])

    parser = _parser(start)
    for piece in pieces:
        parser.Parse(piece, False)
    parser.Parse(b"", True)


# .xls

_CELLS = frozenset({0x0006, 0x0203, 0x0204, 0x0205, 0x00D6, 0x00FD, 0x027E})
_SHEET_STATES = {0: "visible", 1: "hidden", 2: "very_hidden"}


def facts_of_xls(data: bytes) -> Facts:
    """Raises SheetRefused: the workbook is locked, or its records do not hang together."""
    try:
        stream = read_compound(data).stream("Workbook", "Book")
    except (NotCompound, KeyError) as error:
        raise damaged() from error
    try:
        return _read_biff(stream)
    except (struct.error, IndexError) as error:
        raise damaged() from error


def _records(stream: bytes, offset: int) -> Iterator[tuple[int, memoryview]]:
    """The records of one substream, from its BOF to its EOF."""
    view, depth = memoryview(stream), 0
    while offset + 4 <= len(stream):
        code, size = struct.unpack_from("<HH", stream, offset)
        yield code, view[offset + 4 : offset + 4 + size]
        depth += {0x0809: 1, 0x000A: -1}.get(code, 0)
        if depth <= 0:
            return
        offset += 4 + size


def _read_biff(stream: bytes) -> Facts:
    facts, places = Facts(), []
    formats, styles = set(_MONTH_FORMATS), []
    for code, body in _records(stream, 0):
        if code == 0x002F:
            raise locked()
        if code == 0x0022:
            facts.mac = bool(body[0])
        elif code == 0x041E:
            number, length, flags = struct.unpack_from("<HHB", body)
            text = bytes(body[5:]).decode("utf-16-le" if flags & 1 else "latin-1", "replace")[:length]
            (formats.add if shows_month_only(text) else formats.discard)(number)
        elif code == 0x00E0:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif code == 0x0085 and len(body) >= 8:
            offset, state, _kind, length, flags = struct.unpack_from("<IBBBB", body)
            name = bytes(body[8:]).decode("utf-16-le" if flags & 1 else "latin-1", "replace")[:length]
            places.append((offset, SheetFacts(name, _SHEET_STATES.get(state & 3, "hidden"))))
    month_styles = {index for index, number in enumerate(styles) if number in formats}
    for offset, sheet in places:
        facts.sheets.append(sheet)
        for code, body in _records(stream, offset):
            with contextlib.suppress(struct.error):
                _read_record(code, body, sheet, month_styles)
    return facts


def _read_record(code: int, body: memoryview, sheet: SheetFacts, month_styles: set[int]) -> None:
    if code in _CELLS:
        row, column, style = struct.unpack_from("<HHH", body)
        sheet.rows, sheet.columns = max(sheet.rows, row + 1), max(sheet.columns, column + 1)
        if style in month_styles and len(sheet.months) < _MARKS:
            sheet.months.add((row + 1, column))
    elif code == 0x00BD:
        row, column = struct.unpack_from("<HH", body)
        count = (len(body) - 6) // 6
        sheet.rows, sheet.columns = max(sheet.rows, row + 1), max(sheet.columns, column + count)
        for index in range(count):
            if struct.unpack_from("<H", body, 4 + index * 6)[0] in month_styles:
                sheet.months.add((row + 1, column + index))
    elif code == 0x0208:
        row, flags = struct.unpack_from("<H10xH", body)
        if flags & 0x20:
            sheet.hidden_rows.add(row + 1)
    elif code == 0x007D:
        first, last, _width, _style, flags = struct.unpack_from("<HHHHH", body)
        if flags & 1:
            sheet.hidden_columns.update(range(first, min(last, 255) + 1))
