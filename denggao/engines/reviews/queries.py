"""Reads of the register and of panels that span tables."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from denggao.engines.reviews.models import Assignment, Conflict, Expert, Panel
from denggao.engines.reviews.policies import visible_panels
from denggao.foundation.audit.actors import OFFICE_ROLES, Actor, Role
from denggao.foundation.organisations.models import Membership
from denggao.foundation.organisations.queries import RoleRow
from denggao.foundation.people.models import Person


def askable(experts: QuerySet[Expert] | None = None) -> QuerySet[Expert]:
    """Experts who may be asked: active, with an account that is open. By name, then by when they joined."""
    rows = Expert.objects.all() if experts is None else experts
    rows = rows.filter(state=Expert.State.ACTIVE, person__account__is_active=True)
    return rows.select_related("person__account", "employer").order_by("pk")


def roles_by_register(account_id: int, on: dt.date) -> QuerySet[Any, RoleRow]:
    """Whoever stands in the register is an expert, for the whole installation, until they leave it; with reviews under way,
    until those are done. A source of roles for ``organisations.queries``."""
    owing = Assignment.objects.filter(expert=OuterRef("pk"), state__in=Assignment.PENDING).exclude(panel__state=Panel.State.CLOSED)
    standing = Expert.objects.filter(~Q(state=Expert.State.LEFT) | Exists(owing), person__account_id=account_id, from_on__lte=on)
    expert, nowhere = Value(Role.EXPERT.value), Value(None, output_field=BigIntegerField())
    return standing.order_by().annotate(role=expert, body=nowhere).values_list("role", "body", "from_on")


def watched_person_ids(panels: Collection[Panel], on: dt.date) -> set[int]:
    """Whose conflicts are looked for: the experts of the register, chairs, and everyone in an office role."""
    office = Membership.objects.filter(
        Q(to_on__isnull=True) | Q(to_on__gte=on), role__in=[role.value for role in OFFICE_ROLES], organisation__isnull=True
    )
    chairs = {panel.chair_id for panel in panels if panel.chair_id is not None}
    seated = Assignment.objects.filter(panel__in=panels, state__in=Assignment.WORKING).values("expert_id")
    experts = Expert.objects.filter(~Q(state=Expert.State.LEFT) | Q(pk__in=seated)).values_list("person_id", flat=True)
    others = Person.objects.filter(Q(account_id__in=office.values("account_id")) | Q(account_id__in=chairs))
    return {*experts, *others.values_list("pk", flat=True)}


def judging_person_ids(panels: Collection[Panel], actor: Actor) -> set[int]:
    """Who has to do with these panels already: whoever was ever asked to a seat, the chairs, and the actor."""
    accounts = {panel.chair_id for panel in panels if panel.chair_id is not None} | ({actor.user.pk} if actor.user else set())
    seated = Assignment.objects.filter(panel__in=panels).values_list("expert__person_id", flat=True)
    return {*seated, *Person.objects.filter(account_id__in=accounts).values_list("pk", flat=True)}


def standing_conflicts(panels: Iterable[Panel]) -> dict[int, dict[int, list[Conflict]]]:
    """By panel and person (database ids): what stands against them, in any panel of the same subject."""
    panels = list(panels)
    by_subject: dict[tuple[str, str], list[int]] = defaultdict(list)
    for panel in panels:
        by_subject[panel.subject_kind, str(panel.subject_id)].append(panel.pk)
    rows = Conflict.objects.filter(
        state=Conflict.State.STANDING, panel__subject_id__in={panel.subject_id for panel in panels}
    ).select_related("panel")
    found: dict[int, dict[int, list[Conflict]]] = {panel.pk: defaultdict(list) for panel in panels}
    for row in rows.order_by("pk"):
        for pk in by_subject.get((row.panel.subject_kind, str(row.panel.subject_id)), ()):
            found[pk][row.person_id].append(row)
    return found


def barred_persons(panels: Iterable[Panel]) -> dict[int, set[int]]:
    """By panel: the persons in conflict with its subject (database ids); one query, and no rows made of it."""
    panels = list(panels)
    rows = Conflict.objects.filter(
        state=Conflict.State.STANDING, panel__subject_id__in={panel.subject_id for panel in panels}
    ).values_list("panel__subject_kind", "panel__subject_id", "person_id")
    by_subject: dict[tuple[str, object], set[int]] = defaultdict(set)
    for kind, subject_id, person_id in rows.distinct().order_by():
        by_subject[kind, subject_id].add(person_id)
    return {panel.pk: by_subject.get((panel.subject_kind, panel.subject_id), set()) for panel in panels}


def open_loads(expert_ids: Collection[int] | None = None, *, panels: QuerySet[Panel] | None = None) -> dict[int, int]:
    """How many reviews each expert (by id) still owes; absent where none. ``panels`` narrows which are counted."""
    rows = Assignment.objects.filter(state__in=Assignment.PENDING).exclude(panel__state=Panel.State.CLOSED)
    if expert_ids is not None:
        rows = rows.filter(expert_id__in=expert_ids)
    if panels is not None:
        rows = rows.filter(panel__in=panels)
    return dict(rows.order_by().values_list("expert_id").annotate(count=Count("pk")))


def loads_shown(actor: Actor, expert_ids: Collection[int]) -> dict[int, int]:
    """``open_loads`` as this actor may know them. SECURITY: panels hidden from the actor are not counted, or who judges
    there could be read off the numbers."""
    return open_loads(expert_ids, panels=visible_panels(actor))


@dataclass(frozen=True)
class Progress:
    """Of one panel: seats, experts holding one, those who accepted or went further, submitted."""

    seats: int
    asked: int
    accepted: int
    submitted: int

    @property
    def missing(self) -> int:
        return max(0, self.seats - self.asked)


def progress_of(panels: Collection[Panel]) -> dict[int, Progress]:
    """By panel id; one query."""
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Assignment.objects.filter(panel__in=panels).order_by().values_list("panel_id", "state").annotate(count=Count("pk"))
    for panel_id, state, count in rows:
        counted[panel_id][state] = count
    return {panel.pk: _progress(panel, counted[panel.pk]) for panel in panels}


def _progress(panel: Panel, by_state: dict[str, int]) -> Progress:
    total = {state: by_state.get(state, 0) for state in Assignment.WORKING}
    asked = sum(total.values())
    return Progress(panel.seats, asked, asked - total["asked"], total["submitted"])


def panels_to_fill(actor: Actor) -> int:
    """Running panels with an empty seat, as far as this actor may know of them."""
    running = visible_panels(actor).exclude(state=Panel.State.CLOSED)
    return running.annotate(taken=seats_taken()).filter(taken__lt=F("seats")).count()


def seats_taken() -> Coalesce:
    """How many experts hold a seat of a panel, for ``annotate``. A subquery: of a page's panels those alone are counted, where a
    grouping join would count all there are."""
    held = Assignment.objects.filter(panel=OuterRef("pk"), state__in=Assignment.WORKING).order_by().values("panel")
    return Coalesce(Subquery(held.annotate(count=Count("pk")).values("count")), 0)
