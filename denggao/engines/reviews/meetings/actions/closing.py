"""The end of a meeting: the chair ends the votes, a second person confirms, everything is frozen; what is said later is an
addendum."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from denggao.engines.reviews.meetings import policies
from denggao.engines.reviews.meetings.actions.holding import hold
from denggao.engines.reviews.meetings.actions.voting import must_be_settled, one_line_end
from denggao.engines.reviews.meetings.models import Addendum, Ballot, Item, Meeting, Presence, Recusal, Vote
from denggao.engines.reviews.meetings.queries import ballots_in, lines_of, minute_takers
from denggao.engines.reviews.meetings.refusals import MeetingRefused, MovedOn, SecondPerson
from denggao.engines.reviews.meetings.registry import meeting_subject
from denggao.engines.reviews.meetings.rules import Fate, fates
from denggao.engines.reviews.meetings.telling import values_of
from denggao.engines.reviews.refusals import given_reason
from denggao.engines.reviews.rules.ranking import hash_of
from denggao.foundation.audit.actions import action
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.messages.actions import send_many

State = Meeting.State


@action("meetings.meeting.minute", requires=policies.can_take_minutes)
def write_minutes(meeting: Meeting, *, text: str, seen: str | None = None, actor: Actor, now: dt.datetime) -> Meeting:
    """The minutes of the whole. ``seen``: the text the page showed. Raises MovedOn where somebody else wrote meanwhile,
    MeetingOver."""
    held = hold(meeting)
    found = Meeting.objects.filter(pk=held.pk)
    if seen is not None:
        found = found.filter(minutes=seen)
    if not found.update(minutes=one_line_end(text)):
        raise MovedOn
    held.refresh_from_db()
    return held


@action("meetings.meeting.end_votes", requires=policies.can_take_minutes)
def end_votes(meeting: Meeting, *, actor: Actor, now: dt.datetime) -> Meeting:
    """By the chair's word: every candidate is voted on. A second person, a reviewer, confirms; until then nothing is voted. Raises
    MeetingRefused while something is not voted on, or the chair is not in the room; MeetingOver."""
    held = hold(meeting, State.OPEN, voting=True)
    items = list(held.items.filter(state=Item.State.STANDING))
    must_be_settled(items, ballots_in(held))
    if not Presence.objects.filter(member__meeting=held, member__is_chair=True, to_at__isnull=True).exists():
        raise MeetingRefused(_("Chair: not in the room. The votes end by the chair’s word."))
    Meeting.objects.filter(pk=held.pk, closing_at__isnull=True).update(closing_at=now, closing_by=actor.id, on_table=None)
    held.refresh_from_db()
    told = minute_takers(now, Role.REVIEWER).exclude(pk=held.minute_taker_id)
    link = f"/reviews/meetings/{held.public_id}/"
    send_many([(user, values_of(held), link) for user in told if str(user.public_id) != actor.id], "meetings.closing", now=now)
    return held


@action("meetings.meeting.resume", requires=policies.can_take_minutes)
def resume_votes(meeting: Meeting, *, actor: Actor, now: dt.datetime) -> Meeting:
    """Take the end of the votes back. Raises MeetingRefused where they are not ended, MeetingOver."""
    held = hold(meeting, State.OPEN)
    if not Meeting.objects.filter(pk=held.pk, closing_at__isnull=False).update(closing_at=None, closing_by=""):
        raise MeetingRefused(_("The votes are not ended."))
    held.refresh_from_db()
    return held


@action("meetings.meeting.close", requires=policies.can_confirm)
def confirm_closing(meeting: Meeting, *, actor: Actor, now: dt.datetime) -> Meeting:
    """The second person confirms: each candidate passes or not, within the places there are; everything is frozen, and its subject
    goes on. Raises SecondPerson for who took the minutes or ended the votes, MeetingRefused where they are not ended,
    MeetingOver."""
    held = hold(meeting, State.OPEN)
    if held.closing_at is None:
        raise MeetingRefused(_("The chair has not ended the votes yet."))
    if actor.id == held.closing_by or (actor.user is not None and actor.user.pk == held.minute_taker_id):
        raise SecondPerson(_("You took the minutes of this meeting: another reviewer must confirm its end."))
    items = list(held.items.all())
    ballots = ballots_in(held)
    must_be_settled([item for item in items if item.state == Item.State.STANDING], ballots)
    _write_outcomes(items, fates(lines_of(items, ballots), quota=held.quota, quotas=held.quotas))
    Presence.objects.filter(member__meeting=held, to_at__isnull=True).update(to_at=now)
    record = record_of(held, items, closed_at=now, closed_by=actor.id)
    closed = Meeting.objects.filter(pk=held.pk, state=State.OPEN, closing_at__isnull=False).update(
        state=State.CLOSED, closed_at=now, closed_by=actor.id, record=record, record_hash=hash_of(record), on_table=None
    )
    if not closed:
        raise MovedOn
    held.refresh_from_db()
    subject = meeting_subject(held.subject_kind)
    if subject is not None:
        standing = [item for item in items if item.state == Item.State.STANDING]
        subject.on_closed(held, standing, actor=actor, now=now)
    return held


def _write_outcomes(items: Sequence[Item], decided: Sequence[Fate]) -> None:
    by_code = {fate.code: fate for fate in decided}
    changed = []
    for item in items:
        fate = by_code.get(str(item.public_id))
        if fate is None:
            continue
        item.outcome = Item.Outcome.PASSED if fate.passes else Item.Outcome.NOT_PASSED
        item.why = fate.why.value
        changed.append(item)
    Item.objects.bulk_update(changed, ["outcome", "why"], batch_size=500)


@action("meetings.addendum.write", requires=policies.can_take_minutes)
def write_addendum(meeting: Meeting, *, text: str, actor: Actor, now: dt.datetime) -> Addendum:
    """Something to be said to closed minutes, which stay as they are. Raises ReasonMissing without a text, MeetingRefused while the
    meeting is not closed."""
    given = given_reason(text[:300], _("Addendum: write what is to be said to the minutes.")) and one_line_end(text)
    meeting.refresh_from_db()
    if meeting.state != State.CLOSED:
        raise MeetingRefused(_("The minutes are not closed: change them themselves."))
    try:
        with transaction.atomic():
            number = meeting.addenda.count() + 1
            return Addendum.objects.create(meeting=meeting, number=number, text=given, at=now, by=actor.id)
    except IntegrityError:
        raise MovedOn from None


# What is frozen


def record_of(meeting: Meeting, items: Sequence[Item], *, closed_at: dt.datetime, closed_by: str) -> dict[str, Any]:
    """Everything that was minuted, as plain JSON; its SHA-256 covers all of it. A fixed number of queries."""
    members = list(meeting.members.select_related("expert__person"))
    presences: dict[int, list[list[str | None]]] = {member.pk: [] for member in members}
    for row in Presence.objects.filter(member__meeting=meeting):
        presences[row.member_id].append([_at(row.from_at), _at(row.to_at)])
    by_item = _votes_by_item(meeting)
    return {
        "meeting": {
            "id": str(meeting.public_id),
            "title": meeting.title_zh,
            "subject": [meeting.subject_kind, str(meeting.subject_id)],
            "place": meeting.place,
            "starts_at": _at(meeting.starts_at),
            "opened_at": _at(meeting.opened_at),
            "closed_at": _at(closed_at),
            "minute_taker": str(meeting.minute_taker.public_id),
            "ended_by": meeting.closing_by,
            "confirmed_by": closed_by,
            "way": meeting.way,
            "quorum": f"{meeting.quorum_parts}/{meeting.quorum_of}",
            "majority": f"{meeting.majority_parts}/{meeting.majority_of}",
            "quota": meeting.quota,
            "quotas": meeting.quotas,
            "minutes": meeting.minutes,
        },
        "members": [
            {
                "id": str(member.public_id),
                "name": member.expert.person.name,
                "chair": member.is_chair,
                "present": presences[member.pk],
            }
            for member in members
        ],
        "items": [
            {
                "id": str(item.public_id),
                "subject": str(item.subject_id),
                "title": item.title_zh,
                "group": item.group,
                "place": item.place,
                "points": None if item.points is None else str(item.points),
                "dropped": item.dropped_reason,
                "decision": item.decision,
                "outcome": item.outcome,
                "why": item.why,
                **by_item.get(item.pk, {"ballots": [], "recusals": []}),
            }
            for item in items
        ],
    }


def _votes_by_item(meeting: Meeting) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    votes: dict[int, list[dict[str, Any]]] = {}
    for vote in Vote.objects.filter(ballot__item__meeting=meeting).select_related("member").order_by("pk"):
        said = {"member": str(vote.member.public_id), "choice": vote.choice, "at": _at(vote.at), "by": vote.by}
        votes.setdefault(vote.ballot_id, []).append({**said, "set_aside": vote.set_aside_reason})
    for ballot in Ballot.objects.filter(item__meeting=meeting).order_by("number"):
        entry = found.setdefault(ballot.item_id, {"ballots": [], "recusals": []})
        numbers = {name: getattr(ballot, name) for name in _NUMBERS}
        entry["ballots"].append(
            {
                "number": ballot.number,
                "second": ballot.second,
                "state": ballot.state,
                **numbers,
                "counted_by": ballot.counted_by,
                "settled_by": ballot.settled_by,
                "settled_at": _at(ballot.settled_at),
                "reason": ballot.reason,
                "votes": votes.get(ballot.pk, []),
            }
        )
    for row in Recusal.objects.filter(item__meeting=meeting).select_related("member").order_by("pk"):
        entry = found.setdefault(row.item_id, {"ballots": [], "recusals": []})
        entry["recusals"].append(
            {"member": str(row.member.public_id), "kind": row.kind, "source": row.source, "cleared": row.cleared_reason}
        )
    return found


_NUMBERS = ("in_favour", "against", "abstained", "present", "recused", "entitled", "needed")


def _at(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(dt.UTC).isoformat() if moment is not None else None
