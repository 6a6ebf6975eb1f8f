"""Background work on hours."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denggao.engines.hours.actions.finding import look_through
from denggao.engines.hours.actions.sitting import sweep_sittings
from denggao.foundation.audit.actors import system
from denggao.foundation.jobs.registry import Progress, job


@job("hours.sweep", title=_("Ending learning time nobody sits at"), cron="*/5 * * * *", keep=False)
def sweep(arguments: dict[str, Any], progress: Progress) -> None:
    sweep_sittings(actor=system("hours.sweep"), now=progress.now())


@job("hours.look", title=_("Looking through yesterday’s learning time"), cron="30 1 * * *", queue="heavy", keep=False)
def look(arguments: dict[str, Any], progress: Progress) -> None:
    yesterday = timezone.localdate(progress.now()) - dt.timedelta(days=1)
    look_through(yesterday, actor=system("hours.look"), now=progress.now())
