"""Signing in, by e-mail address or phone and password."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend


class Backend(AuthenticationBackend):
    pass
