"""What happens to bases by the calendar."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.foundation.jobs.registry import Progress, job
from denggao.systems.bases.actions.acts import expire_bases


@job("bases.expire", title=_("Ending the terms of training bases"), cron="20 0 * * *", keep=False)
def expire(arguments: dict[str, Any], progress: Progress) -> None:
    expire_bases(actor=progress.actor, now=progress.now())
