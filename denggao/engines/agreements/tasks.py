"""Background work on what is to be signed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.engines.agreements.reminding import remind_signers
from denggao.foundation.audit.actors import system
from denggao.foundation.jobs.registry import Progress, job


@job("agreements.remind", title=_("Reminding of signatures"), cron="40 8 * * *", keep=False)
def reminders(arguments: dict[str, Any], progress: Progress) -> None:
    remind_signers(actor=system("agreements.remind"), now=progress.now())
