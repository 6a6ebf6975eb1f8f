"""Every write of interview days: planning and arranging them, publishing, and what happens on the day."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from denggao.engines.reviews.interviews import policies
from denggao.engines.reviews.interviews.models import InterviewDay, Slot
from denggao.engines.reviews.interviews.refusals import InterviewRefused, SlotMoved
from denggao.engines.reviews.interviews.registry import InterviewSubject, interview_subject
from denggao.engines.reviews.interviews.rules import drawn, moved, planned_times
from denggao.engines.reviews.interviews.telling import tell_attendees
from denggao.engines.reviews.refusals import given_reason
from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.standards.queries import RuleTable

State = InterviewDay.State
RULES = ("interviews.minutes_each", "interviews.break_after", "interviews.break_minutes")


@dataclass(frozen=True)
class DayGiven:
    """What the office decides. What is None follows the rules of the day it is held on. ``seed``: a lot of one's own."""

    title_zh: str
    place: str
    starts_at: dt.datetime
    title_en: str = ""
    minutes_each: int | None = None
    break_after: int | None = None
    break_minutes: int | None = None
    order: str = InterviewDay.Order.NUMBER
    seed: str = ""


def usual(on: dt.date) -> tuple[int, int, int]:
    """Minutes each, turns between breaks, minutes of a break, as the rules of a day have them."""
    table = RuleTable(*RULES)
    minutes, after, pause = (int(table.value(key, on)) for key in RULES)
    return minutes, after, pause


def hold(day: InterviewDay, *states: InterviewDay.State) -> InterviewDay:
    """The day as it stands, kept from everybody else until the act is done. Raises InterviewRefused outside ``states`` (planned or
    published unless told)."""
    InterviewDay.objects.filter(pk=day.pk).update(lock=F("lock") + 1)
    held = InterviewDay.objects.get(pk=day.pk)
    if held.state not in (states or (State.PLANNED, State.PUBLISHED)):
        if held.state == State.PLANNED:
            raise InterviewRefused(_("The running order is not published yet: publish it first."))
        if held.state == State.PUBLISHED:
            raise InterviewRefused(_("The running order is published: move single turns instead."))
        raise InterviewRefused(_("This day is over: nothing in it changes any more."))
    return held


def _subject(kind: str) -> InterviewSubject:
    subject = interview_subject(kind)
    if subject is None:
        raise InterviewRefused(_("There is nobody to be heard."))
    return subject


@action("interviews.day.plan", requires=policies.can_plan)
def plan_day(subject_kind: str, subject_id: UUID, given: DayGiven, *, actor: Actor, now: dt.datetime) -> InterviewDay:
    """A day of interviews for those of a subject who are not on another day that still comes. Raises InterviewRefused where there
    is nobody, or with minutes that can't be."""
    subject = _subject(subject_kind)
    if subject.titles(subject_id) is None:
        raise InterviewRefused(_("There is nobody to be heard."))
    minutes, after, pause = usual(timezone.localdate(given.starts_at))
    minutes = minutes if given.minutes_each is None else given.minutes_each
    if not 1 <= minutes <= 240:
        raise InterviewRefused(_("Minutes each: between 1 and 240."))
    day = InterviewDay.objects.create(
        subject_kind=subject_kind,
        subject_id=subject_id,
        title_zh=given.title_zh[:200],
        title_en=given.title_en[:200],
        place=given.place[:120],
        starts_at=given.starts_at,
        minutes_each=minutes,
        break_after=after if given.break_after is None else given.break_after,
        break_minutes=pause if given.break_minutes is None else given.break_minutes,
        order=given.order,
        seed=_seed(given),
        planned_by=actor.id,
        created_at=now,
    )
    elsewhere = Slot.objects.filter(subject_kind=subject.candidate_kind, day__state__in=[State.PLANNED, State.PUBLISHED])
    taken = set(elsewhere.exclude(state=Slot.State.MOVED).values_list("subject_id", flat=True))
    found = [each for each in subject.attendees(subject_id) if each.subject_id not in taken]
    if not found:
        raise InterviewRefused(_("Nobody waits to be heard: all are on another day, or nobody has come so far."))
    slots = [
        Slot(
            day=day,
            position=0,
            subject_kind=subject.candidate_kind,
            subject_id=each.subject_id,
            number=each.number[:40],
            title_zh=each.title_zh[:200],
            masked=each.masked[:120],
            group=each.group[:60],
            planned_at=day.starts_at,
        )
        for each in found
    ]
    Slot.objects.bulk_create(_timed(day, _ordered(day, slots)))
    return day


def _seed(given: DayGiven) -> str:
    if given.order != InterviewDay.Order.LOT:
        return ""
    return given.seed.strip()[:40] or secrets.token_hex(8)


def _ordered(day: InterviewDay, slots: Sequence[Slot]) -> list[Slot]:
    if day.order == InterviewDay.Order.LOT:
        by_number = {slot.number: slot for slot in slots}
        return [by_number[number] for number in drawn(by_number, day.seed)]
    if day.order == InterviewDay.Order.GROUP:
        return sorted(slots, key=lambda slot: (slot.group, slot.number))
    return sorted(slots, key=lambda slot: slot.number)


def _timed(day: InterviewDay, slots: Sequence[Slot]) -> list[Slot]:
    times = planned_times(
        day.starts_at, len(slots), minutes=day.minutes_each, break_after=day.break_after, break_minutes=day.break_minutes
    )
    for position, (slot, planned) in enumerate(zip(slots, times, strict=True), start=1):
        slot.position, slot.planned_at, slot.break_before = position, planned.at, planned.break_before
    return list(slots)


@action("interviews.day.arrange", requires=policies.can_change_plan)
def arrange_day(day: InterviewDay, *, order: str, seed: str = "", actor: Actor, now: dt.datetime) -> InterviewDay:
    """Make the order anew: by number, by group, or by lot with a seed that is kept. Raises InterviewRefused once it is
    published."""
    held = hold(day, State.PLANNED)
    if order not in InterviewDay.Order.values:
        raise InterviewRefused(_("Order: by number, by group, or by lot."))
    held.order = order
    held.seed = _seed(DayGiven("", "", held.starts_at, order=order, seed=seed))
    held.save(update_fields=["order", "seed"])
    slots = _timed(held, _ordered(held, list(held.slots.all())))
    Slot.objects.bulk_update(slots, ["position", "planned_at", "break_before"], batch_size=500)
    return held


@action("interviews.slot.move", requires=policies.can_change_plan, batch=True)
def move_slot(slot: Slot, *, to: int, actor: Actor, now: dt.datetime) -> list[Slot]:
    """Put a turn at a position, counted from 1, among those still waiting; the others move up or down, and whose time changes is
    told once the order is published. Raises InterviewRefused for a turn that is over or in the room."""
    held = hold(slot.day)
    slots = list(held.slots.exclude(state=Slot.State.MOVED))
    waiting = [each for each in slots if each.state == Slot.State.WAITING]
    if slot.pk not in {each.pk for each in waiting}:
        raise InterviewRefused(_("Only who is still waiting can be moved."))
    order = moved([each.pk for each in waiting], slot.pk, max(0, to - 1 - (len(slots) - len(waiting))))
    by_pk = {each.pk: each for each in waiting}
    return _retimed(held, waiting, [by_pk[pk] for pk in order], now=now)


@action("interviews.slot.swap", requires=policies.can_change_plan, batch=True)
def swap_slots(slot: Slot, other: Slot, *, actor: Actor, now: dt.datetime) -> list[Slot]:
    """Two who wait change places. Raises InterviewRefused."""
    held = hold(slot.day)
    waiting = list(held.slots.filter(state=Slot.State.WAITING))
    by_pk = {each.pk: each for each in waiting}
    if slot.pk not in by_pk or other.pk not in by_pk:
        raise InterviewRefused(_("Only who is still waiting can be moved."))
    order = [{slot.pk: other.pk, other.pk: slot.pk}.get(each.pk, each.pk) for each in waiting]
    return _retimed(held, waiting, [by_pk[pk] for pk in order], now=now)


def _retimed(day: InterviewDay, before: Sequence[Slot], after: Sequence[Slot], *, now: dt.datetime) -> list[Slot]:
    """Give the waiting turns the places and times of those that stood there; returns whose time changed."""
    places = [(each.position, each.planned_at, each.break_before) for each in before]
    changed = []
    for slot, (position, planned_at, pause) in zip(after, places, strict=True):
        if (slot.position, slot.planned_at) != (position, planned_at):
            was = snapshot(slot)
            slot.position, slot.planned_at, slot.break_before = position, planned_at, pause
            changed.append(slot)
            slot.day = day
            note([Line.about("interviews.slot.move", slot, before=was, after=snapshot(slot))])
    Slot.objects.bulk_update(changed, ["position", "planned_at", "break_before"], batch_size=500)
    if day.state == State.PUBLISHED:
        tell_attendees(day, changed, "interviews.changed", now=now)
    return changed


@action("interviews.day.publish", requires=policies.can_change_plan)
def publish_day(day: InterviewDay, *, actor: Actor, now: dt.datetime) -> InterviewDay:
    """Who is heard sees the own turn, and is told. Raises InterviewRefused where it was done already."""
    held = hold(day, State.PLANNED)
    InterviewDay.objects.filter(pk=held.pk).update(state=State.PUBLISHED, published_at=now)
    held.refresh_from_db()
    tell_attendees(held, list(held.slots.all()), "interviews.published", now=now)
    return held


@action("interviews.day.call_off", requires=policies.can_change_plan)
def call_off_day(day: InterviewDay, *, reason: str, actor: Actor, now: dt.datetime) -> InterviewDay:
    """It does not take place, or is broken off: those still waiting are told. Raises ReasonMissing, InterviewRefused."""
    text = given_reason(reason)
    held = hold(day)
    InterviewDay.objects.filter(pk=held.pk).update(state=State.CANCELLED, ended_at=now, reason=text)
    if held.state == State.PUBLISHED:
        waiting = held.slots.filter(state__in=[Slot.State.WAITING, Slot.State.CALLED])
        tell_attendees(held, list(waiting), "interviews.called_off", now=now)
    held.refresh_from_db()
    return held


@action("interviews.day.close", requires=policies.can_run)
def close_day(day: InterviewDay, *, actor: Actor, now: dt.datetime) -> InterviewDay:
    """All were heard or did not come. Raises InterviewRefused while somebody waits or is in the room."""
    held = hold(day, State.PUBLISHED)
    if held.slots.filter(state__in=[Slot.State.WAITING, Slot.State.CALLED, Slot.State.IN_ROOM]).exists():
        raise InterviewRefused(_("Somebody still waits or is in the room: end that turn, or say that they did not come."))
    InterviewDay.objects.filter(pk=held.pk).update(state=State.CLOSED, ended_at=now)
    held.refresh_from_db()
    return held


# The day itself


@action("interviews.slot.call", requires=policies.can_run)
def call_next(day: InterviewDay, *, actor: Actor, now: dt.datetime) -> Slot:
    """Call whoever waits first; they are told on their phone. Raises InterviewRefused where nobody waits, or somebody called has
    not come in yet."""
    held = hold(day, State.PUBLISHED)
    if held.slots.filter(state=Slot.State.CALLED).exists():
        raise InterviewRefused(_("Somebody is called already: begin that turn, or say that they did not come."))
    slot = held.slots.filter(state=Slot.State.WAITING).order_by("position").first()
    if slot is None:
        raise InterviewRefused(_("Nobody waits any more."))
    _change(slot, Slot.State.WAITING, state=Slot.State.CALLED, called_at=now)
    slot.day = held
    tell_attendees(held, [slot], "interviews.called", now=now)
    return slot


@action("interviews.slot.begin", requires=policies.can_run)
def begin_slot(slot: Slot, *, actor: Actor, now: dt.datetime) -> Slot:
    """They are in the room. Raises InterviewRefused while somebody else is, SlotMoved."""
    held = hold(slot.day, State.PUBLISHED)
    if held.slots.filter(state=Slot.State.IN_ROOM).exists():
        raise InterviewRefused(_("Somebody is still in the room: end that turn first."))
    slot.refresh_from_db()
    return _change(
        slot, Slot.State.WAITING, Slot.State.CALLED, state=Slot.State.IN_ROOM, started_at=now, called_at=slot.called_at or now
    )  # fmt: skip


@action("interviews.slot.end", requires=policies.can_run)
def end_slot(slot: Slot, *, note_text: str = "", actor: Actor, now: dt.datetime) -> Slot:
    """The turn is over. Raises SlotMoved where they are not in the room."""
    hold(slot.day, State.PUBLISHED)
    return _change(slot, Slot.State.IN_ROOM, state=Slot.State.DONE, ended_at=now, note=note_text.strip()[:300] or slot.note)


@action("interviews.slot.absent", requires=policies.can_run)
def mark_absent(slot: Slot, *, note_text: str = "", actor: Actor, now: dt.datetime) -> Slot:
    """They did not come. Raises SlotMoved for who is in the room or was heard."""
    hold(slot.day, State.PUBLISHED)
    states = (Slot.State.WAITING, Slot.State.CALLED)
    return _change(slot, *states, state=Slot.State.ABSENT, note=note_text.strip()[:300] or slot.note)


@action("interviews.slot.to_the_end", requires=policies.can_run, batch=True)
def put_at_the_end(slot: Slot, *, reason: str = "", actor: Actor, now: dt.datetime) -> Slot:
    """They come last: late, or called away; also who was missed and has come after all. The old turn stays in the order, marked
    so. Raises SlotMoved for who is in the room or was heard."""
    held = hold(slot.day, State.PUBLISHED)
    slot.refresh_from_db()
    before = snapshot(slot)
    said = " ".join(reason.split())[:300] or slot.note
    _change(slot, Slot.State.WAITING, Slot.State.CALLED, Slot.State.ABSENT, state=Slot.State.MOVED, note=said)
    last = held.slots.order_by("-position").first()
    assert last is not None
    again = Slot.objects.create(
        day=held,
        position=last.position + 1,
        subject_kind=slot.subject_kind,
        subject_id=slot.subject_id,
        number=slot.number,
        title_zh=slot.title_zh,
        masked=slot.masked,
        group=slot.group,
        planned_at=max(last.planned_at + held.each, now),
    )
    note(
        [
            Line.about("interviews.slot.to_the_end", slot, before=before, after=snapshot(slot)),
            Line.about("interviews.slot.to_the_end", again, after=snapshot(again)),
        ]
    )
    tell_attendees(held, [again], "interviews.changed", now=now)
    return again


def _change(slot: Slot, *states: Slot.State, **values: object) -> Slot:
    """One conditional update whose count must be 1. Raises SlotMoved."""
    if Slot.objects.filter(pk=slot.pk, state__in=states).update(**values) != 1:
        raise SlotMoved
    slot.refresh_from_db()
    return slot


@action("interviews.slot.drop", requires=policies.follows, batch=True)
def drop_attendee(subject_kind: str, subject_id: UUID, *, reason: str, actor: Actor, now: dt.datetime) -> Slot | None:
    """A candidate was withdrawn, sent back or ended: nobody waits for them any more. None where they wait nowhere."""
    running = Slot.objects.filter(subject_kind=subject_kind, subject_id=subject_id, day__state__in=[State.PLANNED, State.PUBLISHED])
    slot = running.filter(state__in=[Slot.State.WAITING, Slot.State.CALLED]).select_related("day").first()
    if slot is None:
        return None
    hold(slot.day)
    before = snapshot(slot)
    _change(slot, Slot.State.WAITING, Slot.State.CALLED, state=Slot.State.ABSENT, note=reason[:300])
    note([Line.about("interviews.slot.drop", slot, before=before, after=snapshot(slot))])
    return slot
