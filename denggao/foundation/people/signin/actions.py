"""Every change of an account by its holder, and what is recorded of signing in."""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line
from denggao.foundation.people.models import SignInPhone
from denggao.foundation.people.signin.policies import anyone, can_keep_account
from denggao.foundation.people.signin.queries import phone_index


class AddressTaken(Refused):
    """Another account signs in by this address."""

    def __init__(self) -> None:
        super().__init__(_("This address can't be used for sign-in here. Use another one, or ask the programme office."))


@action("accounts.sign_in", requires=can_keep_account, batch=True)
def record_sign_in(account: User, *, second_factor: bool, actor: Actor, now: dt.datetime) -> None:
    """Keep in the audit that an account signed in, and with how many factors."""
    note([Line.about("accounts.sign_in", account, after={"second_factor": second_factor})])


@action("accounts.sign_in_refused", requires=anyone, batch=True)
def record_refused_sign_in(account: User, *, step: str, locked: bool, actor: Actor, now: dt.datetime) -> None:
    """Keep in the audit that somebody tried to sign in to this account. ``step`` is password or second_factor."""
    note([Line.about("accounts.sign_in_refused", account, after={"step": step, "locked": locked})])


@action("accounts.proof_refused", requires=can_keep_account, batch=True)
def record_refused_proof(account: User, *, locked: bool, actor: Actor, now: dt.datetime) -> None:
    """Keep in the audit that what was typed to prove oneself again was wrong."""
    note([Line.about("accounts.proof_refused", account, after={"locked": locked})])


@action("accounts.sign_out", requires=can_keep_account, batch=True)
def record_sign_out(account: User, *, idle: bool = False, actor: Actor, now: dt.datetime) -> None:
    """Keep in the audit that an account signed out, or lay idle too long."""
    note([Line.about("accounts.sign_out", account, after={"idle": idle})])


@action("accounts.set_password", requires=can_keep_account)
def set_password(account: User, *, password: str, actor: Actor, now: dt.datetime) -> User:
    """Set a password that has passed the password rules. Every session of the account ends with it."""
    account.set_password(password)
    account.save(update_fields=["password"])
    UserSession.objects.filter(user=account).delete()
    return account


@action("accounts.add_second_factor", requires=can_keep_account, batch=True)
def add_second_factor(account: User, *, secret: str, actor: Actor, now: dt.datetime) -> list[str]:
    """Tie an authenticator app to the account, in place of the one it had, and make ten new recovery codes.

    Returns the codes: they are shown once.
    """
    User.objects.select_for_update().get(pk=account.pk)
    replaced, _kinds = Authenticator.objects.filter(user=account).delete()
    TOTP.activate(account, secret)
    codes = RecoveryCodes.activate(account)
    note([Line.about("accounts.add_second_factor", account, after={"replaced": bool(replaced)})])
    return list(codes.get_unused_codes())


@action("accounts.renew_recovery_codes", requires=can_keep_account, batch=True)
def renew_recovery_codes(account: User, *, actor: Actor, now: dt.datetime) -> list[str]:
    """Ten new recovery codes; the old ones are worth nothing. Returns them: they are shown once."""
    User.objects.select_for_update().get(pk=account.pk)
    if not Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists():
        raise Refused(_("Set up an authenticator app first."))
    Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes = RecoveryCodes.activate(account)
    note([Line.about("accounts.renew_recovery_codes", account)])
    return list(codes.get_unused_codes())


@action("accounts.remove_second_factor", requires=can_keep_account, batch=True)
def remove_second_factor(account: User, *, actor: Actor, now: dt.datetime) -> None:
    """Go back to the password alone. Raises Refused for an office role outside demo mode."""
    if actor.is_office and not actor.is_operator and not settings.DEMO:
        raise Refused(_("Office roles need a second factor. Set up another authenticator app instead."))
    Authenticator.objects.filter(user=account).delete()
    note([Line.about("accounts.remove_second_factor", account)])


@action("accounts.change_email", requires=can_keep_account, batch=True)
def change_email(account: User, *, email: str, actor: Actor, now: dt.datetime) -> str:
    """Let the account sign in by this address, which its holder has proven, instead of the old one.

    Returns the old address (empty if there was none). Raises AddressTaken.
    """
    old = EmailAddress.objects.filter(user=account, verified=True).values_list("email", flat=True).first() or ""
    EmailAddress.objects.filter(user=account).delete()
    try:
        with transaction.atomic():
            EmailAddress.objects.create(user=account, email=email, verified=True, primary=True)
    except IntegrityError:
        raise AddressTaken from None
    note([_about_address("accounts.change_email", account, "email", old, email)])
    return old


@action("accounts.change_phone", requires=can_keep_account, batch=True)
def change_phone(account: User, *, phone: str, actor: Actor, now: dt.datetime) -> None:
    """Let the account sign in by this phone (normalised; empty: by none). Raises AddressTaken, and Refused when no
    address would be left."""
    held = SignInPhone.objects.filter(account=account).first()
    old = held.phone if held else ""
    if not phone and not EmailAddress.objects.filter(user=account, verified=True).exists():
        raise Refused(_("An account needs an e-mail address or a phone to sign in by. Add an e-mail address first."))
    if held:
        held.delete()
    if phone:
        try:
            with transaction.atomic():
                SignInPhone.objects.create(account=account, phone=phone, phone_index=phone_index(phone))
        except IntegrityError:
            raise AddressTaken from None
    note([_about_address("accounts.change_phone", account, "phone", old, phone)])


@action("accounts.choose_language", requires=can_keep_account)
def choose_language(account: User, *, language: str, actor: Actor, now: dt.datetime) -> User:
    """Messages to this account are written in this language (``zh-hans`` or ``en``)."""
    account.language = language
    account.save(update_fields=["language"])
    return account


@action("accounts.end_sessions", requires=can_keep_account, batch=True)
def end_sessions(account: User, *, sessions: list[UserSession], actor: Actor, now: dt.datetime) -> int:
    """Sign the account out in these browsers. Returns how many."""
    ended = [session for session in sessions if session.user_id == account.pk]
    for session in ended:
        session.end()
    note([Line.about("accounts.end_sessions", account, after={"sessions": len(ended)})])
    return len(ended)


def _about_address(code: str, account: User, name: str, old: str, new: str) -> Line:
    line = Line.about(code, account, before={name: old}, after={name: new})
    return Line(line.action, line.object_type, line.object_id, line.object_text, {name: old}, {name: new}, frozenset({name}))
