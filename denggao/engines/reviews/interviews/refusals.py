"""Why something about a day of interviews will not be done: sentences that may be shown."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actions import Refused


class InterviewRefused(Refused):
    """The day can't be planned or changed this way."""


class SlotMoved(Refused):
    """Somebody else was a moment faster."""

    def __init__(self) -> None:
        super().__init__(_("Nothing was changed: this turn stands differently by now. Look at the running order."))
