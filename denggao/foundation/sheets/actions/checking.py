"""Checking a file: it is read and judged in memory, then kept row by row in short transactions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from denggao.foundation.audit.actions import Refused, action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.bulk import insert
from denggao.foundation.files.queries import FileGone, open_file
from denggao.foundation.messages.actions import send
from denggao.foundation.sheets import telling
from denggao.foundation.sheets.judging import Judged, Tell, context_of, judge_file, layouts_of, silent
from denggao.foundation.sheets.kinds import Kind, kind_of
from denggao.foundation.sheets.models import Import, ImportRow
from denggao.foundation.sheets.policies import can_work_on
from denggao.foundation.sheets.rules import LANGUAGES, counts_of, normalised, told
from denggao.foundation.sheets.safety import SheetRefused, read_limited
from denggao.foundation.sheets.states import from_which

CHUNK = 500
ABSENCES_KEPT = 500
_KEEPING = gettext_noop("Keeping what was found")


def check_import(handed_in: Import, *, actor: Actor, now: dt.datetime, tell: Tell = silent, by_message: bool = False) -> Import:
    """Fill the staging: what would become of every row. May be cut off and begun again. Raises NotAllowed; a file that
    can't be taken ends in the state ``failed`` with the sentence that says why. Does nothing to an import that has been
    cancelled or applied meanwhile."""
    if not _begin(handed_in, actor=actor, now=now):
        return handed_in
    kind = kind_of(handed_in.kind)
    try:
        judged = _judge(handed_in, kind, actor=actor, now=now, tell=tell)
    except (Refused, FileGone) as refusal:
        return _fail(handed_in, refusal, by_message=by_message, actor=actor, now=now)
    rows = rows_of(handed_in, kind, judged)
    for start in range(0, len(rows), CHUNK):
        _stage(handed_in, rows[start : start + CHUNK], actor=actor, now=now)
        tell(60 + 40 * start // len(rows), 100, _KEEPING)
    return _finish(handed_in, kind, judged, by_message=by_message, actor=actor, now=now)


@action("sheets.import.begin_check", requires=can_work_on, batch=True)
def _begin(handed_in: Import, *, actor: Actor, now: dt.datetime) -> bool:
    open_ = Import.objects.filter(pk=handed_in.pk, state__in=from_which("checking"))
    if not open_.update(state=Import.State.CHECKING, error={}):
        handed_in.refresh_from_db()
        return False
    ImportRow.objects.filter(sheet_import=handed_in).delete()
    handed_in.refresh_from_db()
    return True


def _judge(handed_in: Import, kind: Kind, *, actor: Actor, now: dt.datetime, tell: Tell) -> Judged:
    context = context_of(kind, handed_in.context, as_of=handed_in.as_of, today=timezone.localdate(now), actor=actor)
    if handed_in.file is None:
        raise FileGone(handed_in.file_name)
    with open_file(handed_in.file) as stream:
        data = read_limited(stream)
    layouts = layouts_of(handed_in.mapping) if handed_in.mapping_changed else None
    return judge_file(kind, handed_in.file_name, data, context, layouts=layouts, tell=tell)


def rows_of(handed_in: Import, kind: Kind, judged: Judged) -> list[ImportRow]:
    """The staging of a judged file, not saved."""
    reasons = told([judgement.faults for judgement in judged.judgements], kind.columns)
    warnings = told([judgement.warnings for judgement in judged.judgements], kind.columns)
    return [
        ImportRow(
            public_id=source,
            sheet_import=handed_in,
            sheet=judgement.row.sheet,
            number=judgement.row.number,
            cells=stored,
            outcome=judgement.outcome,
            reasons=why,
            warnings=warned,
            changes=[{"column": column, "from": old, "to": new} for column, old, new in judgement.changes],
            normalised=normalised(kind.columns, judgement.row),
            marked=marked(why, warned),
            is_hidden=hidden,
            object_type=judgement.object_type,
            object_id=judgement.object_id,
            held_for=judgement.held_for,
        )
        for judgement, stored, hidden, source, why, warned in zip(
            judged.judgements, judged.stored, judged.hidden, judged.sources, reasons, warnings, strict=True
        )
    ]


def marked(reasons: Sequence[dict[str, str]], warnings: Sequence[dict[str, str]]) -> str:
    columns = sorted({entry["column"] or "-" for entry in (*reasons, *warnings)})
    return f" {' '.join(columns)} "[:400] if columns else ""


@action("sheets.import.stage", requires=can_work_on, batch=True)
def _stage(handed_in: Import, rows: Sequence[ImportRow], *, actor: Actor, now: dt.datetime) -> None:
    insert(rows)


@action("sheets.import.check", requires=can_work_on)
def _finish(handed_in: Import, kind: Kind, judged: Judged, *, by_message: bool, actor: Actor, now: dt.datetime) -> Import:
    counts: dict[str, Any] = counts_of(judged.judgements)
    counts["absent"] = len(judged.absences)
    counts["normalised"] = ImportRow.objects.filter(sheet_import=handed_in).exclude(normalised=[]).count()
    finished = Import.objects.filter(pk=handed_in.pk, state=Import.State.CHECKING).update(
        counts=counts,
        mapping=judged.mapping,
        notes=told([judged.notes], kind.columns)[0],
        absences=[absence.text for absence in judged.absences[:ABSENCES_KEPT]],
        state=Import.State.CHECKED,
        checked_at=now,
    )
    handed_in.refresh_from_db()
    if finished and by_message and actor.user is not None:
        send(actor.user, telling.CHECKED, telling.values_of(handed_in, kind), telling.link_to(handed_in), now=now)
    return handed_in


@action("sheets.import.fail", requires=can_work_on)
def _fail(handed_in: Import, refusal: Exception, *, by_message: bool, actor: Actor, now: dt.datetime) -> Import:
    failed = Import.objects.filter(pk=handed_in.pk, state=Import.State.CHECKING).update(
        state=Import.State.FAILED, error=in_both_languages(refusal)
    )
    handed_in.refresh_from_db()
    if failed and by_message and actor.user is not None:
        values = {**telling.values_of(handed_in, kind_of(handed_in.kind)), "reason": telling.both(handed_in.error)}
        send(actor.user, telling.FAILED, values, telling.link_to(handed_in), now=now)
    return handed_in


def in_both_languages(refusal: Exception) -> dict[str, str]:
    text = SheetRefused(telling.FILE_GONE) if isinstance(refusal, FileGone) else refusal
    found = {}
    for name, language in LANGUAGES:
        with translation.override(language):
            found[name] = str(text)
    return found
