"""A review that is no longer wanted: its subject was withdrawn, sent back or ended above."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext as _

from denggao.engines.reviews.models import Assignment, Panel
from denggao.engines.reviews.refusals import given_reason
from denggao.engines.reviews.sealing import follows
from denggao.engines.reviews.telling import tell_called_off
from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot

REASON_LENGTH = 300


@action("reviews.panel.call_off", requires=follows, batch=True)
def call_off_panel(subject_kind: str, subject_id: UUID, *, reason: str, actor: Actor, now: dt.datetime) -> Panel | None:
    """Close the running panel of a subject without a result: experts who have not handed in need not; what was handed in is
    kept and counts for nothing. None where none is running. Its subject's room is not told: it asked. Raises ReasonMissing."""
    reason = given_reason(reason, _("Reason: say why the review is called off."))[:REASON_LENGTH]
    panel = Panel.objects.running().filter(subject_kind=subject_kind, subject_id=subject_id).first()
    if panel is None:
        return None
    before = snapshot(panel)
    ended = Panel.objects.running().filter(pk=panel.pk).update(state=Panel.State.CLOSED, closed_at=now, result=None)
    if not ended:
        return None
    panel.refresh_from_db()
    waiting = list(panel.assignments.filter(state__in=Assignment.PENDING).select_related("expert__person__account"))
    Assignment.objects.filter(pk__in=[row.pk for row in waiting]).update(
        state=Assignment.State.REPLACED, ended_at=now, reason=reason
    )
    note([Line.about("reviews.panel.call_off", panel, before=before, after={**snapshot(panel), "reason": reason})])
    tell_called_off(waiting, now=now)
    return panel
