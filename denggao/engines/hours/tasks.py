"""Background work on hours."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.engines.hours.actions.sitting import sweep_sittings
from denggao.foundation.audit.actors import system
from denggao.foundation.jobs.registry import Progress, job


@job("hours.sweep", title=_("Ending learning time nobody sits at"), cron="*/5 * * * *", keep=False)
def sweep(arguments: dict[str, Any], progress: Progress) -> None:
    sweep_sittings(actor=system("hours.sweep"), now=progress.now())
