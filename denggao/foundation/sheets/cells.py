"""From what people type into a cell to a value: pure functions, one for each sort of column.

Each takes a non-blank Cell and returns the value, None where the cell says "nothing" (``/``, ``—``, 无 …), or a Fault.
A fault's text may use ``%(column)s``, which the engine fills with the column's title.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.foundation.sheets.kinds import Cell, Fault

# Excel keeps 15 significant digits; a longer number typed as a number has lost its last ones for good.
LOST_FROM = 10**15
FIRST_YEAR, LAST_YEAR = 1900, 2100
# Serial days are believed between 1 January 1930 and 31 December 2099 only: below lie years and scores, above phone numbers.
_SERIALS = range(10959, 73051)
_EPOCH, _EPOCH_MAC = dt.date(1899, 12, 30), dt.date(1904, 1, 1)

_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x034F, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)
_APOSTROPHES = "'‘’＇`´"
_FIRST_TO_TRIM = frozenset(f" {_APOSTROPHES}")
_NARROW = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_NARROW_ALL = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NOTHING = frozenset({"/", "\\", "-", "--", "---", "—", "——", "–", "_", "无", "暂无", "N/A", "NA", "NULL", "NONE", "空"})
_EXCEL_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
_MIDDLE_DOTS = "·•‧∙⋅・･ᐧ․●▪"
_CJK = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CJK_GAP = re.compile(f"(?<=[{_CJK}·])\\s+(?=[{_CJK}·])")
_CJK_DOT = re.compile(f"(?<=[{_CJK}])\\s*[.．。]\\s*(?=[{_CJK}])")
LOST_DIGITS = re.compile(r"[+-]?\d+(?:\.\d+)?[eE]\+\d+|[+-]?\d+\.\d+[eE]\d+")
_FLOAT_TEXT = re.compile(r"(\d+)\.0+")


def visible(text: str) -> str:
    """Without what nobody sees: zero-width and direction marks, controls, the apostrophe that makes Excel keep text;
    every kind of space is one plain space; no space at either end."""
    if text.isprintable() and "  " not in text and text[-1:] != " " and text[:1] not in _FIRST_TO_TRIM:
        return text
    text = text.translate(_INVISIBLE)
    text = "".join(" " if char.isspace() or unicodedata.category(char) == "Cc" else char for char in text)
    text = " ".join(text.split())
    return text.lstrip(_APOSTROPHES).strip() if text[:1] and text[0] in _APOSTROPHES else text


def says_nothing(text: str) -> bool:
    """Whether what is written only fills the cell: ``/``, ``—``, 无, N/A …"""
    return not text or text.upper() in _NOTHING


def is_masked(text: str) -> bool:
    """Whether a cell shows a masked value (3101**********4432), as the platform's own exports do."""
    return "*" in text or "＊" in text


def same_when_masked(text: str, value: str, mask: Callable[[str], str]) -> bool:
    """Whether a masked cell is the mask of this value: then nothing was given, and nothing changes."""
    return is_masked(text) and visible(text).translate(_NARROW_ALL) == visible(mask(value)).translate(_NARROW_ALL)


def text_of(value: Any) -> str:
    """What a person would copy down from a cell that holds this value."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < LOST_FROM:
            return str(int(value))
        return f"{value:.6G}" if abs(value) >= LOST_FROM else f"{value:.15g}"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.replace(microsecond=0).isoformat(" ")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def text(cell: Cell) -> str | Fault | None:
    """Free text: full-width digits and letters made narrow, spaces tidied; punctuation and rare characters stay."""
    shown = visible(cell.text).translate(_NARROW)
    if shown in _EXCEL_ERRORS:
        return _excel_error(shown)
    return None if says_nothing(shown) else shown


def code_text(cell: Cell) -> str | Fault | None:
    """A number that is a name (identity, certificate, phone, credit code): text, narrow, no spaces, capitals."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= LOST_FROM:
        return lost_digits()
    shown = visible(cell.text).translate(_NARROW_ALL).replace(" ", "").lstrip("'`").upper()
    if shown in _EXCEL_ERRORS:
        return _excel_error(shown)
    if LOST_DIGITS.fullmatch(shown):
        return lost_digits()
    whole = _FLOAT_TEXT.fullmatch(shown)
    if whole:
        shown = whole[1]
    return None if says_nothing(shown) else shown


def lost_digits() -> Fault:
    return Fault(
        "",
        _(
            "%(column)s: Excel stored this number as a numeral and lost its last digits. Format the column as text and "
            "type the whole number again."
        ),
    )


def person_name(cell: Cell) -> str | Fault | None:
    """A person's name: no spaces between Chinese characters, one middle dot (·), rare characters as they are. What else
    people write into it (王伟2, 王伟（外包）) stays: whether it is the same person is told by the number."""
    shown = visible(cell.text).translate(_NARROW)
    if shown in _EXCEL_ERRORS:
        return _excel_error(shown)
    for dot in _MIDDLE_DOTS:
        shown = shown.replace(dot, "·")
    shown = _CJK_GAP.sub("", _CJK_DOT.sub("·", re.sub(r"\s*·\s*", "·", shown)))
    if says_nothing(shown):
        return None
    if not any(char.isalpha() or char == "*" for char in shown):
        return Fault("", _("%(column)s: there is no name here, only digits or signs. Write the person's name."))
    if len(shown) > 60:
        return Fault("", _("%(column)s: this is too long for a name (over 60 characters). Write the name alone."))
    return shown


_YES = frozenset({"是", "Y", "YES", "1", "√", "✓", "✔", "☑", "✅", "对", "TRUE", "T", "V", "真", "ON"})
_NO = frozenset({"否", "N", "NO", "0", "×", "✗", "✘", "╳", "✕", "✖", "❌", "☐", "X", "错", "FALSE", "F", "不是", "非", "假", "OFF"})
_NOT_KNOWN = frozenset({"不详", "未知", "不清楚", "待定", "UNKNOWN", "?"})


def yes_no(cell: Cell) -> bool | Fault | None:
    """True, False, or None where the sheet says that it is not known."""
    if isinstance(cell.value, bool):
        return cell.value
    shown = "".join(unicodedata.normalize("NFKC", visible(cell.text)).split()).upper()
    shown = _FLOAT_TEXT.sub(r"\1", shown).replace("\ufe0f", "")
    if shown in _YES:
        return True
    if shown in _NO:
        return False
    if says_nothing(shown) or shown in _NOT_KNOWN:
        return None
    return Fault("", _("%(column)s: write yes (是) or no (否), or leave the cell empty where it is not known."))


def decimal_number(cell: Cell) -> Decimal | Fault | None:
    """A score or an amount: 85, 85.5 分, ８５, 1,234.50."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(f"{value:.12g}") if abs(value) < LOST_FROM else lost_digits()
    shown = "".join(unicodedata.normalize("NFKC", visible(cell.text)).split())
    if says_nothing(shown):
        return None
    shown = re.sub(r"(分|元|岁|小时|学时|个|人)$", "", shown).replace("。", ".")
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", shown):
        shown = shown.replace(",", "")
    try:
        if re.fullmatch(r"[+-]?(\d{1,15}(\.\d{0,10})?|\.\d{1,10})", shown, re.ASCII):
            return Decimal(shown)
    except InvalidOperation:
        pass
    return Fault("", _("%(column)s: a number is needed here, such as 85 or 85.5."))


# Dates


def date_start(cell: Cell) -> dt.date | Fault | None:
    """A date something begins: a month alone means its first day."""
    return _date(cell, lambda year, month: dt.date(year, month, 1))


def date_end(cell: Cell) -> dt.date | Fault | None:
    """A date something ends: a month alone means its last day; 至今, 长期 … mean that no end is known."""
    if re.sub(r"\s", "", visible(cell.text)) in _OPEN_END:
        return None
    return _date(cell, lambda year, month: dt.date(year, month, calendar.monthrange(year, month)[1]))


def date_exact(cell: Cell) -> dt.date | Fault | None:
    """A date that must be known to the day (birth, issue): a month alone is refused."""
    return _date(
        cell,
        lambda year, month: Fault(
            "",
            _("%(column)s: %(given)s names no day. Give the full date, such as 2022-05-03."),
            {"given": f"{year}-{month:02}"},
        ),
    )


_OPEN_END = frozenset({"至今", "长期", "在职", "无固定期限", "无固定", "无期限", "永久", "今", "现在"})
_SEPARATOR = r"\s*[-./,、\\年~]\s*"
_CLOCK = (
    r"(?:[\sT]*(?:上午|下午|AM|PM)?\s*\d{1,2}\s*[:时点]\s*(?:\d{1,2}\s*[:分]?\s*(?:\d{1,2}(?:\.\d+)?\s*秒?)?)?\s*(?:AM|PM)?"
    r"\s*(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_WEEKDAY = r"(?:\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
_DAY = re.compile(rf"(\d{{4}}){_SEPARATOR}(\d{{1,2}})\s*[-./,、\\月~]\s*(\d{{1,2}})\s*[日号]?{_WEEKDAY}{_CLOCK}\.?", re.ASCII)
_DAY_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{4}|\d{6})?", re.ASCII)
_MONTH = re.compile(rf"(\d{{4}}){_SEPARATOR}(\d{{1,2}})\s*月?份?\.?", re.ASCII)
_MONTH_PACKED = re.compile(r"(\d{4})(\d{2})", re.ASCII)
_YEAR = re.compile(r"(?:19|20)\d{2}(?:\.0)?\s*年?", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_YEAR_LAST = re.compile(r"\d{1,2}\s*[-./]\s*\d{1,2}\s*[-./]\s*(\d{4})\b.*", re.ASCII)
_YEAR_SHORT = re.compile(r"\d{2}\s*[-./年]\s*\d{1,2}(\s*[-./月]\s*\d{1,2}\s*[日号]?)?\s*月?", re.ASCII)
_NUMERALS = {
    "〇": "0",
    "○": "0",
    "零": "0",
    "一": "1",
    "二": "2",
    "三": "3",
    "四": "4",
    "五": "5",
    "六": "6",
    "七": "7",
    "八": "8",
    "九": "9",
}
_CHINESE_DATE = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})[日号]?)?份?"
)

_Month = Callable[[int, int], dt.date | Fault]


def _date(cell: Cell, of_month: _Month) -> dt.date | Fault | None:
    value = cell.value
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return value if FIRST_YEAR <= value.year <= LAST_YEAR else _no_year(value.year)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _date_of_number(value, of_month, mac=cell.mac)
    shown = _digits(unicodedata.normalize("NFKC", visible(cell.text)).strip().upper())
    return None if says_nothing(shown) else _date_of_text(shown, of_month, mac=cell.mac)


def _date_of_number(value: float, of_month: _Month, *, mac: bool) -> dt.date | Fault | None:
    if not 0 <= value < LOST_FROM:
        return _no_date()
    whole = int(value)
    if FIRST_YEAR <= whole <= LAST_YEAR and value != whole:
        # 2022.10 typed as a number is stored as 2022.1: January and October can't be told apart.
        month = f"{value:.2f}".split(".")[1]
        if month == "10":
            return Fault("", _("%(column)s: this may mean January or October. Write the date as text, such as 2022-10."))
        return _month(whole, int(month.rstrip("0") if month.endswith("0") else month), of_month)
    if whole in _SERIALS:
        return _serial(whole, mac=mac)
    return _date_of_text(str(whole), of_month, mac=mac) if value == whole else _no_date()


def _date_of_text(shown: str, of_month: _Month, *, mac: bool) -> dt.date | Fault | None:
    day = _DAY.fullmatch(shown) or _DAY_PACKED.fullmatch(shown)
    if day:
        return _day(int(day[1]), int(day[2]), int(day[3]))
    month = _MONTH.fullmatch(shown) or _MONTH_PACKED.fullmatch(shown)
    if month:
        return _month(int(month[1]), int(month[2]), of_month)
    serial = _SERIAL.fullmatch(shown)
    if serial and int(serial[1]) in _SERIALS:
        return _serial(int(serial[1]), mac=mac)
    if _YEAR.fullmatch(shown):
        return Fault("", _("%(column)s: a year alone is not enough. Give the full date, such as 2022-05-03."))
    if _YEAR_LAST.fullmatch(shown):
        return Fault("", _("%(column)s: day and month can't be told apart here. Write the year first, such as 2022-05-03."))
    if _YEAR_SHORT.fullmatch(shown):
        return Fault("", _("%(column)s: the year has two digits only. Write all four, such as 2022-05-03."))
    return _no_date()


def _digits(shown: str) -> str:
    """二〇二二年五月三日 as 2022年5月3日; anything else as it is."""
    found = _CHINESE_DATE.fullmatch("".join(shown.split()))
    if not found:
        return shown
    year = "".join(_NUMERALS[char] for char in found[1])
    parts = [f"{year}年{_small_number(found[2])}月"]
    if found[3]:
        parts.append(f"{_small_number(found[3])}日")
    return "".join(parts)


def _small_number(chinese: str) -> int:
    tens, ten, ones = chinese.rpartition("十")
    if not ten:
        return int("".join(_NUMERALS[char] for char in chinese))
    return (int(_NUMERALS.get(tens, "1")) if tens else 1) * 10 + (int(_NUMERALS.get(ones, "0")) if ones else 0)


def _serial(days: int, *, mac: bool) -> dt.date:
    return (_EPOCH_MAC if mac else _EPOCH) + dt.timedelta(days=days)


def _month(year: int, month: int, of_month: _Month) -> dt.date | Fault:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return _no_year(year)
    return of_month(year, month) if 1 <= month <= 12 else _no_month(month)


def _day(year: int, month: int, day: int) -> dt.date | Fault:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return _no_year(year)
    if not 1 <= month <= 12:
        return _no_month(month)
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return Fault(
            "",
            _("%(column)s: %(month)s has no day %(day)s. Correct the date."),
            {"month": f"{year}-{month:02}", "day": day},
        )
    return dt.date(year, month, day)


def _no_year(year: int) -> Fault:
    return Fault("", _("%(column)s: the year %(year)s can't be right. Correct the date."), {"year": year})


def _no_month(month: int) -> Fault:
    return Fault("", _("%(column)s: there is no month %(month)s. Correct the date."), {"month": month})


def _no_date() -> Fault:
    return Fault("", _("%(column)s: this is not a date. Write it as 2022-05-03."))


def _excel_error(shown: str) -> Fault:
    return Fault("", _("%(column)s: the cell shows Excel's error %(error)s. Mend the formula or type the value."), {"error": shown})
