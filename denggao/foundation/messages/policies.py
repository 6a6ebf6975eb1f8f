"""A message is read by whom it was sent to, and by nobody else."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from denggao.foundation.audit.actors import Actor
from denggao.foundation.messages.models import Message


def visible_messages(actor: Actor) -> QuerySet[Message]:
    return Message.objects.filter(account=actor.user) if actor.user is not None else Message.objects.none()


def can_read_message(actor: Actor, message: Message) -> bool:
    return actor.user is not None and message.account_id == actor.user.pk


def has_account(actor: Actor, subject: Any) -> bool:
    return actor.user is not None


def get_message_for(actor: Actor, public_id: uuid.UUID) -> Message:
    """Raises Http404 where the message is somebody else's, as if it did not exist."""
    message = visible_messages(actor).filter(public_id=public_id).first()
    if message is None:
        raise Http404
    return message
