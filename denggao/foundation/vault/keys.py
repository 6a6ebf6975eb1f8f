"""Keys that lie outside the database, in a folder of their own: whoever copies the database alone can neither read
an identity number nor forge an audit record.

A key is made at first use and never replaced by the product. Losing the folder loses every identity number: back it
up apart from the database (docs, "Running it").
"""

from __future__ import annotations

import functools
import os
import secrets
from pathlib import Path

from django.conf import settings

KEY_BYTES = 32


class KeyUnusable(Exception):
    """A key file exists but does not hold a key."""


def _read_or_make(path: Path) -> bytes:
    """The key in this file; made if the file is not there. Two processes that start at once end with one key."""
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(secrets.token_hex(KEY_BYTES) + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    try:
        # A link fails when the name is taken, so the first process wins and no reader ever sees half a key.
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return _read(path)


def _read(path: Path) -> bytes:
    text = path.read_text().strip()
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyUnusable(
            f"{path}: this file should hold {KEY_BYTES * 2} hexadecimal digits; restore it from the backup of the keys."
        )
    return key


@functools.lru_cache(maxsize=64)
def _cached(path: Path) -> bytes:
    return _read_or_make(path)


def key(name: str) -> bytes:
    """32 bytes for one purpose: ``field`` (encryption), ``index`` (blind indexes), ``audit`` (record MACs), ``seal``."""
    return _named(settings.KEYS_DIR, name)


@functools.lru_cache(maxsize=64)
def _named(folder: str | Path, name: str) -> bytes:
    # Asked for several times a row in a batch: without this, joining the path costs more than the encryption.
    return _cached(Path(folder) / f"{name}.key")


def django_secret(folder: Path) -> str:
    return _cached(folder / "django.key").hex()
