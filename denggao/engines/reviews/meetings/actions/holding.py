"""Taking the meeting's row: whoever changes something in a meeting waits for whoever is at it."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from denggao.engines.reviews.meetings.models import Ballot, Meeting
from denggao.engines.reviews.meetings.queries import Quorum
from denggao.engines.reviews.meetings.refusals import MeetingOver, MeetingRefused, MovedOn, NoQuorum

State = Meeting.State


def hold(meeting: Meeting, *states: Meeting.State, voting: bool = False) -> Meeting:
    """The meeting as it stands, kept from everybody else until the act is done. ``states``: in which the act can be done (planned
    or open unless told); ``voting``: not once the votes are ended. Raises MeetingOver, MeetingRefused."""
    wanted = states or (State.PLANNED, State.OPEN)
    Meeting.objects.filter(pk=meeting.pk).update(lock=F("lock") + 1)
    held = Meeting.objects.select_related("minute_taker", "on_table").get(pk=meeting.pk)
    if not held.is_running:
        raise MeetingOver
    if held.state not in wanted:
        if held.state == State.PLANNED:
            raise MeetingRefused(_("The meeting is not open yet: record who is present, then open it."))
        raise MeetingRefused(_("The meeting is open: this can only be changed before."))
    if voting and held.closing_at is not None:
        raise MeetingRefused(_("The votes are ended and wait for the second person. Take the end back first."))
    return held


def must_have_quorum(quorum: Quorum) -> None:
    """Raises NoQuorum, saying how many are missing."""
    if quorum.holds:
        return
    text = ngettext(
        "No quorum: %(missing)s member is missing (%(present)s of %(members)s entitled are present, %(needed)s are needed).",
        "No quorum: %(missing)s members are missing (%(present)s of %(members)s entitled are present, %(needed)s are needed).",
        quorum.missing,
    )
    said = {"missing": quorum.missing, "present": quorum.present, "members": quorum.members, "needed": quorum.needed}
    raise NoQuorum(text % said)


def change_ballot(ballot: Ballot, *states: Ballot.State, seen: int | None = None, **values: Any) -> Ballot:
    """One conditional update whose count must be 1; ``seen``: the ``lock`` the page showed. Raises MovedOn."""
    found = Ballot.objects.filter(pk=ballot.pk, state__in=states)
    if seen is not None:
        found = found.filter(lock=seen)
    if found.update(**values, lock=F("lock") + 1) != 1:
        raise MovedOn
    ballot.refresh_from_db()
    return ballot
