"""An import in one go, as a command does it: the valid rows are applied, the others refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone

from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import Actor
from denggao.foundation.sheets.actions.applying import apply_import
from denggao.foundation.sheets.actions.checking import check_import, rows_of
from denggao.foundation.sheets.actions.intake import hand_in
from denggao.foundation.sheets.handback import handed_back
from denggao.foundation.sheets.judging import context_of, judge_file
from denggao.foundation.sheets.kinds import Kind
from denggao.foundation.sheets.models import Import, ImportRow
from denggao.foundation.sheets.policies import may_take
from denggao.foundation.sheets.rules import OUTCOMES, in_language, told
from denggao.foundation.sheets.safety import SheetRefused, read_limited, refuse_larger_than_limit


def run_import(
    kind: Kind,
    path: Path,
    options: Mapping[str, str],
    *,
    as_of: dt.date,
    actor: Actor,
    now: dt.datetime,
    dry_run: bool = False,
    report: Path | None = None,
) -> dict[str, Any]:
    """Read, check and apply a file. The summary: ``created``, ``updated``, ``unchanged``, ``refused`` (counts), ``rows``
    (row, outcome, reasons; sheet where there are several; warnings where there are any) and ``notes``, all in the active
    language. A dry run writes nothing, but for the report asked for: the workbook handed back. Raises SheetRefused,
    NotAllowed, Refused."""
    refuse_larger_than_limit(path.stat().st_size)
    with path.open("rb") as stream:
        data = read_limited(stream)
    judged = _only_judged if dry_run else _applied
    handed_in, rows = judged(kind, path.name, data, options, as_of=as_of, actor=actor, now=now)
    if report is not None:
        report.write_bytes(handed_back(kind, handed_in, data, rows))
    return summary(handed_in, rows)


def _applied(
    kind: Kind, name: str, data: bytes, options: Mapping[str, str], *, as_of: dt.date, actor: Actor, now: dt.datetime
) -> tuple[Import, list[ImportRow]]:
    handed_in = hand_in(kind, name, data, options, as_of=as_of, actor=actor, now=now, in_background=False)
    check_import(handed_in, actor=actor, now=now)
    if handed_in.state == Import.State.FAILED:
        raise SheetRefused(in_language(handed_in.error))
    apply_import(handed_in, actor=actor, now=now)
    return handed_in, list(ImportRow.objects.filter(sheet_import=handed_in).defer("cells").order_by("id"))


def _only_judged(
    kind: Kind, name: str, data: bytes, options: Mapping[str, str], *, as_of: dt.date, actor: Actor, now: dt.datetime
) -> tuple[Import, list[ImportRow]]:
    context = context_of(kind, options, as_of=as_of, today=timezone.localdate(now), actor=actor)
    if not may_take(actor, kind, dict(context.options)):
        raise NotAllowed(kind.code)
    judged = judge_file(kind, name, data, context)
    handed_in = Import(kind=kind.code, file_name=name, as_of=as_of, mapping=judged.mapping)
    rows = rows_of(handed_in, kind, judged)
    handed_in.notes = told([judged.notes], kind.columns)[0]
    return handed_in, rows


def summary(handed_in: Import, rows: Sequence[ImportRow]) -> dict[str, Any]:
    """What a command prints."""
    counts = {outcome: sum(row.outcome == outcome for row in rows) for outcome in OUTCOMES}
    several = len({row.sheet for row in rows}) > 1
    return {
        **counts,
        "rows": [_told(row, several=several) for row in rows],
        "notes": [in_language(entry) for entry in handed_in.notes],
    }


def _told(row: ImportRow, *, several: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {"row": row.number, "outcome": row.outcome, "reasons": [in_language(entry) for entry in row.reasons]}
    if several:
        shown["sheet"] = row.sheet
    if row.warnings:
        shown["warnings"] = [in_language(entry) for entry in row.warnings]
    return shown
