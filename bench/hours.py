"""Beats: 2,000 learners online, each telling once a minute that it is there. What one beat costs, from the request's bytes to the
row, the database's own process included: at 33 beats a second, 6 ms is a fifth of one core."""

from __future__ import annotations

from bench.stage import pace, queries, say, set_stage, tell

set_stage()

import datetime as dt  # noqa: E402
import io  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import time  # noqa: E402
import uuid  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from pathlib import Path  # noqa: E402

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.limits import BEAT_MS, LEARNERS_ONLINE, Measure  # noqa: E402
from denggao.engines.hours.actions import look_through, sweep_sittings  # noqa: E402
from denggao.engines.hours.middleware import PATH  # noqa: E402
from denggao.engines.hours.models import Sitting  # noqa: E402
from denggao.engines.hours.tokens import token_of  # noqa: E402
from denggao.foundation.audit.actors import operator  # noqa: E402
from denggao.foundation.people.models import Person  # noqa: E402

ACTOR = operator("bench")
ROUNDS = 3


def main() -> Iterator[Measure]:
    tokens = _online(timezone.now())
    site = get_wsgi_application()
    _beat(site, tokens[0], 1)
    asked = queries(lambda: _beat(site, tokens[0], 2))
    costs = []
    for turn in range(ROUNDS):
        before = _spent()
        for place, token in enumerate(tokens):
            _beat(site, token, 3 + turn, acts=place % 23)
        costs.append((_spent() - before) / len(tokens) * 1000)
    each = min(costs)
    say(f"a beat {costs} ms; pace {pace():.0f} ms for a million additions")
    yield Measure(f"a beat, {LEARNERS_ONLINE:,} online", each, "ms", BEAT_MS, note=f"{asked} SQL")
    share = each / 1000 * LEARNERS_ONLINE / 60 * 100
    yield Measure("… of one core, one beat a minute each", share, "%", 20.0)
    now = timezone.now()
    began = time.perf_counter()
    ended = sweep_sittings(actor=ACTOR, now=now + dt.timedelta(hours=1))
    yield Measure("end 2,000 whose line is lost", time.perf_counter() - began, "s", note=f"{ended} ended")
    began = time.perf_counter()
    found = look_through(timezone.localdate(now), actor=ACTOR, now=now)
    yield Measure("look through the day of 2,000", time.perf_counter() - began, "s", note=f"{found} found")


def _online(now: dt.datetime) -> list[str]:
    began = now - dt.timedelta(minutes=40)
    people = Person.objects.bulk_create(
        Person(name=f"学员{number}", name_key=f"学员{number}", created_at=began) for number in range(LEARNERS_ONLINE)
    )
    # Each has forty beats behind it already: the row that is written is of a usual size.
    rhythm = bytes(value for beat in range(40) for value in (60, beat * 7 % 31, beat * 11 % 60, 2))
    sittings = Sitting.objects.bulk_create(
        Sitting(
            person=person,
            activity_kind="bench",
            activity_id=uuid.uuid4(),
            context_kind="bench",
            context_id=uuid.uuid4(),
            device_hash=uuid.uuid4().hex,
            started_at=began,
            last_beat_at=now - dt.timedelta(minutes=1),
            days={timezone.localdate(now).isoformat(): 39 * 60_000},
            seconds=39 * 60,
            rhythm=rhythm,
            beats=40,
            parts=[[0, 600], [700, 800.5]],
        )
        for person in people
    )
    return [token_of(sitting.public_id) for sitting in sittings]


def _beat(site: object, token: str, number: int, acts: int = 5) -> None:
    beat = {"n": number, "span": 60_000, "acts": acts, "quiet": 4_000, "playing": True, "parts": [[800, 800.2]], "at": 801}
    body = json.dumps({"token": token, "clock": time.time() * 1000, "beats": [beat]}).encode()
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": PATH,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
    }
    answered: list[str] = []
    response = site(environ, lambda status, headers, *_rest: answered.append(status))  # type: ignore[operator]  # a WSGI application
    b"".join(response)
    response.close()
    assert answered == ["200 OK"], answered


def _spent() -> float:
    """CPU seconds of this process and, on PostgreSQL, of the process that serves it."""
    own = time.process_time()
    if connection.vendor != "postgresql":
        return own
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        served = [int(row[0]) for row in cursor.fetchall()]
    return own + sum(map(_cpu_of, served))


def _cpu_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


tell(main())
