"""What may be typed into the one field “e-mail or phone”, and who may sign in. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

MAINLAND_MOBILE = re.compile(r"1[3-9]\d{9}")
FOREIGN_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
EMAIL_LENGTH = 254


class AddressKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True)
class Address:
    """An e-mail address in lower case, or a phone: 11 digits for the mainland, else ``+`` and the country's code."""

    kind: AddressKind
    value: str


def read_address(text: str) -> Address | None:
    """What was typed, normalised; None when it is neither an e-mail address nor a phone number."""
    text = unicodedata.normalize("NFKC", text).strip()
    if "@" in text:
        value = text.lower()
        return Address(AddressKind.EMAIL, value) if EMAIL.fullmatch(value) and len(value) <= EMAIL_LENGTH else None
    value = read_phone(text)
    return Address(AddressKind.PHONE, value) if value else None


def read_phone(text: str) -> str:
    """``138 0013 8000``, ``+86-138…``, ``0086 138…`` → ``13800138000``; other countries as ``+85251234567``. Empty when
    it is no mobile number."""
    digits = re.sub(r"[\s\-().]", "", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"^00(?=[1-9])", "+", digits)
    domestic = re.sub(r"^\+?86(?=1\d{10}$)", "", digits)
    if MAINLAND_MOBILE.fullmatch(domestic):
        return domestic
    return digits if FOREIGN_NUMBER.fullmatch(digits) and not digits.startswith("+86") else ""


def may_sign_in(*, active: bool, of_the_demo: bool, demo_mode: bool) -> bool:
    """A demo account has a password everybody knows: it is good in demo mode alone."""
    return active and (demo_mode or not of_the_demo)


def must_add_second_factor(*, office: bool, demo_mode: bool, passed: bool) -> bool:
    """Office roles act for everyone: outside demo mode they need two ways of proving who they are (等保, two factors)."""
    return office and not demo_mode and not passed


def timed_out(*, office: bool, idle_seconds: float, limit_seconds: int) -> bool:
    """Whether a session lay idle too long. The limit itself still holds; one second more does not."""
    return office and idle_seconds > limit_seconds
