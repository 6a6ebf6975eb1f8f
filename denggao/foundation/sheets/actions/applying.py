"""Applying a checked import: one batch action, all its valid rows or none.

What can be done before is done before: rows are decrypted and parsed outside the transaction. Inside, under a lock that
lets imports apply one after the other, they are judged again and written.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from denggao.foundation.audit.actions import Refused, action, current_act, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.bulk import without_collecting
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.messages.actions import send
from denggao.foundation.sheets import telling
from denggao.foundation.sheets.actions.checking import marked
from denggao.foundation.sheets.actions.intake import APPLY_JOB, ImportBusy, _ask_for
from denggao.foundation.sheets.judging import Tell, context_of, judge, present_in, silent
from denggao.foundation.sheets.kinds import Context, Judgement, Kind, Row, kind_of
from denggao.foundation.sheets.models import Import, ImportRow
from denggao.foundation.sheets.policies import can_replay, can_work_on
from denggao.foundation.sheets.rules import REFUSED, counts_of, parse_row, told, unpack

# One number for all imports: PostgreSQL's transaction lock. SQLite has one writer anyway.
_LOCK = 0x44656E67
_PREPARING, _WRITING = gettext_noop("Preparing the rows"), gettext_noop("Writing the records")
_WRITTEN = ("outcome", "reasons", "warnings", "changes", "marked", "object_type", "object_id", "held_for")
_JSON = frozenset({"reasons", "warnings", "changes"})


class NotAllValid(Refused):
    """All rows or none were asked for, and some are refused."""


@action("sheets.import.start_apply", requires=can_work_on)
def start_apply(handed_in: Import, *, only_if_all_valid: bool, actor: Actor, now: dt.datetime) -> Import:
    """Have a checked import applied in the background. Asked for twice, it is done once. Raises NotAllValid, ImportBusy."""
    if only_if_all_valid and handed_in.counts.get(REFUSED):
        raise NotAllValid(_("Some rows are refused, so nothing was applied. Correct them and hand the file in again."))
    started = Import.objects.filter(pk=handed_in.pk, state=Import.State.CHECKED).update(
        state=Import.State.APPLYING, only_if_all_valid=only_if_all_valid
    )
    handed_in.refresh_from_db()
    if started:
        _ask_for(handed_in, APPLY_JOB, actor=actor, now=now)
    elif handed_in.state not in {Import.State.APPLYING, Import.State.APPLIED}:
        raise ImportBusy(_("This import is not ready to be applied: it is being checked, failed, or was cancelled."))
    return handed_in


def apply_import(handed_in: Import, *, actor: Actor, now: dt.datetime, tell: Tell = silent, by_message: bool = False) -> Import:
    """Apply the valid rows of a checked import, once: applied before, it stays as it is. Cut off, nothing is applied and it
    may be begun again. Raises NotAllowed, ImportBusy, NotAllValid (it can be looked at again then)."""
    handed_in.refresh_from_db()
    if handed_in.state == Import.State.APPLIED:
        return handed_in
    tell(0, 100, _PREPARING)
    prepared = _prepare(handed_in, actor=actor, now=now)
    tell(20, 100, _WRITING)
    try:
        with without_collecting():
            return apply_rows(handed_in, prepared, by_message=by_message, actor=actor, now=now)
    except NotAllValid:
        _give_back(handed_in, actor=actor, now=now)
        raise


@dataclass(frozen=True)
class Prepared:
    """An import's rows as they were when they were checked at ``checked_at``, parsed."""

    kind: Kind
    context: Context
    kept: Sequence[ImportRow]
    rows: Sequence[Row]
    checked_at: dt.datetime | None


def _prepare(handed_in: Import, *, actor: Actor, now: dt.datetime) -> Prepared:
    kind = kind_of(handed_in.kind)
    context = context_of(kind, handed_in.context, as_of=handed_in.as_of, today=timezone.localdate(now), actor=actor)
    kept = list(ImportRow.objects.filter(sheet_import=handed_in).order_by("id"))
    return Prepared(kind, context, kept, _parsed(kind, handed_in, kept), handed_in.checked_at)


def _parsed(kind: Kind, handed_in: Import, kept: Sequence[ImportRow]) -> list[Row]:
    present = present_in(handed_in.mapping)
    return [
        parse_row(
            kind.columns,
            present.get(row.sheet, frozenset()),
            {key: unpack(stored) for key, stored in (row.cells or {}).items()},
            sheet=row.sheet,
            number=row.number,
            source=str(row.public_id),
        )
        for row in kept
    ]


@action("sheets.import.apply", requires=can_work_on, batch=True)
def apply_rows(handed_in: Import, prepared: Prepared, *, by_message: bool, actor: Actor, now: dt.datetime) -> Import:
    """The batch act itself."""
    take_turns()
    claimed = Import.objects.filter(
        pk=handed_in.pk, state__in=[Import.State.CHECKED, Import.State.APPLYING], checked_at=prepared.checked_at
    ).update(state=Import.State.APPLIED, applied_at=now, act_id=current_act().id)
    handed_in.refresh_from_db()
    if not claimed:
        if handed_in.state == Import.State.APPLIED:
            return handed_in
        raise ImportBusy(_("This import is not ready to be applied: it is being checked, failed, or was cancelled."))
    judgements = judge(prepared.kind, prepared.rows, prepared.context)
    if handed_in.only_if_all_valid and any(judgement.outcome == REFUSED for judgement in judgements):
        raise NotAllValid(_("Since the preview some rows have become invalid, so nothing was applied. Look at the list again."))
    _apply(prepared.kind, judgements, prepared.context, now=now)
    _write_outcomes(prepared.kind, prepared.kept, judgements)
    handed_in.counts = {**handed_in.counts, **counts_of(judgements)}
    handed_in.save(update_fields=["counts"])
    note([Line.about("sheets.import.apply", handed_in, after=snapshot(handed_in))])
    if by_message and actor.user is not None:
        send(actor.user, telling.APPLIED, telling.values_of(handed_in, prepared.kind), telling.link_to(handed_in), now=now)
    return handed_in


def take_turns() -> None:
    """Wait until no other import is being applied. Lasts to the transaction's end."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _apply(kind: Kind, judgements: Sequence[Judgement], context: Context, *, now: dt.datetime) -> None:
    taken = [judgement for judgement in judgements if judgement.outcome != REFUSED or judgement.held_for]
    if taken:
        kind.apply(taken, context, now=now)


@action("sheets.import.give_back", requires=can_work_on)
def _give_back(handed_in: Import, *, actor: Actor, now: dt.datetime) -> Import:
    """Nothing was applied; the preview is open again."""
    Import.objects.filter(pk=handed_in.pk, state=Import.State.APPLYING).update(state=Import.State.CHECKED)
    handed_in.refresh_from_db()
    return handed_in


def _write_outcomes(kind: Kind, kept: Sequence[ImportRow], judgements: Sequence[Judgement]) -> None:
    """Bring the rows to what became of them; only those that differ from the preview are written."""
    reasons = told([judgement.faults for judgement in judgements], kind.columns)
    warnings = told([judgement.warnings for judgement in judgements], kind.columns)
    changed = []
    for row, judgement, why, warned in zip(kept, judgements, reasons, warnings, strict=True):
        before = [getattr(row, name) for name in _WRITTEN]
        row.outcome, row.reasons, row.warnings = judgement.outcome, why, warned
        row.changes = [{"column": column, "from": old, "to": new} for column, old, new in judgement.changes]
        row.marked = marked(why, warned)
        row.object_type, row.object_id = judgement.object_type, judgement.object_id
        row.held_for = judgement.held_for if judgement.outcome == REFUSED else ""
        if before != [getattr(row, name) for name in _WRITTEN]:
            changed.append(row)
    if changed:
        _update(changed)


def _update(rows: Sequence[ImportRow]) -> None:
    """One statement for all of them: Django's bulk_update takes seconds for ten thousand rows."""
    connection = connections[DEFAULT_DB_ALIAS]
    table = connection.ops.quote_name(ImportRow._meta.db_table)
    values = [
        [json.dumps(getattr(row, name), ensure_ascii=False) if name in _JSON else getattr(row, name) for row in rows]
        for name in _WRITTEN
    ]
    keys = [row.pk for row in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            assigned = ", ".join(f"{name} = given.{name}{'::jsonb' if name in _JSON else ''}" for name in _WRITTEN)
            arrays = ", ".join(["%s::bigint[]", *["%s::text[]"] * len(_WRITTEN)])
            cursor.execute(
                f"UPDATE {table} SET {assigned} FROM unnest({arrays}) AS given(id, {', '.join(_WRITTEN)})"  # noqa: S608 (our own names)
                f" WHERE {table}.id = given.id",
                [keys, *values],
            )
        else:
            assigned = ", ".join(f"{name} = %s" for name in _WRITTEN)
            cursor.executemany(f"UPDATE {table} SET {assigned} WHERE id = %s", list(zip(*values, keys, strict=True)))  # noqa: S608 -- names of our own tables


@action("sheets.import.replay", requires=can_replay, batch=True)
def replay_held_rows(held_for: str, *, actor: Actor, now: dt.datetime) -> int:
    """Judge and apply again the rows that were refused and held for a ruling, now that the office has ruled. Runs inside
    the ruling's own act. Returns how many rows are no longer refused; those still refused stay held only if the kind
    holds them again."""
    take_turns()
    held = ImportRow.objects.filter(
        held_for=held_for, outcome=REFUSED, cells__isnull=False, sheet_import__state=Import.State.APPLIED
    )
    settled = 0
    for handed_in, group in groupby(
        held.select_related("sheet_import").order_by("sheet_import_id", "id"), attrgetter("sheet_import")
    ):
        kept = list(group)
        kind = kind_of(handed_in.kind)
        context = context_of(kind, handed_in.context, as_of=handed_in.as_of, today=timezone.localdate(now), actor=actor)
        judgements = judge(kind, _parsed(kind, handed_in, kept), context)
        _apply(kind, judgements, context, now=now)
        _write_outcomes(kind, kept, judgements)
        settled += _recount(handed_in, judgements, actor=actor)
    return settled


def _recount(handed_in: Import, judgements: Sequence[Judgement], *, actor: Actor) -> int:
    before = snapshot(handed_in)
    counts = dict(handed_in.counts)
    settled = [judgement.outcome for judgement in judgements if judgement.outcome != REFUSED]
    for outcome in settled:
        counts[outcome] = counts.get(outcome, 0) + 1
    counts[REFUSED] = counts.get(REFUSED, 0) - len(settled)
    counts["held"] = max(
        counts.get("held", 0) - sum(not judgement.held_for or judgement.outcome != REFUSED for judgement in judgements), 0
    )
    handed_in.counts = counts
    handed_in.save(update_fields=["counts"])
    note([Line.about("sheets.import.replay", handed_in, before=before, after=snapshot(handed_in))])
    return len(settled)
