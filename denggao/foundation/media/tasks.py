from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from denggao.foundation.audit.actors import system
from denggao.foundation.files.cipher import FileUnreadable
from denggao.foundation.files.queries import FileGone
from denggao.foundation.jobs.registry import Progress, job
from denggao.foundation.media.actions import MAKE_READY, end_conversion
from denggao.foundation.media.making import MAKERS, Ending, Work
from denggao.foundation.media.models import Conversion

_ACTOR = system(MAKE_READY)


def _failed(arguments: dict[str, Any], sentence: str) -> None:
    conversion = Conversion.objects.filter(public_id=arguments["conversion"]).first()
    if conversion is not None:
        end_conversion(conversion, state=Conversion.State.FAILED, message=sentence, actor=_ACTOR, now=timezone.now())


@job(
    MAKE_READY,
    title=gettext_lazy("Making a file ready to be shown"),
    queue="heavy",
    lease=dt.timedelta(minutes=5),
    keep=False,
    on_failure=_failed,
)
def make_ready(arguments: dict[str, Any], progress: Progress) -> None:
    conversion = Conversion.objects.select_related("source").filter(public_id=arguments["conversion"]).first()
    if conversion is None or not conversion.is_open:
        return
    Conversion.objects.filter(pk=conversion.pk, state=Conversion.State.WAITING).update(state=Conversion.State.RUNNING)

    def say(percent: int) -> None:
        progress(percent, 100, gettext_noop("Converting"))
        Conversion.objects.filter(pk=conversion.pk, state=Conversion.State.RUNNING).update(progress=min(percent, 100))

    try:
        ending = MAKERS[conversion.kind](Work(conversion, _ACTOR, progress.now, say))
    except (FileGone, FileUnreadable):
        ending = Ending(Conversion.State.FAILED, _("The file can’t be read any more. Hand it in again."))
    end_conversion(conversion, state=ending.state, message=ending.message, facts=ending.facts, actor=_ACTOR, now=progress.now())
