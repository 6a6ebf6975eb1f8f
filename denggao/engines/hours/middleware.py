"""The one address that is asked all day by everybody who learns: it goes round sessions, languages and sign-in. A beat carries
its own proof, and is answered in JSON."""

from __future__ import annotations

import datetime as dt
import json
import logging
import math
from collections.abc import Callable, Mapping
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from denggao.engines.hours.actions.beating import Answer, BadToken, receive_beats
from denggao.engines.hours.rules import Beat, Interval

PATH = "/-/beat/"
MOST_BYTES = 128 * 1024
MOST_BEATS = 300
MOST_PARTS = 120
_FARTHEST = 2**31 - 1
logger = logging.getLogger(__name__)


class BadBeat(Exception):
    """What was sent is no beat; the message says what is wrong with it."""


class BeatMiddleware:
    """First in the list. SECURITY: nothing here asks who is signed in: the token alone says which sitting is meant, and a
    sitting earns no more than the server's own clock allows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != PATH:
            return self.get_response(request)
        if request.method != "POST":
            return _json({"error": "POST"}, 405)
        try:
            return _json(plain(answer(read_body(request), timezone.now())), 200)
        except BadBeat as bad:
            return _json({"error": str(bad)}, 400)
        except BadToken:
            return _json({"error": "token", "state": "ended"}, 410)
        except DatabaseError:
            # The page keeps its beats and sends them again.
            logger.exception("A beat could not be saved.")
            return _json({"error": "busy"}, 503)


def read_body(request: HttpRequest) -> dict[str, Any]:
    """Raises BadBeat."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if not 0 < length <= MOST_BYTES:
        raise BadBeat("size")
    try:
        body = json.loads(request.read(length))
    except (ValueError, RecursionError):
        raise BadBeat("json") from None
    if not isinstance(body, dict):
        raise BadBeat("object")
    return body


def answer(body: Mapping[str, Any], now: dt.datetime) -> Answer:
    """Raises BadBeat, BadToken."""
    sent = body.get("beats", [])
    if not isinstance(sent, list) or len(sent) > MOST_BEATS:
        raise BadBeat("beats")
    return receive_beats(
        body.get("token"),
        [beat_of(item) for item in sent],
        now,
        client_time=_clock(body.get("clock")),
        leaves=body.get("leave") is True,
        folds=body.get("fold") is True,
    )


def beat_of(item: object) -> Beat:
    """``{"n", "acts", "quiet", "span", "playing", "hidden", "parts", "at"}``; milliseconds, and seconds of the film. Raises
    BadBeat, naming the field."""
    if not isinstance(item, dict):
        raise BadBeat("beats")
    acts = _whole(item, "acts") or 0
    return Beat(
        sequence=_whole(item, "n", needed=True) or 0,
        active=acts > 0,
        playing=item.get("playing") is True,
        parts=_parts(item.get("parts")),
        position=_number(item, "at"),
        span_ms=_whole(item, "span"),
        acts=acts,
        last_act_ms=_whole(item, "quiet"),
        visible=item.get("hidden") is not True,
    )


def plain(told: Answer) -> dict[str, Any]:
    """As the page reads it; its sentences it has itself, in its language."""
    return {
        "saved": f"{timezone.localtime(told.saved_at):%H:%M:%S}",
        "seconds": told.seconds,
        "day": told.day_seconds,
        "state": told.state.value,
        "sequence": told.sequence,
    }


def _whole(item: Mapping[str, Any], name: str, *, needed: bool = False) -> int | None:
    value = item.get(name)
    if value is None and not needed:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _FARTHEST:
        raise BadBeat(name)
    return int(value)


def _number(item: Mapping[str, Any], name: str) -> float | None:
    value = item.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _FARTHEST:
        raise BadBeat(name)
    return float(value)


def _parts(given: object) -> tuple[Interval, ...]:
    if given is None:
        return ()
    if not isinstance(given, list) or len(given) > MOST_PARTS:
        raise BadBeat("parts")
    parts = []
    for pair in given:
        if not (isinstance(pair, list) and len(pair) == 2):
            raise BadBeat("parts")
        start, stop = _number({"parts": pair[0]}, "parts"), _number({"parts": pair[1]}, "parts")
        if start is None or stop is None:
            raise BadBeat("parts")
        parts.append((start, stop))
    return tuple(parts)


def _clock(given: object) -> dt.datetime | None:
    """The device's clock, milliseconds since 1970; what is none is passed over: it is evidence only."""
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        return None
    try:
        return dt.datetime.fromtimestamp(given / 1000, dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _json(value: dict[str, Any], status: int) -> HttpResponse:
    response = HttpResponse(json.dumps(value), content_type="application/json", status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
