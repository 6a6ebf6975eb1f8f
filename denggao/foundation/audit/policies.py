"""Who may read the audit. Administrators see what was done; only auditors see the personal values behind it. Neither sees
anything of what a conflict of interest hides."""

from __future__ import annotations

import uuid

from django.db.models import F, QuerySet
from django.http import Http404

from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.audit.hiding import hidden_records
from denggao.foundation.audit.models import Record

READERS = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})


def can_read_records(actor: Actor, subject: object = None) -> bool:
    return actor.has(*READERS)


def can_unmask_record(actor: Actor, record: object) -> bool:
    return isinstance(record, Record) and actor.has(Role.AUDITOR) and visible_records(actor).filter(pk=record.pk).exists()


def can_erase_personal(actor: Actor, subject: object) -> bool:
    """Erasing is part of an act of the room whose object it is (a person's erasure), or an administrator's own."""
    return actor.has(Role.ADMINISTRATOR)


def visible_records(actor: Actor) -> QuerySet[Record]:
    """All that was recorded, without what a conflict hides. SECURITY: every page, companion and export starts here."""
    if not can_read_records(actor):
        return Record.objects.none()
    hidden = hidden_records(actor)
    return Record.objects.all() if hidden is None else Record.objects.exclude(hidden)


def get_record_for(actor: Actor, act_id: uuid.UUID, position: int) -> Record:
    """A record by its place in its act; of copies the sealed one. Raises Http404 where there is none for this actor."""
    found = visible_records(actor).filter(act_id=act_id, position=position)
    record = found.order_by(F("number").asc(nulls_last=True), "pk").first()
    if record is None:
        raise Http404
    return record
