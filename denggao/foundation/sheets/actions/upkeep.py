"""What happens to an import by itself: thirty days after its end, cells and file go; what became of each row stays."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line
from denggao.foundation.files.actions import erase_file
from denggao.foundation.sheets.models import Import, ImportRow
from denggao.foundation.sheets.policies import can_purge

KEPT_DAYS = 30


def purge_imports(*, actor: Actor, now: dt.datetime) -> int:
    """Remove cells and file of the imports that ended, or were left lying, thirty days ago. Returns how many."""
    due = now - dt.timedelta(days=KEPT_DAYS)
    ended = Q(applied_at__lt=due) | Q(state__in=["cancelled", "failed", "checked", "uploaded", "checking"], created_at__lt=due)
    found = Import.objects.filter(ended, purged_at__isnull=True).exclude(state=Import.State.APPLYING)
    return sum(_purge(handed_in, actor=actor, now=now) for handed_in in found.select_related("file"))


@action("sheets.import.purge", requires=can_purge, batch=True)
def _purge(handed_in: Import, *, actor: Actor, now: dt.datetime) -> int:
    """Rows held for a ruling keep their cells until the office has ruled: without them nothing could be replayed."""
    purged = Import.objects.filter(pk=handed_in.pk, purged_at__isnull=True).update(purged_at=now, absences=None)
    if not purged:
        return 0
    rows = ImportRow.objects.filter(sheet_import=handed_in)
    if handed_in.state == Import.State.APPLIED:
        rows = rows.filter(held_for="")
    else:
        Import.objects.filter(pk=handed_in.pk).update(state=Import.State.CANCELLED)
    rows.update(cells=None, changes=[], normalised=[])
    if handed_in.file is not None:
        erase_file(handed_in.file, actor=actor, now=now)
    note([Line.about("sheets.import.purge", handed_in)])
    return 1
