"""When a unit is done, what a course's progress is, and which step comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

WATCHED, READ, ATTENDED, GRADED, SIGNED, PASSED = "watched", "read", "attended", "graded", "signed", "passed"


class UnitState(StrEnum):
    """``waiting``: the learner's part is done, somebody else's is not."""

    FRESH = "fresh"
    STARTED = "started"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Aim:
    """What a unit asks for. ``percent`` (0–100) of what is watched, attended or answered; ``seconds`` of reading, where 0
    means that the learner says so; ``points`` of a rubric; ``steps`` to be signed."""

    by: str
    percent: float = 0
    seconds: int = 0
    points: float = 0
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reached:
    """What there is towards an aim. ``coverage`` and ``attended`` are shares 0–1; ``score`` is points, or percent of a
    check; None where nothing was marked. ``handed_in``: something lies with whoever marks."""

    seconds: int = 0
    coverage: float = 0
    attended: float | None = None
    score: float | None = None
    said_read: bool = False
    handed_in: bool = False
    signed: frozenset[str] = frozenset()


def state_of(aim: Aim, reached: Reached) -> UnitState:
    """The state a unit has come to. What is done is never undone here: that is whoever keeps the state to say."""
    if _is_done(aim, reached):
        return UnitState.DONE
    if reached.handed_in:
        return UnitState.WAITING
    touched = reached.seconds or reached.coverage or reached.signed or reached.score is not None or reached.attended is not None
    return UnitState.STARTED if touched else UnitState.FRESH


def _is_done(aim: Aim, reached: Reached) -> bool:
    if aim.by == WATCHED:
        return percent_of(reached.coverage) >= aim.percent and reached.coverage > 0
    if aim.by == READ:
        return reached.said_read or (aim.seconds > 0 and reached.seconds >= aim.seconds)
    if aim.by == ATTENDED:
        return reached.attended is not None and reached.attended > 0 and percent_of(reached.attended) >= aim.percent
    if aim.by == GRADED:
        return reached.score is not None and reached.score >= aim.points and not reached.handed_in
    if aim.by == SIGNED:
        return bool(aim.steps) and reached.signed >= frozenset(aim.steps)
    return aim.by == PASSED and reached.score is not None and reached.score >= aim.percent


def percent_of(share: float) -> float:
    """A share as percent, to a tenth, cut and never rounded up: 89.96 % is not 90 %."""
    return int(share * 1000 + 1e-9) / 10


@dataclass(frozen=True, slots=True)
class Step:
    """A unit as the next step is looked for, in the course's order. ``opens_at`` None: open from the start."""

    key: str
    required: bool = True
    state: UnitState = UnitState.FRESH
    opens_at: dt.datetime | None = None
    due_at: dt.datetime | None = None

    def is_open(self, now: dt.datetime) -> bool:
        return self.opens_at is None or self.opens_at <= now

    @property
    def is_left(self) -> bool:
        """Whether the learner has something to do here."""
        return self.state in {UnitState.FRESH, UnitState.STARTED}


@dataclass(frozen=True, slots=True)
class Tally:
    """``done`` of ``required`` required units; ``optional_done`` of those that need not be done."""

    done: int
    required: int
    optional_done: int = 0
    waiting: int = 0

    @property
    def share(self) -> float:
        """0–1; a course without required units is as far as its optional ones: never more than 1."""
        return self.done / self.required if self.required else float(self.optional_done > 0)

    @property
    def is_complete(self) -> bool:
        return self.required > 0 and self.done >= self.required


def tally(steps: Sequence[Step]) -> Tally:
    needed = [step for step in steps if step.required]
    return Tally(
        done=sum(step.state is UnitState.DONE for step in needed),
        required=len(needed),
        optional_done=sum(step.state is UnitState.DONE for step in steps if not step.required),
        waiting=sum(step.state is UnitState.WAITING for step in needed),
    )


def next_step(steps: Sequence[Step], last_key: str | None, *, now: dt.datetime) -> Step | None:
    """What to do next: the unit last touched while it is unfinished, else the first required one left after it, else the
    first required one left at all, else an optional one that was begun. None where nothing is left, or nothing is open."""
    left = [step for step in steps if step.is_left and step.is_open(now)]
    if not left:
        return None
    order = {step.key: place for place, step in enumerate(steps)}
    at = order.get(last_key or "", -1)
    last = next((step for step in left if step.key == last_key), None)
    if last is not None:
        return last
    needed = [step for step in left if step.required]
    after = [step for step in needed if order[step.key] > at]
    if after or needed:
        return (after or needed)[0]
    return next((step for step in left if step.state is UnitState.STARTED), None)


def opens_next(steps: Sequence[Step], *, now: dt.datetime) -> Step | None:
    """Where nothing is open: what opens first."""
    ahead = [step for step in steps if step.is_left and not step.is_open(now)]
    return min(ahead, key=lambda step: (step.opens_at or now, step.key), default=None)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A course a learner is in, as the one next step of all is looked for."""

    key: str
    has_next: bool
    due_on: dt.date | None = None
    last_at: dt.datetime | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


URGENT_DAYS = 3


def choose(courses: Sequence[Candidate], *, today: dt.date) -> Candidate | None:
    """The course whose next step stands on top: overdue or due within three days first (earliest first), then the one
    learned in last, then the earliest due, then the order given."""
    able = [course for course in courses if course.has_next]
    pressing = [course for course in able if course.due_on is not None and (course.due_on - today).days <= URGENT_DAYS]
    if pressing:
        return min(pressing, key=lambda course: course.due_on or dt.date.max)
    touched = [course for course in able if course.last_at is not None]
    if touched:
        return max(touched, key=lambda course: course.last_at or dt.datetime.min.replace(tzinfo=dt.UTC))
    return min(able, key=lambda course: course.due_on or dt.date.max, default=None)


def remind_on(due_on: dt.date, days: Sequence[int]) -> list[dt.date]:
    """The days on which a deadline is brought to mind, earliest first; ``days`` before it."""
    return sorted(due_on - dt.timedelta(days=number) for number in set(days))
