"""The letters that sign-in writes. Sent after the answer's own work, never inside a transaction."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from denggao.foundation.accounts.models import User
from denggao.foundation.people.signin.queries import email_of
from denggao.foundation.vault.fields import CellUnreadable, seal, unseal

EMAIL_PROOF = "signin.email_proof"
EMAIL_PROOF_SECONDS = 24 * 3600


class LinkWorthless(Exception):
    """A link in a letter that no longer opens anything."""


def send_letter(address: str, subject: str, template: str, context: dict[str, Any]) -> None:
    """One plain-text letter, in the language that is active."""
    body = render_to_string(template, {**context, "base_url": settings.BASE_URL})
    send_mail(f"{_('Denggao')} · {subject}", body, None, [address])


def to_holder(user: User, template: str, subject: Any, context: dict[str, Any]) -> None:
    """A letter to the account's own address, in its holder's language; nothing when it has none."""
    address = email_of(user)
    if address:
        with translation.override(user.language or settings.LANGUAGE_CODE):
            send_letter(address, str(subject), template, context)


def send_reset_link(user: User | None, email: str) -> None:
    """The link with which a forgotten password is replaced; an unknown address gets no letter."""
    if user is None:
        return
    path = reverse("account_reset_password_link", args=[user.public_id, default_token_generator.make_token(user)])
    with translation.override(user.language or settings.LANGUAGE_CODE):
        send_letter(email, _("Set a new password"), "account/letters/reset.txt", {"link": f"{settings.BASE_URL}{path}"})


def send_password_changed(user: User) -> None:
    to_holder(user, "account/letters/password_changed.txt", _("Your password was changed"), {})


def send_email_proof(user: User, address: str) -> None:
    """A link to the new address; the account stays as it is until it is opened."""
    # PRIVACY: sealed, not merely signed: an address in a link stays in logs.
    content = json.dumps([str(user.public_id), email_of(user), address, int(time.time())])
    token = base64.urlsafe_b64encode(seal(content, place=EMAIL_PROOF)).decode().rstrip("=")
    link = f"{settings.BASE_URL}{reverse('account_email_proof', args=[token])}"
    with translation.override(user.language or settings.LANGUAGE_CODE):
        send_letter(address, _("Confirm your e-mail address"), "account/letters/email_proof.txt", {"link": link})


def read_email_proof(token: str) -> tuple[User, str]:
    """The account and its new address. Raises LinkWorthless once 24 hours are over, the address has changed since, the
    account is closed or the link was never ours."""
    try:
        cell = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        public_id, old, address, written = json.loads(unseal(cell, place=EMAIL_PROOF))
    except (ValueError, CellUnreadable) as error:
        raise LinkWorthless from error
    user = User.objects.filter(public_id=public_id, is_active=True).first()
    if user is None or email_of(user) != old or not 0 <= time.time() - written <= EMAIL_PROOF_SECONDS:
        raise LinkWorthless
    return user, address


def send_email_changed(user: User, *, old: str, new: str) -> None:
    if old:
        with translation.override(user.language or settings.LANGUAGE_CODE):
            send_letter(old, _("Your e-mail address was changed"), "account/letters/email_changed.txt", {})
