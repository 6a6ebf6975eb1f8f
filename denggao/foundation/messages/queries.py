from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.readied import readied
from denggao.foundation.messages.models import Message, MessagePreference
from denggao.foundation.messages.registry import Tone, filled, kind_of


@dataclass(frozen=True)
class MessageRow:
    """A message as it is read, in the active language."""

    public_id: uuid.UUID
    title: str
    body: str
    tone: Tone
    link: str
    created_at: dt.datetime
    unread: bool


def row_of(message: Message) -> MessageRow:
    kind = kind_of(message.code)
    return MessageRow(
        message.public_id,
        filled(kind.title, message.values),
        filled(kind.body, message.values),
        kind.tone,
        message.link,
        message.created_at,
        message.read_at is None,
    )


def rows_of(messages: Iterable[Message]) -> list[MessageRow]:
    return [row_of(message) for message in messages]


def unread_count(actor: Actor) -> int:
    return _unread.count(actor.user.pk) if actor.user is not None else 0


@readied(int)
def _unread(account_id: int) -> QuerySet[Message]:
    return Message.objects.filter(account_id=account_id, read_at__isnull=True).order_by()


def wants_mail(actor: Actor) -> bool:
    return not MessagePreference.objects.filter(account=actor.user, by_mail=False).exists()
