"""A beat, from its token to the row: one read and one conditional write. No session, no audit record: the sitting is the
record. Ends of sittings and entries go through the actions beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from denggao.engines.hours import rhythm
from denggao.engines.hours.actions.folding import fold
from denggao.engines.hours.actions.sitting import close
from denggao.engines.hours.limits import limits_on
from denggao.engines.hours.models import Sitting
from denggao.engines.hours.moments import milliseconds, moment_of
from denggao.engines.hours.queries import earned_on
from denggao.engines.hours.rules import Beat, Standing, State, Taken, by_day, day_of, drift_of, swing, take
from denggao.engines.hours.tokens import read_token
from denggao.foundation.audit.actors import system
from denggao.foundation.people.models import Person

_TRIES = 5
_REOPENS = dt.timedelta(hours=24)
_GOES_ON = {Sitting.End.GONE, Sitting.End.IDLE, Sitting.End.CAP}


class BadToken(Exception):
    """We gave no such token, or its sitting is no more."""


@dataclass(frozen=True)
class Answer:
    """What the page is told. ``saved_at`` is the server's time, ``seconds`` what the sitting has earned, ``day_seconds`` what
    the person has earned online today; ``sequence`` the last beat taken: those up to it need not be sent again."""

    saved_at: dt.datetime
    seconds: int
    day_seconds: int
    state: State
    sequence: int

    @property
    def sentence(self) -> str:
        return {
            State.COUNTING: _("Saved. The time counts."),
            State.IDLE: _("Nobody seems to be there: the time stands still until you go on."),
            State.CAP: _("Today’s limit is reached: your progress is kept, the time no longer counts today."),
            State.ELSEWHERE: _("You went on with another page or device: the time counts there."),
            State.ENDED: _("This sitting has ended. Load the page again to go on."),
        }[self.state]


def beat(token: str, one: Beat, now: dt.datetime) -> Answer:
    """Raises BadToken."""
    return receive_beats(token, [one], now)


def receive_beats(
    token: object,
    beats: Sequence[Beat],
    now: dt.datetime,
    *,
    client_time: dt.datetime | None = None,
    leaves: bool = False,
    folds: bool = False,
) -> Answer:
    """Take the beats of one contact; ``client_time`` is the device's clock when it sent them. ``leaves``: the page is being
    closed; ``folds``: write entries now (something was finished). Raises BadToken."""
    public_id = read_token(token)
    if public_id is None:
        raise BadToken
    for _attempt in range(_TRIES):
        sitting = Sitting.objects.filter(public_id=public_id).first()
        if sitting is None:
            raise BadToken
        step = _take if sitting.ended_at is None else _take_late
        answer = step(sitting, beats, now, client_time)
        if answer is not None:
            if leaves or folds:
                _fold_or_close(sitting, leaves=leaves, now=now)
            return answer
    # Others beat for the same sitting all the while: the page keeps its beats and sends them again.
    return Answer(now, 0, 0, State.COUNTING, 0)


def _take(sitting: Sitting, beats: Sequence[Beat], now: dt.datetime, client_time: dt.datetime | None) -> Answer | None:
    """None where another contact was faster: read the row again."""
    taken = take(standing_of(sitting), beats, milliseconds(now), limits_on(_day(now)))
    if taken.marks and not _write(sitting, taken, now, client_time, ended_at=None):
        return None
    state = taken.state if taken.marks else State(sitting.last_state)
    return Answer(now, sitting.seconds, _day_seconds(sitting, now), state, sitting.last_sequence)


def _take_late(sitting: Sitting, beats: Sequence[Beat], now: dt.datetime, client_time: dt.datetime | None) -> Answer | None:
    """Beats for a sitting that has ended. One whose line was lost goes on, unless the person went on elsewhere: then what its
    queue proves counts up to that moment, within the day's cap over all sittings."""
    if sitting.voided_at is not None:
        return Answer(now, sitting.seconds, 0, State.ENDED, max((beat.sequence for beat in beats), default=0))
    if not any(beat.sequence > sitting.last_sequence for beat in beats):
        return _told(sitting, now)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=sitting.person_id)
        sitting.refresh_from_db()
        if sitting.ended_at is None:
            return None
        went_on = Sitting.objects.filter(person_id=sitting.person_id, started_at__gte=sitting.ended_at).exclude(pk=sitting.pk)
        goes_on = sitting.end_reason in _GOES_ON and now - sitting.last_beat_at <= _REOPENS
        if goes_on and any(beat.sequence > sitting.last_sequence for beat in beats) and not went_on.exists():
            Sitting.objects.filter(pk=sitting.pk).update(ended_at=None, end_reason="", touched=F("touched") + 1)
            return None
        standing = standing_of(sitting, closes=sitting.ended_at, before=_earned_by_others(sitting))
        taken = take(standing, beats, milliseconds(now), limits_on(_day(now)))
        if taken.marks:
            had = dict(sitting.days)
            if not _write(sitting, taken, now, client_time, ended_at=sitting.ended_at):
                return None
            _share_cap(sitting, {day: ms - had.get(day, 0) for day, ms in sitting.days.items()})
            fold(sitting, actor=system("hours"), now=now)
    return _told(sitting, now)


def _told(sitting: Sitting, now: dt.datetime) -> Answer:
    state = State.ELSEWHERE if sitting.end_reason == Sitting.End.ELSEWHERE else State.ENDED
    return Answer(now, sitting.seconds, _day_seconds(sitting, now), state, sitting.last_sequence)


def _write(
    sitting: Sitting, taken: Taken, now: dt.datetime, client_time: dt.datetime | None, *, ended_at: dt.datetime | None
) -> bool:
    """One conditional update: whether the row still stood as it was read. The instance then says what was written."""
    after = taken.standing
    changes: dict[str, Any] = {
        "last_beat_at": max(moment_of(after.last_contact), sitting.last_beat_at),
        "last_sequence": after.last_sequence,
        "days": dict(after.days),
        "seconds": sum(ms // 1000 for ms in after.days.values()),
        "present_ms": after.present_ms,
        "quiet_ms": after.quiet_ms,
        "last_state": taken.state,
        "parts": [list(part) for part in after.parts],
        "watched_ms": after.watched_ms,
        "position_seconds": after.position,
        "rhythm": rhythm.append(bytes(sitting.rhythm), taken.marks),
        "beats": sitting.beats + len(taken.marks),
    }
    if client_time is not None:
        drift = drift_of(client_time, now)
        changes |= {"clock_drift": drift, "clock_swing": swing(drift, sitting.clock_drift, sitting.clock_swing)}
    stands = Q(ended_at__isnull=True) if ended_at is None else Q(ended_at=ended_at)
    found = Sitting.objects.filter(stands, pk=sitting.pk, touched=sitting.touched)
    if not found.update(touched=sitting.touched + 1, **changes):
        return False
    sitting.touched += 1
    for name, value in changes.items():
        setattr(sitting, name, value)
    return True


def standing_of(sitting: Sitting, *, closes: dt.datetime | None = None, before: dict[str, int] | None = None) -> Standing:
    return Standing(
        last_contact=milliseconds(sitting.last_beat_at),
        last_sequence=sitting.last_sequence,
        days=sitting.days,
        before=sitting.before if before is None else before,
        present_ms=sitting.present_ms,
        quiet_ms=sitting.quiet_ms,
        watched_ms=sitting.watched_ms,
        parts=tuple((part[0], part[1]) for part in sitting.parts),
        covered_to=sitting.covered_to,
        length=sitting.length_seconds,
        no_skip=sitting.no_skip,
        position=sitting.position_seconds,
        closes=milliseconds(closes) if closes is not None else None,
    )


def _earned_by_others(sitting: Sitting) -> dict[str, int]:
    """What the person's other sittings earned on the days that late beats may fall on."""
    ended = sitting.ended_at or sitting.last_beat_at
    days = {day for day, _ms in by_day(milliseconds(sitting.last_beat_at), milliseconds(ended) + 1)}
    return {day: earned_on(sitting.person_id, day, but=sitting.pk) for day in days}


def _share_cap(sitting: Sitting, added: dict[str, int]) -> None:
    """The open sitting of the person shares its day's cap with what came late."""
    now_open = Sitting.objects.select_for_update().filter(person_id=sitting.person_id, ended_at__isnull=True).first()
    if now_open is None:
        return
    before = {day: now_open.before.get(day, 0) + added.get(day, 0) for day in {*now_open.before, *added}}
    Sitting.objects.filter(pk=now_open.pk).update(before={day: ms for day, ms in before.items() if ms}, touched=F("touched") + 1)


def _fold_or_close(sitting: Sitting, *, leaves: bool, now: dt.datetime) -> None:
    with transaction.atomic():
        if leaves:
            close(sitting, Sitting.End.CLOSED, now=now)
        elif sitting.ended_at is None:
            fold(sitting, actor=system("hours"), now=now)


def _day(now: dt.datetime) -> dt.date:
    return dt.date.fromisoformat(day_of(milliseconds(now)))


def _day_seconds(sitting: Sitting, now: dt.datetime) -> int:
    today = day_of(milliseconds(now))
    earned: int = sitting.days.get(today, 0) + sitting.before.get(today, 0)
    return earned // 1000
