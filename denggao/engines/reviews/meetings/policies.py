"""Who plans a meeting, takes its minutes, confirms its end; what its members see.

SECURITY: members reach their own pages alone, and of an item they are recused from nothing but that they are. An office account in
conflict with one of the candidates, or sitting on the jury itself, does not know of the meeting as office.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from denggao.engines.reviews.meetings.models import Ballot, Item, Meeting, Member, Recusal
from denggao.engines.reviews.policies import hidden_subjects
from denggao.foundation.audit.actors import Actor, ActorKind, Role

KEEPERS = (Role.CLERK, Role.REVIEWER)


def can_plan(actor: Actor, _subject: Any = None) -> bool:
    return actor.has(Role.REVIEWER)


def visible_meetings(actor: Actor) -> QuerySet[Meeting]:
    """The office's."""
    if actor.is_operator:
        return Meeting.objects.all()
    if actor.user is None or not actor.is_office:
        return Meeting.objects.none()
    found = Meeting.objects.exclude(pk__in=Member.objects.filter(expert__person__account=actor.user).values("meeting_id"))
    hidden = hidden_subjects(actor)
    return found.exclude(pk__in=Item.objects.filter(subject_id__in=hidden).values("meeting_id")) if hidden else found


def _meeting_of(subject: Any) -> Meeting | None:
    if isinstance(subject, Meeting):
        return subject
    if isinstance(subject, Item | Member):
        return subject.meeting
    if isinstance(subject, Ballot | Recusal):
        return subject.item.meeting
    return None


def can_take_minutes(actor: Actor, subject: Any) -> bool:
    """Enter who is there, what was voted and said: clerks and reviewers of the office."""
    meeting = _meeting_of(subject)
    if meeting is None or not actor.has(*KEEPERS):
        return False
    return actor.is_operator or visible_meetings(actor).filter(pk=meeting.pk).exists()


def can_change_plan(actor: Actor, subject: Any) -> bool:
    return can_plan(actor) and can_take_minutes(actor, subject)


def can_confirm(actor: Actor, subject: Any) -> bool:
    """Confirm the end: a reviewer. Who else must not, the action looks at."""
    return actor.has(Role.REVIEWER) and can_take_minutes(actor, subject)


def follows(actor: Actor, _subject: Any = None) -> bool:
    """What follows from an act of another room has that act's permission."""
    return actor.kind != ActorKind.VISITOR


def is_operator(actor: Actor, _subject: Any = None) -> bool:
    return actor.is_operator


def is_own_seat(actor: Actor, subject: Any) -> bool:
    return isinstance(subject, Member) and actor.user is not None and subject.expert.person.account_id == actor.user.pk


def can_vote_for(actor: Actor, subject: Any) -> bool:
    """A member for oneself; who takes the minutes for any."""
    return is_own_seat(actor, subject) or can_take_minutes(actor, subject)


def sits_in(actor: Actor, meeting: Meeting) -> bool:
    return actor.user is not None and meeting.members.filter(expert__person__account=actor.user).exists()


def can_check(actor: Actor, subject: Any) -> bool:
    """Check a secret count: who takes minutes, or sits in the meeting. Whether in the room and not recused, the action looks at."""
    meeting = _meeting_of(subject)
    return meeting is not None and (can_take_minutes(actor, subject) or sits_in(actor, meeting))


def own_seats(actor: Actor) -> QuerySet[Member]:
    if actor.user is None:
        return Member.objects.none()
    seats = Member.objects.filter(expert__person__account=actor.user)
    return seats.select_related("meeting__on_table", "expert__person").defer("meeting__record")


def get_meeting_for(actor: Actor, public_id: UUID) -> Meeting:
    """As the office sees it. Raises Http404."""
    found = visible_meetings(actor).select_related("minute_taker", "on_table").defer("record").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_meeting_for_minutes(actor: Actor, public_id: UUID) -> Meeting:
    """Raises Http404."""
    found = get_meeting_for(actor, public_id)
    if not can_take_minutes(actor, found):
        raise Http404
    return found


def get_meeting_for_planning(actor: Actor, public_id: UUID) -> Meeting:
    """Raises Http404."""
    found = get_meeting_for(actor, public_id)
    if not can_change_plan(actor, found):
        raise Http404
    return found


def get_item_for_minutes(actor: Actor, meeting_id: UUID, public_id: UUID) -> Item:
    """Raises Http404."""
    meeting = get_meeting_for_minutes(actor, meeting_id)
    found = meeting.items.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    found.meeting = meeting
    return found


def get_member_for_minutes(actor: Actor, meeting_id: UUID, public_id: UUID) -> Member:
    """Raises Http404."""
    meeting = get_meeting_for_minutes(actor, meeting_id)
    found = meeting.members.select_related("expert__person").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    found.meeting = meeting
    return found


def get_recusal_for_clearing(actor: Actor, meeting_id: UUID, public_id: UUID) -> Recusal:
    """Raises Http404."""
    meeting = get_meeting_for_planning(actor, meeting_id)
    found = (
        Recusal.objects.select_related("item__meeting", "member__expert__person")
        .filter(public_id=public_id, item__meeting=meeting)
        .first()
    )
    if found is None:
        raise Http404
    return found


def get_own_seat(actor: Actor, meeting_id: UUID) -> Member:
    """Raises Http404."""
    found = own_seats(actor).filter(meeting__public_id=meeting_id).first()
    if found is None:
        raise Http404
    return found


def get_item_of_seat(member: Member, public_id: UUID, *, recused_too: bool = False) -> Item:
    """Of the member's meeting. Raises Http404, also for what the member is recused from, unless told."""
    found = member.meeting.items.filter(public_id=public_id)
    if not recused_too:
        found = found.exclude(recusals__in=Recusal.objects.filter(member=member, cleared_at__isnull=True))
    item = found.first()
    if item is None:
        raise Http404
    item.meeting = member.meeting
    return item
