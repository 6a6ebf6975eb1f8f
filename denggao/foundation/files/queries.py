from __future__ import annotations

import io
from typing import BinaryIO, cast

from django.core.files.storage import default_storage

from denggao.foundation.files.cipher import CHUNK, DecryptingReader
from denggao.foundation.files.models import StoredFile


class FileGone(Exception):
    """The content was erased."""


def open_file(stored: StoredFile) -> BinaryIO:
    """The file as it was handed in: a reader, seekable, decrypting as it goes; close it. Raises FileGone, and
    FileUnreadable (cipher) where the stored bytes were changed."""
    if stored.erased_at is not None or not default_storage.exists(stored.path):
        raise FileGone(stored.path)
    kept = default_storage.open(stored.path, "rb")
    try:
        reader = DecryptingReader(kept, place=stored.public_id.bytes, stored_size=kept.size)
    except BaseException:
        kept.close()
        raise
    return cast(BinaryIO, io.BufferedReader(reader, CHUNK))
