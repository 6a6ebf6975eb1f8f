"""Gives every request its actor: who it is and what it may be, as of today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from denggao.foundation.audit.actors import Actor, account, visitor
from denggao.foundation.audit.middleware import READS
from denggao.foundation.organisations.queries import grants_of


def actor_of(request: HttpRequest) -> Actor:
    origin = f"web:{request.META.get('REMOTE_ADDR', '')}"
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return visitor(origin)
    # The account itself, not the stand-in that looked it up: actions ask what it is an instance of.
    user = getattr(user, "_wrapped", user)
    found = account(user, grants_of(user, on=timezone.localdate()), origin)
    return replace(found, answers={}) if request.method in READS else found


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]  # put on the request by who let it in
        return self.get_response(request)
