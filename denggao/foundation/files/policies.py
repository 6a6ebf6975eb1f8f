"""Who may read a file: who handed it in, and whom the room it belongs to lets."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404

from denggao.foundation.audit.actors import Actor, ActorKind
from denggao.foundation.files.incoming import UploadKind
from denggao.foundation.files.models import StoredFile, Upload


@dataclass(frozen=True)
class FilePolicy:
    """What a room says of its files. ``personal``: reading somebody else's is done by POST and recorded."""

    can_read: Callable[[Actor, StoredFile], bool]
    personal: bool = True


_POLICIES: dict[str, FilePolicy] = {}


def register(kind: str, can_read: Callable[[Actor, StoredFile], bool], *, personal: bool = True) -> None:
    """Plugged in ``wiring.py``: who may read the files of one kind, beside who stored them."""
    _POLICIES[kind] = FilePolicy(can_read, personal)


def can_store_file(actor: Actor, subject: object) -> bool:
    return actor.kind != ActorKind.VISITOR


def is_own(actor: Actor, stored: StoredFile) -> bool:
    return actor.kind == ActorKind.ACCOUNT and stored.stored_by == actor.id


def can_read_file(actor: Actor, stored: StoredFile) -> bool:
    if is_own(actor, stored):
        return True
    policy = _POLICIES.get(stored.kind)
    return policy is not None and policy.can_read(actor, stored)


def can_erase_file(actor: Actor, stored: StoredFile) -> bool:
    """Files are erased by the room they belong to, in an act of its own that has its own policy."""
    return actor.kind != ActorKind.VISITOR


def reading_is_recorded(actor: Actor, stored: StoredFile) -> bool:
    policy = _POLICIES.get(stored.kind)
    return not is_own(actor, stored) and (policy is None or policy.personal)


def get_file_for(actor: Actor, public_id: uuid.UUID) -> StoredFile:
    """Raises Http404 where the file is none of the actor's business, as if it did not exist."""
    stored = StoredFile.objects.filter(public_id=public_id).first()
    if stored is None or not can_read_file(actor, stored):
        raise Http404
    return stored


def can_begin_upload(actor: Actor, kind: UploadKind) -> bool:
    return actor.kind is ActorKind.ACCOUNT and kind.may(actor)


def can_end_upload(actor: Actor, upload: Upload) -> bool:
    return actor.is_operator or (actor.user is not None and upload.owner_id == actor.user.pk)


def get_upload_for(actor: Actor, public_id: uuid.UUID) -> Upload:
    """Raises Http404 for anybody but who began it."""
    upload = Upload.objects.filter(public_id=public_id).select_related("file").first()
    if upload is None or actor.user is None or upload.owner_id != actor.user.pk:
        raise Http404
    return upload
