"""Background work on special mentors."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actors import system
from denggao.foundation.jobs.registry import Progress, job
from denggao.systems.craftsmen.mentors.actions.reminding import remind_behind


@job("craftsmen.mentors.remind", title=_("Reminding of special mentors’ duties"), cron="50 8 * * *", keep=False)
def reminders(arguments: dict[str, Any], progress: Progress) -> None:
    remind_behind(actor=system("craftsmen.mentors.remind"), now=progress.now())
