"""A learner at a unit of a course that no system knows: what the tests of the engine stand on."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Mapping
from typing import Any

from denggao.engines.hours.actions import Started, receive_beats, start_sitting
from denggao.engines.hours.models import Sitting
from denggao.engines.hours.registry import ActivityKind, ContextKind, Titled, register_activity, register_context
from denggao.engines.hours.rules import Beat
from denggao.foundation.audit.actors import Actor, Grant, Role, account
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from tests.cast import Cast
from tests.facts import a_person

UNIT, ENROLMENT = ("test_unit", uuid.UUID(int=1)), ("test_enrolment", uuid.UUID(int=2))
MINUTE = dt.timedelta(minutes=1)


def _named(title: str) -> Callable[[Collection[uuid.UUID]], Mapping[uuid.UUID, Titled]]:
    return lambda ids: {public_id: Titled(f"{title} {public_id.int}") for public_id in ids}


register_activity("test_unit", ActivityKind("unit", _named("五轴对刀")))
register_context("test_enrolment", ContextKind("course", _named("加工中心操作")))


def sit(cast: Cast, now: dt.datetime, device: str = "phone", **told: Any) -> Started:
    return start_sitting(cast.worker_person, UNIT, ENROLMENT, device=device, actor=cast.worker, now=now, **told)


def by_hand(count: int, *, first: int = 1, steady: bool = False, every: int = 60_000) -> list[Beat]:
    """Beats of a reader: uneven signs of a hand, or a script's even ones."""
    return [
        Beat(n, active=True, acts=6 if steady else 3 + n * n % 17, last_act_ms=n * 7_000 % 50_000, span_ms=every)
        for n in range(first, first + count)
    ]


def learns(person: Person, actor: Actor, now: dt.datetime, minutes: int, *, steady: bool = False, **told: Any) -> Sitting:
    """A sitting of so many minutes, ended; ``now`` is when it begins."""
    facts = {"activity": UNIT, "context": ENROLMENT, "device": f"device-{person.pk}"} | told
    started = start_sitting(person, facts.pop("activity"), facts.pop("context"), actor=actor, now=now, **facts)
    for beat in by_hand(minutes, steady=steady):
        receive_beats(started.token, [beat], now + beat.sequence * MINUTE, leaves=beat.sequence == minutes)
    started.sitting.refresh_from_db()
    return started.sitting


def learner(name: str) -> tuple[Person, Actor]:
    """A person with an account."""
    from denggao.foundation.accounts.models import User

    person = a_person(name)
    person.account = User.objects.create()
    person.save()
    return person, account(person.account, [])


def teacher_of(school: Organisation, cast: Cast) -> Actor:
    return account(cast.user("expert"), [Grant(Role.TEACHER, school.pk)])
