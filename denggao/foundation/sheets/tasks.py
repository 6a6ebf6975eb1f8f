"""The background work of imports. Each job bears being cut off and begun again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.foundation.jobs.registry import Progress, job
from denggao.foundation.sheets.actions import apply_import, check_import, purge_imports
from denggao.foundation.sheets.actions.intake import APPLY_JOB, CHECK_JOB
from denggao.foundation.sheets.models import Import


def _abandoned_check(arguments: dict[str, Any], sentence: str) -> None:
    """The last attempt failed: the import says so instead of being checked for ever."""
    Import.objects.filter(public_id=arguments["import"], state=Import.State.CHECKING).update(
        state=Import.State.FAILED, error={"text_zh": sentence, "text_en": sentence}
    )


def _abandoned_apply(arguments: dict[str, Any], sentence: str) -> None:
    """Nothing was applied: the preview is open again."""
    Import.objects.filter(public_id=arguments["import"], state=Import.State.APPLYING).update(
        state=Import.State.CHECKED, error={"text_zh": sentence, "text_en": sentence}
    )


@job(CHECK_JOB, title=_("Checking a list"), queue="heavy", lease=dt.timedelta(minutes=5), on_failure=_abandoned_check)
def check(arguments: dict[str, Any], progress: Progress) -> None:
    handed_in = Import.objects.select_related("file").get(public_id=arguments["import"])
    check_import(handed_in, actor=progress.actor, now=progress.now(), tell=progress, by_message=True)


@job(APPLY_JOB, title=_("Applying a list"), queue="heavy", lease=dt.timedelta(minutes=5), on_failure=_abandoned_apply)
def apply(arguments: dict[str, Any], progress: Progress) -> None:
    handed_in = Import.objects.get(public_id=arguments["import"])
    apply_import(handed_in, actor=progress.actor, now=progress.now(), tell=progress, by_message=True)


@job("sheets.purge", title=_("Removing cells and files of imports long ended"), cron="10 3 * * *", keep=False)
def purge(arguments: dict[str, Any], progress: Progress) -> None:
    purge_imports(actor=progress.actor, now=progress.now())
