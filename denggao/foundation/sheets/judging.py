"""A file, read and judged in memory: what the preview keeps, what a dry run prints. Reads only."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_noop

from denggao.foundation.audit.actors import Actor
from denggao.foundation.sheets.facts import column_letters
from denggao.foundation.sheets.headers import RECORD_ID
from denggao.foundation.sheets.kinds import Absence, Context, Fault, Judgement, Kind, Row
from denggao.foundation.sheets.reading import Layout, notes_after, read_book
from denggao.foundation.sheets.rules import Stored, pack, parse_row, settle

Tell = Callable[[int, int, str], None]
_READING, _JUDGING = gettext_noop("Reading the file"), gettext_noop("Checking the rows")
_EVERY = 1000


def silent(done: int, total: int, text: str) -> None:
    """For whoever watches no progress."""


@dataclass
class Judged:
    """A file with its rows judged, in the file's order. ``stored``: each row's cells as staging keeps them."""

    mapping: list[dict[str, Any]]
    judgements: list[Judgement]
    stored: list[dict[str, Stored]]
    hidden: list[bool]
    sources: list[uuid.UUID]
    absences: list[Absence]
    notes: list[Fault] = field(default_factory=list)


def context_of(kind: Kind, options: Mapping[str, str], *, as_of: dt.date, today: dt.date, actor: Actor) -> Context:
    """Raises Refused where an option names nothing."""
    return Context(as_of=as_of, today=today, actor=actor, options=kind.resolve(options))


def judge_file(
    kind: Kind, name: str, data: bytes, context: Context, *, layouts: Mapping[str, Layout] | None = None, tell: Tell = silent
) -> Judged:
    """Raises SheetRefused."""
    tell(0, 100, _READING)
    book = read_book(name, data, kind.columns, layouts=layouts)
    rows: list[Row] = []
    judged = Judged([], [], [], [], [], [], list(book.notes))
    for sheet in book.sheets:
        present = frozenset(sheet.heading.columns.values())
        for line in sheet.rows():
            source = uuid.uuid4()
            row = parse_row(kind.columns, present, line.cells, sheet=sheet.name, number=line.number, source=str(source))
            rows.append(row)
            judged.sources.append(source)
            judged.stored.append({key: pack(cell) for key, cell in line.cells.items()})
            judged.hidden.append(line.hidden)
            if len(rows) % _EVERY == 0:
                tell(min(len(rows) // _EVERY, 30), 100, _READING)
        judged.notes.extend(notes_after(sheet))
        judged.mapping.append(
            {
                "sheet": sheet.name,
                "row": sheet.heading.row + 1,
                "depth": sheet.heading.depth,
                "columns": [
                    {"letters": column_letters(index), "title": title, "key": sheet.heading.columns.get(index, "")}
                    for index, title in sorted(sheet.heading.titles.items())
                ],
            }
        )
    tell(30, 100, _JUDGING)
    judged.judgements = judge(kind, rows, context)
    judged.absences = list(kind.absent(rows, context))
    tell(60, 100, _JUDGING)
    return judged


def judge(kind: Kind, rows: Sequence[Row], context: Context) -> list[Judgement]:
    """The kind's word on each row, in their order."""
    judgements = [settle(judgement) for judgement in kind.check(rows, context)] if rows else []
    if len(judgements) != len(rows) or any(found.row is not row for found, row in zip(judgements, rows, strict=False)):
        raise RuntimeError(f"The kind {kind.code} must judge every row, in order.")
    return judgements


def layouts_of(mapping: Sequence[Mapping[str, Any]]) -> dict[str, Layout]:
    """A kept mapping as the reader takes it."""
    return {
        sheet["sheet"]: Layout(
            sheet["row"], sheet["depth"], {column["letters"]: column["key"] for column in sheet["columns"] if column["key"]}
        )
        for sheet in mapping
    }


def present_in(mapping: Sequence[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """The column keys each sheet has."""
    return {sheet["sheet"]: frozenset(column["key"] for column in sheet["columns"]) - {"", RECORD_ID} for sheet in mapping}
