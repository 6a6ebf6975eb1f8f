"""What a notice may show, and how receipts are written. Pure: no database, no clock."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

# PRIVACY: a whole resident ID (18 or 15 characters) or mobile number has no place on a public page, wherever it came from.
_WHOLE = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{15}|(?:\+?86[ -]?)?1[3-9]\d{9})(?![0-9A-Za-z])")
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_RECEIPT_LENGTH = 12
MOST_DAYS, MOST_EXTENSION = 60, 30
TEXT_LENGTH, REASON_LENGTH = 5000, 1000


@dataclass(frozen=True)
class Shown:
    """One line the public reads of a subject. English may be empty: then the Chinese stands there too."""

    label_zh: str
    value_zh: str
    label_en: str = ""
    value_en: str = ""


def shown_of(lines: Sequence[Shown] | Mapping[str, Any]) -> list[dict[str, dict[str, str]]]:
    """As NoticeItem keeps it. A mapping goes from label to value; each may be a text or ``{"zh": …, "en": …}``."""
    given = lines.items() if isinstance(lines, Mapping) else None
    if given is not None:
        return [{"label": _both(label), "value": _both(value)} for label, value in given]
    assert not isinstance(lines, Mapping)
    return [
        {"label": {"zh": line.label_zh, "en": line.label_en}, "value": {"zh": line.value_zh, "en": line.value_en}} for line in lines
    ]


def _both(text: Any) -> dict[str, str]:
    if isinstance(text, Mapping):
        return {"zh": str(text.get("zh", "")), "en": str(text.get("en", ""))}
    return {"zh": str(text), "en": ""}


def unmasked(texts: Sequence[str]) -> list[str]:
    """Which of these texts hold a whole identity or mobile number."""
    return [text for text in texts if _WHOLE.search(text)]


def content_hash(canonical: bytes) -> str:
    return hashlib.sha256(canonical).hexdigest()


def receipt_of(secret: bytes, seed: str) -> str:
    """A receipt code, the same for the same seed: ``K7QM-2FHD-9XTP``. About 59 bits; nobody guesses one without the secret."""
    number = int.from_bytes(hmac.digest(secret, f"receipt\x1f{seed}".encode(), "sha256"), "big")
    letters = []
    for _place in range(_RECEIPT_LENGTH):
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    code = "".join(letters)
    return "-".join(code[start : start + 4] for start in range(0, _RECEIPT_LENGTH, 4))


def read_receipt(text: str) -> str:
    """A receipt as somebody types it, in its own form; empty where it can be none."""
    code = re.sub(r"[^0-9A-Z]", "", text.upper())
    if len(code) != _RECEIPT_LENGTH or set(code) - set(_ALPHABET):
        return ""
    return "-".join(code[start : start + 4] for start in range(0, _RECEIPT_LENGTH, 4))


def given_reason(reason: str) -> str:
    """A reason with its spaces put in order; empty where none was given."""
    return " ".join(reason.split())[:REASON_LENGTH]


def days_in_words(count: int) -> str:
    return _("%(count)s working days") % {"count": count}
