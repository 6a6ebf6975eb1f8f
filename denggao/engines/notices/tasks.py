"""Every ten minutes: what is due passes, and what is on show is looked at."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.engines.notices.actions import close_due_notices, note_displays
from denggao.foundation.jobs.registry import Progress, job


@job("notices.close", title=_("Closing public notices that are due"), cron="*/10 * * * *", keep=False)
def close_notices(arguments: dict[str, Any], progress: Progress) -> None:
    close_due_notices(actor=progress.actor, now=progress.now())


@job("notices.display", title=_("Proving that public notices are on show"), cron="5-59/10 * * * *", keep=False)
def prove_displays(arguments: dict[str, Any], progress: Progress) -> None:
    note_displays(now=progress.now())
