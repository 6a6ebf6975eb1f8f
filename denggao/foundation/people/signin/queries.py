"""Which account an address belongs to, and how a session proved itself."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from denggao.foundation.accounts.models import User
from denggao.foundation.people.masks import mask_phone
from denggao.foundation.people.models import SignInPhone
from denggao.foundation.people.signin.rules import Address, AddressKind, read_address
from denggao.foundation.vault.fields import blind_index

RECENT_SECONDS = 15 * 60


def phone_index(phone: str) -> bytes:
    """The blind index of a normalised sign-in phone."""
    return blind_index("sign-in-phone", phone)


def find_account(login: str | Address) -> User | None:
    """The account that signs in by this address, whatever its state."""
    address = read_address(login) if isinstance(login, str) else login
    if address is None:
        return None
    if address.kind is AddressKind.EMAIL:
        held = EmailAddress.objects.filter(email=address.value, verified=True).select_related("user").first()
        return held.user if held else None
    phone = SignInPhone.objects.filter(phone_index=phone_index(address.value)).select_related("account").first()
    return phone.account if phone else None


def email_of(user: User) -> str:
    """The address messages go to; empty when the account has none."""
    return (
        EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk").values_list("email", flat=True).first()
        or ""
    )


def phone_of(user: User) -> str:
    held = SignInPhone.objects.filter(account=user).first()
    return held.phone if held else ""


def mask_email(email: str) -> str:
    """c***k@demo.denggao.example."""
    name, _, host = email.partition("@")
    return f"{name[:1]}***{name[-1:] if len(name) > 2 else ''}@{host}" if host else ""


def label_of(user: User) -> str:
    """How an account is called on its own pages and in its authenticator app."""
    return email_of(user) or mask_phone(phone_of(user)) or str(user)


def labels_of(users: list[User]) -> dict[int, str]:
    """Account pk → its e-mail address or masked phone, in two queries."""
    phones = {phone.account_id: mask_phone(phone.phone) for phone in SignInPhone.objects.filter(account__in=users)}
    held = EmailAddress.objects.filter(user__in=users, verified=True).order_by("primary").values_list("user_id", "email")
    return {user.pk: str(user) for user in users} | phones | dict(held)


_read_roles: Callable[[User, dt.date], list[Any]] = lambda user, on: []  # noqa: E731 -- until the roof plugs its own


def plug_roles(read: Callable[[User, dt.date], list[Any]]) -> None:
    """Plugged in by the roof: what an account may be lies in ``organisations``, above this room."""
    global _read_roles
    _read_roles = read


def roles_shown(user: User, on: dt.date) -> list[Any]:
    """The roles an account holds on a day, for its own page."""
    return _read_roles(user, on)


@dataclass(frozen=True)
class SecondFactor:
    """What an account has beside its password."""

    has_app: bool
    codes_left: int


def second_factor_of(user: User) -> SecondFactor:
    held = {factor.type: factor for factor in Authenticator.objects.filter(user=user)}
    codes = held.get(Authenticator.Type.RECOVERY_CODES)
    return SecondFactor(
        has_app=Authenticator.Type.TOTP in held,
        codes_left=len(codes.wrap().get_unused_codes()) if codes else 0,
    )


def passed_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened, or confirmed since, with an authenticator code."""
    return any(step.get("method") == "mfa" for step in get_authentication_records(request, _user(request)))


def recently_authenticated(request: HttpRequest, *, within_seconds: int = RECENT_SECONDS) -> bool:
    """Whether the person at the keyboard proved who they are in the last quarter of an hour (or as long as given)."""
    steps = get_authentication_records(request, _user(request))
    return bool(steps) and time.time() - float(steps[-1]["at"]) <= within_seconds


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) or getattr(request.user, "pk", None) else None  # type: ignore[return-value]  # signed in, so an account
