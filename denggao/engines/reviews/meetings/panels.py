"""What a candidate's own page shows of the jury's vote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from denggao.engines.reviews.meetings.models import Ballot, Item
from denggao.engines.reviews.meetings.policies import visible_meetings
from denggao.foundation.audit.actors import Actor

TEMPLATE = "meetings/subject_panel.html"


@dataclass(frozen=True)
class SubjectPanel:
    """``template`` draws it with ``context``."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


def panel_for(actor: Actor, subject_kind: str, subject_id: UUID) -> SubjectPanel | None:
    """The newest meeting with this candidate on its list, for the office. Three queries."""
    items = Item.objects.filter(subject_kind=subject_kind, subject_id=subject_id, meeting__in=visible_meetings(actor))
    item = items.select_related("meeting").order_by("-meeting__starts_at", "-pk").first()
    if item is None:
        return None
    settled = list(item.ballots.filter(state=Ballot.State.SETTLED).order_by("number"))
    return SubjectPanel(TEMPLATE, {"item": item, "meeting": item.meeting, "ballots": settled})
