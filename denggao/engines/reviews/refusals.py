"""Why something about experts and panels will not be done: sentences that may be shown."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actions import ReasonMissing, Refused


class PanelRefused(Refused):
    """A panel can't be opened or changed this way."""


class PanelClosed(Refused):
    """The panel is closed: its result stands."""

    def __init__(self) -> None:
        super().__init__(_("This panel is closed; its result stands. Nothing about who judged can change any more."))


class AssignmentRefused(Refused):
    """This expert can't be asked, or not any more."""


class ExpertRefused(Refused):
    """The register can't hold this."""


class ConflictRefused(Refused):
    """A conflict can't be pinned, declared or cleared this way."""


def given_reason(reason: str, sentence: str = "") -> str:
    """The reason in one line. Raises ReasonMissing."""
    text = " ".join(reason.split())[:300]
    if not text:
        raise ReasonMissing(sentence or _("Reason: say why. It is kept in the record."))
    return text
