"""How credited time becomes entries: what is credited and not yet entered is written, once, however often it is asked."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from denggao.engines.hours.hooks import time_folded
from denggao.engines.hours.kinds import ONLINE
from denggao.engines.hours.limits import rule_text
from denggao.engines.hours.models import HourEntry, Sitting
from denggao.engines.hours.policies import can_count, is_machine
from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor, system
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person

SITTING = "sitting"
DAY_SECONDS = 86400


class HoursRefused(Refused):
    """The hours can't be counted or put right so."""


def fold_open(person: Person, now: dt.datetime) -> Sitting | None:
    """Write as entries what the person's open sitting earned so far; the sitting, or None where none is open. Not for a GET:
    a page that is only looked at adds ``queries.Total.open_seconds`` instead."""
    sitting = Sitting.objects.filter(person=person, ended_at__isnull=True).first()
    return fold(sitting, actor=system("hours"), now=now) if sitting is not None else None


@action("hours.sitting.fold", requires=is_machine, batch=True)
def fold(sitting: Sitting, *, actor: Actor, now: dt.datetime) -> Sitting:
    """Write the unentered seconds of each day and tell ``time_folded``. A voided sitting enters nothing."""
    held = Sitting.objects.select_for_update(of=("self",)).select_related("person", "organisation").get(pk=sitting.pk)
    if held.voided_at is not None:
        return held
    owed = {day: ms // 1000 - held.entered.get(day, 0) for day, ms in held.days.items()}
    owed = {day: seconds for day, seconds in sorted(owed.items()) if seconds > 0}
    if owed:
        parts = Counter(HourEntry.objects.filter(source_kind=SITTING, source_id=held.public_id).values_list("day", flat=True))
        fresh = [_entry_of(held, day, seconds, parts[dt.date.fromisoformat(day)], actor, now) for day, seconds in owed.items()]
        HourEntry.objects.bulk_create(fresh)
        note([Line.about("hours.entry.write", entry, after=snapshot(entry)) for entry in fresh])
        held.entered = {**held.entered, **{day: held.entered.get(day, 0) + seconds for day, seconds in owed.items()}}
        held.entered_seconds = sum(held.entered.values())
        Sitting.objects.filter(pk=held.pk).update(entered=held.entered, entered_seconds=held.entered_seconds)
    time_folded(held, now=now)
    return held


def _entry_of(sitting: Sitting, day: str, seconds: int, part: int, actor: Actor, now: dt.datetime) -> HourEntry:
    on = dt.date.fromisoformat(day)
    return HourEntry(
        person=sitting.person,
        context_kind=sitting.context_kind,
        context_id=sitting.context_id,
        activity_kind=sitting.activity_kind,
        activity_id=sitting.activity_id,
        organisation=sitting.organisation,
        kind=ONLINE,
        day=on,
        seconds=seconds,
        source_kind=SITTING,
        source_id=sitting.public_id,
        part=part,
        rule=rule_text(on),
        entered_at=now,
        entered_by=actor.id,
    )


@dataclass(frozen=True)
class Source:
    """What stands behind hours that no sitting proved: an attendance, a signed task, a fix. ``part`` tells several of one
    source on one day apart."""

    kind: str
    id: UUID
    part: int = 0


@action("hours.entry.count", requires=can_count, batch=True)
def count_hours(
    person: Person,
    *,
    context: tuple[str, UUID],
    kind: str,
    day: dt.date,
    seconds: int,
    source: Source,
    activity: tuple[str, UUID] | None = None,
    organisation: Organisation | None = None,
    from_at: dt.datetime | None = None,
    to_at: dt.datetime | None = None,
    rule: str = "",
    reason: str = "",
    actor: Actor,
    now: dt.datetime,
) -> HourEntry:
    """Count hours of another kind, or by another proof than a sitting. The same source counts once a day and part: the second
    time gives the entry of the first. Raises HoursRefused for no time, or for more than a day has."""
    if not 0 < seconds <= DAY_SECONDS:
        raise HoursRefused(_("Time: more than nothing, and no more than a day has."))
    known = HourEntry.objects.filter(source_kind=source.kind, source_id=source.id, day=day, part=source.part)
    entry = known.first()
    if entry is not None:
        return entry
    entry = HourEntry(
        person=person,
        context_kind=context[0],
        context_id=context[1],
        activity_kind=activity[0] if activity else "",
        activity_id=activity[1] if activity else None,
        organisation=organisation,
        kind=kind,
        day=day,
        seconds=seconds,
        from_at=from_at,
        to_at=to_at,
        source_kind=source.kind,
        source_id=source.id,
        part=source.part,
        rule=rule[:200],
        reason=reason[:500],
        entered_at=now,
        entered_by=actor.id,
    )
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        return known.get()
    note([Line.about("hours.entry.write", entry, after=snapshot(entry))])
    return entry


@action("hours.entry.reverse", requires=can_count, batch=True)
def reverse_entry(entry: HourEntry, *, source: Source, reason: str, actor: Actor, now: dt.datetime) -> HourEntry:
    """Take an entry back by another that says why; the entry stays. Doing it again gives the first reversal. Raises
    HoursRefused where the entry is a reversal itself."""
    if entry.reverses_id is not None:
        raise HoursRefused(_("This is a reversal itself: it can’t be taken back."))
    standing = HourEntry.objects.filter(reverses=entry).first()
    if standing is not None:
        return standing
    back = HourEntry(
        person_id=entry.person_id,
        context_kind=entry.context_kind,
        context_id=entry.context_id,
        activity_kind=entry.activity_kind,
        activity_id=entry.activity_id,
        organisation_id=entry.organisation_id,
        kind=entry.kind,
        day=entry.day,
        seconds=-entry.seconds,
        source_kind=source.kind,
        source_id=source.id,
        part=HourEntry.objects.filter(source_kind=source.kind, source_id=source.id, day=entry.day).count(),
        reverses=entry,
        reason=reason[:500],
        entered_at=now,
        entered_by=actor.id,
    )
    try:
        with transaction.atomic():
            back.save(force_insert=True)
    except IntegrityError:
        return HourEntry.objects.get(reverses=entry)
    note([Line.about("hours.entry.reverse", back, after=snapshot(back))])
    return back
