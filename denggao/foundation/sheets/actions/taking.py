"""Taking the workbook back."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actions import Refused, action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.files.queries import FileGone, open_file
from denggao.foundation.sheets.handback import handed_back
from denggao.foundation.sheets.kinds import kind_of
from denggao.foundation.sheets.models import Import, ImportRow
from denggao.foundation.sheets.policies import can_work_on
from denggao.foundation.sheets.safety import SheetRefused, read_limited
from denggao.foundation.sheets.telling import FILE_GONE


class NotChecked(Refused):
    """Nothing can be said of the rows yet."""


def take_workbook(handed_in: Import, *, actor: Actor, now: dt.datetime) -> bytes:
    """The file as it was handed in, with what became of each row. PRIVACY: it shows what its sender wrote, unmasked, so
    each taking leaves a record. Raises NotAllowed, NotChecked, SheetRefused (the file is no longer kept)."""
    _note_taking(handed_in, actor=actor, now=now)
    if handed_in.file is None:
        raise SheetRefused(FILE_GONE)
    try:
        with open_file(handed_in.file) as stream:
            data = read_limited(stream)
    except FileGone as error:
        raise SheetRefused(FILE_GONE) from error
    rows = list(ImportRow.objects.filter(sheet_import=handed_in).defer("cells").order_by("id"))
    return handed_back(kind_of(handed_in.kind), handed_in, data, rows)


@action("sheets.import.take", requires=can_work_on)
def _note_taking(handed_in: Import, *, actor: Actor, now: dt.datetime) -> Import:
    if handed_in.is_busy or not handed_in.mapping:
        raise NotChecked(_("The file has not been checked yet."))
    return handed_in
