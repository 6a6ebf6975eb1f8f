"""How often something may be tried: a sliding window per key, kept in the cache.

With REDIS_URL the count is shared by every process; without it each process counts for itself, so several web
processes on one machine allow that many times the limit (docs, "Running it"). Nothing personal is stored: keys are
keyed hashes.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import hmac
import ipaddress
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from denggao.foundation.vault.keys import key

P = ParamSpec("P")


@dataclass(frozen=True)
class Limit:
    """At most ``amount`` in any ``seconds``, per key."""

    code: str
    amount: int
    seconds: int


SIGN_IN = Limit("sign_in", 30, 60)
SIGN_IN_ACCOUNT = Limit("sign_in_account", 60, 3600)
SECOND_FACTOR = Limit("second_factor", 5, 300)
REAUTHENTICATE = Limit("reauthenticate", 5, 300)
PASSWORD_RESET = Limit("password_reset", 20, 3600)
PASSWORD_RESET_ACCOUNT = Limit("password_reset_account", 3, 3600)
RESET_LINK = Limit("reset_link", 20, 600)
INVITE = Limit("invite", 60, 3600)
OPEN_INVITATION = Limit("open_invitation", 20, 600)
CHANGE_CONTACT = Limit("change_contact", 5, 3600)
VERIFY = Limit("verify", 30, 60)


class TooOften(Exception):
    """The limit is reached; ``retry_after`` is the number of whole seconds to wait."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


def take(limit: Limit, whose: str, *, at: float | None = None) -> None:
    """Count one try. Raises TooOften, and then does not count it.

    The window slides: what was tried in the window before weighs by the share of it that still lies within
    ``seconds``.
    """
    moment = time.time() if at is None else at
    window = int(moment // limit.seconds)
    place = _place(limit, whose)
    now_key, before_key = f"{place}:{window}", f"{place}:{window - 1}"
    cache.add(now_key, 0, timeout=limit.seconds * 2)
    try:
        count = cache.incr(now_key)
    except ValueError:  # The cache dropped the key between the two calls.
        cache.set(now_key, 1, timeout=limit.seconds * 2)
        count = 1
    before = int(cache.get(before_key, 0))
    passed = moment / limit.seconds - window
    if before * (1 - passed) + count <= limit.amount:
        return
    with contextlib.suppress(ValueError):
        cache.decr(now_key)
    raise TooOften(_wait(limit, count - 1, before, passed))


def forget(limit: Limit, whose: str, *, at: float | None = None) -> None:
    """Take back every try of this key: it succeeded."""
    window = int((time.time() if at is None else at) // limit.seconds)
    place = _place(limit, whose)
    cache.delete_many([f"{place}:{window}", f"{place}:{window - 1}"])


def _wait(limit: Limit, count: int, before: int, passed: float) -> int:
    """Seconds until one more try fits: earlier tries fade while this window lasts, this window's in the next."""
    room = limit.amount - 1
    if count <= room and before:
        share = 1 - (room - count) / before
    elif count:
        share = 1 + max(0.0, 1 - room / count)
    else:
        share = 1
    return max(1, math.ceil((share - passed) * limit.seconds))


def _place(limit: Limit, whose: str) -> str:
    digest = hmac.new(key("index"), f"limit\x1f{limit.code}\x1f{whose}".encode(), hashlib.sha256).hexdigest()[:32]
    return f"limit:{limit.code}:{digest}"


def address_of(request: HttpRequest) -> str:
    """Where the request comes from: an IPv4 address, or the /64 network of an IPv6 one (one household has all of it)."""
    text = str(request.META.get("REMOTE_ADDR", ""))
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def limited(limit: Limit, *, methods: tuple[str, ...] = ("POST",)) -> Callable[[View[P]], View[P]]:
    """Let a view be called no more often than this from one address. Raises TooOften, which becomes the page of status 429."""

    def decorate(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method in methods:
                take(limit, address_of(request))
            return view(request, *args, **kwargs)

        return wrapped

    return decorate
