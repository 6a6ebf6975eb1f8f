"""Why something is not done to a case. Each message may be shown."""

from __future__ import annotations

from collections.abc import Sequence

from denggao.foundation.audit.actions import Refused


class CaseRefused(Refused):
    """What was asked can't be done to this case."""


class StageMoved(CaseRefused):
    """The case is not where the act needs it; the message says where it is and what brought it there."""


class TwoPersons(CaseRefused):
    """The same person, or one of the applicant's side, was to do what a second person must."""


class RoundNotOpen(CaseRefused):
    """The call does not take applications now."""


class AnswersIncomplete(CaseRefused):
    """The answers don't stand a submission. ``faults`` are (section code, field name, sentence)."""

    def __init__(self, message: str, faults: Sequence[tuple[str, str, str]]) -> None:
        super().__init__(message)
        self.faults = list(faults)
