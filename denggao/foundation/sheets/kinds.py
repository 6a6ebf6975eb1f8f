"""What a room says of a sheet it takes: its columns, how its rows are judged, and how they are applied.

A kind may have two things more than the protocol asks: ``options``, the Option list the upload form asks beside the
file, and ``offered_to(actor)``, whether the form offers the kind at all (without it: to whoever has something to choose
for each required option or, where there is none, may import).

The engine (reading, header matching, staging, preview, hand-back) lives in this room and knows no kind by name; kinds
are registered in ``wiring.py``. A row is judged twice by the same ``check``: for the preview, and again inside the
transaction that applies it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from denggao.foundation.audit.actors import Actor


@dataclass(frozen=True)
class Fault:
    """One thing wrong with (or worth saying of) a row. ``text`` is a lazy translation with named placeholders, filled
    from ``values``; it names the field, the rule and the fix, and never shows another person's data. ``column`` is the
    key of the cell to mark, or empty for the whole row."""

    column: str
    text: Any
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    """A cell as the file holds it: ``value`` is str, float, int, bool, date, datetime or None; ``text`` is what a person
    would copy down from it. ``mac`` says that the workbook counts days from 1904."""

    value: Any
    text: str
    mac: bool = False

    @property
    def blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True)
class Column:
    """A column a kind understands. ``parse`` turns a non-blank cell into a value, or returns a Fault (its ``column`` may
    be left empty, the engine fills it in); a blank cell is None, and a fault of the engine's where the column is
    ``required``. ``personal`` columns are masked wherever shown, by ``mask`` or else but for the first character.
    ``show`` says how a parsed value is written where it differs from what was typed (dates and plain text need none)."""

    key: str
    title_zh: str
    title_en: str
    parse: Callable[[Cell], Any]
    synonyms: tuple[str, ...] = ()
    required: bool = False
    personal: bool = False
    mask: Callable[[str], str] | None = None
    example: str = ""
    help_zh: str = ""
    help_en: str = ""
    show: Callable[[Any], str] | None = None

    def title(self, language: str) -> str:
        return self.title_en if language.startswith("en") else self.title_zh


@dataclass(frozen=True)
class Option:
    """Something asked for beside the file: which employer, which plan. ``choices`` are (id as text, label), only those
    the actor may take; the id is what ``resolve`` gets under ``key``."""

    key: str
    title_zh: str
    title_en: str
    choices: Callable[[Actor], Sequence[tuple[str, str]]]
    required: bool = True
    help_zh: str = ""
    help_en: str = ""

    def title(self, language: str) -> str:
        return self.title_en if language.startswith("en") else self.title_zh

    def help(self, language: str) -> str:
        return self.help_en if language.startswith("en") else self.help_zh


@dataclass(frozen=True)
class Context:
    """What the kind needs beside the rows. ``options`` are the kind's own (``employer``, ``plan``), already resolved.
    An import belongs to the body under ``employer``, if there is one: its HR sees it."""

    as_of: dt.date
    today: dt.date
    actor: Actor
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Row:
    """A data row, parsed. ``values`` by column key (None where blank, absent where the sheet lacks the column);
    ``texts`` as written; ``faults`` from parsing. ``record_id`` is the public id in the 记录编号 column, if any;
    ``source`` the public id of the import's row, kept by the records that come of it (empty in a dry run)."""

    sheet: str
    number: int
    values: dict[str, Any]
    texts: dict[str, str]
    record_id: str = ""
    faults: list[Fault] = field(default_factory=list)
    source: str = ""


@dataclass
class Judgement:
    """What would become of a row. ``outcome`` is created, updated, unchanged or refused. ``faults`` refuse; ``warnings``
    do not. ``payload`` is the kind's own, handed back to ``apply``. ``held_for`` keeps a refused row for the office."""

    row: Row
    outcome: str
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    object_type: str = ""
    object_id: str = ""
    payload: Any = None
    held_for: str = ""


@dataclass(frozen=True)
class Absence:
    """A record of this list's body that the list no longer names; shown, never ended unasked."""

    object_id: str
    text: str


class Kind(Protocol):
    """A sheet some room takes."""

    code: str
    title_zh: str
    title_en: str
    columns: Sequence[Column]

    def may_import(self, actor: Actor, options: Mapping[str, Any]) -> bool:
        """Whether this actor may hand in such a sheet, for this body. ``options`` are resolved."""

    def resolve(self, options: Mapping[str, str]) -> dict[str, Any]:
        """Turn stored options (ids as text) into what ``check`` needs. Raises Refused with a sentence."""

    def check(self, rows: Sequence[Row], context: Context) -> list[Judgement]:
        """Judge rows, in order, in bulk: a constant number of queries a thousand rows. Reads only. Rows with parse
        faults come too and stay refused, with every further fault added once (the row's own need not be repeated)."""

    def absent(self, rows: Sequence[Row], context: Context) -> list[Absence]:
        """Records the list no longer names; empty for kinds where that means nothing."""

    def apply(self, judgements: Sequence[Judgement], context: Context, *, now: dt.datetime) -> None:
        """Write the rows judged created or updated (unchanged ones too, where the kind keeps that they were seen), set
        each judgement's object_type and object_id, and note one audit line a row. Of the refused rows only those with
        ``held_for`` come, so that the kind can keep what the office is to rule on. Runs inside the batch action's
        transaction, under the lock of all imports; at most a few seconds for 10,000 rows."""


def title_of(kind: Kind, language: str) -> str:
    return kind.title_en if language.startswith("en") else kind.title_zh


def options_of(kind: Kind) -> Sequence[Option]:
    return getattr(kind, "options", ())


def is_offered(kind: Kind, actor: Actor) -> bool:
    """Whether the upload form offers the kind to this actor. Whether a certain file is taken, ``may_import`` says."""
    offered_to: Callable[[Actor], bool] | None = getattr(kind, "offered_to", None)
    if offered_to is not None:
        return offered_to(actor)
    needed = [option for option in options_of(kind) if option.required]
    return all(option.choices(actor) for option in needed) if needed else kind.may_import(actor, {})


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Plugged in ``wiring.py``."""
    _KINDS[kind.code] = kind


def kind_of(code: str) -> Kind:
    """Raises KeyError."""
    return _KINDS[code]


def all_kinds() -> list[Kind]:
    return list(_KINDS.values())
