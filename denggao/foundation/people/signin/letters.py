"""The letters that sign-in writes. They are handed to the worker, sealed: they hold addresses and links that open accounts."""

from __future__ import annotations

import base64
import datetime as dt
import json
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import system
from denggao.foundation.jobs.actions import enqueue
from denggao.foundation.people.signin.queries import email_of
from denggao.foundation.vault.fields import CellUnreadable, seal, unseal

LETTER_JOB = "people.letter"
_LETTER_PLACE = "people.letter"
_PROOF_PLACE = "signin.email_proof"
EMAIL_PROOF_SECONDS = 24 * 3600


class LinkWorthless(Exception):
    """A link in a letter that no longer opens anything."""


@dataclass(frozen=True)
class Letter:
    """One plain-text e-mail. Without an address it goes nowhere."""

    address: str
    subject: str
    body: str


def post_letter(address: str, subject: Any, template: str, context: dict[str, Any], *, language: str, now: dt.datetime) -> None:
    """Write a letter in this language (empty: the product's) and hand it to the worker."""
    with translation.override(language or settings.LANGUAGE_CODE):
        body = render_to_string(template, {**context, "base_url": settings.BASE_URL})
        letter = Letter(address, f"{_('Denggao')} · {subject}", body)
    sealed = seal(json.dumps(asdict(letter)), place=_LETTER_PLACE)
    enqueue(LETTER_JOB, {"sealed": sealed.hex()}, actor=system("sign-in"), now=now)


def open_letter(arguments: dict[str, Any]) -> Letter:
    return Letter(**json.loads(unseal(bytes.fromhex(arguments["sealed"]), place=_LETTER_PLACE)))


def send_reset_link(user: User | None, email: str, *, now: dt.datetime) -> None:
    """The link with which a forgotten password is replaced. For an unknown address the same work is done, and nothing sent."""
    whose = user or User()
    path = reverse("account_reset_password_link", args=[whose.public_id, default_token_generator.make_token(whose)])
    context = {"link": f"{settings.BASE_URL}{path}"}
    subject = _("Set a new password")
    post_letter(email if user else "", subject, "account/letters/reset.txt", context, language=whose.language, now=now)


def send_password_changed(user: User, *, now: dt.datetime) -> None:
    _to_holder(user, _("Your password was changed"), "account/letters/password_changed.txt", now=now)


def send_email_proof(user: User, address: str, *, now: dt.datetime) -> None:
    """A link to the new address; the account stays as it is until it is opened."""
    # PRIVACY: sealed, not merely signed: an address in a link would stay in logs.
    content = json.dumps([str(user.public_id), email_of(user), address, int(now.timestamp())])
    token = base64.urlsafe_b64encode(seal(content, place=_PROOF_PLACE)).decode().rstrip("=")
    context = {"link": f"{settings.BASE_URL}{reverse('account_email_proof', args=[token])}"}
    subject = _("Confirm your e-mail address")
    post_letter(address, subject, "account/letters/email_proof.txt", context, language=user.language, now=now)


def read_email_proof(token: str, *, now: dt.datetime) -> tuple[User, str]:
    """The account and its new address. Raises LinkWorthless once 24 hours are over, the address has changed since, the
    account is closed or the link was never ours."""
    try:
        cell = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        public_id, old, address, written = json.loads(unseal(cell, place=_PROOF_PLACE))
    except (ValueError, CellUnreadable) as error:
        raise LinkWorthless from error
    user = User.objects.filter(public_id=public_id, is_active=True).first()
    if user is None or email_of(user) != old or not 0 <= now.timestamp() - written <= EMAIL_PROOF_SECONDS:
        raise LinkWorthless
    return user, address


def send_email_changed(user: User, *, old: str, now: dt.datetime) -> None:
    """Tell the old address, from which the account can no longer be opened."""
    if old:
        subject = _("Your e-mail address was changed")
        post_letter(old, subject, "account/letters/email_changed.txt", {}, language=user.language, now=now)


def _to_holder(user: User, subject: Any, template: str, *, now: dt.datetime) -> None:
    address = email_of(user)
    if address:
        post_letter(address, subject, template, {}, language=user.language, now=now)
