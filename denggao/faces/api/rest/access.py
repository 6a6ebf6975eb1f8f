"""Who calls the API, what they may, and how often."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import AuthorizationError
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from denggao.faces.api.actions import note_use
from denggao.faces.api.models import ApiToken
from denggao.faces.api.queries import actor_of_token, token_of
from denggao.faces.api.rules import Scope
from denggao.foundation.accounts.limits import VERIFY, Limit, TooOften, address_of, take
from denggao.foundation.audit.actors import Actor, visitor
from denggao.foundation.audit.middleware import write_while_reading


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
        request.api_token = found  # type: ignore[attr-defined]  # put on the request by who let it in
        request.actor = actor  # type: ignore[attr-defined]  # put on the request by who let it in
        if self.scope and self.scope not in actor.scopes:
            raise AuthorizationError(message=f"scope: {self.scope}")
        if found.last_used_on != today:
            with write_while_reading():
                note_use(found, actor=actor, now=timezone.now())
        return actor


def needs(scope: Scope) -> dict[str, Any]:
    """Of an operation: a token with this scope."""
    return {"auth": Token(scope), "openapi_extra": {"x-scope": scope.value}}


def for_anyone() -> dict[str, Any]:
    """Of an operation: visitors too, though never with a wrong token."""
    return {"auth": Token(optional=True), "openapi_extra": {"security": [{}, {"Token": []}]}}


def _origin(request: HttpRequest) -> str:
    return f"api:{request.META.get('REMOTE_ADDR', '')}"


def actor_of(request: HttpRequest) -> Actor:
    actor = request.auth  # type: ignore[attr-defined]  # put on the request by who let it in
    assert isinstance(actor, Actor)
    return actor


def token_in(request: HttpRequest) -> ApiToken:
    token = request.api_token  # type: ignore[attr-defined]  # put on the request by who let it in
    assert isinstance(token, ApiToken)
    return token


class Pace(BaseThrottle):
    """How often one token may call, and one address without a token."""

    def __init__(self, *, visitor: Limit, token: Limit) -> None:
        self.visitor, self.token = visitor, token

    def allow_request(self, request: HttpRequest) -> bool:
        token = getattr(request, "api_token", None)
        try:
            if token is not None:
                take(self.token, token.prefix)
            else:
                take(self.visitor, address_of(request))
        except TooOften as refusal:
            request.retry_after = refusal.retry_after  # type: ignore[attr-defined]  # put on the request by who let it in
            return False
        return True

    def wait(self) -> float | None:
        # The answer carries the wait of this very request; a throttle is shared by all of them.
        return None


READING = Pace(visitor=Limit("api_read", 120, 60), token=Limit("api_read_token", 600, 60))
WRITING = Pace(visitor=Limit("api_write", 10, 60), token=Limit("api_write_token", 60, 60))
VERIFYING = Pace(visitor=VERIFY, token=Limit("api_verify_token", 120, 60))
