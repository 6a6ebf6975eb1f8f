"""Handing a spreadsheet in, and changing one's mind about it."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actions import NotAllowed, Refused, action
from denggao.foundation.audit.actors import Actor, ActorKind
from denggao.foundation.files.actions import store_file
from denggao.foundation.jobs.actions import enqueue
from denggao.foundation.sheets.headers import RECORD_ID
from denggao.foundation.sheets.kinds import Kind, kind_of
from denggao.foundation.sheets.models import Import
from denggao.foundation.sheets.policies import can_work_on, may_take
from denggao.foundation.sheets.safety import inspect, read_limited
from denggao.foundation.sheets.states import from_which

UPLOAD = "sheets.upload"
CHECK_JOB, APPLY_JOB = "sheets.check", "sheets.apply"


class ImportBusy(Refused):
    """The import is past the point where this can be done."""


def hand_in(
    kind: Kind,
    name: str,
    data: bytes | BinaryIO,
    options: Mapping[str, str],
    *,
    as_of: dt.date,
    actor: Actor,
    now: dt.datetime,
    in_background: bool = True,
) -> Import:
    """Keep a spreadsheet and have it checked in the background. Raises NotAllowed, Refused (an option names nothing) and
    SheetRefused (the file can't be opened). What it holds is found out by the check."""
    resolved = kind.resolve(options)
    if not may_take(actor, kind, resolved):
        raise NotAllowed(str(_("You may not hand in this list here.")))
    content = read_limited(io.BytesIO(data) if isinstance(data, bytes) else data)
    inspect(name, content)
    stored = store_file(name, content, kind=UPLOAD, actor=actor, now=now)
    body = resolved.get("employer")
    handed_in = Import(
        kind=kind.code,
        file=stored,
        file_name=stored.name,
        file_sha256=stored.sha256,
        context=dict(options),
        body_id=getattr(body, "pk", None),
        body_text=str(getattr(body, "name_zh", body or ""))[:120],
        as_of=as_of,
        created_by=actor.id,
        created_by_text=actor.text,
        created_at=now,
    )
    return _note_import(handed_in, in_background=in_background, actor=actor, now=now)


def _may_hand_in(actor: Actor, subject: object) -> bool:
    return actor.kind != ActorKind.VISITOR


@action("sheets.import.hand_in", requires=_may_hand_in)
def _note_import(handed_in: Import, *, in_background: bool, actor: Actor, now: dt.datetime) -> Import:
    handed_in.save(force_insert=True)
    if in_background:
        _ask_for(handed_in, CHECK_JOB, actor=actor, now=now)
    return handed_in


def _ask_for(handed_in: Import, code: str, *, actor: Actor, now: dt.datetime) -> None:
    public_id = str(handed_in.public_id)
    job = enqueue(code, {"import": public_id}, key=public_id, link=f"/imports/{public_id}/", actor=actor, now=now)
    Import.objects.filter(pk=handed_in.pk).update(job_id=job.public_id)
    handed_in.job_id = job.public_id


@action("sheets.import.map", requires=can_work_on)
def change_mapping(handed_in: Import, columns: Mapping[str, Mapping[str, str]], *, actor: Actor, now: dt.datetime) -> Import:
    """Say which column is which (column key by letters, by sheet; unnamed ones stay) and have the file checked again.
    Raises ImportBusy, and Refused where two columns of a sheet are said to be the same."""
    mapping = _changed(handed_in, columns)
    checked = Import.objects.filter(pk=handed_in.pk, state=Import.State.CHECKED)
    if not checked.update(state=Import.State.CHECKING, mapping=mapping, mapping_changed=True):
        raise ImportBusy(_("This import is being checked or applied, or has ended; its columns can't be changed now."))
    handed_in.refresh_from_db()
    _ask_for(handed_in, CHECK_JOB, actor=actor, now=now)
    return handed_in


def _changed(handed_in: Import, columns: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    known = {column.key for column in kind_of(handed_in.kind).columns} | {"", RECORD_ID}
    mapping = []
    for sheet in handed_in.mapping:
        given = columns.get(sheet["sheet"], {})
        changed = [{**column, "key": given.get(column["letters"], column["key"])} for column in sheet["columns"]]
        keys = [column["key"] for column in changed if column["key"]]
        if len(set(keys)) != len(keys) or not set(keys) <= known:
            raise Refused(_("Two columns are said to mean the same. Choose each meaning once."))
        mapping.append({**sheet, "columns": changed})
    return mapping


@action("sheets.import.recheck", requires=can_work_on)
def recheck(handed_in: Import, *, actor: Actor, now: dt.datetime) -> Import:
    """Check again against what is recorded now, or after a failure. Raises ImportBusy."""
    again = Import.objects.filter(pk=handed_in.pk, state__in=[Import.State.CHECKED, Import.State.FAILED], file__isnull=False)
    if not again.update(state=Import.State.CHECKING, error={}):
        raise ImportBusy(_("This import is being checked or applied, or has ended."))
    handed_in.refresh_from_db()
    _ask_for(handed_in, CHECK_JOB, actor=actor, now=now)
    return handed_in


@action("sheets.import.cancel", requires=can_work_on)
def cancel_import(handed_in: Import, *, actor: Actor, now: dt.datetime) -> Import:
    """Leave the file as it is: nothing of it is applied. Raises ImportBusy once it is being applied."""
    if not Import.objects.filter(pk=handed_in.pk, state__in=from_which("cancelled")).update(state=Import.State.CANCELLED):
        handed_in.refresh_from_db()
        if handed_in.state != Import.State.CANCELLED:
            raise ImportBusy(_("This import is being applied or has been applied; it can no longer be cancelled."))
    handed_in.refresh_from_db()
    return handed_in
