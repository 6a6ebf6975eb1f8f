"""Messages that leave the house: e-mail and SMS, tried again when the carrier does not take them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor
from denggao.foundation.jobs.actions import enqueue
from denggao.foundation.jobs.models import Job
from denggao.foundation.jobs.registry import KINDS, Progress, job
from denggao.foundation.messages.actions import MAIL_JOB, MAIL_MANY_JOB, send
from denggao.foundation.messages.models import Message, MessagePreference
from denggao.foundation.messages.queries import row_of
from denggao.foundation.messages.registry import Tone, in_both, register
from denggao.foundation.messages.sms import gateway
from denggao.foundation.vault.fields import seal, unseal

_SMS_PLACE = "messages.sms"

register(
    "jobs.failed",
    title=_("Not done: %(work)s"),
    body="%(reason)s",
    tone=Tone.REFUSED,
)


@job(MAIL_JOB, title=_("Sending an e-mail"), attempts=6, keep=False)
def mail_message(arguments: dict[str, Any], progress: Progress) -> None:
    message = Message.objects.select_related("account").filter(public_id=arguments["message"], mailed_at__isnull=True).first()
    if message is not None:
        _mail(message, now=progress.now())


@job(MAIL_MANY_JOB, title=_("Sending e-mails"), attempts=6, queue="heavy", keep=False)
def mail_messages(arguments: dict[str, Any], progress: Progress) -> None:
    """Those sent before the carrier failed are not sent again."""
    waiting = Message.objects.select_related("account").filter(public_id__in=arguments["messages"], mailed_at__isnull=True)
    for number, message in enumerate(waiting.order_by("pk"), 1):
        _mail(message, now=progress.now())
        progress(number, len(arguments["messages"]))


def _mail(message: Message, *, now: dt.datetime) -> None:
    address = _address_of(message.account)
    if not address:
        return
    with translation.override(message.account.language or settings.LANGUAGE_CODE):
        row = row_of(message)
        link = f"{settings.BASE_URL}{row.link}" if row.link else ""
        send_mail(row.title, "\n\n".join(filter(None, [row.title, row.body, link])), None, [address])
    Message.objects.filter(pk=message.pk).update(mailed_at=now)


def _address_of(account: User) -> str:
    """The confirmed address of an open account that wants e-mail, or none."""
    if not account.is_active or account.is_demo:
        return ""
    if MessagePreference.objects.filter(account=account, by_mail=False).exists():
        return ""
    found = EmailAddress.objects.filter(user=account, verified=True).order_by("-primary").first()
    return found.email if found else ""


def send_sms(phone: str, text: str, *, actor: Actor, now: dt.datetime) -> Job:
    """Send a text message once the caller's transaction is committed. Number and text lie encrypted until then."""
    # PRIVACY: a job's arguments are plain; a phone number is not for them.
    return enqueue("messages.sms", {"sealed": seal(f"{phone}\n{text}", place=_SMS_PLACE).hex()}, actor=actor, now=now)


@job("messages.sms", title=_("Sending a text message"), attempts=4, keep=False)
def deliver_sms(arguments: dict[str, Any], progress: Progress) -> None:
    phone, _newline, text = unseal(bytes.fromhex(arguments["sealed"]), place=_SMS_PLACE).partition("\n")
    gateway().send(phone, text)


def tell_failure(failed: Job, *, now: dt.datetime) -> None:
    """Tell whoever asked for a job that it failed for good."""
    if failed.account is not None and failed.account.is_active:
        kind = KINDS.get(failed.code)
        values = {"work": in_both(lambda: kind.title if kind else failed.code), "reason": failed.error}
        send(failed.account, "jobs.failed", values, failed.link or f"/jobs/{failed.public_id}/", now=now)
