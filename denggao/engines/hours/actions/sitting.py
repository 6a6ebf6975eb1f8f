"""Sittings: sitting down, going on elsewhere, leaving, and what the sweeper ends because nobody is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from denggao.engines.hours.actions.finding import look_at
from denggao.engines.hours.actions.folding import fold
from denggao.engines.hours.hooks import sitting_ended
from denggao.engines.hours.limits import limits_on
from denggao.engines.hours.models import Sitting
from denggao.engines.hours.moments import milliseconds
from denggao.engines.hours.policies import can_sit, is_machine
from denggao.engines.hours.queries import earned_on
from denggao.engines.hours.rules import State, day_of, prefix_of
from denggao.engines.hours.tokens import hashed, token_of
from denggao.foundation.audit.actions import action
from denggao.foundation.audit.actors import Actor, system
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person


class Subject(NamedTuple):
    """An activity or a context, by kind and id."""

    kind: str
    id: UUID


class Started(NamedTuple):
    """The sitting, and the token by which its page sends beats."""

    sitting: Sitting
    token: str


@action("hours.sitting.start", requires=can_sit, batch=True)
def start_sitting(
    person: Person,
    activity: Subject | tuple[str, UUID],
    context: Subject | tuple[str, UUID],
    *,
    device: str = "",
    address: str = "",
    device_text: str = "",
    organisation: Organisation | None = None,
    length: float | None = None,
    no_skip: bool = False,
    watched: Iterable[Sequence[float]] = (),
    position: float | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Started:
    """Open a sitting; one that is open elsewhere ends, and its page is told so at its next beat.

    ``device`` is the browser's own id, ``address`` the client's: both are kept as keyed hashes. ``length`` (seconds) and
    ``watched`` (intervals accepted earlier) belong to a film; with ``no_skip`` nothing beyond what is covered is accepted.
    """
    # Two starts at once wait for each other here; on SQLite the whole transaction does.
    person = Person.objects.select_for_update().get(pk=person.pk)
    hashes = {"device_hash": hashed("device", device), "address_hash": hashed("address", address)}
    moment = now
    standing = Sitting.objects.filter(person=person, ended_at__isnull=True).first()
    if standing is not None:
        moment = max(now, standing.last_beat_at)
        same = bool(device) and standing.device_hash == hashes["device_hash"]
        close(standing, Sitting.End.CLOSED if same else Sitting.End.ELSEWHERE, now=moment)
    today = day_of(milliseconds(moment))
    sitting = Sitting.objects.create(
        person=person,
        activity_kind=activity[0],
        activity_id=activity[1],
        context_kind=context[0],
        context_id=context[1],
        organisation=organisation,
        device_text=device_text[:60],
        started_at=moment,
        last_beat_at=moment,
        before={today: earned_on(person, today)},
        length_seconds=length,
        no_skip=no_skip,
        covered_to=prefix_of(watched),
        position_seconds=position,
        **hashes,
    )
    return Started(sitting, token_of(sitting.public_id))


@action("hours.sitting.end", requires=is_machine, batch=True)
def end_sitting(sitting: Sitting, *, reason: str = Sitting.End.CLOSED, actor: Actor, now: dt.datetime) -> Sitting:
    """End a sitting and write what it earned. Doing it again changes nothing."""
    return close(sitting, reason, now=now)


def close(sitting: Sitting, reason: str, *, now: dt.datetime) -> Sitting:
    """Inside an act. The moment of the end is now: beats that were on their way count up to it."""
    ended = Sitting.objects.filter(pk=sitting.pk, ended_at__isnull=True).update(ended_at=now, end_reason=reason)
    if ended:
        held = fold(sitting, actor=system("hours"), now=now)
        sitting_ended(held, now=now)
        look_at(held, actor=system("hours"), now=now)
        return held
    sitting.refresh_from_db()
    return sitting


@action("hours.sitting.sweep", requires=is_machine, batch=True)
def sweep_sittings(*, actor: Actor, now: dt.datetime) -> int:
    """End the sittings whose line is lost, and those at which nobody is; how many were ended."""
    limits = limits_on(dt.date.fromisoformat(day_of(milliseconds(now))))
    silent = now - dt.timedelta(milliseconds=limits.gone_ms)
    ended = 0
    for sitting in _open().filter(last_beat_at__lt=silent):
        full = any(ms + sitting.before.get(day, 0) >= limits.cap_ms for day, ms in sitting.days.items())
        close(sitting, Sitting.End.CAP if full else Sitting.End.GONE, now=now)
        ended += 1
    for sitting in _open().filter(quiet_ms__gt=limits.gone_ms + limits.idle_ms, last_state=State.IDLE):
        close(sitting, Sitting.End.IDLE, now=now)
        ended += 1
    return ended


def _open() -> QuerySet[Sitting]:
    return Sitting.objects.filter(ended_at__isnull=True).select_related("person", "organisation").order_by("pk")
