"""Planning a meeting: its day and rules, its members, its list of candidates; calling it off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from denggao.engines.reviews.meetings import policies
from denggao.engines.reviews.meetings.actions.holding import hold
from denggao.engines.reviews.meetings.actions.recusing import barred_of, look
from denggao.engines.reviews.meetings.models import Ballot, Item, Meeting, Member
from denggao.engines.reviews.meetings.refusals import MeetingRefused
from denggao.engines.reviews.meetings.registry import Candidate, MeetingSubject, meeting_subject
from denggao.engines.reviews.meetings.telling import tell_members, tell_minute_taker
from denggao.engines.reviews.models import Conflict, Expert
from denggao.engines.reviews.refusals import given_reason
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.standards.queries import RuleTable

State = Meeting.State
RULES = ("meetings.quorum_parts", "meetings.quorum_of", "meetings.majority_parts", "meetings.majority_of")


@dataclass(frozen=True)
class MeetingGiven:
    """What the office decides about a meeting. ``quorum`` and ``majority`` are a rule of its own, as ``(2, 3)``; None for what the
    subject says, else the default of the day."""

    title_zh: str
    place: str
    starts_at: dt.datetime
    minute_taker: User
    title_en: str = ""
    way: str = Meeting.Way.NAMED
    quorum: tuple[int, int] | None = None
    majority: tuple[int, int] | None = None


def default_shares(on: dt.date) -> tuple[tuple[int, int], tuple[int, int]]:
    """Quorum and majority as the rules of a day have them."""
    table = RuleTable(*RULES)
    parts, of, in_favour, of_all = (int(table.value(key, on)) for key in RULES)
    return (parts, of), (in_favour, of_all)


@action("meetings.meeting.plan", requires=policies.can_plan)
def plan_meeting(subject_kind: str, subject_id: UUID, given: MeetingGiven, *, actor: Actor, now: dt.datetime) -> Meeting:
    """Plan the meeting of a subject, with the candidates that wait for it. Raises MeetingRefused where one is planned or open."""
    subject = _subject(subject_kind)
    setting = subject.setting(subject_id)
    if setting is None:
        raise MeetingRefused(_("There is nothing a jury could meet about."))
    try:
        with transaction.atomic():
            meeting = Meeting.objects.create(
                subject_kind=subject_kind,
                subject_id=subject_id,
                quota=setting.quota,
                quotas=dict(setting.quotas or {}),
                planned_by=actor.id,
                created_at=now,
                is_demo=setting.is_demo,
                **_columns(given, subject_kind, subject_id, now),
            )
    except IntegrityError:
        raise MeetingRefused(_("A meeting about this is planned or open already; no second one was made.")) from None
    take_candidates(meeting, actor=actor, now=now)
    return meeting


def _columns(given: MeetingGiven, kind: str, subject_id: UUID, now: dt.datetime) -> dict[str, Any]:
    setting = _subject(kind).setting(subject_id)
    usual = default_shares(timezone.localdate(now))
    quorum = given.quorum or (setting.quorum if setting else None) or usual[0]
    majority = given.majority or (setting.majority if setting else None) or usual[1]
    if not all(1 <= parts <= of for parts, of in (quorum, majority)):
        raise MeetingRefused(_("Quorum and majority: a part of the members, such as 2/3."))
    return {
        "title_zh": given.title_zh[:200],
        "title_en": given.title_en[:200],
        "place": given.place[:120],
        "starts_at": given.starts_at,
        "minute_taker": given.minute_taker,
        "way": given.way,
        "quorum_parts": quorum[0],
        "quorum_of": quorum[1],
        "majority_parts": majority[0],
        "majority_of": majority[1],
        "own_rule": (quorum, majority) != usual,
    }


def _subject(kind: str) -> MeetingSubject:
    subject = meeting_subject(kind)
    if subject is None:
        raise MeetingRefused(_("There is nothing a jury could meet about."))
    return subject


@action("meetings.meeting.change", requires=policies.can_change_plan)
def change_meeting(meeting: Meeting, given: MeetingGiven, *, actor: Actor, now: dt.datetime) -> Meeting:
    """Change day, place, rules, who takes the minutes; only before it is opened. Raises MeetingRefused, MeetingOver."""
    held = hold(meeting, State.PLANNED)
    columns = _columns(given, held.subject_kind, held.subject_id, now)
    for name, value in columns.items():
        setattr(held, name, value)
    held.save(update_fields=list(columns))
    return held


@action("meetings.meeting.call_off", requires=policies.can_change_plan)
def call_off_meeting(meeting: Meeting, *, reason: str, actor: Actor, now: dt.datetime) -> Meeting:
    """It does not take place, or is broken off: its candidates wait for another. What was voted is kept, and counts for nothing.
    Raises ReasonMissing, MeetingOver."""
    text = given_reason(reason)
    held = hold(meeting)
    Meeting.objects.filter(pk=held.pk).update(state=State.CANCELLED, reason=text, closing_at=None, closing_by="", on_table=None)
    tell_members(held.members.select_related("expert__person__account"), held, "meetings.called_off", now=now)
    held.refresh_from_db()
    return held


# The list


def take_candidates(meeting: Meeting, *, actor: Actor, now: dt.datetime) -> None:
    """Bring the list up to who waits at this moment: new ones join, those no longer waiting drop off, places are the ranking's.
    Only before the meeting is opened; runs inside the act under way. Constant queries."""
    given = _subject(meeting.subject_kind).candidates(meeting.subject_id)
    known = {item.subject_id: item for item in meeting.items.all()}
    wanted = {candidate.subject_id for candidate in given}
    gone = [item.pk for item in known.values() if item.subject_id not in wanted]
    if gone:
        Item.objects.filter(pk__in=gone).delete()
    kind = _subject(meeting.subject_kind).candidate_kind
    items = [_item(known.get(each.subject_id), meeting, kind, each, at) for at, each in enumerate(given, start=1)]
    new = [item for item in items if item.pk is None]
    Item.objects.bulk_create(new, batch_size=500)
    Item.objects.bulk_update([item for item in items if item not in new], _FROM_CANDIDATE, batch_size=500)
    if new or gone:
        note([Line.about("meetings.items.taken", meeting, after={"items": len(items), "new": len(new), "gone": len(gone)})])
    look(meeting, actor=actor, now=now)


_FROM_CANDIDATE = ["position", "title_zh", "title_en", "group", "group_zh", "group_en", "place", "points", "state",
                   "dropped_at", "dropped_reason"]  # fmt: skip


def _item(known: Item | None, meeting: Meeting, kind: str, given: Candidate, position: int) -> Item:
    item = known or Item(meeting=meeting, subject_kind=kind, subject_id=given.subject_id)
    item.position, item.title_zh, item.title_en = position, given.title_zh[:200], given.title_en[:200]
    item.group, item.group_zh, item.group_en = given.group[:30], given.group_zh[:60], given.group_en[:60]
    item.place, item.points = given.place, given.points
    item.state, item.dropped_at, item.dropped_reason = Item.State.STANDING, None, ""
    return item


@action("meetings.items.take", requires=policies.can_take_minutes, batch=True)
def refresh_candidates(meeting: Meeting, *, actor: Actor, now: dt.datetime) -> Meeting:
    """Raises MeetingRefused once it is open, MeetingOver."""
    held = hold(meeting, State.PLANNED)
    take_candidates(held, actor=actor, now=now)
    return held


@action("meetings.items.changed", requires=policies.follows, batch=True)
def candidates_changed(subject_kind: str, subject_id: UUID, *, actor: Actor, now: dt.datetime) -> None:
    """Somebody came to wait for the meeting, or was put forward in its subject: called by the room above. A planned meeting's list
    and recusals follow; a member who became a candidate is told of to who takes the minutes. An open meeting keeps its list."""
    later = _LATER.get()
    if later is not None:
        later.add((subject_kind, subject_id))
        return
    planned = Meeting.objects.filter(subject_kind=subject_kind, subject_id=subject_id, state=State.PLANNED).first()
    if planned is None:
        return
    held = hold(planned)
    take_candidates(held, actor=actor, now=now)
    if barred_of(held, held.members.select_related("expert__person")):
        tell_minute_taker(held, "meetings.nominated", now=now)


_LATER: ContextVar[set[tuple[str, UUID]] | None] = ContextVar("subjects whose list follows at the end", default=None)


@contextmanager
def changed_together(*, actor: Actor, now: dt.datetime) -> Iterator[None]:
    """Within, ``candidates_changed`` waits and is done once for each subject at the end: for many who come at the same moment.
    Inside the act under way; where that fails, nothing follows."""
    found: set[tuple[str, UUID]] = set()
    token = _LATER.set(found)
    try:
        yield
    finally:
        _LATER.reset(token)
    for kind, subject_id in sorted(found):
        candidates_changed(kind, subject_id, actor=actor, now=now)


@action("meetings.item.drop", requires=policies.follows, batch=True)
def drop_candidate(subject_kind: str, subject_id: UUID, *, reason: str, actor: Actor, now: dt.datetime) -> Item | None:
    """A candidate was withdrawn, sent back or ended: off the list of a planned meeting; on that of an open one it stays, struck
    through with the reason, and no vote on it counts. None where it stands on no list."""
    found = Item.objects.filter(subject_kind=subject_kind, subject_id=subject_id, state=Item.State.STANDING)
    item = found.filter(meeting__state__in=[State.PLANNED, State.OPEN]).select_related("meeting").first()
    if item is None:
        return None
    meeting = hold(item.meeting)
    before = snapshot(item)
    text = given_reason(reason, _("Reason: say why the candidate drops out."))
    Item.objects.filter(pk=item.pk).update(state=Item.State.DROPPED, dropped_at=now, dropped_reason=text)
    item.refresh_from_db()
    Meeting.objects.filter(pk=meeting.pk, on_table=item).update(on_table=None)
    Ballot.objects.filter(item=item, state__in=[Ballot.State.OPEN, Ballot.State.COUNTED]).update(
        state=Ballot.State.SET_ASIDE, reason=_("The candidate dropped out.")
    )
    note([Line.about("meetings.item.drop", item, before=before, after=snapshot(item))])
    return item


# Members


@action("meetings.member.invite", requires=policies.can_change_plan, batch=True)
def invite_members(meeting: Meeting, experts: Sequence[Expert], *, actor: Actor, now: dt.datetime) -> list[Member]:
    """Put experts of the register on the jury and invite them. Recusals are looked for at once. Raises MeetingRefused, naming who
    can't be asked, with nobody invited: a candidate of the same round, one not in the register any more, one twice."""
    held = hold(meeting, State.PLANNED)
    if not experts:
        raise MeetingRefused(_("Choose at least one expert."))
    here = set(held.members.values_list("expert_id", flat=True))
    members = [Member(meeting=held, expert=expert, invited_at=now, invited_by=actor.id) for expert in dict.fromkeys(experts)]
    for member in members:
        name = {"name": member.expert.person.name}
        if member.expert_id in here:
            raise MeetingRefused(_("%(name)s is on the jury already.") % name)
        if member.expert.state != Expert.State.ACTIVE:
            raise MeetingRefused(_("%(name)s can’t be invited: paused, or no longer in the register.") % name)
        if held.minute_taker_id == member.expert.person.account_id:
            raise MeetingRefused(_("%(name)s takes the minutes, and can’t be on the jury.") % name)
    must_not_be_candidates(barred_of(held, members))
    Member.objects.bulk_create(members)
    note(Line.about("meetings.member.invite", member, after=snapshot(member)) for member in members)
    tell_members(members, held, "meetings.invited", now=now)
    new = {member.pk for member in members}
    party = [row for row in look(held, actor=actor, now=now) if row.kind == Conflict.Kind.PARTY and row.member_id in new]
    must_not_be_candidates([row.member for row in party])
    return members


def must_not_be_candidates(members: Sequence[Member]) -> None:
    """Raises MeetingRefused, naming them."""
    if members:
        names = "、".join(member.expert.person.name for member in members)
        raise MeetingRefused(
            _("%(names)s: put forward in this round. Whoever stands as a candidate can’t be on its jury.") % {"names": names}
        )


@action("meetings.member.remove", requires=policies.can_change_plan)
def remove_member(member: Member, *, actor: Actor, now: dt.datetime) -> Member:
    """Take an expert off the jury before it meets; they are told. Raises MeetingRefused, MeetingOver."""
    held = hold(member.meeting, State.PLANNED)
    tell_members([member], held, "meetings.removed", now=now)
    member.delete()
    return member


@action("meetings.member.chair", requires=policies.can_change_plan)
def name_chair(member: Member, *, actor: Actor, now: dt.datetime) -> Member:
    """This member chairs, nobody else. Raises MeetingRefused, MeetingOver."""
    held = hold(member.meeting, State.PLANNED)
    held.members.filter(is_chair=True).exclude(pk=member.pk).update(is_chair=False)
    Member.objects.filter(pk=member.pk).update(is_chair=True)
    member.refresh_from_db()
    return member


@action("meetings.member.answer", requires=policies.is_own_seat)
def answer_invitation(member: Member, *, coming: bool, actor: Actor, now: dt.datetime) -> Member:
    """The member says whether they will come; may be said otherwise later. Raises MeetingRefused once it is open, MeetingOver."""
    hold(member.meeting, State.PLANNED)
    member.answer = Member.Answer.COMING if coming else Member.Answer.DECLINED
    member.answered_at = now
    member.save(update_fields=["answer", "answered_at"])
    return member
