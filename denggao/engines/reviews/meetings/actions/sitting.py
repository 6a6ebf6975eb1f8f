"""Who is in the room, and opening the meeting once enough are."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from denggao.engines.reviews.meetings import policies
from denggao.engines.reviews.meetings.actions.holding import hold, must_have_quorum
from denggao.engines.reviews.meetings.actions.planning import must_not_be_candidates, take_candidates
from denggao.engines.reviews.meetings.actions.recusing import barred_of, set_votes_aside
from denggao.engines.reviews.meetings.models import Ballot, Meeting, Member, Presence, Recusal
from denggao.engines.reviews.meetings.queries import room_of
from denggao.engines.reviews.meetings.refusals import MeetingRefused, MovedOn
from denggao.engines.reviews.models import Conflict
from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot

State = Meeting.State


@action("meetings.member.arrive", requires=policies.can_take_minutes, batch=True)
def arrive(member: Member, *, actor: Actor, now: dt.datetime) -> Presence:
    """The member is in the room from now on. Raises MovedOn where they are, MeetingOver."""
    hold(member.meeting)
    if member.presences.filter(to_at__isnull=True).exists():
        raise MovedOn
    here = Presence.objects.create(member=member, from_at=now, by=actor.id)
    note([Line.about("meetings.member.arrive", here, after=snapshot(here))])
    return here


@action("meetings.member.leave", requires=policies.can_take_minutes, batch=True)
def leave(member: Member, *, actor: Actor, now: dt.datetime) -> Presence:
    """The member left the room: a vote in a ballot not yet settled no longer counts. Raises MovedOn where they are not in it,
    MeetingOver."""
    hold(member.meeting)
    here = member.presences.filter(to_at__isnull=True).first()
    if here is None:
        raise MovedOn
    before = snapshot(here)
    Presence.objects.filter(pk=here.pk, to_at__isnull=True).update(to_at=max(now, here.from_at))
    here.refresh_from_db()
    note([Line.about("meetings.member.leave", here, before=before, after=snapshot(here))])
    for ballot in Ballot.objects.filter(item__meeting=member.meeting, state=Ballot.State.OPEN).select_related("item"):
        set_votes_aside(ballot, {member.pk}, _("left the room before the vote was settled"), now=now)
    return here


@action("meetings.meeting.open", requires=policies.can_take_minutes)
def open_meeting(meeting: Meeting, *, actor: Actor, now: dt.datetime) -> Meeting:
    """The chair opens: the list is fixed as it stands, recusals are looked for once more. Raises NoQuorum, saying how many are
    missing; MeetingRefused without a chair in the room, without candidates, or with a member who is one; MeetingOver."""
    held = hold(meeting, State.PLANNED)
    take_candidates(held, actor=actor, now=now)
    if not held.items.exists():
        raise MeetingRefused(_("No candidate waits for this meeting: there is nothing to vote on."))
    must_not_be_candidates(candidates_among(held))
    room = room_of(held)
    must_have_quorum(room.quorum())
    chair = next((member for member in room.members.values() if member.is_chair), None)
    if chair is None or chair.pk not in room.present:
        raise MeetingRefused(_("Chair: name one of the members who are present; the chair opens the meeting."))
    Meeting.objects.filter(pk=held.pk, state=State.PLANNED).update(state=State.OPEN, opened_at=now)
    held.refresh_from_db()
    return held


def candidates_among(meeting: Meeting) -> list[Member]:
    """Members who stand as candidates, by the round or by what was found."""
    members = list(meeting.members.select_related("expert__person"))
    found = Recusal.objects.filter(item__meeting=meeting, kind=Conflict.Kind.PARTY, cleared_at__isnull=True)
    party = set(found.values_list("member_id", flat=True)) | {member.pk for member in barred_of(meeting, members)}
    return [member for member in members if member.pk in party]
