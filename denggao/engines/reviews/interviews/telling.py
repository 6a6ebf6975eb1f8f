"""What who is heard is told. No message holds a person's name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denggao.engines.reviews.interviews.models import InterviewDay, Slot
from denggao.engines.reviews.interviews.registry import interview_subject
from denggao.foundation.messages.actions import send_many
from denggao.foundation.messages.registry import Tone, register

register(
    "interviews.published",
    title=_("Your interview: %(when)s, %(title)s"),
    body=_("%(number)s, %(place)s. You have %(minutes)s minutes. On the day this page shows how late it runs."),
    tone=Tone.WAITING,
)
register(
    "interviews.changed",
    title=_("The time of your interview has changed: %(when)s"),
    body=_("%(number)s, %(title)s, %(place)s."),
    tone=Tone.WAITING,
)
register(
    "interviews.called",
    title=_("Please come to the interview now: %(place)s"),
    body=_("%(number)s, %(title)s."),
    tone=Tone.WAITING,
    by_mail=False,
)
register(
    "interviews.called_off",
    title=_("Your interview was called off: %(title)s"),
    body=_("%(number)s, planned for %(when)s. The office will tell you how it goes on."),
    tone=Tone.REFUSED,
)


def tell_attendees(day: InterviewDay, slots: Sequence[Slot], code: str, *, now: dt.datetime) -> None:
    subject = interview_subject(day.subject_kind)
    if subject is None or not slots:
        return
    accounts = subject.accounts([slot.subject_id for slot in slots], now=now)
    link = f"/reviews/interviews/mine/{day.public_id}/"
    title = {"zh": day.title_zh, "en": day.title_en or day.title_zh}
    told = [
        (
            account,
            {
                "title": title,
                "place": day.place,
                "number": slot.number,
                "minutes": day.minutes_each,
                "when": timezone.localtime(slot.planned_at).strftime("%Y-%m-%d %H:%M"),
            },
            link,
        )
        for slot in slots
        for account in accounts.get(slot.subject_id, ())
    ]
    send_many(told, code, now=now)
