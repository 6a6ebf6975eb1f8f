"""What the engine won't do; the messages may be shown."""

from __future__ import annotations

from collections.abc import Mapping

from denggao.foundation.audit.actions import Refused


class NoticeRefused(Refused):
    """A notice can't be opened, extended or changed like this."""


class NotMasked(NoticeRefused):
    """What is to be shown holds a whole identity or mobile number."""


class AlreadyOnNotice(NoticeRefused):
    """The subject stands on a notice that has not settled it yet."""


class ObjectionRefused(Refused):
    """An objection can't be taken like this. ``faults``: a sentence by the form's field; ``""`` for the whole."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__("\n".join(self.faults.values()))


class RulingRefused(Refused):
    """An objection can't be ruled on, or handled, like this."""
