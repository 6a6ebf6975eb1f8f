"""Who is in the room, who is recused from what, and how each item stands: read once for a whole meeting."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from django.db.models import Q, QuerySet
from django.utils import timezone

from denggao.engines.reviews.meetings.models import Ballot, Item, Meeting, Member, Presence, Recusal
from denggao.engines.reviews.meetings.policies import KEEPERS, can_plan, visible_meetings
from denggao.engines.reviews.meetings.reading import Listed, Votes, standing_ballots
from denggao.engines.reviews.meetings.rules import Line, quorum_needed, votes_needed
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.audit.readied import readied
from denggao.foundation.organisations.models import Membership

# What is shown of a member, and what tells who it is: a jury of fifty is read every few seconds.
_SEAT = (
    *(field.name for field in Member._meta.concrete_fields),
    *(f"expert__{name}" for name in ("public_id", "person", "title", "employer", "employer_text")),
    *(f"expert__person__{name}" for name in ("public_id", "name", "account")),
    *(f"expert__employer__{name}" for name in ("public_id", "name_zh", "name_en")),
)


@dataclass(frozen=True)
class Room:
    """``members`` and those ``present`` by id; ``recused``: ids of members by item id, as it stands."""

    meeting: Meeting
    members: dict[int, Member]
    present: frozenset[int]
    recused: dict[int, set[int]] = field(default_factory=dict)

    def quorum(self, item: Item | Listed | None = None) -> Quorum:
        """Of the whole meeting, or for one item: its recused members count neither as members nor as present."""
        out = self.recused.get(item.pk, set()) if item is not None else set()
        base = len(self.members) - len(out & self.members.keys())
        there = len(self.present - out)
        needed = quorum_needed(base, self.meeting.quorum_parts, self.meeting.quorum_of)
        return Quorum(base, there, needed, len(self.present & out))

    def majority(self, entitled: int) -> int:
        return votes_needed(entitled, self.meeting.majority_parts, self.meeting.majority_of)


@dataclass(frozen=True)
class Quorum:
    """``present`` without the recused; ``recused``: of those in the room."""

    members: int
    present: int
    needed: int
    recused: int

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.present)

    @property
    def holds(self) -> bool:
        return not self.missing


def room_of(meeting: Meeting) -> Room:
    """Three queries."""
    members = {member.pk: member for member in _seats.objects(meeting.pk)}
    for member in members.values():
        member.meeting = meeting
    return Room(meeting, members, frozenset(_in_the_room.column(meeting.pk)), recused_in(meeting))


@readied(int)
def _seats(meeting_id: int) -> QuerySet[Member]:
    return Member.objects.filter(meeting=meeting_id).select_related("expert__person", "expert__employer").only(*_SEAT)


@readied(int)
def _in_the_room(meeting_id: int) -> QuerySet[Presence, int]:
    return Presence.objects.filter(member__meeting=meeting_id, to_at__isnull=True).values_list("member_id", flat=True)


@readied(int)
def _recused(meeting_id: int) -> QuerySet[Recusal, tuple[int, int]]:
    return Recusal.objects.filter(item__meeting=meeting_id, cleared_at__isnull=True).values_list("item_id", "member_id")


def recused_in(meeting: Meeting) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for item_id, member_id in _recused.rows(meeting.pk):
        found[item_id].add(member_id)
    return found


def present_at(member_ids: Iterable[int], at: dt.datetime) -> set[int]:
    """Those of the members who were in the room at a moment."""
    rows = Presence.objects.filter(member_id__in=list(member_ids), from_at__lte=at)
    return {member_id for member_id, to_at in rows.values_list("member_id", "to_at") if to_at is None or to_at > at}


def ballots_in(meeting: Meeting) -> dict[int, list[Ballot]]:
    """By item id, in order, without those set aside."""
    found: dict[int, list[Ballot]] = defaultdict(list)
    for ballot in standing_ballots(meeting.pk):
        found[ballot.item_id].append(ballot)
    return found


def lines_of(items: Iterable[Item | Listed], ballots: Mapping[int, Sequence[Ballot | Votes]]) -> list[Line]:
    """Of the items that stand and whose vote is settled."""
    lines = []
    for item in items:
        settled = [ballot for ballot in ballots.get(item.pk, []) if ballot.state == Ballot.State.SETTLED]
        if item.state != Item.State.STANDING or not settled:
            continue
        first, again = settled[0], [ballot for ballot in settled[1:] if ballot.second]
        lines.append(
            Line(str(item.public_id), item.group, first.carried, _share(first), item.place, tuple(_share(each) for each in again))
        )
    return lines


def _share(ballot: Ballot | Votes) -> Fraction:
    return Fraction(ballot.in_favour or 0, ballot.entitled or 1)


def to_vote_on(actor: Actor) -> int:
    """Meetings open now, or invitations to answer, of the person behind this account."""
    return _own_turns.count(actor.user.pk) if actor.user is not None else 0


@readied(int)
def _own_turns(account_id: int) -> QuerySet[Member]:
    asked = Q(answer=Member.Answer.ASKED, meeting__state=Meeting.State.PLANNED)
    own = Member.objects.filter(expert__person__account_id=account_id)
    return own.filter(asked | Q(meeting__state=Meeting.State.OPEN)).order_by()


def closings_to_confirm(actor: Actor) -> int:
    """Meetings whose end somebody else proposed."""
    if not can_plan(actor):
        return 0
    waiting = visible_meetings(actor).filter(state=Meeting.State.OPEN, closing_at__isnull=False)
    found = waiting.exclude(closing_by=actor.id)
    return (found if actor.user is None else found.exclude(minute_taker=actor.user)).count()


def minute_takers(now: dt.datetime, *roles: Role) -> QuerySet[User]:
    """Accounts of the office that may take minutes today, or that hold one of these roles."""
    today = timezone.localdate(now)
    held = Membership.objects.filter(organisation__isnull=True, role__in=list(roles or KEEPERS), from_on__lte=today)
    held = held.exclude(to_on__lt=today)
    return User.objects.filter(pk__in=held.values("account_id"), is_active=True).order_by("pk")
