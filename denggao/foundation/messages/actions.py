"""Telling an account something, and what its holder does with it.

``send`` is an effect of the act under way: it leaves no audit record of its own, and is told only if the act is done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import action
from denggao.foundation.audit.actors import Actor, system
from denggao.foundation.audit.bulk import insert
from denggao.foundation.jobs.actions import enqueue
from denggao.foundation.messages.models import Message, MessagePreference
from denggao.foundation.messages.policies import can_read_message, has_account
from denggao.foundation.messages.registry import is_known, kind_of

MAIL_JOB, MAIL_MANY_JOB = "messages.mail", "messages.mail_many"
MAILED_AT_ONCE = 200


def send(to: User, code: str, values: Mapping[str, Any] | None = None, link: str = "", *, now: dt.datetime) -> Message:
    """Tell an account something once the caller's transaction is committed: in the app, and by e-mail where the kind is
    worth one and the account has an address and wants it. ``values`` hold no person's data; a value may be
    ``{"zh": …, "en": …}``. ``link`` is a path of this site. Raises KeyError for a code no room registered.
    """
    if not is_known(code):
        raise KeyError(code)
    message = Message.objects.create(account=to, code=code, values=dict(values or {}), link=link, created_at=now)
    if kind_of(code).by_mail and not to.is_demo:
        enqueue(MAIL_JOB, {"message": str(message.public_id)}, actor=system("messages"), now=now)
    return message


def send_many(
    told: Iterable[tuple[User, Mapping[str, Any], str]], code: str, *, now: dt.datetime, by_mail: bool = True
) -> list[Message]:
    """Tell many accounts the same thing, each with its own values and link: ``send`` for a whole class. ``by_mail=False``
    keeps it in the app. Must run inside a transaction. Raises KeyError for a code no room registered."""
    if not is_known(code):
        raise KeyError(code)
    listed = list(told)
    messages = [Message(account=to, code=code, values=dict(values), link=link, created_at=now) for to, values, link in listed]
    insert(messages)
    if by_mail and kind_of(code).by_mail:
        mailed = [str(message.public_id) for message, (to, *_rest) in zip(messages, listed, strict=True) if not to.is_demo]
        for start in range(0, len(mailed), MAILED_AT_ONCE):
            enqueue(MAIL_MANY_JOB, {"messages": mailed[start : start + MAILED_AT_ONCE]}, actor=system("messages"), now=now)
    return messages


def send_once(accounts: Iterable[User | None], code: str, values: Mapping[str, Any], link: str, *, now: dt.datetime) -> None:
    """Tell each of these accounts the same; None stands for who has no account. Raises KeyError as ``send_many``."""
    once = {account.pk: account for account in accounts if account is not None}
    send_many([(account, values, link) for account in once.values()], code, now=now)


@action("messages.message.read", requires=can_read_message, batch=True)
def mark_read(message: Message, *, actor: Actor, now: dt.datetime) -> Message:
    """Note that a message was read. Reading it again changes nothing."""
    Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=now)
    message.refresh_from_db()
    return message


@action("messages.message.read_all", requires=has_account, batch=True)
def mark_all_read(*, actor: Actor, now: dt.datetime) -> int:
    """Note that the actor has read all messages told until now; how many were unread."""
    return Message.objects.filter(account=actor.user, read_at__isnull=True, created_at__lte=now).update(read_at=now)


@action("messages.preference.set", requires=has_account)
def set_preference(*, by_mail: bool, actor: Actor, now: dt.datetime) -> MessagePreference:
    preference, _created = MessagePreference.objects.update_or_create(account=actor.user, defaults={"by_mail": by_mail})
    return preference
