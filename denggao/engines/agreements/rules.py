"""The one hash that is signed. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from denggao.foundation.audit.records import canonical, plain


def hash_of(
    *, subject_kind: str, subject_id: UUID, title_zh: str, title_en: str, content: Mapping[str, Any], signers: Sequence[str]
) -> str:
    """SHA-256 (hex) over everything a signer sees: title, text, what it is about, and who signs (public ids of bodies, in
    their order on paper). The order of keys in ``content`` doesn't matter."""
    said = {
        "subject": [subject_kind, str(subject_id)],
        "title": [title_zh, title_en],
        "content": plain(dict(content)),
        "signers": list(signers),
    }
    return hashlib.sha256(canonical(said)).hexdigest()
