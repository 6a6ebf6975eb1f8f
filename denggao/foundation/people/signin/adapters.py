"""How allauth is told about this product: no open sign-up, one second-factor stage, secrets encrypted."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import account
from denggao.foundation.people.signin.actions import record_sign_in
from denggao.foundation.people.signin.backends import client_address, forget_failures
from denggao.foundation.people.signin.queries import label_of, passed_second_factor
from denggao.foundation.vault.fields import seal, unseal

_PLACE = "mfa.authenticator.data"


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by invitation."""
        return False

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """The one place where a session becomes an account's: recorded."""
        super().login(request, user)
        assert isinstance(user, User)
        forget_failures(user, client_address(request))
        who = account(user, (), f"web:{client_address(request)}")
        record_sign_in(user, second_factor=passed_second_factor(request), actor=who, now=timezone.now())

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened themselves."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Our actions write to the holder themselves."""


class FactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text, place=_PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(base64.b64decode(encrypted_text), place=_PLACE)

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        assert isinstance(user, User)
        return label_of(user)

    def get_totp_issuer(self) -> str:
        return gettext("Denggao")
