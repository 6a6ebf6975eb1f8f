"""The running order with what is to be expected, and whose turn is whose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from denggao.engines.reviews.interviews.models import InterviewDay, Slot
from denggao.engines.reviews.interviews.policies import own_slots
from denggao.engines.reviews.interviews.rules import Expectation, Turn, expectations
from denggao.foundation.audit.actors import Actor

TONES = {"waiting": "", "called": "amber", "in_room": "lake", "done": "jade", "absent": "crimson", "moved": "withdrawn"}


@dataclass(frozen=True)
class SlotLine:
    """A turn as the order shows it; ``expected`` for those still to come."""

    slot: Slot
    expected: Expectation | None

    @property
    def tone(self) -> str:
        return TONES[self.slot.state]


@dataclass(frozen=True)
class Running:
    """The whole order. ``late``: minutes by which the next turn runs late, to the nearest five; 0 where it is on time."""

    lines: list[SlotLine]
    late: int

    def first(self, *states: str) -> SlotLine | None:
        return next((line for line in self.lines if line.slot.state in states), None)

    @property
    def in_room(self) -> SlotLine | None:
        return self.first("in_room")

    @property
    def called(self) -> SlotLine | None:
        return self.first("called")

    @property
    def following(self) -> list[SlotLine]:
        return [line for line in self.lines if line.slot.state == "waiting"]

    @property
    def heard(self) -> int:
        return sum(1 for line in self.lines if line.slot.state == "done")

    @property
    def count(self) -> int:
        return sum(1 for line in self.lines if line.slot.state != "moved")


def running_order(day: InterviewDay, now: dt.datetime) -> Running:
    """One query."""
    slots = list(day.slots.all())
    found = _expected(day, slots, now)
    lines = [SlotLine(slot, found.get(slot.pk)) for slot in slots]
    late = next((line.expected.late_minutes for line in lines if line.expected is not None), 0)
    return Running(lines, late)


def _expected(day: InterviewDay, slots: Sequence[Slot], now: dt.datetime) -> dict[int, Expectation]:
    if not day.is_running:
        return {}
    turns = {slot.pk: Turn(slot.state, slot.planned_at, slot.break_before, slot.started_at, slot.ended_at) for slot in slots}
    return expectations(turns, minutes=day.minutes_each, now=now)


def interviews_ahead(actor: Actor) -> int:
    """The actor's own turns still to come. One query beside what says who attends what."""
    ahead = own_slots(actor).filter(state__in=[Slot.State.WAITING, Slot.State.CALLED], day__state=InterviewDay.State.PUBLISHED)
    return ahead.count()
