"""Opening a panel, naming its chair, changing its seats and day. Scoring and closing lie beside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from denggao.engines.reviews import policies
from denggao.engines.reviews.actions.conflicts import look_at
from denggao.engines.reviews.actions.seats import hold
from denggao.engines.reviews.models import Assignment, Panel, RubricVersion
from denggao.engines.reviews.parties import Parties
from denggao.engines.reviews.queries import standing_conflicts
from denggao.engines.reviews.refusals import PanelRefused
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.plans.models import Plan

RULE: Mapping[str, Any] = {"aggregate": "mean", "max_spread": "", "visit_required": False, "extra_seats": 1}
MOST_SEATS = 15


@dataclass(frozen=True)
class PanelOrder:
    """What the room above asks for. ``rule`` fills what ``RULE`` leaves; ``fields`` are codes of industries."""

    subject_kind: str
    subject_id: UUID
    title_zh: str
    rubric_version: RubricVersion
    parties: Parties
    seats: int = 3
    title_en: str = ""
    plan: Plan | None = None
    rule: Mapping[str, Any] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    chair: User | None = None
    due_on: dt.date | None = None
    is_demo: bool = False


@action("reviews.panel.open", requires=policies.can_open_panel)
def open_panel(order: PanelOrder, *, actor: Actor, now: dt.datetime) -> Panel:
    """Open the review of a subject, and look for conflicts at once. Runs inside the act of the room above.

    Raises PanelRefused where one is running already, or with seats that can't be.
    """
    if not 1 <= order.seats <= MOST_SEATS:
        raise PanelRefused(_("Seats: between 1 and %(most)s.") % {"most": MOST_SEATS})
    try:
        with transaction.atomic():
            panel = Panel.objects.create(
                subject_kind=order.subject_kind,
                subject_id=order.subject_id,
                title_zh=order.title_zh[:200],
                title_en=order.title_en[:200],
                plan=order.plan,
                rubric_version=order.rubric_version,
                seats=order.seats,
                rule={**RULE, **order.rule},
                parties=order.parties.as_json(),
                fields=list(order.fields),
                due_on=order.due_on,
                opened_at=now,
                is_demo=order.is_demo,
            )
    except IntegrityError:
        raise PanelRefused(_("A review of this is running already; nothing was opened twice.")) from None
    look_at([panel], actor=actor, now=now, also=getattr(order.chair, "person", None))
    if order.chair is not None:
        _seat_chair(panel, order.chair)
    return panel


@action("reviews.panel.name_chair", requires=policies.can_run_panel)
def name_chair(panel: Panel, chair: User | None, *, actor: Actor, now: dt.datetime) -> Panel:
    """Give the panel a chair; None leaves it to the office's clerks and reviewers. Raises PanelRefused for one in conflict
    or judging in it, PanelClosed."""
    panel = hold(panel)
    if chair is None:
        panel.chair = None
        panel.save(update_fields=["chair"])
        return panel
    look_at([panel], actor=actor, now=now, also=getattr(chair, "person", None))
    _seat_chair(panel, chair)
    return panel


def _seat_chair(panel: Panel, chair: User) -> None:
    person = getattr(chair, "person", None)
    if person is not None and standing_conflicts([panel])[panel.pk].get(person.pk):
        raise PanelRefused(_("Chair: a conflict of interest stands in the way. Name somebody else."))
    if Assignment.objects.filter(panel=panel, expert__person__account=chair, state__in=Assignment.WORKING).exists():
        raise PanelRefused(_("Chair: an expert who judges in this panel can't chair it. Name somebody else."))
    panel.chair = chair
    panel.save(update_fields=["chair"])


@action("reviews.panel.change", requires=policies.can_run_panel)
def change_panel(panel: Panel, *, seats: int, due_on: dt.date | None, actor: Actor, now: dt.datetime) -> Panel:
    """Change how many reviews are wanted and until when. Raises PanelRefused for fewer seats than experts hold, PanelClosed."""
    panel = hold(panel)
    taken = panel.assignments.filter(state__in=Assignment.WORKING).count()
    if not max(1, taken) <= seats <= MOST_SEATS:
        raise PanelRefused(_("Seats: between %(least)s and %(most)s.") % {"least": max(1, taken), "most": MOST_SEATS})
    panel.seats, panel.due_on = seats, due_on
    panel.save(update_fields=["seats", "due_on"])
    return panel
