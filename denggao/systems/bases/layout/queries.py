"""What the layout of a plan's bases is drawn from. Bases are bodies: their names and places are public."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet

from denggao.foundation.organisations.models import Employment, Organisation
from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.ladder import BY_CODE
from denggao.foundation.standards.models import Industry, Occupation
from denggao.systems.bases.geography import participants, within
from denggao.systems.bases.layout import matrix as grid
from denggao.systems.bases.layout.drawing import Drawing, Place, draw
from denggao.systems.bases.models import Base, Coverage

# PRIVACY: an occupation that fewer than so many work in is not wanted in public: it would tell of single people.
FEWEST_WORKERS = 5
TONES = ("i1", "i2", "i3", "i4", "i5")


def shown_bases(plan: Plan) -> QuerySet[Base]:
    """Every base the plan has or had, with what a public list shows: two queries."""
    bases = Base.objects.filter(plan=plan).select_related("organisation", "industry")
    return bases.prefetch_related("coverage__occupation").order_by("accredited_on", "id")


def numbers_of(bases: Iterable[Base]) -> dict[int, int]:
    """Which number a base carries on the map and in the matrix: in the order of accreditation, from 1."""
    return {base.pk: number for number, base in enumerate(bases, start=1)}


@dataclass(frozen=True)
class MatrixCell:
    level: str
    bases: list[tuple[int, Base]]
    gap: bool


@dataclass(frozen=True)
class MatrixRow:
    occupation: Occupation
    cells: list[MatrixCell]
    workers: int | None
    uncovered: bool


@dataclass(frozen=True)
class MatrixGroup:
    industry: Industry
    rows: list[MatrixRow]
    covered: int


@dataclass(frozen=True)
class Missing:
    """An occupation nobody trains to these levels, though people of that industry work in it."""

    industry: Industry
    occupation: Occupation
    levels: tuple[str, ...]

    @property
    def level_names(self) -> list[str]:
        return [BY_CODE[level].name for level in self.levels]


@dataclass(frozen=True)
class Layout:
    groups: list[MatrixGroup]
    missing: list[Missing]
    occupations: int
    covered: int
    shared: int


def layout_of(plan: Plan, *, on: dt.date, tells_workers: bool) -> Layout:
    """The matrix of the bases accredited on a day. ``tells_workers`` is for who may see how many work where. Six queries."""
    bases = list(Base.objects.accredited(on).filter(plan=plan).order_by("accredited_on", "id"))
    numbers = numbers_of(bases)
    by_id = {base.pk: base for base in bases}
    covered = [
        grid.Covered(industry, occupation, level, base)
        for industry, occupation, level, base in Coverage.objects.filter(base__in=bases).values_list(
            "industry_id", "occupation_id", "level", "base_id"
        )
    ]
    industries = list(plan.industries.order_by("planindustry__position"))
    wanted = _workers(plan, on=on)
    if not tells_workers:
        wanted = {
            industry: {occupation: number for occupation, number in workers.items() if number >= FEWEST_WORKERS}
            for industry, workers in wanted.items()
        }
    groups = grid.matrix(covered, wanted, industries=[item.pk for item in industries], tells_workers=tells_workers)
    occupations = Occupation.objects.in_bulk({row.occupation_id for group in groups for row in group.rows})
    named = {item.pk: item for item in industries}
    return Layout(
        groups=[
            MatrixGroup(
                named[group.industry_id],
                [
                    MatrixRow(
                        occupations[row.occupation_id],
                        [MatrixCell(cell.level, [(numbers[pk], by_id[pk]) for pk in cell.bases], cell.gap) for cell in row.cells],
                        row.workers,
                        row.uncovered,
                    )
                    for row in group.rows
                ],
                group.covered,
            )
            for group in groups
        ],
        missing=[
            Missing(named[industry], occupations[occupation], levels) for industry, occupation, levels in grid.missing(groups)
        ],
        occupations=sum(len(group.rows) for group in groups),
        covered=sum(group.covered for group in groups),
        shared=sum(1 for group in groups for row in group.rows for cell in row.cells if cell.shared),
    )


def _workers(plan: Plan, *, on: dt.date) -> dict[int, dict[int, int]]:
    """How many work in an occupation for the plan's employers of an industry: by industry, by occupation."""
    rows = (
        Employment.objects.filter(
            employer__in=Organisation.objects.filter(participations__plan=plan),
            employer__industry__in=plan.industries.all(),
            occupation__isnull=False,
            left_on__isnull=True,
            known_from__lte=on,
        )
        .values_list("employer__industry_id", "occupation_id")
        .annotate(number=Count("person_id", distinct=True))
    )
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for industry, occupation, number in rows.order_by():
        found[industry][occupation] = number
    return found


@dataclass(frozen=True)
class Near:
    employer: Organisation
    km: float


def employers_near(base: Base, *, within_km: Decimal) -> list[Near]:
    """The plan's employers within reach of a base, the nearest first. One query."""
    return [Near(employer, round(km, 1)) for employer, km in within(base, participants(base.plan), within_km)]


def map_of(
    bases: Sequence[Base],
    *,
    numbers: dict[int, int],
    addresses: dict[int, str],
    industries: Sequence[Industry],
    employers: Iterable[Organisation] = (),
    reach_km: float = 0.0,
    tiles: str = "",
) -> Drawing | None:
    """The map of some bases, each by its number, in the colour of its industry; employers as dots without names."""
    tones = {industry.pk: TONES[place % len(TONES)] for place, industry in enumerate(industries)}
    return draw(
        [
            Place(
                float(base.longitude),
                float(base.latitude),
                base.name,
                addresses.get(base.pk, ""),
                tones.get(base.industry_id, TONES[-1]),
                str(numbers[base.pk]),
            )
            for base in bases
        ],
        [
            Place(float(employer.longitude), float(employer.latitude), employer.name)
            for employer in employers
            if employer.longitude is not None and employer.latitude is not None
        ],
        reach_km=reach_km,
        tiles=tiles,
    )
