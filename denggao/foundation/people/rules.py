"""Names, identity numbers and phones as people write them, and what they mean. Pure: no database, no clock.

Sources: GB 11643-1999 (resident identity numbers; the residence permits of Hong Kong, Macau and Taiwan residents and the
foreigners' permanent residence cards of 2023 share its shape and check character). The shapes of the travel permits, of
the older residence cards and of passports are common knowledge of the field without an official text at hand: a number is
refused by them only where it can't be such a document at all.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from denggao.foundation.people.models import IdentityDocument, Person
from denggao.foundation.sheets.kinds import Fault

Kind = IdentityDocument.Kind
KIND_COLUMN, NUMBER_COLUMN = "document_kind", "document_number"


@dataclass(frozen=True, slots=True)
class Identity:
    """An identity document as read: its number normalised, and what the number tells of its holder."""

    kind: str
    number: str
    born_on: dt.date | None = None
    sex: str = ""


# Names

_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x034F, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF,
     *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]
)  # fmt: skip
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_MIDDLE_DOTS = dict.fromkeys(map(ord, "•‧∙⋅・･ᐧ․●▪‐᛫⸱ꞏ·"), "·")
_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_DOT_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}])\\s*[.。·]\\s*(?=[{_HAN}])")
_GAP_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}·])\\s+(?=[{_HAN}·])")
_PLAIN_HAN = re.compile("[\u4e00-\u9fa5]+")


def clean_name(name: str) -> str:
    """A name as it is kept: one middle dot (·), no spaces between Chinese characters, one between Latin words; rare
    characters stay as they are."""
    if _PLAIN_HAN.fullmatch(name):
        return name
    name = " ".join(name.translate(_INVISIBLE).translate(_NARROW).translate(_MIDDLE_DOTS).split())
    return _GAP_BETWEEN_HAN.sub("", _DOT_BETWEEN_HAN.sub("·", name)).strip()


def name_key(name: str) -> str:
    """What names are compared by: NFKC, spaces out, every middle dot made ·, Latin letters upper-cased."""
    if _PLAIN_HAN.fullmatch(name):
        return name
    key = name.translate(_INVISIBLE)
    for _round in range(3):
        folded = "".join(unicodedata.normalize("NFKC", key.translate(_MIDDLE_DOTS)).upper().split())
        folded = _DOT_BETWEEN_HAN.sub("·", folded.translate(_INVISIBLE))
        if folded == key:
            break
        key = folded
    return key


# Identity numbers

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()  # noqa: SIM905 -- many literals read worse
)
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_FIFTEEN = re.compile(r"[0-9]{15}")
_HK_MACAU = re.compile(r"([HM][0-9]{8})(?:[0-9]{2})?")
_TAIWAN = re.compile(r"([0-9]{8})(?:[0-9]{2}[A-Z]?)?")
_OLD_RESIDENCE = re.compile(r"[A-Z]{3}[0-9]{12}")
_PASSPORT = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,17}")
_PUNCTUATION = re.compile(r"[\s\-‐-―—_.·()'\"“”‘’`]")

_KIND_NAMES: Mapping[str, str] = {
    Kind.RESIDENT_ID: """
        居民身份证 身份证 二代身份证 二代证 第二代身份证 第二代居民身份证 二代居民身份证 一代身份证 临时身份证 临时居民身份证
        中国居民身份证 中华人民共和国居民身份证 内地居民身份证 大陆居民身份证 公民身份证 公民身份号码
        身份证号 身份证号码 户口簿 户口本
        ID IDCARD IDENTITYCARD RESIDENTID RESIDENTIDCARD RESIDENTIDENTITYCARD 201 01 1""",
    Kind.HMT_RESIDENCE: """
        港澳台居民居住证 港澳台居住证 港澳居民居住证 台湾居民居住证 香港居民居住证 澳门居民居住证 港澳居住证 台湾居住证
        中华人民共和国港澳居民居住证 中华人民共和国台湾居民居住证 RESIDENCEPERMITOFHONGKONGMACAUANDTAIWANRESIDENTS""",
    Kind.HK_MACAU_PERMIT: """
        港澳居民来往内地通行证 港澳居民通行证 港澳来往内地通行证 港澳同胞来往内地通行证 港澳同胞回乡证 港澳通行证 回乡证
        MAINLANDTRAVELPERMITOFHONGKONGANDMACAURESIDENTS HOMERETURNPERMIT""",
    Kind.TAIWAN_PERMIT: """
        台湾居民来往大陆通行证 台湾居民通行证 台湾同胞来往大陆通行证 台胞证 台湾通行证
        MAINLANDTRAVELPERMITOFTAIWANRESIDENTS""",
    Kind.FOREIGN_RESIDENCE: """
        外国人永久居留身份证 外国人永久居留证 外国人永居证 永久居留身份证 永久居留证 永居证 五星卡
        FOREIGNERSPERMANENTRESIDENCECARD FOREIGNPERMANENTRESIDENCE PERMANENTRESIDENCECARD""",
    Kind.PASSPORT: "护照 外国护照 中国护照 普通护照 因私护照 外籍护照 PASSPORT",
}
_KIND_OF = {name: kind for kind, names in _KIND_NAMES.items() for name in (*names.split(), kind.replace("_", "").upper())}
# Which kinds a number of eighteen characters may turn out to be, by the kind written in the row.
_EIGHTEEN_MAY_BE: Mapping[str | None, frozenset[str]] = {
    None: frozenset({Kind.RESIDENT_ID, Kind.HMT_RESIDENCE, Kind.FOREIGN_RESIDENCE}),
    Kind.RESIDENT_ID: frozenset({Kind.RESIDENT_ID, Kind.HMT_RESIDENCE, Kind.FOREIGN_RESIDENCE}),
    Kind.HMT_RESIDENCE: frozenset({Kind.HMT_RESIDENCE}),
    Kind.HK_MACAU_PERMIT: frozenset({Kind.HMT_RESIDENCE}),
    Kind.TAIWAN_PERMIT: frozenset({Kind.HMT_RESIDENCE}),
    Kind.FOREIGN_RESIDENCE: frozenset({Kind.FOREIGN_RESIDENCE}),
}


def read_identity(kind_text: str | None, number_text: str) -> Identity | Fault:
    """The document a row names. Without a kind, 18 characters with a valid check character (or the older 15 digits) are a
    resident ID. A number of the resident ID's shape says itself what it is: 81, 82, 83 a residence permit, 9 a permanent
    residence card. Returns a Fault whose column is ``document_kind`` or ``document_number``."""
    kind = read_kind(kind_text or "")
    if isinstance(kind, Fault):
        return kind
    number = _PUNCTUATION.sub("", unicodedata.normalize("NFKC", number_text)).upper()
    if not number:
        return Fault(NUMBER_COLUMN, _("The document number is missing. Give it."))
    if len(number) == 18 and kind in _EIGHTEEN_MAY_BE:
        return _read_eighteen(kind, number)
    if kind is None or kind == Kind.RESIDENT_ID:
        return _read_fifteen(number) if _FIFTEEN.fullmatch(number) else _neither_shape(kind, number)
    return _READERS[kind](number)


def read_kind(text: str) -> str | Fault | None:
    """The kind of document a text names (证件类型); None where it is blank."""
    key = re.sub(r"[\s\W_]", "", unicodedata.normalize("NFKC", text)).upper()
    if not key:
        return None
    kind = _KIND_OF.get(re.sub(r"^(201|01|1)(?=\D)", "", key))
    return kind or Fault(
        KIND_COLUMN,
        _(
            "This kind of document is not known. Write one of: 居民身份证, 港澳台居民居住证, 港澳居民来往内地通行证, "
            "台湾居民来往大陆通行证, 外国人永久居留身份证, 护照."
        ),
    )


def check_character(number: str) -> str:
    """The eighteenth character of a number, from its first seventeen digits (GB 11643)."""
    return _CHECK[sum(weight * (ord(digit) - 48) for weight, digit in zip(_WEIGHTS, number, strict=False)) % 11]


def widened(number: str) -> str:
    """A number of 15 digits as 18: the century is 19."""
    longer = f"{number[:6]}19{number[6:]}"
    return longer + check_character(longer)


def _read_eighteen(kind: str | None, number: str) -> Identity | Fault:
    if not _EIGHTEEN.fullmatch(number):
        return Fault(
            NUMBER_COLUMN, _("A number of 18 characters is 17 digits and then a digit or X. Compare it with the document.")
        )
    actual = _kind_by_number(number)
    if actual == Kind.RESIDENT_ID and number[:2] not in _PROVINCES:
        return _no_region(number)
    born_on = _birth_date(number[6:14])
    if born_on is None:
        return _no_birth_date(number[6:14])
    expected = check_character(number)
    if number[17] != expected:
        return Fault(
            NUMBER_COLUMN,
            _(
                "The check character is wrong: by the 17 digits before it, it should be %(expected)s, not %(given)s. "
                "Compare the whole number with the document."
            ),
            {"expected": expected, "given": number[17]},
        )
    if actual not in _EIGHTEEN_MAY_BE[kind]:
        return Fault(KIND_COLUMN, _("The number is that of another kind of document. Correct the kind or the number."))
    return Identity(actual, number, born_on, _sex(number[16]))


def _kind_by_number(number: str) -> str:
    if number[0] == "9":
        return Kind.FOREIGN_RESIDENCE
    return Kind.HMT_RESIDENCE if number[:2] in {"81", "82", "83"} else Kind.RESIDENT_ID


def _read_fifteen(number: str) -> Identity | Fault:
    longer = widened(number)
    if longer[:2] not in _PROVINCES:
        return _no_region(number)
    born_on = _birth_date(longer[6:14])
    return _no_birth_date(number[6:12]) if born_on is None else Identity(Kind.RESIDENT_ID, longer, born_on, _sex(longer[16]))


def _neither_shape(kind: str | None, number: str) -> Fault:
    if kind is None and not number.isdigit():
        return Fault(KIND_COLUMN, _("The kind of document is missing, and the number is not a resident ID's. Give the kind."))
    return Fault(
        NUMBER_COLUMN,
        _("A resident ID number has 18 characters; this one has %(length)s. Compare it with the document."),
        {"length": len(number)},
    )


def _read_hk_macau(number: str) -> Identity | Fault:
    # The first nine characters are the holder's for life; two more digits only count the renewals.
    found = _HK_MACAU.fullmatch(number)
    return (
        Identity(Kind.HK_MACAU_PERMIT, found[1])
        if found
        else Fault(
            NUMBER_COLUMN,
            _("A mainland travel permit of Hong Kong and Macau residents has H or M and 8 digits. Compare it with the document."),
        )
    )


def _read_taiwan(number: str) -> Identity | Fault:
    found = _TAIWAN.fullmatch(number)
    return (
        Identity(Kind.TAIWAN_PERMIT, found[1])
        if found
        else Fault(NUMBER_COLUMN, _("A mainland travel permit of Taiwan residents has 8 digits. Compare it with the document."))
    )


def _read_foreign_residence(number: str) -> Identity | Fault:
    if _OLD_RESIDENCE.fullmatch(number):
        return Identity(Kind.FOREIGN_RESIDENCE, number)
    return Fault(
        NUMBER_COLUMN,
        _(
            "A foreigner's permanent residence card has 18 characters beginning with 9, or, on older cards, 3 letters and "
            "12 digits. Compare it with the document."
        ),
    )


def _read_hmt_residence(number: str) -> Identity | Fault:
    return Fault(
        NUMBER_COLUMN,
        _("The number of this residence permit has 18 characters and begins with 81, 82 or 83. Compare it with the document."),
    )


def _read_passport(number: str) -> Identity | Fault:
    if _PASSPORT.fullmatch(number):
        return Identity(Kind.PASSPORT, number)
    return Fault(NUMBER_COLUMN, _("A passport number has 5 to 17 letters and digits. Compare it with the document."))


_READERS: Mapping[str, Callable[[str], Identity | Fault]] = {
    Kind.HK_MACAU_PERMIT: _read_hk_macau,
    Kind.TAIWAN_PERMIT: _read_taiwan,
    Kind.FOREIGN_RESIDENCE: _read_foreign_residence,
    Kind.HMT_RESIDENCE: _read_hmt_residence,
    Kind.PASSPORT: _read_passport,
}


def _birth_date(digits: str) -> dt.date | None:
    try:
        born_on = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return born_on if born_on.year >= 1880 else None


def _sex(digit: str) -> str:
    return Person.Sex.MALE if int(digit) % 2 else Person.Sex.FEMALE


def _no_region(number: str) -> Fault:
    return Fault(
        NUMBER_COLUMN,
        _("No region begins with %(digits)s, the first two digits. Compare the number with the document."),
        {"digits": number[:2]},
    )


def _no_birth_date(digits: str) -> Fault:
    return Fault(
        NUMBER_COLUMN,
        _("The birth date inside the number (%(count)s digits from the seventh on) does not exist. Compare it with the document."),
        {"count": len(digits)},
    )


# Sex, age and phones

_SEXES = {
    **dict.fromkeys(("男", "男性", "先生", "M", "MALE", "MAN", "1"), Person.Sex.MALE),
    **dict.fromkeys(("女", "女性", "女士", "F", "FEMALE", "WOMAN", "2"), Person.Sex.FEMALE),
    **dict.fromkeys(("未知", "不详", "未说明", "0", "9", "UNKNOWN"), Person.Sex.UNKNOWN),
}


def read_sex(text: str) -> str | None:
    """``male``, ``female``, empty where it says that it is not known; None where it says something else. Codes as in
    GB/T 2261.1."""
    return _SEXES.get("".join(unicodedata.normalize("NFKC", text).split()).upper())


def age_on(born_on: dt.date, day: dt.date) -> int:
    """Full years. Who was born on 29 February is a year older on 1 March, and on 29 February in leap years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_ABROAD = re.compile(r"\+[1-9][0-9]{6,14}")


def normal_phone(text: str) -> str | None:
    """A mainland mobile as 11 digits, one abroad as +85291234567; None where it is neither."""
    number = re.sub(r"[\s\-‐-―()._]", "", re.sub(r"\.0+$", "", unicodedata.normalize("NFKC", text).strip()))
    number = re.sub(r"^00(?=[1-9])", "+", number)
    domestic = re.sub(r"^(\+86|86(?=1[3-9][0-9]{9}$)|0(?=1[3-9][0-9]{9}$))", "", number)
    if _MOBILE.fullmatch(domestic):
        return domestic
    return number if _ABROAD.fullmatch(number) and not number.startswith("+86") else None
