"""What members and the office are told. No message holds a person's name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denggao.engines.reviews.meetings.models import Meeting, Member
from denggao.foundation.messages.actions import send, send_many
from denggao.foundation.messages.registry import Tone, register

register(
    "meetings.invited",
    title=_("You are invited to the jury: %(title)s"),
    body=_("%(when)s, %(place)s. Say whether you will come, and declare what you must be recused from."),
    tone=Tone.WAITING,
)
register(
    "meetings.called_off",
    title=_("The jury does not meet: %(title)s"),
    body=_("The meeting of %(when)s was called off."),
)
register(
    "meetings.removed",
    title=_("You are no longer on the jury: %(title)s"),
    body=_("The office took your name off the list of members. Thank you."),
)
register(
    "meetings.recused",
    title=_("You are recused in the jury: %(title)s"),
    body=_("A conflict of interest was found or declared. You neither read that file nor vote on it."),
)
register(
    "meetings.nominated",
    title=_("A member of the jury is a candidate: %(title)s"),
    body=_("Whoever stands as a candidate can’t be on the jury. Take the name off its list before the meeting is opened."),
    tone=Tone.REFUSED,
)
register(
    "meetings.set_aside",
    title=_("Votes were set aside: %(title)s"),
    body=_("A conflict of interest came to light during the meeting. Vote on %(count)s items again."),
    tone=Tone.REFUSED,
)
register(
    "meetings.closing",
    title=_("The end of a jury meeting waits for you: %(title)s"),
    body=_("The votes are ended. Look through the outcome and confirm it as the second person."),
    tone=Tone.WAITING,
)


def tell_members(members: Iterable[Member], meeting: Meeting, code: str, *, now: dt.datetime) -> None:
    """Those with an account. Their link is the members' own page."""
    told = [
        (member.expert.person.account, values_of(meeting), f"/reviews/meetings/mine/{meeting.public_id}/")
        for member in members
        if member.expert.person.account is not None
    ]
    send_many(told, code, now=now)


def tell_minute_taker(meeting: Meeting, code: str, *, now: dt.datetime, **values: Any) -> None:
    send(meeting.minute_taker, code, {**values_of(meeting), **values}, f"/reviews/meetings/{meeting.public_id}/", now=now)


def values_of(meeting: Meeting) -> dict[str, Any]:
    when = timezone.localtime(meeting.starts_at).strftime("%Y-%m-%d %H:%M")
    title = {"zh": meeting.title_zh, "en": meeting.title_en or meeting.title_zh}
    return {"title": title, "when": when, "place": meeting.place}
