"""Who calls the API, what they may, and how often."""

from __future__ import annotations

import math
import time
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import AuthorizationError
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from denggao.faces.api.actions import note_use
from denggao.faces.api.models import ApiToken
from denggao.faces.api.queries import actor_of_token, token_of
from denggao.foundation.audit.actors import Actor, visitor


class Token(HttpBearer):
    """A bearer token. ``optional`` lets visitors in, though never with a wrong token; ``scope`` is what it must allow."""

    def __init__(self, scope: str = "", *, optional: bool = False) -> None:
        super().__init__()
        self.scope, self.optional = scope, optional

    def __call__(self, request: HttpRequest) -> Any:
        if self.optional and not request.headers.get("Authorization"):
            return visitor(_origin(request))
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        today = timezone.localdate()
        found = token_of(token.strip(), on=today)
        if found is None:
            return None
        actor = actor_of_token(found, _origin(request))
        request.api_token = found  # type: ignore[attr-defined]
        request.actor = actor  # type: ignore[attr-defined]
        if self.scope and self.scope not in actor.scopes:
            raise AuthorizationError(message=f"scope: {self.scope}")
        if found.last_used_on != today:
            note_use(found, actor=actor, now=timezone.now())
        return actor


def _origin(request: HttpRequest) -> str:
    return f"api:{request.META.get('REMOTE_ADDR', '')}"


def actor_of(request: HttpRequest) -> Actor:
    actor = request.auth  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)
    return actor


def token_in(request: HttpRequest) -> ApiToken:
    token = request.api_token  # type: ignore[attr-defined]
    assert isinstance(token, ApiToken)
    return token


class Pace(BaseThrottle):
    """So many requests a minute for one token, or for one address without a token; counted by the cache."""

    def __init__(self, code: str, *, visitor: int, token: int) -> None:
        self.code, self.visitor, self.token = code, visitor, token

    def allow_request(self, request: HttpRequest) -> bool:
        token = getattr(request, "api_token", None)
        whose, most = (token.prefix, self.token) if token else (str(request.META.get("REMOTE_ADDR", "")), self.visitor)
        key = f"api.pace.{self.code}.{whose}.{int(time.time() // 60)}"
        if cache.add(key, 1, timeout=90):
            return True
        try:
            return bool(cache.incr(key) <= most)
        except ValueError:
            return True

    def wait(self) -> float:
        return math.ceil(60 - time.time() % 60)


READING = Pace("read", visitor=120, token=600)
WRITING = Pace("write", visitor=10, token=60)
VERIFYING = Pace("verify", visitor=30, token=120)
