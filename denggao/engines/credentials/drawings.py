"""A plaque as a page draws it: the lines of ``paper/plaque.typ`` in an SVG of 720 × 480, each as large as fits."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from denggao.engines.credentials.models import Issued, Standing

WIDTH, MIDDLE, ACROSS = 720.0, 360.0, 600.0
# Between the mark and the granting bodies, in the drawing's own units.
TOP, HEIGHT = 108.0, 236.0
FOOT, FOOT_ACROSS = 376.0, 612.0
SMALLEST_TITLE, SMALLEST_BODY = 30.0, 9.5


@dataclass(frozen=True)
class Line:
    """A line of text, set about its middle. Numbers are written out, so that no language changes their point."""

    text: str
    x: str
    y: str
    size: str
    spacing: str
    style: str


@dataclass(frozen=True)
class Plaque:
    """``label`` tells who can't see it what it says; ``dull`` where it no longer stands."""

    id: str
    label: str
    lines: list[Line]
    dull: bool


@dataclass(frozen=True)
class _Item:
    text: str
    size: float
    gap: float
    spacing: float
    style: str
    least: float = 0.0


def plaque_of(issued: Issued, *, day: dt.date) -> Plaque:
    """What ``credentials/plaque.html`` draws, in the words of the plaque itself whatever the reader's language."""
    granters = [(str(item["zh"]), str(item.get("en", ""))) for item in issued.granters]
    lines = [*_middle(_items(issued)), *_granters(granters)]
    granted = "联合授牌" if len(granters) > 1 else "授牌"
    foot = f"{granted}　{_numerals(issued.issued_on)}"
    lines.append(_line(foot, MIDDLE, 424, 15.5, 0.06, "b"))
    return Plaque(
        id=issued.public_id.hex[:8],
        label=_("Plaque: %(title)s, %(holder)s, number %(number)s, granted by %(bodies)s.")
        % {
            "title": issued.title,
            "holder": issued.public_holder,
            "number": issued.number,
            "bodies": _(", ").join(issued.granter_names),
        },
        lines=lines,
        dull=issued.standing(day) in {Standing.WITHDRAWN, Standing.EXPIRED},
    )


def _items(issued: Issued) -> list[_Item]:
    until = _plain(issued.valid_until) if issued.valid_until else "长期"
    term = f"编号 {issued.number}　有效期 {_plain(issued.valid_from)} — {until}"
    items = [
        _Item(str(issued.fact("place_zh")), 22, 3, 0.09, "b"),
        _Item(str(issued.fact("place_en")), 9.5, 9, 0.05, "e"),
        _Item(issued.title_zh, 60, 5, 0.15, "t", SMALLEST_TITLE),
        _Item(issued.title_en, 14, 10, 0.05, "e"),
        _Item(str(issued.fact("detail_zh")), 21, 3, 0.08, "b"),
        _Item(str(issued.fact("detail_en")), 9.5, 9, 0.05, "e"),
        _Item(f"依托单位　{issued.holder_zh}", 14.5, 5, 0.04, "p"),
        _Item(term, 13.5, 0, 0.05, "p"),
    ]
    return [item for item in items if item.text]


def _middle(items: list[_Item]) -> Iterator[Line]:
    """The lines one below the other about the middle of their space, smaller as a whole where they need more of it."""
    set_in: list[tuple[str, float, float, _Item]] = []
    for item in items:
        texts, size = _fitted(item.text, ACROSS, item.size, item.spacing, item.least)
        set_in += [(text, size, item.gap if text is texts[-1] else size * 0.2, item) for text in texts]
    high = sum(size + gap for _text, size, gap, _item in set_in)
    scale = min(1.0, HEIGHT / high)
    y = TOP + (HEIGHT - high * scale) / 2
    for text, size, gap, item in set_in:
        yield _line(text, MIDDLE, y + size * scale * 0.86, size * scale, item.spacing, item.style)
        y += (size + gap) * scale


def _granters(bodies: list[tuple[str, str]]) -> Iterator[Line]:
    """Side by side; in two rows where there are more than four."""
    columns = len(bodies) if len(bodies) <= 4 else -(-len(bodies) // 2)
    rows = -(-len(bodies) // columns)
    share, scale = FOOT_ACROSS / columns, 1.0 if rows == 1 else 0.66
    for number, (zh, en) in enumerate(bodies):
        row, column = divmod(number, columns)
        held = min(columns, len(bodies) - row * columns)
        x = MIDDLE + (column - (held - 1) / 2) * share
        y = FOOT - (0 if rows == 1 else 16) + row * 25
        texts, size = _fitted(zh, share - 12, 16 * scale, 0.03, SMALLEST_BODY * scale)
        for text in texts:
            yield _line(text, x, y, size, 0.03, "b")
            y += size * 1.2
        if en:
            parts, size = _fitted(en, share - 12, 7.8 * scale, 0.0, 6.2 * scale)
            for text in parts:
                yield _line(text, x, y - 2, size, 0.0, "e")
                y += size * 1.15


def _fitted(text: str, across: float, size: float, spacing: float, least: float) -> tuple[list[str], float]:
    """One line as large as fits, or two where it would become smaller than ``least`` (0: any size will do)."""
    wide = _ems(text, spacing) * size
    if wide <= across:
        return [text], size
    one = size * across / wide
    if one >= least:
        return [text], one
    halves = _halves(text)
    widest = max(_ems(half, spacing) for half in halves)
    return halves, min(size, max(least, one), across / widest)


def _halves(text: str) -> list[str]:
    """Two lines of about equal width, parted at a space where there are words."""
    middle = len(text) // 2
    spaces = [place for place, sign in enumerate(text) if sign == " "]
    if spaces:
        middle = min(spaces, key=lambda place: abs(place - middle))
    return [part for part in (text[:middle].strip(), text[middle:].strip()) if part]


def _ems(text: str, spacing: float) -> float:
    """How wide a text is at a size of 1, about: Chinese type is as wide as high."""
    return sum(_em(sign) + spacing for sign in text)


def _em(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in {"W", "F", "A"}:
        return 1.0
    if sign == " ":
        return 0.27
    return 0.7 if sign.isupper() else 0.54


def _line(text: str, x: float, y: float, size: float, spacing: float, style: str) -> Line:
    # The space after the last sign would shift a centred line to the left.
    return Line(text, f"{x + spacing * size / 2:.1f}", f"{y:.1f}", f"{size:.1f}", f"{spacing * size:.2f}", style)


def _plain(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _numerals(day: dt.date) -> str:
    """二〇二二年六月十八日."""
    year = "".join("〇一二三四五六七八九"[int(sign)] for sign in str(day.year))
    return f"{year}年{_counted(day.month)}月{_counted(day.day)}日"


def _counted(number: int) -> str:
    tens, ones = divmod(number, 10)
    signs = "〇一二三四五六七八九"
    return (signs[tens] if tens > 1 else "") + ("十" if tens else "") + (signs[ones] if ones else "")
