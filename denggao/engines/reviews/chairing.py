"""What the chair's page shows: seats, conflicts, and who could be asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from denggao.engines.reviews import policies
from denggao.engines.reviews.actions.seats import barred, fields_of, likes
from denggao.engines.reviews.models import Assignment, Conflict, Expert, Panel
from denggao.engines.reviews.queries import askable, loads_shown, progress_of
from denggao.engines.reviews.registry import review_subject
from denggao.engines.reviews.words import STATE_TONES, conflict_text, end_text
from denggao.foundation.audit.actors import Actor
from denggao.foundation.people.rules import name_key
from denggao.foundation.standards.models import Industry
from denggao.foundation.ui.words import account_names

OFFERED = 25


def office_page(actor: Actor, panel: Panel, text: str, *, today: dt.date) -> dict[str, Any]:
    """Everything the chair's page shows; the number of queries does not grow with experts or conflicts."""
    may_run, may_chair = policies.can_run_panel(actor, panel), policies.can_chair_panel(actor, panel)
    running = panel.state != Panel.State.CLOSED
    conflicts = _conflicts(actor, panel, may_clear=may_chair and running)
    standing = {line.conflict.person_id for line in conflicts if line.conflict.state == Conflict.State.STANDING}
    seats = _seats(panel, standing, may_run=may_run and running, may_chair=may_chair and running)
    offer = _offer(actor, panel, text) if may_run and running else None
    subject = review_subject(panel.subject_kind)
    names = account_names([str(panel.chair.public_id)]) if panel.chair is not None else {}
    return {
        "panel": panel,
        "progress": progress_of([panel])[panel.pk],
        "seats": seats,
        "conflicts": conflicts,
        "offer": offer,
        "text": text.strip(),
        "may_run": may_run and running,
        "may_chair": may_chair and running,
        "subject_url": subject.url(panel.subject_id) if subject is not None else "",
        "chair": names.get(str(panel.chair.public_id), "") if panel.chair is not None else "",
        "fields": Industry.objects.filter(code__in=panel.fields) if panel.fields else [],
        "overdue": running and panel.due_on is not None and panel.due_on < today,
    }


@dataclass(frozen=True)
class SeatLine:
    """One expert of the panel as the table shows it."""

    assignment: Assignment
    tone: str
    ended: str
    may_replace: bool
    may_restore: bool


def _seats(panel: Panel, standing: set[int], *, may_run: bool, may_chair: bool) -> list[SeatLine]:
    rows = panel.assignments.select_related("expert__person", "expert__employer").order_by("pk")
    return [
        SeatLine(
            row,
            STATE_TONES[row.state],
            end_text(row),
            may_run and row.state in Assignment.PENDING,
            may_chair and row.state == Assignment.State.SET_ASIDE and row.expert.person_id not in standing,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class ConflictLine:
    """``name`` is whom it is about; ``by`` who cleared it."""

    conflict: Conflict
    name: str
    text: str
    by: str
    is_expert: bool
    may_clear: bool


def _conflicts(actor: Actor, panel: Panel, *, may_clear: bool) -> list[ConflictLine]:
    """Those of experts and of the chair first; standing before cleared."""
    rows = list(
        Conflict.objects.filter(panel__subject_kind=panel.subject_kind, panel__subject_id=panel.subject_id)
        .select_related("person__expert", "panel")
        .order_by("-state", "pk")
    )
    names = account_names([row.cleared_by for row in rows if row.cleared_by])
    own = actor.user.pk if actor.user is not None else None
    return [
        ConflictLine(
            row,
            row.person.name,
            conflict_text(row),
            names.get(row.cleared_by, row.cleared_by),
            hasattr(row.person, "expert"),
            may_clear and row.panel_id == panel.pk and row.state == Conflict.State.STANDING and row.person.account_id != own,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class OfferLine:
    """Someone who could be asked. ``load``: open reviews, as far as this actor may know of them."""

    expert: Expert
    fields: Sequence[Industry]
    fits: bool
    load: int


@dataclass(frozen=True)
class Offer:
    """``lines``: the first choice first, at most ``OFFERED``; ``more`` how many beyond; ``everyone``: who a conflict could be
    pinned on."""

    lines: list[OfferLine]
    more: int
    everyone: list[Expert]


def _offer(actor: Actor, panel: Panel, text: str) -> Offer:
    experts = list(askable())
    out, fields, wanted = barred([panel], experts), fields_of(experts), set(panel.fields)
    loads = loads_shown(actor, [expert.pk for expert in experts])
    industries = {industry.code: industry for industry in Industry.objects.all()}
    possible = [expert for expert in experts if (panel.pk, expert.pk) not in out and _matches(expert, text)]
    lines = [
        OfferLine(
            expert,
            [industries[code] for code in sorted(fields[expert.pk])],
            bool(likes(wanted, fields[expert.pk])),
            loads.get(expert.pk, 0),
        )
        for expert in possible
    ]
    lines.sort(key=lambda line: (not line.fits, line.load, line.expert.pk))
    return Offer(lines[:OFFERED], max(0, len(lines) - OFFERED), experts)


def _matches(expert: Expert, text: str) -> bool:
    text = text.strip()
    return not text or expert.person.name_key.startswith(name_key(text)) or text in expert.employer_name or text in expert.title
