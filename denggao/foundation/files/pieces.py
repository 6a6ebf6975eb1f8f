"""Taking a large file in piece by piece: it may break off anywhere, go on from another tab or another day, and come in any
order. Each piece is encrypted straight into its place of the stored file, so that the end of an upload moves no bytes.

Keeping a piece is bookkeeping and leaves no record; beginning, finishing and dropping an upload are acts.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from denggao.foundation.audit.actions import NotAllowed, Refused, action, after_commit
from denggao.foundation.audit.actors import Actor, system
from denggao.foundation.files.actions import FileNotTaken, FileTooLarge, checked_type, not_taken, note_file, store_file
from denggao.foundation.files.cipher import CHUNK, DecryptingReader, beginning, fresh_salt, sealed_piece, stored_size
from denggao.foundation.files.forms import Handed
from denggao.foundation.files.hooks import upload_arrived, upload_finished
from denggao.foundation.files.incoming import GIGABYTE, UploadKind, upload_kind
from denggao.foundation.files.models import StoredFile, Upload, UploadPiece
from denggao.foundation.files.policies import can_begin_upload, can_end_upload
from denggao.foundation.files.rules import CONTENT_TYPES, clean_name, may_become

FOLDER = "pieces"
PIECE = 4 * 1024 * 1024
AT_ONCE = 64 * 1024 * 1024
"""What is read through while a request waits; more is the worker's."""
KEPT_FOR = dt.timedelta(days=7)
OPEN_AT_ONCE = 20
OPEN_BYTES = 20 * GIGABYTE
DISK_RESERVE = GIGABYTE


class UploadRefused(Refused):
    """The upload can't be begun or gone on with."""


class NoRoom(UploadRefused):
    """There is no room for it, of the account's own or on the machine."""


class PieceDamaged(UploadRefused):
    """A piece is not what its sender says it is; sending it again may help."""


class FileChanged(UploadRefused):
    """The pieces are of two different files; the upload must be begun anew."""


class Incomplete(UploadRefused):
    """Pieces are missing."""


@dataclass(frozen=True)
class Offer:
    """A file somebody wants to hand in. ``size`` in bytes; ``sha256`` in hexadecimal, and ``fingerprint`` (by which the same
    file is known when it is chosen again), empty where unsaid."""

    kind: str
    name: str
    size: int
    sha256: str = ""
    fingerprint: str = ""


def begin_upload(offer: Offer, *, actor: Actor, now: dt.datetime) -> tuple[Upload, bool]:
    """The upload to send pieces to, and whether it is a fresh one: of the same file, one begun before goes on. Raises
    UploadRefused, FileTooLarge, NotAllowed."""
    kind = upload_kind(offer.kind)
    if kind is None:
        raise UploadRefused(_("Files of this kind are not taken in pieces."))
    begun = _begun_before(offer, actor, now)
    if begun is not None:
        return begun, False
    return _begin(kind, offer, actor=actor, now=now), True


def _begun_before(offer: Offer, actor: Actor, now: dt.datetime) -> Upload | None:
    if not offer.fingerprint or actor.user is None:
        return None
    return Upload.objects.filter(
        owner=actor.user,
        kind=offer.kind,
        fingerprint=offer.fingerprint[:120],
        size=offer.size,
        state=Upload.State.OPEN,
        expires_at__gt=now,
    ).first()


@action("files.upload.begin", requires=can_begin_upload)
def _begin(kind: UploadKind, offer: Offer, *, actor: Actor, now: dt.datetime) -> Upload:
    if offer.size <= 0:
        raise UploadRefused(_("The file is empty. Choose another one."))
    if offer.size > kind.limit:
        raise FileTooLarge(
            _("The file is larger than %(limit)s MB. Divide it, or compress it more.") % {"limit": kind.limit // 1024 // 1024}
        )
    _check_room(offer.size, actor)
    upload = Upload(
        owner=actor.holder,
        kind=kind.code,
        name=clean_name(offer.name),
        size=offer.size,
        sha256=offer.sha256.lower()[:64],
        fingerprint=offer.fingerprint[:120],
        piece_size=PIECE,
        salt=fresh_salt(),
        begun_at=now,
        last_at=now,
        expires_at=now + KEPT_FOR,
    )
    upload.save(force_insert=True)
    path = path_of(upload)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as place:
        place.write(beginning(bytes(upload.salt)))
    return upload


def _check_room(size: int, actor: Actor) -> None:
    """Raises NoRoom."""
    ongoing = Upload.objects.filter(state=Upload.State.OPEN)
    own = ongoing.filter(owner=actor.user).aggregate(bytes=Sum("size"))["bytes"] or 0
    if ongoing.filter(owner=actor.user).count() >= OPEN_AT_ONCE or own + size > OPEN_BYTES:
        raise NoRoom(_("You have too many unfinished uploads. Finish them or give them up, then begin this one."))
    promised = ongoing.aggregate(bytes=Sum("size"))["bytes"] or 0
    if free_bytes() - promised - size < DISK_RESERVE:
        raise NoRoom(_("There is not enough room on the server for this file. Tell the operator, and try again later."))


def free_bytes() -> int:
    """What is free where the files lie."""
    folder = Path(default_storage.path(""))
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    return shutil.disk_usage(nearest).free


def keep_piece(upload: Upload, number: int, plain: bytes, *, sha256: str = "", now: dt.datetime) -> None:
    """Keep one piece; pieces count from 0 and are of ``upload.piece_size``, but for the last. One that is there already is
    left as it is. Raises UploadRefused, PieceDamaged, FileChanged, NoRoom; FileNotTaken when the first piece shows that the
    file is of another kind, which ends the upload."""
    _check_open(upload, now)
    start = number * upload.piece_size
    if not 0 <= number < upload.pieces_count or len(plain) != min(upload.piece_size, upload.size - start):
        raise PieceDamaged(_("A piece of the file arrived incomplete. It is sent again."))
    digest = hashlib.sha256(plain).hexdigest()
    if sha256 and sha256.lower() != digest:
        raise PieceDamaged(_("A piece of the file arrived damaged. It is sent again."))
    kind = upload_kind(upload.kind)
    if number == 0 and kind is not None and not may_become(plain, kind.taken):
        refusal = not_taken(kind.taken)
        _fail(upload, str(refusal), actor=system("files.upload"), now=now)
        raise refusal
    # SECURITY: the hash is fixed before the bytes are written. A place in the store never sees a second content.
    piece, _made = UploadPiece.objects.get_or_create(upload=upload, number=number, defaults={"sha256": digest})
    if piece.sha256 != digest:
        raise FileChanged(_("The file changed since its upload began. Give the upload up and choose the file again."))
    if piece.stored_at is not None:
        return
    where, sealed = sealed_piece(plain, at=start, of=upload.size, salt=bytes(upload.salt), place=upload.public_id.bytes)
    _write(upload, where, sealed)
    with transaction.atomic():
        UploadPiece.objects.filter(pk=piece.pk, stored_at__isnull=True).update(stored_at=now)
        Upload.objects.filter(pk=upload.pk, state=Upload.State.OPEN).update(last_at=now, expires_at=now + KEPT_FOR)


def _write(upload: Upload, where: int, sealed: bytes) -> None:
    try:
        descriptor = os.open(path_of(upload), os.O_WRONLY)
        try:
            written = 0
            while written < len(sealed):
                written += os.pwrite(descriptor, sealed[written:], where + written)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise UploadRefused(_("This upload was given up. Choose the file again.")) from None
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise NoRoom(
                _("There is no room left on the server. What has arrived stays; go on once the operator has made room.")
            ) from None
        raise


def missing_pieces(upload: Upload) -> list[int]:
    there = set(upload.pieces.filter(stored_at__isnull=False).values_list("number", flat=True))
    return [number for number in range(upload.pieces_count) if number not in there]


def end_upload(upload: Upload, *, actor: Actor, now: dt.datetime) -> StoredFile | None:
    """Finish an upload whose pieces are all there. A large one takes as long as reading it does: the worker finishes it, and
    the answer is None meanwhile. Raises as ``finish_upload`` does."""
    if upload.file is None and upload.size > AT_ONCE:
        _check_whole(upload, now)
        upload_arrived(upload, actor=actor, now=now)
        return None
    return finish_upload(upload, actor=actor, now=now)


def _check_whole(upload: Upload, now: dt.datetime) -> None:
    """Raises UploadRefused, Incomplete."""
    _check_open(upload, now)
    missing = len(missing_pieces(upload))
    if missing:
        raise Incomplete(
            ngettext("%(count)s piece of the file is missing.", "%(count)s pieces of the file are missing.", missing)
            % {"count": missing}
        )


def finish_upload(upload: Upload, *, actor: Actor, now: dt.datetime) -> StoredFile:
    """The file that came of it; finishing twice gives the same. Raises Incomplete, UploadRefused; FileNotTaken and FileChanged
    end the upload."""
    if upload.file is not None:
        return upload.file
    _check_whole(upload, now)
    kind = upload_kind(upload.kind)
    try:
        with path_of(upload).open("rb") as sealed:
            size = stored_size(upload.size)
            found = checked_type(upload.name, sealed, upload.public_id, kind.taken if kind else (), stored_size=size)
            digest = _sha256_of(sealed, upload)
        if upload.sha256 and upload.sha256 != digest:
            raise FileChanged(_("What arrived is not the file that was announced. Give the upload up and choose the file again."))
    except (FileNotTaken, FileChanged) as refusal:
        _fail(upload, str(refusal), actor=system("files.upload"), now=now)
        raise
    stored = StoredFile(
        public_id=upload.public_id,
        kind=upload.kind,
        name=upload.name,
        content_type=CONTENT_TYPES.get(found, "application/octet-stream"),
        size=upload.size,
        sha256=digest,
        path=relative_path(upload),
        stored_by=str(upload.owner.public_id),
        stored_at=now,
    )
    return _complete(upload, stored, actor=actor, now=now).file or stored


def receive(handed: Handed, *, kind: str, actor: Actor, now: dt.datetime) -> StoredFile:
    """The stored file of what a form brought: the actor's own upload of this kind, finished here if its end was not said, or
    the file sent along. Raises UploadRefused, NotAllowed, FileTooLarge, FileNotTaken."""
    taken = upload_kind(kind)
    if taken is None or not can_begin_upload(actor, taken):
        raise NotAllowed("files.upload.begin")
    if handed.file is not None:
        name, limit = handed.file.name or "", min(taken.limit, settings.UPLOAD_LIMIT_BYTES)
        return store_file(name, cast(IO[bytes], handed.file), kind=kind, taken=taken.taken, limit=limit, actor=actor, now=now)
    own = Upload.objects.filter(kind=kind, owner=actor.user).select_related("file")
    upload = own.filter(public_id=handed.upload).first() if handed.upload is not None else None
    if upload is None:
        raise UploadRefused(_("This upload was given up. Choose the file again."))
    return finish_upload(upload, actor=actor, now=now)


def _sha256_of(sealed: BinaryIO, upload: Upload) -> str:
    sealed.seek(0)
    digest = hashlib.sha256()
    reader = DecryptingReader(sealed, place=upload.public_id.bytes, stored_size=stored_size(upload.size), closes=False)
    while piece := reader.read(CHUNK):
        digest.update(piece)
    return digest.hexdigest()


@action("files.upload.finish", requires=can_end_upload)
def _complete(upload: Upload, stored: StoredFile, *, actor: Actor, now: dt.datetime) -> Upload:
    locked = Upload.objects.select_for_update().get(pk=upload.pk)
    if locked.state == Upload.State.OPEN:
        note_file(stored, actor=actor, now=now)
        Upload.objects.filter(pk=upload.pk).update(state=Upload.State.COMPLETE, file=stored, ended_at=now)
        UploadPiece.objects.filter(upload=upload).delete()
        upload.refresh_from_db()
        upload_finished(upload, actor=actor, now=now)
    upload.refresh_from_db()
    if upload.file is None:
        raise UploadRefused(_("This upload was given up. Choose the file again."))
    return upload


@action("files.upload.fail", requires=can_end_upload)
def _fail(upload: Upload, sentence: str, *, actor: Actor, now: dt.datetime) -> Upload:
    return _end(upload, Upload.State.FAILED, now, error=sentence[:300])


@action("files.upload.drop", requires=can_end_upload)
def drop_upload(upload: Upload, *, actor: Actor, now: dt.datetime) -> Upload:
    """Give an upload up: its pieces go. One that has ended stays as it ended."""
    return _end(upload, Upload.State.DROPPED, now)


def _end(upload: Upload, state: Upload.State, now: dt.datetime, error: str = "") -> Upload:
    if Upload.objects.filter(pk=upload.pk, state=Upload.State.OPEN).update(state=state, error=error, ended_at=now):
        UploadPiece.objects.filter(upload=upload).delete()
        path = path_of(upload)
        after_commit(lambda: path.unlink(missing_ok=True))
    upload.refresh_from_db()
    return upload


def sweep_uploads(*, now: dt.datetime) -> int:
    """Give up what nobody went on with, and remove what lies in the store for no upload. Returns how many went."""
    gone = 0
    for upload in Upload.objects.filter(state=Upload.State.OPEN, expires_at__lte=now):
        drop_upload(upload, actor=system("files.upload"), now=now)
        gone += 1
    for path in _lying():
        known = Upload.objects.filter(public_id=path.name, state__in=[Upload.State.OPEN, Upload.State.COMPLETE])
        if now.timestamp() - path.stat().st_mtime > dt.timedelta(days=2).total_seconds() and not known.exists():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _lying() -> Iterator[Path]:
    folder = Path(default_storage.path(FOLDER))
    return (path for path in folder.glob("*/*") if len(path.name) == 32) if folder.is_dir() else iter(())


def _check_open(upload: Upload, now: dt.datetime) -> None:
    if upload.state == Upload.State.FAILED:
        raise UploadRefused(upload.error)
    if upload.state != Upload.State.OPEN or upload.expires_at <= now:
        raise UploadRefused(_("This upload was given up. Choose the file again."))


def relative_path(upload: Upload) -> str:
    name = upload.public_id.hex
    return f"{FOLDER}/{name[:2]}/{name}"


def path_of(upload: Upload) -> Path:
    return Path(default_storage.path(relative_path(upload)))
