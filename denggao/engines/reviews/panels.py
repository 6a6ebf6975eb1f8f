"""What the subject's own page shows of its review: a list of experts with their scores, or that they are sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from denggao.engines.reviews import policies, sealing
from denggao.engines.reviews.models import Assignment, Panel, Score, Tally
from denggao.foundation.audit.actors import Actor

TEMPLATE = "reviews/subject_panel.html"


@dataclass(frozen=True)
class SubjectPanel:
    """``template`` draws it with ``context``."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Judge:
    """One expert of a panel. ``total`` only once open; ``recused`` where a conflict took the seat."""

    name: str
    state: str
    how: str
    total: Decimal | None = None
    recused: bool = False
    counts: bool = True


def panel_for(actor: Actor, subject_kind: str, subject_id: UUID) -> SubjectPanel | None:
    """The newest review of a subject, for the office and the chair; None where there is none, and for whoever a conflict hides it
    from. Five queries, however many experts."""
    panels = Panel.objects.filter(subject_kind=subject_kind, subject_id=subject_id).select_related("rubric_version")
    panel = panels.order_by("-opened_at", "-pk").first()
    if panel is None or not policies.can_see_panel(actor, panel):
        return None
    tally = panel.tallies.order_by("-number").first()
    seats = list(panel.assignments.select_related("expert__person").order_by("asked_at", "pk"))
    return SubjectPanel(
        TEMPLATE,
        {
            "review": {
                "panel": panel,
                "tally": tally,
                "judges": _judges(seats, tally),
                "submitted": sum(1 for seat in seats if seat.state == Assignment.State.SUBMITTED),
                "working": sum(1 for seat in seats if seat.state in Assignment.WORKING),
                "may_run": policies.can_run_panel(actor, panel),
            }
        },
    )


def _judges(seats: list[Assignment], tally: Tally | None) -> list[Judge]:
    """Those who judge first, then those who no longer do; who declined or was replaced is left out."""
    totals = _open_totals(seats) if tally is not None else {}
    shown = [seat for seat in seats if seat.is_working or seat.state == Assignment.State.SET_ASIDE]
    return [
        Judge(
            name=seat.expert.person.name,
            state=seat.state,
            how=seat.how,
            total=totals.get(seat.pk) if seat.is_working else None,
            recused=not seat.is_working,
        )
        for seat in sorted(shown, key=lambda seat: not seat.is_working)
    ]


def _open_totals(seats: list[Assignment]) -> dict[int, Decimal | None]:
    """Only of scores that were opened: a further expert's sheet may be handed in and still sealed."""
    known = sealing.opened_ids(seats[0].panel) if seats else set()
    rows = Score.objects.filter(assignment__in=[seat for seat in seats if str(seat.public_id) in known])
    return dict(rows.values_list("assignment_id", "total"))
