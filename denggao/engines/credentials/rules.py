"""Certificate numbers as text. Pure: no database, no clock."""

from __future__ import annotations

import re
import unicodedata

NUMBER_LENGTH = 40
_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣", "-"))
_NUMBER = re.compile(r"(?=.*[0-9])[A-Z0-9\u4e00-\u9fff()\[\]/.\-]{4,40}")


def clean_number(text: str) -> str:
    """A certificate number as it is kept: text, narrow capitals, no spaces. Never a numeral: leading zeros stay."""
    for _round in range(3):
        # A space taken out may bring two characters together that NFKC then makes one.
        cleaned = _SPACE.sub("", unicodedata.normalize("NFKC", text)).translate(_DASHES).lstrip("'`’").upper()
        if cleaned == text:
            break
        text = cleaned
    return text


def is_number(number: str) -> bool:
    """Whether a cleaned text can be a certificate's number at all."""
    return _NUMBER.fullmatch(number) is not None


def spellings(number: str) -> tuple[str, ...]:
    """Every way one number is written: old Shanghai numbers have 13 digits, and 16 where a register put 000 before them."""
    if len(number) == 13 and number.isdecimal():
        return number, f"000{number}"
    if len(number) == 16 and number.isdecimal() and number.startswith("000"):
        return number, number[3:]
    return (number,)


def number_key(number: str) -> str:
    """By which two spellings of one number are equal."""
    return max(spellings(number), key=len)
