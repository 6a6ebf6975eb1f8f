"""Numbers that pass every check and belong to nobody.

How each kind is told from a real one at a glance:

- resident ID: the county part of the region code is ``99``, which the national list of regions gives to no county;
- unified social credit code: region ``310199`` and an organisation code that begins with ``MADEM0``;
- mobile phone: prefix ``154``, which no operator has put in use;
- passport, permits: letters as the real ones have, then zeros and a small number;
- certificate: body ``0000`` of province 31 with a site that begins with ``99``; the 16-digit kind names city ``99``.
"""

from __future__ import annotations

import datetime as dt

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# Prefectures people come from; the first four digits are real, the two that would name a county are 99.
HOME_REGIONS = (
    "3101",
    "3204",
    "3206",
    "3209",
    "3301",
    "3304",
    "3401",
    "3412",
    "3601",
    "3701",
    "4101",
    "4114",
    "4201",
    "4301",
    "5101",
    "6101",
)


def id_check(body: str) -> str:
    """The 18th character of a resident ID. Source: GB 11643-1999."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11]


def resident_id(region: str, born_on: dt.date, order: int, *, male: bool) -> str:
    """An 18-character resident ID of nobody. ``order`` is 0–499: men get the odd numbers, women the even ones."""
    body = f"{region}99{born_on:%Y%m%d}{order * 2 + (1 if male else 0):03d}"
    return body + id_check(body)


def uscc(serial: int) -> str:
    """A unified social credit code of no body, ``serial`` 0–960. Sources: GB 32100-2015, GB 11714-1997."""
    high, low = divmod(serial, 31)
    organisation = f"MADEM0{_USCC_CHARACTERS[high]}{_USCC_CHARACTERS[low]}"
    total = sum(int(character, 36) * weight for character, weight in zip(organisation, _ORGANISATION_WEIGHTS, strict=True))
    organisation += "0X987654321"[total % 11]
    body = f"91310199{organisation}"
    weighed = sum(_USCC_CHARACTERS.index(character) * weight for character, weight in zip(body, _USCC_WEIGHTS, strict=True))
    return body + _USCC_CHARACTERS[(31 - weighed % 31) % 31]


def phone(serial: int) -> str:
    return f"154{serial:08d}"


def passport(serial: int) -> str:
    return f"EZ{serial:07d}"


def hk_macau_permit(serial: int) -> str:
    return f"H{serial:08d}"


def taiwan_permit(serial: int) -> str:
    return f"{serial:08d}"


def national_certificate(kind: str, site: int, issued_on: dt.date, level: str, serial: int) -> str:
    """22 characters. ``kind`` is S (social body) or Y (employer); ``site`` 0–9999."""
    return f"{kind}000031{990000 + site:06d}{issued_on:%y}{level}{serial:06d}"


def legacy_certificate(site: int, issued_on: dt.date, level: str, serial: int) -> str:
    """16 digits of the vocational qualification certificates that ended with 2020. ``site`` 0–999."""
    return f"{issued_on:%y}31990{site:03d}{level}{serial:05d}"
