"""The one hash that is signed; how many learners a mentor has at an instant. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
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


Span = tuple[dt.date, dt.date | None]
"""From a day to a day, both included; None: without an end."""


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a day."""
    return one[0] <= (other[1] or dt.date.max) and other[0] <= (one[1] or dt.date.max)


def busiest(within: Span, others: Iterable[Span]) -> tuple[int, dt.date]:
    """On how many of the others' spans the busiest day of a span lies, and the first such day. Spans are counted by their days, not
    by their number: two that follow each other are one at a time."""
    touching = [each for each in others if overlap(within, each)]
    # Only on its own first day, or where another begins, can the number be the greatest.
    days = sorted({within[0], *(first for first, _last in touching if first > within[0])})
    counted = [(sum(first <= day <= (last or dt.date.max) for first, last in touching), day) for day in days]
    return max(counted, key=lambda each: (each[0], -each[1].toordinal()))
