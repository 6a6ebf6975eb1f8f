"""From cells to a row a kind can judge, and from its judgement to words. No database, no clock."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denggao.foundation.sheets.cells import LOST_DIGITS, is_masked, visible
from denggao.foundation.sheets.headers import RECORD_ID
from denggao.foundation.sheets.kinds import Cell, Column, Fault, Judgement, Row

LANGUAGES = (("text_zh", "zh-hans"), ("text_en", "en"))
MISSING = gettext_lazy("%(column)s: the cell is empty. Fill it in.")
NO_COLUMN = gettext_lazy("%(column)s: the sheet has no such column. Add it, or say which column it is.")
_UNEXPLAINED = gettext_lazy("The row can't be taken as it is.")
CREATED, UPDATED, UNCHANGED, REFUSED = "created", "updated", "unchanged", "refused"
OUTCOMES = (CREATED, UPDATED, UNCHANGED, REFUSED)

Stored = str | list[Any]


def pack(cell: Cell) -> Stored:
    """A cell as staging keeps it: numbers stay numbers, for 2022.1 as a number is not 2022.1 as text."""
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        return [cell.value, cell.text, "mac"] if cell.mac else [cell.value, cell.text]
    return cell.text


def unpack(stored: Stored) -> Cell:
    if isinstance(stored, str):
        return Cell(stored, stored)
    return Cell(stored[0], stored[1], mac=len(stored) > 2)


def parse_row(
    columns: Sequence[Column], present: frozenset[str], cells: Mapping[str, Cell], *, sheet: str, number: int, source: str = ""
) -> Row:
    """Parse the cells of a row. ``present``: the keys of the columns the sheet has."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for column in columns:
        key = column.key
        if key not in present:
            if column.required:
                faults.append(Fault(key, NO_COLUMN))
            continue
        cell = cells.get(key)
        value = None if cell is None or cell.blank else column.parse(cell)
        if isinstance(value, Fault):
            faults.append(value if value.column else replace(value, column=key))
            value = None
        elif value is None and column.required:
            faults.append(Fault(key, MISSING))
        values[key] = value
    texts = {key: cell.text for key, cell in cells.items()}
    record = cells.get(RECORD_ID)
    return Row(sheet, number, values, texts, visible(record.text) if record else "", faults, source)


def settle(judgement: Judgement) -> Judgement:
    """Bring the faults together, each once, and hold the outcome to them: faults refuse, and a refusal says why."""
    faults: dict[tuple[str, str, str], Fault] = {}
    for fault in (*judgement.row.faults, *judgement.faults):
        faults.setdefault((fault.column, str(fault.text), repr(sorted(fault.values.items()))), fault)
    found = list(faults.values())
    explained = {fault.column for fault in found if fault.text is not MISSING}
    found = [fault for fault in found if fault.text is not MISSING or fault.column not in explained]
    if judgement.outcome == REFUSED and not found:
        found = [Fault("", _UNEXPLAINED)]
    judgement.faults = found
    if found:
        judgement.outcome = REFUSED
    return judgement


def normalised(columns: Sequence[Column], row: Row) -> list[dict[str, str]]:
    """Which cells were read as something else than they show: column, from, to; personal ones masked."""
    found = []
    for column in columns:
        value, written = row.values.get(column.key), row.texts.get(column.key, "")
        if value is None or isinstance(value, bool) or is_masked(written):
            continue
        shown = column.show(value) if column.show else _shown(value)
        if shown is not None and shown != written:
            found.append({"column": column.key, "from": masked(column, written), "to": masked(column, shown)})
    return found


def _shown(value: Any) -> str | None:
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, str | Decimal | int) else None


def masked(column: Column | None, text: str) -> str:
    """A cell as it may be shown."""
    shown = visible(text)
    if LOST_DIGITS.fullmatch(shown):
        return f"{float(shown):.1E}"
    if column is None or not column.personal or is_masked(shown) or not shown:
        return shown
    return column.mask(shown) if column.mask else shown[0] + "*" * max(len(shown) - 1, 1)


def told(many: Sequence[Iterable[Fault]], columns: Sequence[Column]) -> list[list[dict[str, str]]]:
    """The sentences of each row's faults, in both languages: [{column, text_zh, text_en}]."""
    lists = [list(faults) for faults in many]
    found = [[{"column": fault.column} for fault in faults] for faults in lists]
    for name, language in LANGUAGES:
        titles = {column.key: column.title(language) for column in columns}
        with translation.override(language):
            for faults, entries in zip(lists, found, strict=True):
                for fault, entry in zip(faults, entries, strict=True):
                    entry[name] = sentence(fault, titles)
    return found


def sentence(fault: Fault, titles: Mapping[str, str]) -> str:
    """A fault in the active language, its placeholders filled."""
    text = str(fault.text)
    if "%(" not in text:
        return text
    return text % {"column": titles.get(fault.column) or _("This row"), **fault.values}


def in_language(entry: Mapping[str, str]) -> str:
    """A kept sentence in the active language."""
    english = (translation.get_language() or "").startswith("en")
    return entry.get("text_en" if english else "text_zh", "")


def without_column(text: str, title: str) -> str:
    """A sentence that is shown in its own column needs not begin with the column's name."""
    for mark in (": ", "：", ":"):
        if title and text.startswith(f"{title}{mark}"):
            rest = text[len(title) + len(mark) :].strip()
            return rest[:1].upper() + rest[1:]
    return text


def counts_of(judgements: Iterable[Judgement]) -> dict[str, Any]:
    """Rows by outcome; rows with a warning; rows held; and by column, how many rows have a fault or a warning there."""
    outcomes: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    warnings: Counter[str] = Counter()
    warned = held = 0
    for judgement in judgements:
        outcomes[judgement.outcome] += 1
        faults.update({fault.column for fault in judgement.faults})
        warnings.update({fault.column for fault in judgement.warnings})
        warned += bool(judgement.warnings)
        held += bool(judgement.held_for) and judgement.outcome == REFUSED
    return {
        **{outcome: outcomes[outcome] for outcome in OUTCOMES},
        "warned": warned,
        "held": held,
        "faults": dict(faults),
        "warnings": dict(warnings),
    }
