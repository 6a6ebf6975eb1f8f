"""How names of occupations and levels are read. Pure: no database, no clock."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from denggao.foundation.standards.ladder import LADDER

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣", "-"))
_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_CODE = re.compile(r"^X?(\d-\d{2}-\d{2}-\d{2}(?:-\d{2})?)")
# 绿色 (L), 数字 (S) and ★ stand behind a name in the published list; they are flags, not part of the name.
_FLAGS = re.compile(r"[(\[]?(?:(?:L/S|S/L|[LS])|[★☆*])+[)\]]?$")
_BRACKETS = re.compile(r"[(\[【〔<《]([^)\]】〕>》]*)[)\]】〕>》]")
_BETWEEN = re.compile(r"[/\\|;,→>]|(?<=[^\x00-\x7f])-(?=[^\x00-\x7f])")
_NOT_A_NAME = {"工种", "职业", "数字", "绿色", "试行", ""}


def flat(text: str) -> str:
    """Compatibility forms made plain (NFKC), every kind of space out, every dash a hyphen, Latin letters upper case."""
    for _round in range(3):
        # A space taken out may bring two characters together that NFKC then makes one.
        plain = _SPACE.sub("", unicodedata.normalize("NFKC", text)).translate(_DASHES).upper()
        if plain == text:
            break
        text = plain
    return text


def occupation_key(text: str) -> str:
    """By what two writings of an occupation's name are equal: code, flags and spaces out."""
    plain = flat(text)
    without_code = _CODE.sub("", plain).lstrip(".-:、")
    return _FLAGS.sub("", without_code or plain) or plain


@dataclass(frozen=True)
class WrittenOccupation:
    """What a cell says: the code before the name, if any; the whole as a key; and, where the cell holds two names
    (车工（数控车工）, 车工/数控车工), each of them as a key, the wider first."""

    code: str
    key: str
    parts: tuple[str, ...]


def read_occupation(text: str) -> WrittenOccupation:
    plain = flat(text)
    found = _CODE.match(plain)
    code = found.group(1) if found else ""
    inside = [part for part in _BRACKETS.findall(plain) if not _FLAGS.fullmatch(part)]
    outside = _BRACKETS.sub("/", plain)
    keys = [occupation_key(part) for part in (*_BETWEEN.split(outside), *inside)]
    parts = tuple(dict.fromkeys(key for key in keys if not (key in _NOT_A_NAME or _FLAGS.fullmatch(key) or _CODE.fullmatch(key))))
    if not code and inside:
        code = next((match.group(1) for part in inside if (match := _CODE.match(part))), "")
    key = occupation_key(text)
    return WrittenOccupation(code, key if not code or key != code else "", parts)


def is_ambiguous(key: str, known: Iterable[str]) -> bool:
    """Whether several known names are kinds of what is written: 钳工 is 装配钳工, 机修钳工 and 工具钳工."""
    return len(kinds_of(key, known)) > 1


def kinds_of(key: str, known: Iterable[str]) -> list[str]:
    """The known names that end in what is written, shortest first."""
    return sorted(
        (name for name in known if len(key) > 1 and name.endswith(key) and name != key), key=lambda name: (len(name), name)
    )


def group_names(names: Sequence[tuple[str, str]], moves: Iterable[tuple[str, str]]) -> list[list[int]]:
    """Which rows of the taxonomy's editions are one occupation.

    ``names`` are (code, name key); rows of one name are one occupation, and so are rows whose codes a move joins.
    Returns groups of positions, in the order of their first row.
    """
    parent = list(range(len(names)))

    def root(position: int) -> int:
        while parent[position] != position:
            parent[position] = parent[parent[position]]
            position = parent[position]
        return position

    def join(positions: Sequence[int]) -> None:
        for position in positions[1:]:
            parent[max(root(position), root(positions[0]))] = min(root(position), root(positions[0]))

    by_name: dict[Hashable, list[int]] = {}
    by_code: dict[str, list[int]] = {}
    for position, (code, key) in enumerate(names):
        by_name.setdefault(key, []).append(position)
        by_code.setdefault(code, []).append(position)
    for positions in by_name.values():
        join(positions)
    for old, new in moves:
        if old in by_code and new in by_code:
            join([*by_code[old], *by_code[new]])
    groups: dict[int, list[int]] = {}
    for position in range(len(names)):
        groups.setdefault(root(position), []).append(position)
    return list(groups.values())


def edition_year(edition: str) -> int:
    """The year an edition begins with; 0 where its text names none."""
    found = re.search(r"(?:19|20)\d{2}", edition)
    return int(found.group()) if found else 0


_NUMERALS = {"5": ("五", "V"), "4": ("四", "IV"), "3": ("三", "III"), "2": ("二", "II"), "1": ("一", "I")}
_SHORT = {"5": "初级", "4": "中级", "3": "高级"}
_ENGLISH = {
    "apprentice": ("APPRENTICEWORKER", "APPRENTICE"),
    "5": ("JUNIOR",),
    "4": ("INTERMEDIATE",),
    "3": ("SENIOR",),
    "2": ("TECHNICIAN",),
    "1": ("SENIORTECHNICIAN",),
    "special": ("SPECIALTECHNICIAN",),
    "chief": ("CHIEFTECHNICIAN",),
}


def _level_words() -> dict[str, str]:
    words: dict[str, str] = {}
    for level in LADDER:
        spoken = {level.worker_zh, *_ENGLISH[level.code]}
        if level.code in _NUMERALS:
            for numeral in (level.code, *_NUMERALS[level.code]):
                spoken |= {numeral, f"{numeral}级", f"{numeral}级工", f"LEVEL{numeral}", f"L{numeral}", f"第{numeral}级"}
            spoken |= {f"{_SHORT.get(level.code, level.worker_zh)}技能", _SHORT.get(level.code, level.worker_zh)}
        words.update(dict.fromkeys(spoken, level.code))
    words["学徒"] = "apprentice"
    return words


_LEVELS = _level_words()
_LEVEL_TOKEN = re.compile("|".join(sorted(map(re.escape, _LEVELS), key=len, reverse=True)))
_LEVEL_NOISE = re.compile(r"国家|职业|技能|资格|等级|证书|水平|[:：]")
_LEVEL_BETWEEN = re.compile(r"[/\\|、,;()\[\]【】〔〕·\-_]+")
# A numeral alone is a level only where nothing else stands in its part: 33 is no level.
_BARE = {numeral for code, numerals in _NUMERALS.items() for numeral in (code, *numerals)}


@lru_cache(maxsize=4096)
def read_level(text: str) -> str | None:
    """The code of a level: 3, 三级, 高级工, 三级/高级工, 国家职业资格三级, Ⅲ, Level 3. None for what is no level (六级) and
    for what names two (三级/中级工)."""
    plain = re.sub(r"^(\d)\.0+$", r"\1", flat(text))
    codes: set[str] = set()
    for part in _LEVEL_BETWEEN.split(plain):
        rest = part if part in _LEVELS else _LEVEL_NOISE.sub("", part)
        if part and not rest:
            continue
        whole = rest
        while rest:
            token = _LEVEL_TOKEN.match(rest)
            if token is None or (token.group() in _BARE and token.group() != whole):
                return None
            codes.add(_LEVELS[token.group()])
            rest = rest[token.end() :]
    return codes.pop() if len(codes) == 1 else None
