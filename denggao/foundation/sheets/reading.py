"""From the bytes of a file to rows of cells under known columns. Reads .xlsx, .xls and .csv; evaluates nothing.

``read_book`` finds in each sheet the heading and says what it noticed; ``SheetData.rows`` then yields the data rows.
Only SheetRefused ever comes out of here.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import python_calamine
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext_lazy, ngettext_lazy

from denggao.foundation.sheets import safety
from denggao.foundation.sheets.cells import text_of, visible
from denggao.foundation.sheets.facts import Facts, SheetFacts, column_index, column_letters, facts_of_xls, facts_of_xlsx
from denggao.foundation.sheets.headers import (
    DATA,
    EXAMPLE,
    NOTE,
    REPEATED,
    RESULT_TITLES,
    SEARCH_ROWS,
    TOTAL,
    Heading,
    Titles,
    find_heading,
    sort_of_row,
    titles_of,
)
from denggao.foundation.sheets.kinds import Cell, Column, Fault
from denggao.foundation.sheets.safety import Format, SheetRefused, Taken

_MERGED_CELLS = 500_000
_ERROR_VALUE = re.compile(r"#[A-Z0-9_/!?]+")


@dataclass(frozen=True)
class DataRow:
    """A row of data: its number as the spreadsheet shows it and its non-blank cells by column key."""

    number: int
    cells: Mapping[str, Cell]
    hidden: bool


@dataclass
class SheetData:
    """A sheet with a heading that was recognised."""

    name: str
    heading: Heading
    facts: SheetFacts
    _sorted: Callable[[], Iterator[tuple[str, DataRow]]]
    skipped: Counter[str] = field(default_factory=Counter)
    hidden_rows_read: int = 0

    def rows(self) -> Iterator[DataRow]:
        """The data rows, in order. When it is through, ``skipped`` and ``hidden_rows_read`` are complete."""
        self.skipped.clear()
        self.hidden_rows_read = 0
        for sort, row in self._sorted():
            if sort == DATA:
                self.hidden_rows_read += row.hidden
                yield row
            else:
                self.skipped[sort] += 1


@dataclass
class Book:
    """A file as understood. ``notes`` are worth telling whoever handed it in; nobody's data stands in them."""

    format: Format
    sheets: list[SheetData]
    notes: list[Fault]


@dataclass(frozen=True)
class Layout:
    """How a sheet's columns are to be understood, where somebody changed what the reader had understood: the heading's
    first row (as shown), how many rows it takes, and column key by column letters."""

    row: int
    depth: int
    columns: Mapping[str, str]


def read_book(name: str, data: bytes, columns: Sequence[Column], *, layouts: Mapping[str, Layout] | None = None) -> Book:
    """Raises SheetRefused: with a sentence that says why the file can't be taken and what to do."""
    taken = safety.inspect(name, data)
    try:
        book = _read(taken, columns, layouts or {})
    except SheetRefused:
        raise
    except (MemoryError, RecursionError) as error:
        raise safety.damaged() from error
    if taken.misnamed:
        book.notes.insert(
            0,
            Fault(
                "",
                gettext_lazy("The file's name promises another format; it was read as %(format)s."),
                {"format": taken.format.value},
            ),
        )
    return book


def _read(taken: Taken, columns: Sequence[Column], layouts: Mapping[str, Layout]) -> Book:
    titles = titles_of(columns)
    examples = {column.key: column.example for column in columns if column.example}
    book = Book(taken.format, [], [])
    left_out: list[str] = []
    for grid in grids_of(taken):
        if grid.facts.state == "very_hidden":
            left_out.append(grid.facts.name)
            continue
        layout = layouts.get(grid.facts.name)
        heading = _heading_of(grid, titles) if layout is None else _heading_by(layout, grid)
        if heading is None:
            if not grid.is_empty:
                left_out.append(grid.facts.name)
            continue
        sheet = SheetData(grid.facts.name, heading, grid.facts, _sorting(grid, heading, titles, examples))
        book.sheets.append(sheet)
        book.notes.extend(_notes_on(sheet, grid))
    if not book.sheets:
        raise _no_heading(columns)
    if left_out:
        book.notes.append(
            Fault(
                "",
                ngettext_lazy(
                    "The sheet %(sheets)s has no heading that is known here and was left out.",
                    "The sheets %(sheets)s have no heading that is known here and were left out.",
                    len(left_out),
                ),
                {"sheets": _listed(left_out)},
            )
        )
    return book


def notes_after(sheet: SheetData) -> list[Fault]:
    """What is known of a sheet only when its rows are read."""
    notes = []
    if sheet.hidden_rows_read:
        notes.append(
            Fault(
                "",
                ngettext_lazy(
                    "Sheet “%(sheet)s”: %(count)s hidden row was read like the rest.",
                    "Sheet “%(sheet)s”: %(count)s hidden rows were read like the rest.",
                    sheet.hidden_rows_read,
                ),
                {"sheet": sheet.name, "count": sheet.hidden_rows_read},
            )
        )
    left = {
        TOTAL: gettext_lazy("Sheet “%(sheet)s”: rows of totals left out: %(count)s."),
        EXAMPLE: gettext_lazy("Sheet “%(sheet)s”: example rows left out: %(count)s."),
        NOTE: gettext_lazy("Sheet “%(sheet)s”: rows of notes left out: %(count)s."),
        REPEATED: gettext_lazy("Sheet “%(sheet)s”: repeated headings left out: %(count)s."),
    }
    notes.extend(
        Fault("", text, {"sheet": sheet.name, "count": sheet.skipped[sort]}) for sort, text in left.items() if sheet.skipped[sort]
    )
    return notes


# Grids: what the three formats have in common


@dataclass
class Grid:
    """``values`` by row from the sheet's corner. ``filled``: values of merged cells by (row, column); ``spread``: the
    first cells of those merged over several columns. Both count from 0."""

    facts: SheetFacts
    values: Sequence[Sequence[Any]]
    mac: bool = False
    filled: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    spread: frozenset[tuple[int, int]] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not any(value not in ("", None) for row in self.values for value in row)

    def value(self, row: int, column: int) -> Any:
        line = self.values[row]
        value = line[column] if column < len(line) else ""
        if value == "" or value is None:
            return self.facts.errors.get((row + 1, column), "") if self.facts.errors else ""
        if isinstance(value, dt.date) and value.day == 1 and (row + 1, column) in self.facts.months:
            return f"{value.year:04}-{value.month:02}"
        return value

    def shown(self, row: int, column: int) -> str:
        return text_of(self.value(*self.filled.get((row, column), (row, column))))


def grids_of(taken: Taken) -> list[Grid]:
    """Every sheet's values, whatever they mean. Raises SheetRefused."""
    return _grids_of_csv(taken.data) if taken.format is Format.CSV else _grids_of_workbook(taken)


def _grids_of_workbook(taken: Taken) -> list[Grid]:
    facts = facts_of_xlsx(taken.data) if taken.format is Format.XLSX else facts_of_xls(taken.data)
    for sheet in facts.sheets:
        if sheet.rows > safety.ROW_LIMIT or sheet.columns > safety.COLUMN_LIMIT or sheet.rows * sheet.columns > safety.AREA_LIMIT:
            raise safety.reaches_too_far(sheet.name, sheet.rows, sheet.columns)
    try:
        return list(_calamine_grids(taken.data, facts))
    except python_calamine.PasswordError as error:
        raise safety.locked() from error
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        raise safety.damaged() from error
    except BaseException as error:
        # SECURITY: the reader's own panics are no Exception; a hostile file must not end the worker.
        if type(error).__name__ == "PanicException":
            raise safety.damaged() from error
        raise


def _calamine_grids(data: bytes, facts: Facts) -> Iterator[Grid]:
    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    by_name = {sheet.name: sheet for sheet in facts.sheets}
    for meta in workbook.sheets_metadata:
        if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(meta.name)
        values = sheet.to_python(skip_empty_area=False) if sheet.start is not None else []
        filled, spread = _merged(sheet.merged_cell_ranges or (), len(values))
        yield Grid(by_name.get(meta.name) or SheetFacts(meta.name), values, facts.mac, filled, spread)


def _merged(
    ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]], height: int
) -> tuple[dict[tuple[int, int], tuple[int, int]], frozenset[tuple[int, int]]]:
    filled: dict[tuple[int, int], tuple[int, int]] = {}
    spread = set()
    for (top, left), (bottom, right) in ranges:
        if right > left:
            spread.add((top, left))
        for row in range(top, min(bottom, height - 1) + 1):
            for column in range(left, min(right, safety.COLUMN_LIMIT) + 1):
                if len(filled) >= _MERGED_CELLS:
                    return filled, frozenset(spread)
                if (row, column) != (top, left):
                    filled[row, column] = (top, left)
    return filled, frozenset(spread)


# .csv


def _grids_of_csv(data: bytes) -> list[Grid]:
    text = _decoded(data)
    delimiter, text = _delimiter(text)
    try:
        values: list[list[str]] = []
        width = 0
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            values.append([_unquoted(value) for value in record])
            width = max(width, len(record))
            if len(values) > safety.ROW_LIMIT or width > safety.COLUMN_LIMIT:
                raise safety.reaches_too_far("CSV", len(values), width)
    except csv.Error as error:
        raise safety.damaged() from error
    return [Grid(SheetFacts("", rows=len(values), columns=width), values)]


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif data.startswith(b"\xef\xbb\xbf"):
        encodings = ["utf-8-sig"]
    else:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SheetRefused(gettext_lazy("The text of the file can't be read. Open it in Excel and save it as .xlsx or as “CSV UTF-8”."))


def _delimiter(text: str) -> tuple[str, str]:
    """The separator of a file, and its text without Excel's ``sep=`` line."""
    first, _end, rest = text.partition("\n")
    told = re.fullmatch(r"\"?sep=([,;\t|])\"?", first.strip("\r \ufeff"), re.IGNORECASE)
    if told:
        return told[1], rest
    sample = text[:20_000]
    best, best_rank = ",", (0, 0)
    for delimiter in (",", "\t", ";", "|"):
        widths: Counter[int] = Counter()
        try:
            for number, record in enumerate(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)):
                widths[len(record)] += 1
                if number > 60:
                    break
        except csv.Error:
            continue
        split = {width: count for width, count in widths.items() if width > 1}
        if split:
            width = max(split, key=lambda item: (split[item], item))
            rank = (split[width] * width, width)
            if rank > best_rank:
                best, best_rank = delimiter, rank
    return best, text


def _unquoted(value: str) -> str:
    """="00123" is how some systems keep Excel from touching a number in a CSV file."""
    if value.startswith('="') and value.endswith('"') and len(value) > 2:
        return value[2:-1]
    return value


# Headings and rows


def _heading_of(grid: Grid, titles: Titles) -> Heading | None:
    """The first SEARCH_ROWS rows that are not blank are looked at, at most a few hundred."""
    rows: list[list[str]] = []
    width = max((len(line) for line in grid.values[:500]), default=0)
    seen = 0
    for row in range(min(len(grid.values), 500)):
        texts = [grid.shown(row, column) for column in range(width)]
        rows.append(texts)
        seen += any(texts)
        if seen >= SEARCH_ROWS:
            break
    return find_heading(rows, titles)


def _heading_by(layout: Layout, grid: Grid) -> Heading | None:
    row = layout.row - 1
    if not 0 <= row < len(grid.values):
        return None
    lines = range(row, min(row + layout.depth, len(grid.values)))
    width = max((len(grid.values[line]) for line in lines), default=0)
    written = {}
    for column in range(width):
        parts = list(dict.fromkeys(filter(None, (grid.shown(line, column) for line in lines))))
        if parts:
            written[column] = visible(" ".join(parts))[:80]
    columns = {column_index(letters): key for letters, key in layout.columns.items() if key}
    return Heading(row, layout.depth, columns, written)


def _sorting(
    grid: Grid, heading: Heading, titles: Titles, examples: Mapping[str, str]
) -> Callable[[], Iterator[tuple[str, DataRow]]]:
    def walk() -> Iterator[tuple[str, DataRow]]:
        spread: dict[int, frozenset[int]] = {}
        for row, column in grid.spread:
            spread[row] = spread.get(row, frozenset()) | {column}
        filled_rows: dict[int, list[tuple[int, tuple[int, int]]]] = {}
        for (row, column), origin in grid.filled.items():
            # Only cells merged downwards within the data repeat their value: one name over two certificates, say.
            if origin[1] == column and origin[0] > heading.row + heading.depth - 1:
                filled_rows.setdefault(row, []).append((column, origin))
        for row in range(heading.row + heading.depth, len(grid.values)):
            values = {}
            for column in range(max(len(grid.values[row]), 0)):
                value = grid.value(row, column)
                if value != "" and value is not None:
                    values[column] = value
            own = bool(values)
            if own:
                for column, origin in filled_rows.get(row, ()):
                    value = grid.value(*origin)
                    if column not in values and value not in ("", None):
                        values[column] = value
            cells = {column: Cell(value, text_of(value), grid.mac) for column, value in values.items()}
            texts = {column: cell.text for column, cell in cells.items() if visible(cell.text)}
            sort = sort_of_row(texts, heading, titles, examples=examples, spread=spread.get(row, frozenset()))
            known = {heading.columns[column]: cells[column] for column in texts if column in heading.columns}
            yield sort, DataRow(row + 1, known, row + 1 in grid.facts.hidden_rows)

    return walk


def _notes_on(sheet: SheetData, grid: Grid) -> Iterator[Fault]:
    name = {"sheet": sheet.name}
    unknown = [title for column, title in sorted(sheet.heading.titles.items()) if column not in sheet.heading.columns]
    unknown = [title for title in unknown if title not in sheet.heading.repeated and title not in RESULT_TITLES]
    if sheet.facts.state == "hidden":
        yield Fault("", gettext_lazy("The sheet “%(sheet)s” is hidden in the workbook and was read like the rest."), name)
    if unknown:
        yield Fault(
            "", gettext_lazy("Sheet “%(sheet)s”: columns not needed here: %(titles)s."), {**name, "titles": _listed(unknown)}
        )
    if sheet.heading.repeated:
        yield Fault(
            "",
            gettext_lazy("Sheet “%(sheet)s”: these columns mean the same as another one and were left out: %(titles)s."),
            {**name, "titles": _listed(sheet.heading.repeated)},
        )
    hidden = [column for column in sheet.heading.columns if column in sheet.facts.hidden_columns]
    if hidden:
        letters = _listed([column_letters(column) for column in sorted(hidden)])
        yield Fault(
            "", gettext_lazy("Sheet “%(sheet)s”: hidden columns were read like the rest: %(titles)s."), {**name, "titles": letters}
        )
    below = any(row >= sheet.heading.row for row, _column in grid.filled)
    if below:
        yield Fault("", gettext_lazy("Sheet “%(sheet)s”: merged cells were taken apart."), name)


def _listed(items: Sequence[str]) -> str:
    shown = [item if len(item) <= 30 else f"{item[:29]}…" for item in items[:12]]
    return "、".join(shown) + ("…" if len(items) > 12 else "")


def _no_heading(columns: Sequence[Column]) -> SheetRefused:
    def listed() -> str:
        language = get_language() or ""
        return "、".join(column.title(language) for column in [column for column in columns if column.required] or columns[:3])

    return SheetRefused(
        gettext_lazy("No row with the headings was found in the file. The headings are needed above the rows: %(titles)s."),
        titles=lazy(listed, str)(),
    )
