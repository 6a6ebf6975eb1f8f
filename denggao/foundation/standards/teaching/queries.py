"""Reads of teaching standards: versions, items with what serves them, the matrix of occupations and levels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from denggao.foundation.standards.coverage import Covered, covering
from denggao.foundation.standards.ladder import LADDER, Level
from denggao.foundation.standards.models import Occupation, StandardItem, StandardVersion, TeachingStandard
from denggao.foundation.standards.teaching import rules
from denggao.foundation.standards.teaching.rules import Item

_STATE = StandardVersion.State
# The levels of the matrix, from the highest down: those that certificates are issued for.
LEVELS = tuple(level for level in reversed(LADDER) if level.certified and level.code.isdecimal())


def draft_of(standard: TeachingStandard) -> StandardVersion | None:
    return standard.versions.filter(state=_STATE.DRAFT).first()


def in_force_of(standard: TeachingStandard) -> StandardVersion | None:
    return standard.versions.filter(state=_STATE.IN_FORCE).first()


def items_of(version: StandardVersion) -> list[Item]:
    """As they are given, in their order."""
    return [Item(*row) for row in version.items.values_list("code", "kind", "text_zh", "text_en", "hours", "weight")]


@dataclass(frozen=True)
class Standing:
    """How much of a standard's items are served by something. Headings, which other items are part of, do not count."""

    items: int
    covered: int

    @property
    def gaps(self) -> int:
        return self.items - self.covered

    @property
    def share(self) -> float:
        return self.covered / self.items if self.items else 0.0

    @property
    def tone(self) -> str:
        return "full" if self.items and not self.gaps else "some" if self.covered else "none"


def standings(standards: Iterable[TeachingStandard]) -> dict[int, Standing]:
    """Of the versions in force, by the standards' database ids. One query and the providers' own, however many."""
    by_id = {standard.pk: standard.code for standard in standards}
    codes: dict[int, list[str]] = defaultdict(list)
    rows = StandardItem.objects.filter(version__standard__in=list(by_id), version__state=_STATE.IN_FORCE)
    for standard_id, code in rows.values_list("version__standard_id", "code"):
        codes[standard_id].append(code)
    served = covering(list(by_id.values()))
    return {pk: _standing(codes[pk], served.get(code, {})) for pk, code in by_id.items()}


def _standing(codes: Sequence[str], served: Mapping[str, object]) -> Standing:
    asked = rules.leaves(codes)
    return Standing(len(asked), len(asked & set(served)))


@dataclass(frozen=True)
class Line:
    """An item in the tree. ``is_heading``: other items are part of it; ``gap``: it asks for something nothing serves."""

    item: StandardItem
    depth: int
    is_heading: bool
    served: list[Covered]

    @property
    def gap(self) -> bool:
        return not self.is_heading and not self.served


def tree(version: StandardVersion) -> list[Line]:
    """The items in their order, each with what serves it: one query and the providers' own."""
    items = list(version.items.all())
    codes = {item.code for item in items}
    asked = rules.leaves(codes)
    served = covering([version.standard.code]).get(version.standard.code, {})
    return [Line(item, _depth(item.code, codes), item.code not in asked, served.get(item.code, [])) for item in items]


def _depth(code: str, codes: set[str]) -> int:
    above = rules.parent_of(code, codes)
    return _depth(above, codes) + 1 if above else 0


@dataclass(frozen=True)
class Place:
    """Where an occupation and a level meet: the standard for it, if there is one in force, and how much of it is served."""

    level: Level
    standard: TeachingStandard | None
    standing: Standing | None


@dataclass(frozen=True)
class MatrixRow:
    occupation: Occupation
    places: list[Place]

    @property
    def gaps(self) -> int:
        return sum(place.standing.gaps for place in self.places if place.standing)


@dataclass(frozen=True)
class Matrix:
    """Occupations that have a standard in force, by their codes, and the levels LEVELS."""

    rows: list[MatrixRow]
    items: int
    covered: int


def matrix(standards: QuerySet[TeachingStandard]) -> Matrix:
    """Two queries and the providers' own."""
    current = standards.filter(versions__state=_STATE.IN_FORCE).select_related("occupation").order_by("occupation__code", "code")
    found = list(current)
    standing = standings(found)
    by_place = {(standard.occupation_id, standard.level): standard for standard in found}
    occupations = {standard.occupation_id: standard.occupation for standard in found}
    rows = [
        MatrixRow(occupation, [_place(pk, level, by_place, standing) for level in LEVELS]) for pk, occupation in occupations.items()
    ]
    return Matrix(rows, sum(one.items for one in standing.values()), sum(one.covered for one in standing.values()))


def _place(
    occupation_id: int, level: Level, by_place: Mapping[tuple[int, str], TeachingStandard], standing: Mapping[int, Standing]
) -> Place:
    standard = by_place.get((occupation_id, level.code))
    return Place(level, standard, standing[standard.pk] if standard else None)


def known_items(codes: Iterable[str]) -> dict[str, dict[str, StandardItem]]:
    """By standard and item code, the items in force: for who names them by their codes. One query."""
    found: dict[str, dict[str, StandardItem]] = defaultdict(dict)
    rows = StandardItem.objects.filter(version__state=_STATE.IN_FORCE, version__standard__code__in=list(codes))
    for item in rows.select_related("version__standard__occupation"):
        found[item.version.standard.code][item.code] = item
    return dict(found)
