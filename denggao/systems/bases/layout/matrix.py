"""Who covers what: industries × occupations × levels, with gaps and overlaps. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

# The levels a base trains for, from the lowest; what is asked of an industry's bases is the first three.
LEVELS = ("5", "4", "3", "2", "1")
EXPECTED = ("5", "4", "3")


@dataclass(frozen=True)
class Covered:
    """One base covers one occupation at one level, under one industry. ``base`` is its position among those shown."""

    industry_id: int
    occupation_id: int
    level: str
    base: int


@dataclass(frozen=True)
class Cell:
    """``bases`` are positions; ``gap`` where nobody covers what is wanted here, ``shared`` where several do."""

    level: str
    bases: tuple[int, ...]
    gap: bool

    @property
    def shared(self) -> bool:
        return len(self.bases) > 1


@dataclass(frozen=True)
class Row:
    """One occupation under one industry. ``workers`` is how many work in it, where that may be told; None is not told."""

    occupation_id: int
    cells: tuple[Cell, ...]
    workers: int | None = None

    @property
    def uncovered(self) -> bool:
        return not any(cell.bases for cell in self.cells)

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(cell.level for cell in self.cells if cell.gap)


@dataclass(frozen=True)
class Group:
    industry_id: int
    rows: tuple[Row, ...]

    @property
    def covered(self) -> int:
        return sum(1 for row in self.rows if not row.uncovered)


@dataclass
class _Gathered:
    cells: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


def matrix(
    covered: Iterable[Covered],
    wanted: Mapping[int, Mapping[int, int]],
    *,
    industries: Collection[int],
    tells_workers: bool,
) -> list[Group]:
    """Groups in the order of ``industries``, in each the occupations that are covered or wanted: first those nobody covers,
    then by how many work in them. ``wanted`` is workers by industry and occupation. A level is a gap where it is expected
    (``EXPECTED``), the occupation is wanted, and no base covers it."""
    found: dict[int, dict[int, _Gathered]] = defaultdict(lambda: defaultdict(_Gathered))
    for one in covered:
        found[one.industry_id][one.occupation_id].cells[one.level].add(one.base)
    groups = []
    for industry in industries:
        workers = wanted.get(industry, {})
        rows = [
            _row(occupation, found[industry][occupation], workers.get(occupation, 0), tells_workers=tells_workers)
            for occupation in {*found[industry], *workers}
        ]
        rows.sort(key=lambda row: (not row.uncovered, -workers.get(row.occupation_id, 0), row.occupation_id))
        groups.append(Group(industry, tuple(rows)))
    return groups


def _row(occupation_id: int, gathered: _Gathered, workers: int, *, tells_workers: bool) -> Row:
    cells = tuple(
        Cell(
            level,
            tuple(sorted(gathered.cells.get(level, ()))),
            gap=workers > 0 and level in EXPECTED and not gathered.cells.get(level),
        )
        for level in LEVELS
    )
    return Row(occupation_id, cells, workers if tells_workers else None)


def missing(groups: Iterable[Group]) -> list[tuple[int, int, tuple[str, ...]]]:
    """What no base covers though it is wanted: industry, occupation, levels from the lowest."""
    return [(group.industry_id, row.occupation_id, row.missing) for group in groups for row in group.rows if row.missing]
