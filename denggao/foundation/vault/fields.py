"""Encrypted columns and blind indexes.

A cell is ``version (1) | key id (1) | nonce (12) | AES-256-GCM``; the model's and the field's name are bound in as
associated data, so a cell moved to another column does not open. An encrypted column can't be searched: search by
the blind index beside it. Identity numbers can be enumerated, so the index key is as secret as the data key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import FieldError
from django.db import models

from denggao.foundation.vault.keys import key

if TYPE_CHECKING:
    _BinaryField = models.BinaryField[Any, Any]
else:
    _BinaryField = models.BinaryField

_VERSION = b"\x01\x01"
INDEX_BYTES = 16


class CellUnreadable(Exception):
    """The cell was not written with this key, for this column, or was changed since."""


@lru_cache(maxsize=4)
def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(secret)


def seal(text: str, *, place: str) -> bytes:
    """Encrypt for one place, such as ``people.identitydocument.number``."""
    nonce = os.urandom(12)
    return _VERSION + nonce + _cipher(key("field")).encrypt(nonce, text.encode(), place.encode())


def unseal(cell: bytes, *, place: str) -> str:
    """Raises CellUnreadable."""
    cell = bytes(cell)
    if cell[:2] != _VERSION:
        raise CellUnreadable(place)
    try:
        return _cipher(key("field")).decrypt(cell[2:14], cell[14:], place.encode()).decode()
    except InvalidTag as error:
        raise CellUnreadable(place) from error


def blind_index(context: str, text: str) -> bytes:
    """16 bytes, equal for equal text within a context, telling nothing to who lacks the key. Normalise first."""
    return hmac.new(key("index"), f"{context}\x1f{text}".encode(), hashlib.sha256).digest()[:INDEX_BYTES]


class EncryptedTextField(_BinaryField):
    """Text, readable in Python, ciphertext in the database. Empty text is stored as no bytes."""

    description = "Encrypted text"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    @property
    def place(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def from_db_value(self, value: bytes | None, expression: Any, connection: Any) -> Any:
        if value is None:
            return None
        return unseal(value, place=self.place) if len(value) else ""

    def to_python(self, value: Any) -> Any:
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, bytes | memoryview):
            value = seal(value, place=self.place) if value else b""
        return super().get_db_prep_value(value, connection, prepared)

    def _check_str_default_value(self) -> list[Any]:
        # The default is text here, unlike in the parent: it is encrypted on its way to the database.
        return []

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.place} is encrypted: search by its blind index.")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.place} is encrypted and is not serialised.")


class EncryptedJSONField(EncryptedTextField):
    """A JSON value, encrypted as one cell."""

    description = "Encrypted JSON"

    def from_db_value(self, value: bytes | None, expression: Any, connection: Any) -> Any:
        text = super().from_db_value(value, expression, connection)
        return json.loads(text) if text else None

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, bytes | memoryview):
            value = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return super().get_db_prep_value(value, connection, prepared)
