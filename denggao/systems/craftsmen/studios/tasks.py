"""What happens to studios by the calendar."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.foundation.jobs.registry import Progress, job
from denggao.systems.craftsmen.studios.actions.evaluating import remind_of_evaluations


@job("studios.remind", title=_("Reminding studios of their evaluation"), cron="40 6 * * *", keep=False)
def remind(arguments: dict[str, Any], progress: Progress) -> None:
    remind_of_evaluations(actor=progress.actor, now=progress.now())
