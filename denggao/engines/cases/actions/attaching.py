"""Files handed in with an application."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import IO

from django.utils.translation import gettext as _

from denggao.engines.cases import policies
from denggao.engines.cases.models import Attachment, Case
from denggao.engines.cases.moves import must_allow
from denggao.engines.cases.refusals import CaseRefused
from denggao.engines.cases.states import Act
from denggao.foundation.audit.actions import NotAllowed, action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.files.actions import store_file
from denggao.foundation.files.models import StoredFile

FILE_KIND = "cases.attachment"
# More than any form asks: a script that hands in files without end is stopped here.
MOST_A_CASE = 300


def attach_file(
    case: Case,
    name: str,
    data: IO[bytes],
    *,
    section: str,
    field: str,
    taken: Sequence[str],
    limit: int,
    actor: Actor,
    now: dt.datetime,
) -> StoredFile:
    """Keep a file for a field of the form; the answer that names it is saved by ``save_draft``. The bytes are stored before
    the transaction begins, as ``store_file`` does it.

    Raises NotAllowed, StageMoved once the case is with the office, CaseRefused for an empty file, FileTooLarge, FileNotTaken.
    """
    if not policies.can_write(actor, case):
        raise NotAllowed("cases.file.attach")
    must_allow(case, Act.SAVE)
    data.seek(0, 2)
    if data.tell() == 0:
        raise CaseRefused(_("The file is empty (0 bytes). Open it, save it again and hand it in once more."))
    data.seek(0)
    if Attachment.objects.filter(case=case).count() >= MOST_A_CASE:
        raise CaseRefused(_("Too many files have been handed in with this application. Take some out."))
    stored = store_file(name, data, kind=FILE_KIND, taken=taken, limit=limit, actor=actor, now=now)
    note_attachment(case, stored, section=section, field=field, actor=actor, now=now)
    return stored


@action("cases.file.attach", requires=policies.can_write)
def note_attachment(case: Case, stored: StoredFile, *, section: str, field: str, actor: Actor, now: dt.datetime) -> Attachment:
    return Attachment.objects.create(case=case, file=stored, section=section, field=field, added_by=actor.id, added_at=now)
