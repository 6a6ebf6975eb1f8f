"""Large files on their way into an application, piece by piece. Begun for one field of one draft; when all of it is there, it
becomes an answer by itself, whoever's browser is still open."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace

from django.utils.translation import gettext as _

from denggao.engines.cases import clock, policies
from denggao.engines.cases.actions.attaching import FILE_KIND, MOST_A_CASE, note_attachment
from denggao.engines.cases.actions.drafting import save_draft
from denggao.engines.cases.fields import FilesField, endings_of
from denggao.engines.cases.models import Arriving, Attachment, Case, Draft
from denggao.engines.cases.moves import must_allow
from denggao.engines.cases.refusals import CaseRefused
from denggao.engines.cases.states import Act
from denggao.foundation.audit.actions import NotAllowed, Refused, action
from denggao.foundation.audit.actors import Actor, account
from denggao.foundation.files.actions import FileTooLarge, not_taken
from denggao.foundation.files.models import StoredFile, Upload
from denggao.foundation.files.pieces import Offer, begin_upload, drop_upload
from denggao.foundation.files.policies import can_end_upload
from denggao.foundation.files.rules import AUDIO, CONTENT_TYPES, OFFICE, VIDEO
from denggao.foundation.organisations.queries import grants_of

LARGE_FILES = (*VIDEO, *AUDIO, "pdf", "zip", "png", "jpeg", *OFFICE)


def begin_large(
    case: Case, offer: Offer, *, section: str, field: str, asked: FilesField, actor: Actor, now: dt.datetime
) -> tuple[Upload, bool]:
    """The upload to send pieces to, and whether it is a fresh one: of the same file for the same field, one begun before goes on.

    Raises NotAllowed, StageMoved once the case is with the office, CaseRefused, FileTooLarge, FileNotTaken, and what ``files``
    refuses.
    """
    if not policies.can_write(actor, case):
        raise NotAllowed("cases.file.begin_large")
    must_allow(case, Act.SAVE)
    if not asked.in_pieces:
        raise CaseRefused(_("Files of this kind are not taken in pieces."))
    if offer.size > asked.limit:
        told = {"limit": asked.limit // 1024 // 1024}
        raise FileTooLarge(_("The file is larger than %(limit)s MB. Divide it, or compress it more.") % told)
    if offer.name.rsplit(".", 1)[-1].lower() not in endings_of(asked.taken):
        raise not_taken(asked.taken)
    if Attachment.objects.filter(case=case).count() + Arriving.objects.filter(case=case).count() >= MOST_A_CASE:
        raise CaseRefused(_("Too many files have been handed in with this application. Take some out."))
    # The same film for another application is another upload: what is known again is the file for this field.
    place = f"{case.public_id}/{section}/{field}/{offer.fingerprint}"
    known = hashlib.sha256(place.encode()).hexdigest() if offer.fingerprint else ""
    upload, fresh = begin_upload(replace(offer, kind=FILE_KIND, fingerprint=known), actor=actor, now=now)
    if fresh:
        _expect(case, upload, section=section, field=field, actor=actor, now=now)
    return upload, fresh


@action("cases.file.begin_large", requires=policies.can_write, batch=True)
def _expect(case: Case, upload: Upload, *, section: str, field: str, actor: Actor, now: dt.datetime) -> Arriving:
    return Arriving.objects.create(case=case, upload=upload, section=section, field=field, begun_at=now)


@action("cases.file.give_up", requires=policies.can_write, batch=True)
def give_up_large(case: Case, arriving: Arriving, *, actor: Actor, now: dt.datetime) -> None:
    """Wait for it no longer. Its sender's own pieces go at once; a colleague's when nobody goes on with them."""
    must_allow(case, Act.SAVE)
    upload = arriving.upload
    Arriving.objects.filter(pk=arriving.pk, case=case).delete()
    if can_end_upload(actor, upload):
        drop_upload(upload, actor=actor, now=now)


def take_in(upload: Upload, *, actor: Actor, now: dt.datetime) -> None:
    """Plugged into ``upload_finished``: the file becomes an answer of the draft it was begun for, in its sender's name. Where it
    can't (it is of another kind, the draft was handed in), the draft says why; the file stays its sender's."""
    arriving = Arriving.objects.filter(upload=upload).select_related("case__body", "case__person").first()
    if arriving is None or upload.file is None:
        return
    sender = account(upload.owner, grants_of(upload.owner, on=clock.today(now)))
    try:
        _take(arriving, upload.file, actor=sender, now=now)
    except Refused as refused:
        Arriving.objects.filter(pk=arriving.pk).update(refused=str(refused)[:300])
    else:
        Arriving.objects.filter(pk=arriving.pk).delete()


def _take(arriving: Arriving, stored: StoredFile, *, actor: Actor, now: dt.datetime) -> None:
    case, section, field = arriving.case, arriving.section, arriving.field
    must_allow(case, Act.SAVE)
    asked = case.declared.forms[case.form_version].section(section).fields().get(field)
    if not isinstance(asked, FilesField):
        raise CaseRefused(_("This section has no such field."))
    if stored.content_type not in {CONTENT_TYPES.get(kind) for kind in asked.taken}:
        raise not_taken(asked.taken)
    draft = Draft.objects.filter(case=case, section=section).first()
    standing = list(((draft.answers or {}) if draft is not None else {}).get(field) or [])
    ids = [*standing, str(stored.public_id)][-asked.most :]
    revision = draft.revision if draft is not None else 0
    save_draft(case, section=section, answers={field: ids}, base_revision=revision, actor=actor, now=now)
    note_attachment(case, stored, section=section, field=field, actor=actor, now=now)
