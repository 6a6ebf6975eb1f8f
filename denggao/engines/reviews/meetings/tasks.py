"""What meetings do by themselves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.engines.reviews.meetings.actions.recusing import look_at
from denggao.engines.reviews.meetings.models import Meeting
from denggao.foundation.audit.actors import system
from denggao.foundation.jobs.registry import Progress, job

LOOK_JOB = "meetings.recusals"


@job(LOOK_JOB, title=_("Looking for recusals in jury meetings"), cron="50 2 * * *", keep=False)
def look_for_recusals(arguments: dict[str, Any], progress: Progress) -> None:
    """Ends, appointments and declarations may have come in any way: planned and open meetings are looked at again each night."""
    for meeting in Meeting.objects.filter(state__in=[Meeting.State.PLANNED, Meeting.State.OPEN]):
        look_at(meeting, actor=system(LOOK_JOB), now=progress.now())
