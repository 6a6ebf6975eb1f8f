"""Encryption of files at rest, chunk by chunk, so that neither writing nor reading ever holds a whole file.

A file is ``DGF1 | key id (1) | salt (32)`` and chunks of 64 KiB, each AES-256-GCM under a key of the file's own (HKDF
from the key "files", the salt and the file's public id). A chunk's nonce is its position and whether it is the last:
chunks can be neither changed, swapped, taken out, cut off nor moved into another file.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from denggao.foundation.vault.keys import key

_MAGIC = b"DGF1\x01"
_SALT = 32
_HEADER = len(_MAGIC) + _SALT
_TAG = 16
CHUNK = 64 * 1024


class FileUnreadable(Exception):
    """The stored bytes were not written with this key for this file, or were changed since."""


def _cipher(salt: bytes, place: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"denggao file " + place).derive(key("files")))


def _nonce(position: int, last: bool) -> bytes:
    return position.to_bytes(11, "big") + bytes([last])


def encrypted(pieces: Iterable[bytes], *, place: bytes) -> Iterator[bytes]:
    """The stored bytes of a file that comes in pieces of any size."""
    salt = os.urandom(_SALT)
    cipher = _cipher(salt, place)
    yield _MAGIC + salt
    waiting = bytearray()
    position = 0
    for piece in pieces:
        waiting += piece
        # One byte more than a chunk must be there: only then it is certain that this is not the last.
        while len(waiting) > CHUNK:
            yield cipher.encrypt(_nonce(position, last=False), bytes(waiting[:CHUNK]), None)
            del waiting[:CHUNK]
            position += 1
    yield cipher.encrypt(_nonce(position, last=True), bytes(waiting), None)


def beginning(salt: bytes) -> bytes:
    """The stored bytes before the first chunk, for a file that comes in pieces."""
    return _MAGIC + salt


def fresh_salt() -> bytes:
    return os.urandom(_SALT)


def sealed_piece(plain: bytes, *, at: int, of: int, salt: bytes, place: bytes) -> tuple[int, bytes]:
    """Where a piece of a file lies in the store, and its stored bytes. ``at`` is where it begins in the file as handed in, a
    multiple of CHUNK; ``of`` the file's size; the piece ends at a multiple of CHUNK or with the file.

    # SECURITY: a nonce is a place in the file. Who calls this twice for one place must bring the same bytes.
    """
    cipher, first, last = _cipher(salt, place), at // CHUNK, max(-(-of // CHUNK), 1) - 1
    sealed = b"".join(
        cipher.encrypt(_nonce(first + number, last=first + number == last), plain[start : start + CHUNK], None)
        for number, start in enumerate(range(0, len(plain), CHUNK))
    )
    return _HEADER + first * (CHUNK + _TAG), sealed


def stored_size(size: int) -> int:
    """How many bytes a file of this size takes in the store."""
    return _HEADER + size + max(-(-size // CHUNK), 1) * _TAG


class DecryptingReader(io.RawIOBase):
    """The file as it was handed in, readable and seekable. Raises FileUnreadable. ``closes``: the stored file with itself."""

    def __init__(self, stored: IO[bytes], *, place: bytes, stored_size: int, closes: bool = True) -> None:
        super().__init__()
        self._stored, self._closes = stored, closes
        header = stored.read(_HEADER)
        body = stored_size - _HEADER
        if header[: len(_MAGIC)] != _MAGIC or body < _TAG:
            raise FileUnreadable
        self._cipher = _cipher(header[len(_MAGIC) :], place)
        self._chunks = -(-body // (CHUNK + _TAG))
        self.size = body - self._chunks * _TAG
        self._at = 0
        self._open: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("A position before the beginning.")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self.size and self.size:
            return 0
        chunk = self._chunk(min(self._at // CHUNK, self._chunks - 1))
        start = self._at % CHUNK
        taken = chunk[start : start + len(buffer)]
        buffer[: len(taken)] = taken
        self._at += len(taken)
        return len(taken)

    def _chunk(self, position: int) -> bytes:
        if self._open[0] != position:
            self._stored.seek(_HEADER + position * (CHUNK + _TAG))
            sealed = self._stored.read(CHUNK + _TAG)
            try:
                plain = self._cipher.decrypt(_nonce(position, last=position == self._chunks - 1), sealed, None)
            except InvalidTag as error:
                raise FileUnreadable from error
            self._open = (position, plain)
        return self._open[1]

    def close(self) -> None:
        if self._closes and not self.closed:
            self._stored.close()
        super().close()
