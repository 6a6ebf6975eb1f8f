"""Items of a teaching standard: their codes, their order, what changed between two versions."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from decimal import Decimal

CODE = re.compile(r"[0-9A-Za-z]{1,6}(?:\.[0-9A-Za-z]{1,4}){0,4}")
STANDARD_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{1,59}")
_KINDS = {
    "knowledge": "知识 专业知识 相关知识 理论知识 基础知识 理论 KNOWLEDGE",
    "skill": "技能 操作技能 技能要求 专业技能 实操 SKILL SKILLS",
    "safety": "安全 安全生产 安全操作 安全文明生产 安全生产与环境保护 SAFETY",
    "conduct": "素养 职业素养 职业道德 工匠精神 素质 CONDUCT",
}
_BY_WORD = {word: kind for kind, words in _KINDS.items() for word in words.split()}


@dataclass(frozen=True)
class Item:
    """One item as it is given. ``hours`` are lesson hours, ``weight`` percent; None where unsaid."""

    code: str
    kind: str
    text_zh: str
    text_en: str = ""
    hours: Decimal | None = None
    weight: Decimal | None = None


@dataclass(frozen=True)
class Difference:
    """What a later version added, took out and changed (before, after), each in the order of its codes."""

    added: tuple[Item, ...] = ()
    removed: tuple[Item, ...] = ()
    changed: tuple[tuple[Item, Item], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def read_item_kind(text: str) -> str | None:
    """knowledge, skill, safety or conduct; None for any other word."""
    return _BY_WORD.get("".join(text.split()).upper())


def order(code: str) -> tuple[tuple[int, int, str], ...]:
    """By which codes are sorted: 3.2 before 3.10, numbers before letters, a part after its whole."""
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part.upper()) for part in code.split("."))


def parent_of(code: str, codes: Mapping[str, object] | set[str]) -> str:
    """The nearest code of which this one is a part, of those there are; empty for an uppermost one."""
    while "." in code:
        code = code.rpartition(".")[0]
        if code in codes:
            return code
    return ""


def leaves(codes: Iterable[str]) -> set[str]:
    """Codes that no other is a part of: what is taught and asked; what stands above them is a heading."""
    given = set(codes)
    return given - {parent_of(code, given) for code in given}


def content_hash(items: Iterable[Item]) -> str:
    """The same for the same items, in whatever order they come."""
    rows = sorted((order(item.code), astuple(item)) for item in items)
    plain = [[str(value.normalize()) if isinstance(value, Decimal) else value for value in row] for _order, row in rows]
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False).encode()).hexdigest()


def difference(before: Sequence[Item], after: Sequence[Item]) -> Difference:
    old, new = {item.code: item for item in before}, {item.code: item for item in after}
    both = sorted(old.keys() & new.keys(), key=order)
    return Difference(
        tuple(new[code] for code in sorted(new.keys() - old.keys(), key=order)),
        tuple(old[code] for code in sorted(old.keys() - new.keys(), key=order)),
        tuple((old[code], new[code]) for code in both if old[code] != new[code]),
    )
