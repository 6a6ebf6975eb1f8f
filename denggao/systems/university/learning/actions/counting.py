"""Hours that no page proved: classes attended, practice before an instructor's eyes. Corrected by reversal, never changed."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from denggao.engines.hours.actions.folding import Source, count_hours, reverse_entry
from denggao.engines.hours.models import HourEntry
from denggao.foundation.audit.actors import Actor
from denggao.systems.university.learning.models import Enrolment
from denggao.systems.university.learning.queries.steps import ACTIVITY, CONTEXT


def count_anew(
    enrolment: Enrolment,
    unit_key: UUID,
    minutes: int,
    *,
    kind: str,
    source: tuple[str, UUID],
    day: dt.date,
    rule: str,
    reason: str = "",
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Make what a source counts be so many minutes on a day: what it counted otherwise is reversed. Saying the same again
    changes nothing. Runs inside an action."""
    standing = HourEntry.objects.filter(source_kind=source[0], source_id=source[1], reverses__isnull=True)
    live = list(standing.filter(reversal__isnull=True))
    kept = [entry for entry in live if entry.day == day and entry.seconds == minutes * 60 and entry.kind == kind]
    for entry in live:
        if entry not in kept[:1]:
            reverse_entry(entry, source=Source(f"{source[0]}.back"[:30], source[1]), reason=reason or rule, actor=actor, now=now)
    if minutes <= 0 or kept:
        return
    count_hours(
        enrolment.person,
        context=(CONTEXT, enrolment.public_id),
        activity=(ACTIVITY, unit_key),
        organisation=enrolment.run.school.organisation,
        kind=kind,
        day=day,
        seconds=minutes * 60,
        source=Source(source[0], source[1], part=standing.filter(day=day).count()),
        rule=rule,
        actor=actor,
        now=now,
    )
