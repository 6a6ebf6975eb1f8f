"""Rows of rosters for tests, as the engine hands them to the kind, and an act to apply them in."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from denggao.foundation.audit.actions import action
from denggao.foundation.audit.actors import Actor, operator
from denggao.foundation.organisations.models import Employment, EmploymentStatement, Organisation
from denggao.foundation.organisations.sheets.roster import Roster
from denggao.foundation.people.rules import check_character
from denggao.foundation.sheets.kinds import Cell, Context, Fault, Judgement, Row

TODAY = dt.date(2022, 10, 10)
OPERATOR = operator("test")
_orders = itertools.count(1)


def id_number(born: str = "19900101", order: int | None = None, region: str = "310115") -> str:
    """A number with a valid check character; another one each time unless the order is given."""
    first = f"{region}{born}{(order if order is not None else next(_orders)) % 1000:03}"
    return first + check_character(first)


def row_of(number: int, taker: Any = None, /, *, record_id: str = "", sheet: str = "Sheet1", **texts: str) -> Row:
    """A row with these texts in its cells, parsed as the engine does it."""
    row = Row(sheet, number, {}, dict(texts), record_id)
    for column in (taker or Roster()).columns:
        if column.key in texts:
            cell = Cell(texts[column.key] or None, texts[column.key])
            value = None if cell.blank else column.parse(cell)
            if isinstance(value, Fault):
                row.faults.append(Fault(column.key, value.text, value.values))
                value = None
            row.values[column.key] = value
    return row


def rows_of(people: Sequence[dict[str, str]]) -> list[Row]:
    return [row_of(number, **texts) for number, texts in enumerate(people, start=2)]


def context_of(employer: Organisation, as_of: dt.date | str, actor: Actor = OPERATOR) -> Context:
    day = dt.date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    return Context(day, TODAY, actor, {"employer": employer})


def judge(employer: Organisation, as_of: dt.date | str, people: Sequence[dict[str, str]]) -> list[Judgement]:
    return Roster().check(rows_of(people), context_of(employer, as_of))


@action("test.roster.apply", requires=lambda actor, subject: True, batch=True)
def _apply(judgements: Sequence[Judgement], context: Context, *, actor: Actor, now: dt.datetime) -> None:
    Roster().apply(judgements, context, now=now)


def apply(employer: Organisation, as_of: dt.date | str, people: Sequence[dict[str, str]], *, now: dt.datetime) -> list[Judgement]:
    """Judge and apply a roster, as one act."""
    judgements = judge(employer, as_of, people)
    _apply(judgements, context_of(employer, as_of), actor=OPERATOR, now=now)
    return judgements


def texts(faults: Iterable[Fault]) -> list[str]:
    return [str(fault.text) % {"column": fault.column, **fault.values} for fault in faults]


def standing(employer: Organisation) -> list[tuple[Any, ...]]:
    """The employments of an employer as anyone sees them, without ids."""
    return sorted(
        Employment.objects.filter(employer=employer).values_list(
            "person__name", "hired_on", "known_from", "left_on", "contract_ends_on", "post", "occupation_text", "front_line",
            "last_listed_on",
        ),
        key=str,
    )  # fmt: skip


def kept() -> list[tuple[Any, ...]]:
    """Every statement with its ids: equal lists, nothing was written."""
    return sorted(EmploymentStatement.objects.values_list(), key=str)
