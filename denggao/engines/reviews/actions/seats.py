"""Putting experts on the seats of a panel. Nothing here looks for conflicts: whoever calls has done so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from denggao.engines.reviews.models import Assignment, Expert, Panel
from denggao.engines.reviews.queries import askable, barred_persons, open_loads
from denggao.engines.reviews.refusals import AssignmentRefused, PanelClosed
from denggao.engines.reviews.telling import tell_asked, tell_chair
from denggao.foundation.audit.actions import note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot


def hold(panel: Panel) -> Panel:
    """The panel as stored, kept from everybody else until the act ends, so that two officers take turns. Raises
    PanelClosed."""
    return hold_all([panel])[0]


def hold_all(panels: Iterable[Panel]) -> list[Panel]:
    """``hold`` for several, always in the same order; one query."""
    rows = Panel.objects.filter(pk__in={panel.pk for panel in panels}).order_by("pk")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(no_key=True)
    held = list(rows)
    if any(panel.state == Panel.State.CLOSED for panel in held):
        raise PanelClosed
    return held


def barred(panels: Sequence[Panel], experts: Iterable[Expert]) -> set[tuple[int, int]]:
    """Pairs of panel and expert (ids) that can't be: a conflict stands, the expert was asked there before, or chairs it."""
    experts = list(experts)
    conflicts = barred_persons(panels)
    asked = set(Assignment.objects.filter(panel__in=panels).values_list("panel_id", "expert_id"))
    for panel in panels:
        against = conflicts[panel.pk]
        asked |= {
            (panel.pk, expert.pk)
            for expert in experts
            if expert.person_id in against or (panel.chair_id is not None and panel.chair_id == expert.person.account_id)
        }
    return asked


def fields_of(experts: Iterable[Expert]) -> dict[int, set[str]]:
    """The codes of the industries each expert (by id) knows; one query."""
    found: dict[int, set[str]] = {expert.pk: set() for expert in experts}
    rows = Expert.fields.through.objects.filter(expert_id__in=found).values_list("expert_id", "industry__code")
    for expert_id, code in rows:
        found[expert_id].add(code)
    return found


def seat(pairs: Sequence[tuple[Panel, Expert]], *, how: str, actor: Actor, now: dt.datetime) -> list[Assignment]:
    """Ask experts, and tell them. Raises AssignmentRefused, with nothing written, where one was asked at the same moment."""
    rows = [Assignment(panel=panel, expert=expert, how=how, asked_at=now, asked_by=actor.id) for panel, expert in pairs]
    try:
        with transaction.atomic():
            Assignment.objects.bulk_create(rows, batch_size=500)
    except IntegrityError:
        raise AssignmentRefused(
            _("Another officer asked one of these experts at the same moment; nothing was done twice. Look at the panel again.")
        ) from None
    note(Line.about("reviews.assignment.ask", row, after=snapshot(row)) for row in rows)
    tell_asked(rows, now=now)
    return rows


def refill(panel: Panel, *, widen: bool = False, actor: Actor, now: dt.datetime) -> Assignment | None:
    """Ask one further expert where a seat is empty (``widen``: also beyond the seats, as far as the rule's ``extra_seats``
    allows): who knows the field before who doesn't, then who owes the fewest reviews. None where no seat is empty; where
    nobody is left, the chair is told so."""
    taken = panel.assignments.filter(state__in=Assignment.WORKING).count()
    if taken >= panel.seats + (int(panel.rule.get("extra_seats", 0)) if widen else 0):
        return None
    expert = next(iter(candidates(panel)), None)
    if expert is None:
        tell_chair(panel, "reviews.nobody_left", now=now)
        return None
    return seat([(panel, expert)], how=Assignment.How.EXTRA, actor=actor, now=now)[0]


def candidates(panel: Panel) -> list[Expert]:
    """Who could be asked in this panel, the first choice first."""
    experts = list(askable())
    out = barred([panel], experts)
    loads, fields, wanted = open_loads(), fields_of(experts), set(panel.fields)
    possible = [expert for expert in experts if (panel.pk, expert.pk) not in out]
    return sorted(possible, key=lambda expert: (-likes(wanted, fields[expert.pk]), loads.get(expert.pk, 0), expert.pk))


def likes(wanted: set[str], known: set[str]) -> int:
    """1 where the expert knows a field the panel is about, else 0."""
    return int(bool(wanted & known))


def preferences(panels: Sequence[Panel], fields: Mapping[int, set[str]]) -> dict[tuple[int, int], int]:
    """``likes`` by panel and expert (ids), zeros left out."""
    wanted = {panel.pk: set(panel.fields) for panel in panels}
    return {(panel, expert): 1 for panel in wanted for expert, known in fields.items() if likes(wanted[panel], known)}
