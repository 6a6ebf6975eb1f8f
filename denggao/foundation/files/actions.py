"""Taking files in and erasing them. The bytes are encrypted and stored before the transaction that notes them begins, so
that no upload holds up other writers; what a failed act left behind, the nightly sweep removes."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import tempfile
import uuid
from collections.abc import Collection, Iterator
from typing import IO, Any, BinaryIO, Protocol, cast

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actions import NotAllowed, Refused, action, after_commit
from denggao.foundation.audit.actors import Actor
from denggao.foundation.files.cipher import CHUNK, DecryptingReader, encrypted
from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.policies import can_erase_file, can_store_file
from denggao.foundation.files.rules import CONTENT_TYPES, EXTENSIONS, clean_name, extension_of, kind_of_content

_DAYS_LOOKED_BACK = 7


class Readable(Protocol):
    """A stream of bytes, such as an open file or what a program writes."""

    def read(self, count: int, /) -> bytes: ...

    def seekable(self) -> bool: ...


class FileTooLarge(Refused):
    """More bytes than a file may have."""


class FileNotTaken(Refused):
    """Not the kind of file that is taken here."""


def store_file(
    name: str,
    data: bytes | Readable,
    *,
    kind: str,
    taken: Collection[str] = (),
    limit: int | None = None,
    actor: Actor,
    now: dt.datetime,
) -> StoredFile:
    """Keep a file, encrypted. ``kind`` names the policy of who may read it (``files.policies.register``); ``taken`` the
    types taken, by content and extension (``xlsx``, ``xls``, ``csv``, ``pdf``, ``png``, ``jpeg`` …; any, if none is named);
    ``limit`` in bytes, the installation's upload limit unless told. Raises NotAllowed, FileTooLarge, FileNotTaken.
    """
    stored = put_away(name, data, kind=kind, taken=taken, limit=limit, actor=actor, now=now)
    try:
        return note_file(stored, actor=actor, now=now)
    except BaseException:
        default_storage.delete(stored.path)
        raise


def store_given(
    given: UploadedFile[Any] | None, *, kind: str, taken: Collection[str], limit: int, actor: Actor, now: dt.datetime
) -> StoredFile | None:
    """A file handed in beside a form, if there was one. Raises as ``store_file``."""
    if given is None:
        return None
    return store_file(given.name or "", given, kind=kind, taken=taken, limit=limit, actor=actor, now=now)


def put_away(
    name: str,
    data: bytes | Readable,
    *,
    kind: str,
    taken: Collection[str] = (),
    limit: int | None = None,
    actor: Actor,
    now: dt.datetime,
) -> StoredFile:
    """As ``store_file``, without the note: the bytes lie in the store, and an act of the caller's is to note the file with
    ``note_file``; of what is never noted the nightly sweep rids the store."""
    if not can_store_file(actor, None):
        raise NotAllowed("files.file.store")
    limit = settings.UPLOAD_LIMIT_BYTES if limit is None else limit
    public_id = uuid.uuid4()
    counted = _Counted(io.BytesIO(data) if isinstance(data, bytes) else data, limit)
    with tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024) as sealed:
        for piece in encrypted(counted, place=public_id.bytes):
            sealed.write(piece)
        name = clean_name(name)
        found = checked_type(name, cast(IO[bytes], sealed), public_id, taken, stored_size=sealed.tell())
        sealed.seek(0)
        path = default_storage.save(f"{now:%Y/%m/%d}/{public_id.hex}", File(cast(IO[bytes], sealed)))
    return StoredFile(
        public_id=public_id,
        kind=kind,
        name=name,
        content_type=CONTENT_TYPES.get(found, "application/octet-stream"),
        size=counted.size,
        sha256=counted.digest.hexdigest(),
        path=path,
        stored_by=actor.id,
        stored_at=now,
    )


@action("files.file.store", requires=can_store_file)
def note_file(stored: StoredFile, *, actor: Actor, now: dt.datetime) -> StoredFile:
    stored.save(force_insert=True)
    return stored


@action("files.file.erase", requires=can_erase_file)
def erase_file(stored: StoredFile, *, actor: Actor, now: dt.datetime) -> StoredFile:
    """Remove a file's content for good; its row, with name and hash, stays as proof. Erasing twice changes nothing."""
    if StoredFile.objects.filter(pk=stored.pk, erased_at__isnull=True).update(erased_at=now):
        path = stored.path
        after_commit(lambda: default_storage.delete(path))
    stored.refresh_from_db()
    return stored


def sweep_store(*, today: dt.date) -> int:
    """Remove from the store what no act stands for: files of acts that failed, and erased ones that stayed behind.

    Files are stored by the day; a day is looked through when every act that stored one has ended. Returns how many went.
    """
    removed = 0
    for day in (today - dt.timedelta(days=back) for back in range(2, 2 + _DAYS_LOOKED_BACK)):
        folder = f"{day:%Y/%m/%d}"
        try:
            _folders, names = default_storage.listdir(folder)
        except FileNotFoundError:
            continue
        found = {f"{folder}/{name}" for name in names}
        kept = set(StoredFile.objects.filter(path__in=found, erased_at__isnull=True).values_list("path", flat=True))
        for path in found - kept:
            default_storage.delete(path)
            removed += 1
    lately = StoredFile.objects.filter(erased_at__date__gte=today - dt.timedelta(days=_DAYS_LOOKED_BACK))
    for path in lately.values_list("path", flat=True):
        if default_storage.exists(path):
            default_storage.delete(path)
            removed += 1
    return removed


class _Counted:
    """A stream in pieces, counted and hashed on its way. Raises FileTooLarge past the limit."""

    def __init__(self, stream: Readable, limit: int) -> None:
        self._stream, self._limit = stream, limit
        self.size = 0
        self.digest = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        if self._stream.seekable():
            cast(IO[bytes], self._stream).seek(0)
        while piece := self._stream.read(CHUNK):
            self.size += len(piece)
            if self.size > self._limit:
                raise FileTooLarge(
                    _("The file is larger than %(limit)s MB. Divide it, or remove pictures from it.")
                    % {"limit": max(self._limit // 1024 // 1024, 1)}
                )
            self.digest.update(piece)
            yield piece


def checked_type(name: str, sealed: IO[bytes], public_id: uuid.UUID, taken: Collection[str], *, stored_size: int) -> str:
    """What the file is. It is looked at through its encryption: the plain bytes never lie on a disk of ours. Raises
    FileNotTaken."""
    sealed.seek(0)
    plain = DecryptingReader(sealed, place=public_id.bytes, stored_size=stored_size, closes=False)
    with io.BufferedReader(plain, CHUNK) as reader:
        found = kind_of_content(cast(BinaryIO, reader))
    extension = extension_of(name)
    if found == "csv" and extension in EXTENSIONS["yaml"]:
        found = "yaml"
    if not taken:
        return found
    if found == "encrypted":
        raise FileNotTaken(_("The workbook is protected by a password. Remove the protection in Excel and hand it in again."))
    if found == "xlsm" and "xlsm" not in taken:
        raise FileNotTaken(_("The workbook contains macros. Save it as .xlsx and hand it in again."))
    if found not in taken:
        raise not_taken(taken)
    if extension not in EXTENSIONS[found]:
        raise FileNotTaken(
            _("The file's name ends in .%(extension)s, but its content is %(found)s. Correct the ending of the name.")
            % {"extension": extension or "…", "found": f".{EXTENSIONS[found][0]}"}
        )
    return found


def not_taken(taken: Collection[str]) -> FileNotTaken:
    return FileNotTaken(_("This is not a file of the kind taken here: %(kinds)s.") % {"kinds": _list_of(taken)})


def _list_of(taken: Collection[str]) -> str:
    return ", ".join(f".{EXTENSIONS[kind][0]}" for kind in taken)
