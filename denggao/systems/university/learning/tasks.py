from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actors import system
from denggao.foundation.jobs.registry import Progress, job
from denggao.systems.university.learning.actions.reminding import remind_due


@job("learning.remind", title=_("Reminding of courses that are due"), cron="10 9 * * *", keep=False)
def reminders(arguments: dict[str, Any], progress: Progress) -> None:
    remind_due(actor=system("learning.remind"), now=progress.now())
