"""Recusals: found by the finders for all members and items at once, declared by a member, set by the chair; and what follows for
votes already given."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from denggao.engines.reviews.finding import find_conflicts, twins_of
from denggao.engines.reviews.meetings import policies
from denggao.engines.reviews.meetings.actions.holding import hold
from denggao.engines.reviews.meetings.models import Ballot, Item, Meeting, Member, Recusal, Vote
from denggao.engines.reviews.meetings.queries import present_at
from denggao.engines.reviews.meetings.refusals import MeetingRefused
from denggao.engines.reviews.meetings.registry import meeting_subject
from denggao.engines.reviews.meetings.telling import tell_members, tell_minute_taker
from denggao.engines.reviews.models import Conflict
from denggao.engines.reviews.parties import Parties
from denggao.engines.reviews.refusals import given_reason
from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot

_Key = tuple[int, int, str, str]


def look(meeting: Meeting, *, actor: Actor, now: dt.datetime) -> list[Recusal]:
    """Ask every finder about all members and all items, and what the reviews of the same candidates know; write what is new. Runs
    inside the act under way; the number of queries grows with neither."""
    items = list(meeting.items.filter(state=Item.State.STANDING))
    members = {member.expert.person_id: member for member in meeting.members.select_related("expert__person__account")}
    subject = meeting_subject(meeting.subject_kind)
    if not items or not members or subject is None:
        return []
    by_subject = subject.parties([item.subject_id for item in items])
    parties = {item.pk: by_subject.get(item.subject_id, Parties()) for item in items}
    found: dict[_Key, Recusal] = {}
    for item_id, facts in find_conflicts(parties, list(members), timezone.localdate(now)).items():
        for fact in facts:
            key = (item_id, members[fact.person_id].pk, str(fact.kind), fact.fact)
            found[key] = _recusal(key, Conflict.Source.FOUND, dict(fact.detail), actor, now)
    _join_reviews(found, items, members, actor, now)
    known = set(Recusal.objects.filter(item__meeting=meeting).values_list("item_id", "member_id", "kind", "fact"))
    return write(meeting, [row for key, row in found.items() if key not in known], actor=actor, now=now)


def _recusal(key: _Key, source: str, detail: dict[str, Any], actor: Actor, now: dt.datetime) -> Recusal:
    item_id, member_id, kind, fact = key
    return Recusal(
        item_id=item_id, member_id=member_id, kind=kind, source=source, fact=fact, detail=detail, at=now, by=actor.id
    )  # fmt: skip


def _join_reviews(
    found: dict[_Key, Recusal], items: Sequence[Item], members: Mapping[int, Member], actor: Actor, now: dt.datetime
) -> None:
    """What stands in a review of the same candidate holds here; what its chair cleared with a reason does not come back."""
    by_subject = {item.subject_id: item.pk for item in items}
    rows = Conflict.objects.filter(
        panel__subject_kind=items[0].subject_kind, panel__subject_id__in=by_subject, person_id__in=members
    ).select_related("panel")
    for row in rows:
        key = (by_subject[row.panel.subject_id], members[row.person_id].pk, row.kind, row.fact)
        if row.state == Conflict.State.CLEARED:
            found.pop(key, None)
    for row in rows:
        key = (by_subject[row.panel.subject_id], members[row.person_id].pk, row.kind, row.fact)
        if row.state == Conflict.State.STANDING and key not in found:
            found[key] = _recusal(key, row.source, row.detail, actor, now)


def write(meeting: Meeting, new: Sequence[Recusal], *, actor: Actor, now: dt.datetime) -> list[Recusal]:
    """Write them, once each; set aside the votes they touch; tell those recused, and who takes the minutes."""
    if not new:
        return []
    Recusal.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    written = list(
        Recusal.objects.filter(item__meeting=meeting, public_id__in=[row.public_id for row in new])
        .select_related("item", "member__expert__person__account")
        .order_by("pk")
    )
    note(Line.about(f"meetings.recusal.{row.source}", row, after=snapshot(row)) for row in written)
    tell_members({row.member_id: row.member for row in written}.values(), meeting, "meetings.recused", now=now)
    if meeting.state == Meeting.State.OPEN:
        _set_votes_aside(meeting, written, now=now)
    return written


def _set_votes_aside(meeting: Meeting, written: Sequence[Recusal], *, now: dt.datetime) -> None:
    """A member's vote in a running ballot no longer counts. A ballot that was settled or counted with the member in the room is set
    aside whole, and the item is voted on again: who was entitled was another number."""
    members: dict[int, set[int]] = defaultdict(set)
    for row in written:
        members[row.item_id].add(row.member_id)
    ballots = Ballot.objects.filter(item_id__in=members).exclude(state=Ballot.State.SET_ASIDE).select_related("item")
    again: set[int] = set()
    for ballot in ballots.order_by("pk"):
        out = members[ballot.item_id]
        if ballot.state == Ballot.State.OPEN:
            set_votes_aside(ballot, out, _("recused"), now=now)
        elif out & present_at(out, ballot.settled_at or now) or ballot.votes.filter(member_id__in=out).exists():
            set_ballot_aside(ballot, _("A member turned out to be recused."), now=now)
            again.add(ballot.item_id)
    if again:
        Meeting.objects.filter(pk=meeting.pk).update(closing_at=None, closing_by="")
        meeting.refresh_from_db()
        tell_minute_taker(meeting, "meetings.set_aside", now=now, count=len(again))


def set_votes_aside(ballot: Ballot, member_ids: Collection[int], reason: str, *, now: dt.datetime) -> None:
    votes = ballot.votes.filter(member_id__in=member_ids, set_aside_at__isnull=True)
    for vote in list(votes.select_related("member__expert__person", "ballot__item")):
        before = snapshot(vote)
        Vote.objects.filter(pk=vote.pk).update(set_aside_at=now, set_aside_reason=reason)
        vote.set_aside_at, vote.set_aside_reason = now, reason
        note([Line.about("meetings.vote.set_aside", vote, before=before, after=snapshot(vote))])


def set_ballot_aside(ballot: Ballot, reason: str, *, now: dt.datetime) -> None:
    before = snapshot(ballot)
    Ballot.objects.filter(pk=ballot.pk).update(state=Ballot.State.SET_ASIDE, reason=reason[:300], lock=ballot.lock + 1)
    ballot.refresh_from_db()
    note([Line.about("meetings.ballot.set_aside", ballot, before=before, after=snapshot(ballot))])


@action("meetings.recusal.declare", requires=policies.is_own_seat, batch=True)
def declare_recusal(member: Member, item: Item, *, reason: str, actor: Actor, now: dt.datetime) -> Recusal:
    """A member says why they must not judge this candidate. Raises ReasonMissing, MeetingOver."""
    text = given_reason(reason, _("Say in a few words what the conflict is. Only the chair of the jury and the office read it."))
    return _one(member, item, Conflict.Kind.DECLARED, Conflict.Source.DECLARED, text, actor=actor, now=now)


@action("meetings.recusal.set", requires=policies.can_take_minutes, batch=True)
def set_recusal(member: Member, item: Item, *, reason: str, actor: Actor, now: dt.datetime) -> Recusal:
    """The chair's word that a member must not judge this candidate. Raises ReasonMissing, MeetingOver."""
    text = given_reason(reason)
    return _one(member, item, Conflict.Kind.PINNED, Conflict.Source.PINNED, text, actor=actor, now=now)


def _one(member: Member, item: Item, kind: str, source: str, text: str, *, actor: Actor, now: dt.datetime) -> Recusal:
    meeting = hold(member.meeting)
    if item.meeting_id != meeting.pk:
        raise MeetingRefused(_("This candidate is not on the list of this meeting."))
    number = Recusal.objects.filter(item=item, member=member, kind=kind).count() + 1
    row = _recusal((item.pk, member.pk, kind, f"{kind}:{number}"), source, {"text": text}, actor, now)
    return write(meeting, [row], actor=actor, now=now)[0]


@action("meetings.recusal.clear", requires=policies.can_change_plan)
def clear_recusal(recusal: Recusal, *, reason: str, actor: Actor, now: dt.datetime) -> Recusal:
    """The chair's word that a recusal is none; what was found stays written. Raises ReasonMissing; MeetingRefused for a member's
    own word, for a candidate, and where it is cleared already; MeetingOver."""
    text = given_reason(reason)
    meeting = hold(recusal.item.meeting, voting=True)
    if recusal.kind == Conflict.Kind.PARTY:
        raise MeetingRefused(_("Whoever stands as a candidate can’t be on the jury: take the name off its list."))
    if recusal.source == Conflict.Source.DECLARED:
        raise MeetingRefused(_("What a member declared stands: nobody else takes it back."))
    if Ballot.objects.filter(item=recusal.item, state__in=[Ballot.State.COUNTED, Ballot.State.SETTLED]).exists():
        raise MeetingRefused(_("This item is voted on: set its vote aside first."))
    said = {"cleared_at": now, "cleared_by": actor.id, "cleared_reason": text}
    if not Recusal.objects.filter(pk=recusal.pk, item__meeting=meeting, cleared_at__isnull=True).update(**said):
        raise MeetingRefused(_("This recusal is cleared already; somebody was a moment faster."))
    recusal.refresh_from_db()
    return recusal


def barred_of(meeting: Meeting, members: Iterable[Member]) -> list[Member]:
    """Members who stand as candidates of the subject themselves, also under a likely second record; a fixed number of queries."""
    members = list(members)
    subject = meeting_subject(meeting.subject_kind)
    nominated = set(subject.nominated(meeting.subject_id)) if subject is not None else set()
    if not nominated or not members:
        return []
    twins = twins_of([member.expert.person_id for member in members])
    own = {twins[pk] for pk in nominated if pk in twins} | nominated
    return [member for member in members if member.expert.person_id in own]


def people_changed(person_ids: Collection[int], *, actor: Actor, now: dt.datetime) -> None:
    """Plugged into ``heads_changed``: something became known of persons. One query where no meeting runs."""
    running = list(Meeting.objects.filter(state__in=[Meeting.State.PLANNED, Meeting.State.OPEN]).select_related("minute_taker"))
    if not running:
        return
    changed = set(person_ids)
    for meeting in running:
        people = set(meeting.members.values_list("expert__person_id", flat=True))
        subject = meeting_subject(meeting.subject_kind)
        if not people or subject is None:
            continue
        if not changed & {*people, *twins_of(people)}:
            ids = list(meeting.items.filter(state=Item.State.STANDING).values_list("subject_id", flat=True))
            if not any(changed & parties.person_ids for parties in subject.parties(ids).values()):
                continue
        look_at(meeting, actor=actor, now=now)


@action("meetings.meeting.look", requires=policies.follows, batch=True)
def look_at(meeting: Meeting, *, actor: Actor, now: dt.datetime) -> int:
    """Look for recusals anew; how many are new. A member who is a candidate is told of to who takes the minutes."""
    meeting = hold(meeting)
    before = set(Recusal.objects.filter(item__meeting=meeting, kind=Conflict.Kind.PARTY).values_list("member_id", flat=True))
    new = look(meeting, actor=actor, now=now)
    if {row.member_id for row in new if row.kind == Conflict.Kind.PARTY} - before:
        tell_minute_taker(meeting, "meetings.nominated", now=now)
    return len(new)
