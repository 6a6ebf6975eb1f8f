"""Who fills the indicators the platform knows by itself. A room registers a provider in ``wiring.py``; each number comes with
the rows it rests on, and an opener that tells what those rows are without naming anybody."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from denggao.engines.ledger.models import Entry
from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.plans.models import Goal, Plan
from denggao.foundation.standards.ladder import BY_CODE
from denggao.foundation.standards.queries import rule_value
from denggao.systems.bases.geography import participants, within
from denggao.systems.bases.models import Base, Coverage, Qualification, Teacher, TeacherInvitation

REACH_KM = "bases.reach_km"


@dataclass(frozen=True)
class Filled:
    """A number of the platform for one base, and the public ids of the rows behind it, in an order that stays."""

    value: Decimal
    rows: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True)
class Row:
    """A row behind a number, as its reader may see it: what it is and since when. PRIVACY: no person is named."""

    text: str
    detail: str = ""
    url: str = ""


@dataclass(frozen=True)
class Provider:
    """``fill(bases, year)`` gives a number for each base, by id, in a constant number of queries; ``open(ids, actor)`` the rows,
    in the order of the ids, in a constant number too."""

    fill: Callable[[Sequence[Base], int], dict[int, Filled]]
    open: Callable[[Collection[uuid.UUID], Actor], list[Row]]


_PROVIDERS: dict[str, Provider] = {}


def register_provider(indicator: str, provider: Provider) -> None:
    """Plugged in ``wiring.py``."""
    _PROVIDERS[indicator] = provider


def provider_of(indicator: str) -> Provider | None:
    return _PROVIDERS.get(indicator)


def fill(bases: Sequence[Base], year: int, indicators: Collection[str]) -> dict[str, dict[int, Filled]]:
    """Every number the platform knows: by indicator, then by base id."""
    return {code: _PROVIDERS[code].fill(bases, year) for code in indicators if code in _PROVIDERS}


# Employers and raised levels


@dataclass
class Reach:
    """For one base: its employers within reach, and the entries of the ledger that count there, in the year."""

    employers: list[Organisation] = field(default_factory=list)
    raises: list[Entry] = field(default_factory=list)


def reach_of(bases: Sequence[Base], year: int) -> dict[int, Reach]:
    """By base id. Three queries a plan, and one for the radius. An entry counts for every base that reaches it."""
    km = rule_value(REACH_KM, dt.date(year, 12, 31))
    by_plan: dict[int, list[Base]] = defaultdict(list)
    for base in bases:
        by_plan[base.plan_id].append(base)
    found: dict[int, Reach] = {}
    for group in by_plan.values():
        plan = group[0].plan
        employers = participants(plan)
        covered = _covered(group)
        entries = _raises(plan, year)
        for base in group:
            near = [employer for employer, _distance in within(base, employers, km)]
            ids = {employer.pk for employer in near}
            raises = [entry for entry in entries if entry.employer_id in ids and entry.occupation_id in covered[base.pk]]
            found[base.pk] = Reach(near, raises)
    return found


def _covered(bases: Sequence[Base]) -> dict[int, set[int]]:
    covered: dict[int, set[int]] = defaultdict(set)
    for base_id, occupation_id in Coverage.objects.filter(base__in=bases).values_list("base_id", "occupation_id"):
        covered[base_id].add(occupation_id)
    return covered


def _raises(plan: Plan, year: int) -> list[Entry]:
    """Entries that stand, of workers who rose a level in that year."""
    standing = Entry.objects.filter(
        goal__plan=plan, goal__unit=Goal.Unit.PERSON, sign=1, reversed_by__isnull=True, happened_on__year=year
    ).exclude(employer=None)
    return list(standing.order_by("happened_on", "id"))


def _fill_raised(bases: Sequence[Base], year: int) -> dict[int, Filled]:
    """Heads, not entries: who stands in two goals rose once."""
    filled = {}
    for base_id, reach in reach_of(bases, year).items():
        first = {entry.person_id: entry.public_id for entry in reversed(reach.raises)}
        rows = tuple(entry.public_id for entry in reach.raises if first[entry.person_id] == entry.public_id)
        filled[base_id] = Filled(Decimal(len(rows)), rows)
    return filled


def _fill_employers_served(bases: Sequence[Base], year: int) -> dict[int, Filled]:
    filled = {}
    for base_id, reach in reach_of(bases, year).items():
        served = {entry.employer_id for entry in reach.raises}
        rows = tuple(employer.public_id for employer in reach.employers if employer.pk in served)
        filled[base_id] = Filled(Decimal(len(rows)), rows)
    return filled


def _fill_employers_in_reach(bases: Sequence[Base], year: int) -> dict[int, Filled]:
    return {
        base_id: Filled(Decimal(len(reach.employers)), tuple(employer.public_id for employer in reach.employers))
        for base_id, reach in reach_of(bases, year).items()
    }


def _open_raises(ids: Collection[uuid.UUID], actor: Actor) -> list[Row]:
    entries = {
        entry.public_id: entry
        for entry in Entry.objects.filter(public_id__in=list(ids)).select_related("employer", "occupation", "goal__plan")
    }
    rows = []
    for public_id in ids:
        entry = entries.get(public_id)
        if entry is None:
            continue
        level = BY_CODE[entry.level].name if entry.level in BY_CODE else entry.level
        named = " · ".join(
            filter(None, [entry.employer.name if entry.employer else "", entry.occupation.name if entry.occupation else "", level])
        )
        rows.append(Row(named, f"{entry.happened_on:%Y-%m}"))
    return rows


def _open_bodies(ids: Collection[uuid.UUID], actor: Actor) -> list[Row]:
    bodies = {body.public_id: body for body in Organisation.objects.filter(public_id__in=list(ids)).select_related("industry")}
    return [
        Row(body.name, body.industry.name if body.industry else "", f"/organisations/{body.public_id}/" if actor.is_office else "")
        for public_id in ids
        if (body := bodies.get(public_id)) is not None
    ]


# Teachers


def teachers_of(bases: Sequence[Base], on: dt.date) -> dict[int, list[Teacher]]:
    """Those who teach at each base on a day, by base id: of its body, and invited from the pool. Two queries."""
    bodies = {base.organisation_id for base in bases}
    standing = Q(left_on__isnull=True) | Q(left_on__gte=on)
    own: dict[int, list[Teacher]] = defaultdict(list)
    for teacher in Teacher.objects.filter(standing, home_id__in=bodies, from_on__lte=on).select_related("person").order_by("id"):
        own[teacher.home_id].append(teacher)
    invited: dict[int, list[Teacher]] = defaultdict(list)
    accepted = TeacherInvitation.objects.filter(
        base__in=bases, state=TeacherInvitation.State.ACCEPTED, from_on__lte=on, to_on__gte=on
    )
    for invitation in accepted.select_related("teacher__person").order_by("teacher_id"):
        invited[invitation.base_id].append(invitation.teacher)
    return {
        base.pk: list({teacher.pk: teacher for teacher in (*own[base.organisation_id], *invited[base.pk])}.values())
        for base in bases
    }


def _qualified(bases: Sequence[Base], year: int) -> tuple[dict[int, list[Teacher]], set[int]]:
    last = dt.date(year, 12, 31)
    teachers = teachers_of(bases, last)
    everyone = {teacher.pk for group in teachers.values() for teacher in group}
    held = Qualification.objects.in_force(last).filter(teacher_id__in=everyone)
    return teachers, set(held.values_list("teacher_id", flat=True))


def _fill_qualified(bases: Sequence[Base], year: int) -> dict[int, Filled]:
    teachers, qualified = _qualified(bases, year)
    filled = {}
    for base_id, group in teachers.items():
        rows = tuple(teacher.public_id for teacher in group if teacher.pk in qualified)
        filled[base_id] = Filled(Decimal(len(rows)), rows)
    return filled


def _fill_share(bases: Sequence[Base], year: int) -> dict[int, Filled]:
    """Percent, two places; 0 where there is no teacher at all."""
    teachers, qualified = _qualified(bases, year)
    filled = {}
    for base_id, group in teachers.items():
        lapsed = tuple(teacher.public_id for teacher in group if teacher.pk not in qualified)
        share = Decimal(100 * (len(group) - len(lapsed))) / len(group) if group else Decimal(0)
        filled[base_id] = Filled(share.quantize(Decimal("0.01"), ROUND_HALF_UP), lapsed)
    return filled


def _open_teachers(ids: Collection[uuid.UUID], actor: Actor) -> list[Row]:
    teachers = {
        teacher.public_id: teacher
        for teacher in Teacher.objects.filter(public_id__in=list(ids))
        .select_related("person", "home")
        .prefetch_related("qualifications")
    }
    rows = []
    for public_id in ids:
        teacher = teachers.get(public_id)
        if teacher is None:
            continue
        ends = [held.expires_on for held in teacher.qualifications.all() if held.expires_on]
        until = _("qualification until %(day)s") % {"day": max(ends)} if ends else _("qualification without end")
        rows.append(
            Row(
                f"{teacher.person.masked_name} · {teacher.home.name}",
                until if teacher.qualifications.all() else _("no qualification"),
            )
        )
    return rows


def own_providers() -> dict[str, Provider]:
    """What this room and the ledger know, by indicator. Plugged in ``wiring.py``."""
    return {
        "raised": Provider(_fill_raised, _open_raises),
        "employers_served": Provider(_fill_employers_served, _open_bodies),
        "employers_in_reach": Provider(_fill_employers_in_reach, _open_bodies),
        "qualified_teachers": Provider(_fill_qualified, _open_teachers),
        "teachers_share": Provider(_fill_share, _open_teachers),
    }
