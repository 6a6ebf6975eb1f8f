"""What may be handed in in pieces: each room says what it takes, how large, and from whom (``wiring.py``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from denggao.foundation.audit.actors import Actor

GIGABYTE = 1024 * 1024 * 1024


@dataclass(frozen=True)
class UploadKind:
    """``code`` is the kind of the stored file that comes of it: it names the policy of who may read it. ``taken`` are types
    by content (``files.rules``), none for any; ``limit`` in bytes; ``may`` whether an actor may hand one in at all."""

    code: str
    label: str | Promise
    taken: tuple[str, ...]
    may: Callable[[Actor], bool]
    limit: int = 5 * GIGABYTE


_KINDS: dict[str, UploadKind] = {}


def register_upload(kind: UploadKind) -> None:
    """Plugged in ``wiring.py``."""
    _KINDS[kind.code] = kind


def upload_kind(code: str) -> UploadKind | None:
    return _KINDS.get(code)
