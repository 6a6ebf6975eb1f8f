"""Why something in a meeting will not be done: sentences that may be shown."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actions import Refused


class MeetingRefused(Refused):
    """The meeting can't be planned, opened or changed this way."""


class MeetingOver(Refused):
    """The meeting is closed or called off."""

    def __init__(self) -> None:
        super().__init__(_("This meeting is over: nothing in it changes any more. Write an addendum to its minutes."))


class NoQuorum(Refused):
    """Too few are present; the message says how many are missing."""


class VoteRefused(Refused):
    """This vote or count can't be taken."""


class SecondPerson(Refused):
    """One enters, another confirms."""


class MovedOn(Refused):
    """Somebody else was a moment faster."""

    def __init__(self) -> None:
        super().__init__(_("Nothing was changed: somebody else changed this a moment ago. Look at it again."))
