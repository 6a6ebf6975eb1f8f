"""What reviews do by themselves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.engines.reviews.actions.conflicts import look_at_running
from denggao.foundation.audit.actors import system
from denggao.foundation.jobs.registry import Progress, job

LOOK_JOB = "reviews.conflicts"


@job(LOOK_JOB, title=_("Looking for conflicts of interest"), cron="40 2 * * *", keep=False)
def look_for_conflicts(arguments: dict[str, Any], progress: Progress) -> None:
    """Ends, appointments and declarations may have come in any way: every running panel is looked at again each night."""
    look_at_running(actor=system(LOOK_JOB), now=progress.now())
