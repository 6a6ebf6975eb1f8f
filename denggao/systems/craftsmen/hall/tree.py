"""Where the boxes and lines of a tree stand: pure, the same for the same people, no two boxes over each other."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH = 1180
WIDTHS = {"mentor": 200, "self": 220, "learner": 220, "next": 200}
PAD, LINE, SUB, GAP = 14, 20, 17, 14
COLUMN_GAP = 90
NAME_PX, SUB_PX = 15.0, 12.0


@dataclass(frozen=True)
class Person:
    """Somebody of the tree, as told by who draws it. ``tone`` names the colours; ``more`` is how many of theirs are not drawn."""

    name: str
    line: str = ""
    tone: str = ""
    link: str = ""
    learners: tuple[Person, ...] = ()
    more: str = ""


@dataclass(frozen=True)
class Text:
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    tone: str
    link: str
    names: tuple[Text, ...]
    subs: tuple[Text, ...]

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width


@dataclass
class Drawn:
    """``paths`` are the lines as path data; ``notes`` stand free, such as “9 more”."""

    width: float
    height: float = 0
    boxes: list[Box] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)

    @property
    def view(self) -> str:
        return f"0 0 {_n(self.width)} {_n(self.height)}"


def text_width(text: str, size: float) -> float:
    """About how wide a text is drawn: a Chinese character is as wide as it is high, the others a good half of it."""
    return sum(size if unicodedata.east_asian_width(sign) in "WFA" else size * 0.58 for sign in text)


def lines_of(text: str, size: float, width: float) -> list[str]:
    """A text in lines that fit; nothing is left out. It breaks at spaces and after a middle dot, else where it must."""
    lines: list[str] = []
    rest = text.strip()
    while text_width(rest, size) > width and len(rest) > 1:
        fits = next(n for n in range(len(rest), 0, -1) if n == 1 or text_width(rest[:n], size) <= width)
        nice = max((at + 1 for at, sign in enumerate(rest[:fits]) if sign in " ·，、"), default=0)
        cut = nice if nice > fits // 3 else fits
        lines.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [*lines, rest] if rest or not lines else lines


def height_of(person: Person, width: float) -> float:
    names, subs = _texts(person, width)
    return PAD * 2 - 8 + LINE * len(names) + SUB * len(subs)


def _texts(person: Person, width: float) -> tuple[list[str], list[str]]:
    room = width - 2 * PAD
    return lines_of(person.name, NAME_PX, room), lines_of(person.line, SUB_PX, room) if person.line else []


def _box(person: Person, x: float, y: float, width: float) -> Box:
    names, subs = _texts(person, width)
    top = y + PAD - 4
    return Box(
        x, y, width, height_of(person, width), person.tone, person.link,
        tuple(Text(x + PAD, top + LINE * (n + 1) - 5, line) for n, line in enumerate(names)),
        tuple(Text(x + PAD, top + LINE * len(names) + SUB * (n + 1) - 4, line) for n, line in enumerate(subs)),
    )  # fmt: skip


def fan(mentors: Sequence[Person], own: Person, learners: Sequence[Person], more: str = "") -> Drawn:
    """From left to right: mentors, the craftsman, learners, theirs. ``more`` says how many learners are not drawn."""
    kinds = [
        kind for kind, there in (("mentor", mentors), ("self", True), ("learner", learners), ("next", _nexts(learners))) if there
    ]
    at = _columns(kinds)
    drawn = Drawn(WIDTH)
    rows, bottom = _learners(drawn, learners, at)
    if more and learners:
        drawn.notes.append(Text(at["learner"], bottom + 22, more))
        bottom += 34
    own_height = height_of(own, WIDTHS["self"])
    mentor_height = sum(height_of(each, WIDTHS["mentor"]) + GAP for each in mentors) - GAP if mentors else 0
    drawn.height = max(bottom, own_height, mentor_height) + 4
    centre = (rows[0].middle + rows[-1].middle) / 2 if rows else drawn.height / 2
    centre = min(max(centre, own_height / 2 + 2, mentor_height / 2 + 2), drawn.height - max(own_height, mentor_height) / 2 - 2)
    me = _box(own, at["self"], centre - own_height / 2, WIDTHS["self"])
    y = centre - mentor_height / 2
    for mentor in mentors:
        box = _box(mentor, at["mentor"], y, WIDTHS["mentor"])
        drawn.boxes.append(box)
        drawn.paths.append(_curve(box.right, box.middle, me.x, me.middle))
        y += box.height + GAP
    drawn.boxes.append(me)
    drawn.paths += [_curve(me.right, me.middle, row.x, row.middle) for row in rows]
    return drawn


def _nexts(learners: Sequence[Person]) -> bool:
    return any(each.learners or each.more for each in learners)


def _columns(kinds: Sequence[str]) -> dict[str, float]:
    """Where each column begins, so that they fill the width where they can and stand in its middle where they can't."""
    wide = sum(WIDTHS[kind] for kind in kinds)
    gap = min((WIDTH - wide) / max(len(kinds) - 1, 1), 150.0)
    x = (WIDTH - wide - gap * (len(kinds) - 1)) / 2
    found = {}
    for kind in kinds:
        found[kind] = round(x, 1)
        x += WIDTHS[kind] + gap
    return found


def _learners(drawn: Drawn, learners: Sequence[Person], at: dict[str, float]) -> tuple[list[Box], float]:
    """The boxes of learners one under the other, with theirs beside them; and where the last thing of theirs ends."""
    rows: list[Box] = []
    y, free = 2.0, 2.0
    for learner in learners:
        box = _box(learner, at["learner"], y, WIDTHS["learner"])
        rows.append(box)
        drawn.boxes.append(box)
        y += box.height + GAP
        if learner.learners or learner.more:
            free = _theirs(drawn, learner, box, at["next"], free)
    return rows, max(y - GAP, free - GAP) if learners else 0.0


def _theirs(drawn: Drawn, learner: Person, box: Box, x: float, free: float) -> float:
    """The learners of one learner, as near its middle as there is room; where the next ones may begin."""
    heights = [height_of(each, WIDTHS["next"]) for each in learner.learners]
    y = max(free, box.middle - (sum(heights) + GAP * (len(heights) - 1)) / 2)
    for each in learner.learners:
        child = _box(each, x, y, WIDTHS["next"])
        drawn.boxes.append(child)
        drawn.paths.append(_curve(box.right, box.middle, child.x, child.middle))
        y += child.height + GAP
    if learner.more:
        drawn.notes.append(Text(x, y + 4, learner.more))
        y += 26
    return y + 4


def _curve(x1: float, y1: float, x2: float, y2: float) -> str:
    bend = (x1 + x2) / 2
    return f"M{_n(x1)} {_n(y1)}C{_n(bend)} {_n(y1)} {_n(bend)} {_n(y2)} {_n(x2)} {_n(y2)}"


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


# The whole tree: learners in columns beneath the craftsman


def columns(own: Person, learners: Sequence[Person], *, count: int = 4) -> Drawn:
    """Everybody, in columns that hang from one beam: as many as are needed, ``count`` at most. Learners of learners stand beneath
    theirs, set in."""
    count = max(1, min(count, math.ceil(len(learners) / 2)))
    gap = 40.0
    width = (WIDTH - gap * count) / count if count > 1 else 460.0
    left = (WIDTH - count * width - (count - 1) * gap) / 2
    drawn = Drawn(WIDTH)
    me = _box(own, (WIDTH - WIDTHS["self"]) / 2, 2, WIDTHS["self"])
    drawn.boxes.append(me)
    beam = me.y + me.height + 28
    tops = _shared(learners, count, width)
    bottom = beam
    for number, column in enumerate(tops):
        spine = left + number * (width + gap) + 6
        y = beam + 22
        last = beam
        for learner in column:
            y, last = _hang(drawn, learner, spine, y, width - 6)
        if column:
            drawn.paths.append(_spine(spine, beam, last))
            bottom = max(bottom, y - GAP)
    used = [left + number * (width + gap) + 6 for number, column in enumerate(tops) if column]
    if used:
        middle = me.x + me.width / 2
        drawn.paths.append(f"M{_n(middle)} {_n(me.y + me.height)}V{_n(beam)}")
        drawn.paths.append(f"M{_n(min(*used, middle))} {_n(beam)}H{_n(max(*used, middle))}")
    drawn.height = max(bottom, me.y + me.height) + 4
    return drawn


def _shared(learners: Sequence[Person], count: int, width: float) -> list[list[Person]]:
    """The learners in their order, in columns of about the same height."""
    heights = [_whole_height(each, width - 6) for each in learners]
    aim = sum(heights) / count
    found: list[list[Person]] = [[]]
    filled = 0.0
    for learner, height in zip(learners, heights, strict=True):
        if found[-1] and filled + height / 2 > aim and len(found) < count:
            found.append([])
            filled = 0.0
        found[-1].append(learner)
        filled += height
    return found


def _whole_height(learner: Person, width: float) -> float:
    own = height_of(learner, width - 18) + GAP
    return own + sum(height_of(each, width - 46) + GAP for each in learner.learners) + (26 if learner.more else 0)


def _hang(drawn: Drawn, learner: Person, spine: float, y: float, width: float) -> tuple[float, float]:
    """One learner with theirs from a spine; where the next begins, and where the spine must reach."""
    box = _box(learner, spine + 18, y, width - 18)
    drawn.boxes.append(box)
    drawn.paths.append(_branch(spine, box.middle, box.x))
    y += box.height + GAP
    inner = box.x + 10
    for each in learner.learners:
        child = _box(each, spine + 46, y, width - 46)
        drawn.boxes.append(child)
        drawn.paths.append(f"M{_n(inner)} {_n(box.y + box.height)}{_turn(inner, child)}")
        y += child.height + GAP
    if learner.more:
        drawn.notes.append(Text(spine + 46, y + 8, learner.more))
        y += 26
    return y, box.middle


def _turn(x: float, child: Box) -> str:
    return f"V{_n(child.middle - 8)}Q{_n(x)} {_n(child.middle)} {_n(x + 8)} {_n(child.middle)}H{_n(child.x)}"


def _branch(spine: float, middle: float, x: float) -> str:
    return f"M{_n(spine)} {_n(middle - 10)}Q{_n(spine)} {_n(middle)} {_n(spine + 10)} {_n(middle)}H{_n(x)}"


def _spine(x: float, top: float, last: float) -> str:
    return f"M{_n(x)} {_n(top)}V{_n(last - 10)}"


# The forest: one small tree for each craftsman, its learners as leaves

TREE_WIDTH, TREE_HEIGHT = 200, 184
_GOLDEN = math.pi * (3 - math.sqrt(5))
_RADII = ((6, 12.0), (14, 10.0), (24, 8.4), (40, 7.0), (10_000, 5.6))


@dataclass(frozen=True)
class Leaf:
    x: float
    y: float
    radius: float
    tone: str


@dataclass(frozen=True)
class SmallTree:
    """``trunk`` is an outline to fill, ``branches`` are lines, each with its width."""

    trunk: str
    branches: tuple[tuple[str, float], ...]
    leaves: tuple[Leaf, ...]


def view_of(trees: Sequence[SmallTree]) -> str:
    """The least window that holds each of the trees, so that they fill the room they get and stand at one scale."""
    leaves = [leaf for tree in trees for leaf in tree.leaves]
    half = max([56.0, *(abs(leaf.x - TREE_WIDTH / 2) + leaf.radius + 8 for leaf in leaves)])
    top = min([TREE_HEIGHT - 84.0, *(leaf.y - leaf.radius - 6 for leaf in leaves)])
    return f"{_n(TREE_WIDTH / 2 - half)} {_n(top)} {_n(2 * half)} {_n(TREE_HEIGHT - top)}"


def small_tree(tones: Sequence[str]) -> SmallTree:
    """A trunk with a crown of leaves, one a learner, spread as seeds are on a sunflower: never one over another. Without
    learners, a sapling."""
    count = len(tones)
    middle, ground = TREE_WIDTH / 2, float(TREE_HEIGHT)
    if not count:
        return _sapling(middle, ground)
    radius = next(size for most, size in _RADII if count <= most)
    # Neighbours on the spiral stand at least 1.6 steps apart.
    step = radius * 2.14 / 1.6
    crown = step * math.sqrt(count)
    high = max(ground - 46 - crown - min(count * 1.2, 30), crown + radius + 2)
    spots = []
    for number in range(count):
        angle, far = number * _GOLDEN - math.pi / 2, step * math.sqrt(number + 0.35)
        spots.append((round(middle + far * math.cos(angle), 1), round(high + far * math.sin(angle), 1)))
    # Those who raised a level stand highest: told first, they get the uppermost places.
    spots.sort(key=lambda spot: (spot[1], spot[0]))
    leaves = tuple(Leaf(x, y, radius, tone) for (x, y), tone in zip(spots, tones, strict=True))
    thick = 3 + min(count, 40) * 0.09
    fork = min(high + crown * 0.45, ground - 24)
    foot, waist, top = thick * 1.7, thick * 0.7, thick * 0.6
    trunk = (
        f"M{_n(middle - foot)} {_n(ground)}Q{_n(middle - waist)} {_n(ground - 16)} {_n(middle - top)} {_n(fork)}"
        f"L{_n(middle + top)} {_n(fork)}Q{_n(middle + waist)} {_n(ground - 16)} {_n(middle + foot)} {_n(ground)}z"
    )
    branches = tuple((_bough(middle, fork, leaf), 1.4 if count > 14 else 2.0) for leaf in leaves if leaf.y < fork + radius)
    return SmallTree(trunk, branches, leaves)


def _bough(middle: float, fork: float, leaf: Leaf) -> str:
    bend = fork - abs(leaf.x - middle) * 0.55 - 6
    return f"M{_n(middle)} {_n(fork + 4)}Q{_n(middle + (leaf.x - middle) * 0.15)} {_n(max(bend, leaf.y))} {_n(leaf.x)} {_n(leaf.y)}"


def _sapling(middle: float, ground: float) -> SmallTree:
    top = ground - 52
    stem = f"M{_n(middle - 2.4)} {_n(ground)}L{_n(middle - 1)} {_n(top)}H{_n(middle + 1)}L{_n(middle + 2.4)} {_n(ground)}z"
    leaves = (f"M{_n(middle)} {_n(top + 16)}q-20 -3 -24 -24q21 3 24 24", f"M{_n(middle)} {_n(top + 8)}q17 -4 20 -23q-18 4 -20 23")
    return SmallTree(stem, tuple((leaf, 1.6) for leaf in leaves), ())
