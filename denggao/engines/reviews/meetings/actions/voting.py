"""The votes: an item comes on the table, is voted on by name or in secret, and what was voted is settled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from denggao.engines.reviews.meetings import policies
from denggao.engines.reviews.meetings.actions.holding import change_ballot, hold, must_have_quorum
from denggao.engines.reviews.meetings.actions.recusing import set_ballot_aside
from denggao.engines.reviews.meetings.models import Ballot, Item, Meeting, Member, Vote
from denggao.engines.reviews.meetings.queries import Room, ballots_in, lines_of, room_of
from denggao.engines.reviews.meetings.reading import Votes
from denggao.engines.reviews.meetings.refusals import MeetingRefused, MovedOn, SecondPerson, VoteRefused
from denggao.engines.reviews.meetings.rules import tied
from denggao.engines.reviews.refusals import given_reason
from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot

State = Meeting.State


@action("meetings.item.call", requires=policies.can_take_minutes)
def call_item(item: Item, *, actor: Actor, now: dt.datetime) -> Item:
    """Put an item on the table; where it was never voted on, its vote begins. Raises VoteRefused for one that dropped out,
    MeetingRefused, MeetingOver. (Without a quorum it can be talked about, not voted on.)"""
    meeting = hold(item.meeting, State.OPEN, voting=True)
    item.refresh_from_db()
    if item.state != Item.State.STANDING:
        raise VoteRefused(_("This candidate dropped out: there is nothing to vote on."))
    Meeting.objects.filter(pk=meeting.pk).update(on_table=item)
    if not item.ballots.exclude(state=Ballot.State.SET_ASIDE).exists():
        _begin(item, second=False, now=now)
    return item


def _begin(item: Item, *, second: bool, now: dt.datetime) -> Ballot:
    last = item.ballots.order_by("-number").first()
    number = last.number + 1 if last is not None else 1
    ballot = Ballot.objects.create(item=item, number=number, second=second, opened_at=now)
    note([Line.about("meetings.ballot.begin", ballot, after=snapshot(ballot))])
    return ballot


def ballot_of(item: Item) -> Ballot:
    """The vote that is under way. Raises VoteRefused."""
    ballot = item.ballots.filter(state__in=[Ballot.State.OPEN, Ballot.State.COUNTED]).first()
    if ballot is None:
        raise VoteRefused(_("Nothing is being voted on here: call the item first."))
    ballot.item = item
    return ballot


@action("meetings.vote.cast", requires=policies.can_vote_for, batch=True)
def cast_vote(member: Member, item: Item, choice: str, *, actor: Actor, now: dt.datetime) -> Vote:
    """A member's vote by name, entered by the member or by who takes the minutes; may be changed until the vote is settled. Raises
    VoteRefused for who is not present, is recused, or where nothing is voted on by name; NoQuorum; MeetingRefused, MeetingOver."""
    meeting = hold(member.meeting, State.OPEN, voting=True)
    if meeting.way != Meeting.Way.NAMED:
        raise VoteRefused(_("This jury votes in secret: nobody’s vote is entered."))
    if item.meeting_id != meeting.pk or choice not in Vote.Choice.values:
        raise VoteRefused(_("Vote: in favour, against, or abstaining."))
    ballot = ballot_of(item)
    if ballot.state != Ballot.State.OPEN:
        raise VoteRefused(_("Nothing is being voted on here: call the item first."))
    room = room_of(meeting)
    must_vote(room, item, member)
    must_have_quorum(room.quorum(item))
    known = Vote.objects.filter(ballot=ballot, member=member).first()
    before = snapshot(known) if known is not None else None
    said = {"choice": choice, "at": now, "by": actor.id, "set_aside_at": None, "set_aside_reason": ""}
    vote, _new = Vote.objects.update_or_create(ballot=ballot, member=member, defaults=said)
    note([Line.about("meetings.vote.cast", vote, before=before, after=snapshot(vote))])
    return vote


@action("meetings.votes.enter", requires=policies.can_take_minutes, batch=True)
def enter_votes(item: Item, choices: Mapping[str, str], *, actor: Actor, now: dt.datetime) -> list[Vote]:
    """The votes of several members by name, by their public ids, as who takes the minutes hears them; what is entered already and
    not named stays. All or none. Raises VoteRefused, naming whose vote can't be taken; NoQuorum, MeetingRefused, MeetingOver."""
    meeting = hold(item.meeting, State.OPEN, voting=True)
    if meeting.way != Meeting.Way.NAMED:
        raise VoteRefused(_("This jury votes in secret: nobody’s vote is entered."))
    ballot = ballot_of(item)
    if ballot.state != Ballot.State.OPEN:
        raise VoteRefused(_("Nothing is being voted on here: call the item first."))
    room = room_of(meeting)
    must_have_quorum(room.quorum(item))
    members = {str(member.public_id): member for member in room.members.values()}
    known = {vote.member_id: vote for vote in ballot.votes.all()}
    new: list[Vote] = []
    changed: list[Vote] = []
    for public_id, choice in choices.items():
        member = members.get(public_id)
        if member is None or choice not in Vote.Choice.values:
            raise VoteRefused(_("Vote: in favour, against, or abstaining."))
        vote = known.get(member.pk)
        if vote is not None and vote.choice == choice and vote.set_aside_at is None:
            continue
        try:
            must_vote(room, item, member)
        except VoteRefused as refused:
            raise VoteRefused(f"{member.expert.person.name}: {refused}") from None
        said = {"choice": choice, "at": now, "by": actor.id, "set_aside_at": None, "set_aside_reason": ""}
        vote = vote or Vote(ballot=ballot, member=member)
        (changed if vote.pk else new).append(vote)
        vote.member, vote.ballot = member, ballot
        for name, value in said.items():
            setattr(vote, name, value)
    Vote.objects.bulk_create(new)
    Vote.objects.bulk_update(changed, ["choice", "at", "by", "set_aside_at", "set_aside_reason"])
    note(Line.about("meetings.vote.cast", vote, after=snapshot(vote)) for vote in [*new, *changed])
    return [*new, *changed]


def must_vote(room: Room, item: Item, member: Member) -> None:
    """Raises VoteRefused."""
    if member.pk in room.recused.get(item.pk, set()):
        raise VoteRefused(_("This member is recused from this candidate: neither reads the file, nor counts, nor votes."))
    if member.pk not in room.present:
        raise VoteRefused(_("Only who is in the room votes: record the arrival first."))


@action("meetings.ballot.settle", requires=policies.can_take_minutes)
def settle_ballot(ballot: Ballot, *, seen: int | None = None, actor: Actor, now: dt.datetime) -> Ballot:
    """The votes by name are in: count them. Who is present, not recused and silent counts as not in favour. Raises NoQuorum,
    VoteRefused where nobody voted or the jury votes in secret, MovedOn where somebody else did something to it, MeetingRefused,
    MeetingOver."""
    meeting = hold(ballot.item.meeting, State.OPEN, voting=True)
    if meeting.way != Meeting.Way.NAMED:
        raise VoteRefused(_("This jury votes in secret: enter the count."))
    room = room_of(meeting)
    quorum = room.quorum(ballot.item)
    must_have_quorum(quorum)
    votes = list(Vote.objects.filter(ballot=ballot, set_aside_at__isnull=True).values_list("choice", flat=True))
    if not votes:
        raise VoteRefused(_("Nobody has voted yet."))
    counts = {name: votes.count(choice) for name, choice in _COUNTS.items()}
    values = {**counts, **_frozen(room, ballot.item), "settled_at": now, "settled_by": actor.id}
    return change_ballot(ballot, Ballot.State.OPEN, seen=seen, state=Ballot.State.SETTLED, **values)


_COUNTS = {"in_favour": Vote.Choice.IN_FAVOUR, "against": Vote.Choice.AGAINST, "abstained": Vote.Choice.ABSTAIN}


def _frozen(room: Room, item: Item) -> dict[str, int]:
    quorum = room.quorum(item)
    return {
        "present": quorum.present + quorum.recused,
        "recused": quorum.recused,
        "entitled": quorum.present,
        "needed": room.majority(quorum.present),
    }


@action("meetings.ballot.count", requires=policies.can_take_minutes)
def count_ballot(
    ballot: Ballot, *, in_favour: int, against: int, abstained: int, seen: int | None = None, actor: Actor, now: dt.datetime
) -> Ballot:
    """The count of a secret vote; a second person checks it. Raises VoteRefused for more votes than there are voters or where the
    jury votes by name; NoQuorum, MovedOn, MeetingRefused, MeetingOver."""
    meeting = hold(ballot.item.meeting, State.OPEN, voting=True)
    if meeting.way != Meeting.Way.SECRET:
        raise VoteRefused(_("This jury votes by name: enter each member’s vote."))
    room = room_of(meeting)
    quorum = room.quorum(ballot.item)
    must_have_quorum(quorum)
    given = in_favour + against + abstained
    if min(in_favour, against, abstained) < 0 or given > quorum.present:
        raise VoteRefused(
            _("Votes: %(given)s were counted, but only %(most)s are present and not recused. Count again.")
            % {"given": given, "most": quorum.present}
        )
    if not given:
        raise VoteRefused(_("Nobody has voted yet."))
    values = {"in_favour": in_favour, "against": against, "abstained": abstained, **_frozen(room, ballot.item)}
    states = (Ballot.State.OPEN, Ballot.State.COUNTED)
    return change_ballot(ballot, *states, seen=seen, state=Ballot.State.COUNTED, counted_by=actor.id, **values)


@action("meetings.ballot.check", requires=policies.can_check)
def check_count(ballot: Ballot, *, seen: int | None = None, actor: Actor, now: dt.datetime) -> Ballot:
    """A second person in the room has looked at the count, and it is right. Raises SecondPerson for who entered it, VoteRefused
    for a member who is not in the room or recused, or where the room has changed; MovedOn, MeetingRefused, MeetingOver."""
    meeting = hold(ballot.item.meeting, State.OPEN, voting=True)
    ballot.refresh_from_db()
    if ballot.counted_by == actor.id:
        raise SecondPerson(_("You entered this count: a second person in the room must check it."))
    room = room_of(meeting)
    if not policies.can_take_minutes(actor, meeting):
        own = next((member for member in room.members.values() if policies.is_own_seat(actor, member)), None)
        if own is None:
            raise SecondPerson(_("Only who is in the room checks a count."))
        must_vote(room, ballot.item, own)
    quorum = room.quorum(ballot.item)
    must_have_quorum(quorum)
    if ballot.state == Ballot.State.COUNTED and ballot.votes_given > quorum.present:
        raise VoteRefused(_("Somebody has left since the count: enter it again for who is in the room."))
    values = {**_frozen(room, ballot.item), "settled_at": now, "settled_by": actor.id}
    return change_ballot(ballot, Ballot.State.COUNTED, seen=seen, state=Ballot.State.SETTLED, **values)


@action("meetings.ballot.again", requires=policies.can_take_minutes, batch=True)
def vote_again(item: Item, *, reason: str, actor: Actor, now: dt.datetime) -> Ballot:
    """The chair has an item voted on once more, for a reason that is minuted; what was voted is kept and counts for nothing. Second
    votes of the item go with it. Raises ReasonMissing, VoteRefused where nothing was settled, MeetingRefused, MeetingOver."""
    text = given_reason(reason, _("Reason: say why it is voted on again. It stands in the minutes."))
    meeting = hold(item.meeting, State.OPEN, voting=True)
    item.refresh_from_db()
    standing = list(item.ballots.exclude(state=Ballot.State.SET_ASIDE))
    if item.state != Item.State.STANDING or not standing:
        raise VoteRefused(_("This item was not voted on yet."))
    for ballot in standing:
        ballot.item = item
        set_ballot_aside(ballot, text, now=now)
    Meeting.objects.filter(pk=meeting.pk).update(on_table=item)
    return _begin(item, second=False, now=now)


@action("meetings.meeting.second_vote", requires=policies.can_take_minutes, batch=True)
def open_second_vote(meeting: Meeting, *, actor: Actor, now: dt.datetime) -> list[Ballot]:
    """A second vote among those who are equal at the last place. Raises MeetingRefused while items are not voted on, or where
    nobody is equal there; MeetingOver."""
    held = hold(meeting, State.OPEN, voting=True)
    items = list(held.items.filter(state=Item.State.STANDING))
    ballots = ballots_in(held)
    must_be_settled(items, ballots)
    equal = set(tied(lines_of(items, ballots), quota=held.quota, quotas=held.quotas))
    chosen = [item for item in items if str(item.public_id) in equal]
    if not chosen:
        raise MeetingRefused(_("Nobody is equal to another at the last place: there is nothing to part."))
    begun = [_begin(item, second=True, now=now) for item in chosen]
    Meeting.objects.filter(pk=held.pk).update(on_table=chosen[0])
    return begun


def must_be_settled(items: list[Item], ballots: dict[int, list[Ballot]]) -> None:
    """Raises MeetingRefused, naming how many are left."""
    left = [item for item in items if not settled(ballots.get(item.pk, []))]
    if left:
        raise MeetingRefused(
            _("Not voted on yet: %(count)s (%(first)s …). Every candidate is passed or not at the end; none is put off.")
            % {"count": len(left), "first": left[0].title}
        )


def settled(ballots: Sequence[Ballot | Votes]) -> bool:
    return bool(ballots) and all(ballot.state == Ballot.State.SETTLED for ballot in ballots)


@action("meetings.item.decide", requires=policies.can_take_minutes)
def write_decision(item: Item, *, text: str, seen: str | None = None, actor: Actor, now: dt.datetime) -> Item:
    """What was said and decided about an item, in words. ``seen``: the text the page showed. Raises MovedOn where somebody else
    wrote meanwhile, MeetingRefused, MeetingOver."""
    hold(item.meeting, State.OPEN)
    found = Item.objects.filter(pk=item.pk)
    if seen is not None:
        found = found.filter(decision=seen)
    if not found.update(decision=one_line_end(text)):
        raise MovedOn
    item.refresh_from_db()
    return item


def one_line_end(text: str) -> str:
    """As it is kept: no carriage returns, no blank ends."""
    return text.replace("\r\n", "\n").strip()[:8000]
