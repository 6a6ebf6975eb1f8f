"""Whether these credentials are an account's: e-mail address or phone, and password."""

from __future__ import annotations

from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet
from django.http import HttpRequest

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.readied import readied
from denggao.foundation.people.signin.queries import email_of, find_account, phone_of
from denggao.foundation.people.signin.rules import may_sign_in, read_address
from denggao.foundation.vault.fields import blind_index


@readied(int)
def _account(account_id: int) -> QuerySet[User]:
    return User.objects.filter(pk=account_id)


class Backend(ModelBackend):
    def authenticate(  # type: ignore[override]  # narrower than the library says
        self, request: HttpRequest | None, login: str | None = None, password: str | None = None, **credentials: Any
    ) -> User | None:
        """The account, or None: whether it is unknown, closed, a demo account or the password is wrong, nobody learns."""
        if not login or not password:
            return None
        user = find_account(login)
        if user is None:
            # SECURITY: an unknown account costs as long as a wrong password.
            User().set_password(password)
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None

    def get_user(self, user_id: Any) -> User | None:
        """Asked at each request."""
        user = _account.first(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: Any) -> bool:
        """Asked at each request too: closing an account ends what is open."""
        return isinstance(user, User) and may_sign_in(active=user.is_active, of_the_demo=user.is_demo, demo_mode=settings.DEMO)


def whose_attempt(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """For whom the lock-out counts: a keyed hash of the address as typed, known or not.

    PRIVACY: the lock-out's own table and the log hold no e-mail address and no phone.
    """
    return attempt_key(str((credentials or {}).get("login") or request.POST.get("login", "")))


def attempt_key(typed: str) -> str:
    address = read_address(typed)
    return blind_index("sign-in", address.value if address else typed.strip().lower()).hex()


def forget_failures(user: User, address: str) -> None:
    """A whole sign-in, second factor included, takes back the failures counted for this account from there."""
    keys = [attempt_key(known) for known in (email_of(user), phone_of(user)) if known]
    AccessAttempt.objects.filter(username__in=keys, ip_address=address).delete()


def client_address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
