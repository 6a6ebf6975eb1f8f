"""A jury about candidates of a made-up subject: members with accounts, a chair, who is in the room."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from denggao.engines.reviews.meetings.actions.closing import confirm_closing, end_votes
from denggao.engines.reviews.meetings.actions.planning import MeetingGiven, invite_members, name_chair, plan_meeting
from denggao.engines.reviews.meetings.actions.sitting import arrive, open_meeting
from denggao.engines.reviews.meetings.actions.voting import ballot_of, call_item, cast_vote, enter_votes, settle_ballot
from denggao.engines.reviews.meetings.models import Ballot, Item, Meeting, Member
from denggao.engines.reviews.meetings.registry import Candidate, Setting, register_meeting_subject
from denggao.engines.reviews.models import Expert
from denggao.engines.reviews.parties import Parties
from denggao.foundation.audit.actors import Actor
from tests.cast import Cast
from tests.engines.reviews.scene import NOW, actor_of, an_expert

KIND = "trial_round"


@dataclass
class TrialRound:
    """What the room above would know; ``persons`` by candidate."""

    candidate_kind: str = "trial_case"
    setting_: Setting = field(default_factory=lambda: Setting("评委会会议"))
    waiting: list[Candidate] = field(default_factory=list)
    persons: dict[uuid.UUID, set[int]] = field(default_factory=dict)
    bodies: dict[uuid.UUID, set[int]] = field(default_factory=dict)
    earlier: set[int] = field(default_factory=set)
    closed: list[tuple[str, str]] = field(default_factory=list)

    def setting(self, subject_id: uuid.UUID) -> Setting | None:
        return self.setting_

    def candidates(self, subject_id: uuid.UUID) -> Sequence[Candidate]:
        return list(self.waiting)

    def parties(self, subject_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Parties]:
        return {pk: Parties.of(self.bodies.get(pk, ()), self.persons.get(pk, ())) for pk in subject_ids}

    def nominated(self, subject_id: uuid.UUID) -> Collection[int]:
        return {pk for ids in self.persons.values() for pk in ids} | self.earlier

    def file(self, actor: Actor, subject_id: uuid.UUID) -> tuple[str, dict[str, Any]] | None:
        return None

    def on_closed(self, meeting: Meeting, items: Sequence[Item], *, actor: Actor, now: dt.datetime) -> None:
        self.closed += [(item.title_zh, item.outcome) for item in items]

    def url(self, subject_id: uuid.UUID) -> str:
        return ""

    def item_url(self, subject_id: uuid.UUID) -> str:
        return ""


def a_candidate(title: str, place: int | None = None, group: str = "") -> Candidate:
    return Candidate(uuid.uuid4(), title, group=group, group_zh=group, place=place)


@dataclass
class Jury:
    """``meeting`` with its ``members``; the clerk takes the minutes, the approver of the cast is no part of it."""

    cast: Cast
    round: TrialRound
    meeting: Meeting
    members: list[Member]
    second: Actor

    @property
    def clerk(self) -> Actor:
        return self.cast.clerk

    def items(self) -> list[Item]:
        return list(Item.objects.filter(meeting=self.meeting).select_related("meeting"))

    def item(self, at: int = 0) -> Item:
        return self.items()[at]

    def here(self, *at: int, now: dt.datetime = NOW) -> None:
        for number in at or range(len(self.members)):
            arrive(self.members[number], actor=self.clerk, now=now)

    def open(self) -> Jury:
        self.here()
        self.meeting = open_meeting(self.meeting, actor=self.clerk, now=NOW)
        return self

    def own(self, at: int) -> Actor:
        return actor_of(self.members[at].expert)

    def vote(self, at: int, choice: str = "for", item: int = 0) -> None:
        cast_vote(self.members[at], self.item(item), choice, actor=self.own(at), now=NOW)

    def voted(self, item: int, in_favour: int, against: int = 0) -> Ballot:
        """The item is called, the first members vote so, and it is settled."""
        found = call_item(self.item(item), actor=self.clerk, now=NOW)
        said = ["for"] * in_favour + ["against"] * against
        choices = {str(member.public_id): choice for member, choice in zip(self.members, said, strict=False)}
        enter_votes(found, choices, actor=self.clerk, now=NOW)
        return settle_ballot(ballot_of(found), actor=self.clerk, now=NOW)

    def close(self) -> Meeting:
        end_votes(self.meeting, actor=self.clerk, now=NOW)
        return confirm_closing(self.meeting, actor=self.second, now=NOW)


def a_jury(
    cast: Cast,
    *,
    members: int = 3,
    candidates: Sequence[Candidate] = (),
    experts: Sequence[Expert] = (),
    setting: Setting | None = None,
    way: str = "named",
    **given: Any,
) -> Jury:
    """Planned by the reviewer; the first member chairs."""
    trial = TrialRound(waiting=list(candidates or [a_candidate("甲", 1)]))
    if setting is not None:
        trial.setting_ = setting
    register_meeting_subject(KIND, trial)
    said = MeetingGiven("评委会会议", "会议室", NOW + dt.timedelta(hours=1), cast.user("clerk"), way=way, **given)
    meeting = plan_meeting(KIND, uuid.uuid4(), said, actor=cast.reviewer, now=NOW)
    chosen = list(experts) or [an_expert() for _at in range(members)]
    seats = invite_members(meeting, chosen, actor=cast.reviewer, now=NOW)
    name_chair(seats[0], actor=cast.reviewer, now=NOW)
    return Jury(cast, trial, meeting, seats, cast.reviewer)
