"""A learner's courses: the home page, one course, one unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum
from django.urls import reverse

from denggao.engines.hours.models import HourEntry, Sitting
from denggao.engines.hours.queries import open_sitting_of
from denggao.systems.university.learning.models import (
    Attendance,
    Enrolment,
    PracticalSigning,
    UnitDate,
    UnitProgress,
)
from denggao.systems.university.learning.queries.steps import CONTEXT, aim_of, dates_of, progress_of, steps_of
from denggao.systems.university.learning.rules.marking import attended_share
from denggao.systems.university.learning.rules.progress import (
    Candidate,
    Step,
    Tally,
    UnitState,
    choose,
    next_step,
    opens_next,
    tally,
)
from denggao.systems.university.learning.showing import There, beside, sentence, there_of, with_open
from denggao.systems.university.outlines import Outline, OutlineUnit
from denggao.systems.university.queries import outline

STATE_ICONS = {UnitState.DONE: "circle-check", UnitState.WAITING: "clock"}
"""Others show the icon of their kind."""


@dataclass(frozen=True, slots=True)
class Line:
    """A unit as the outline shows it. ``state`` is the rules', or ``locked``; ``says`` the sentence below, perhaps empty."""

    key: UUID
    number: str
    title: str
    icon: str
    state: str
    beside: str
    says: str
    url: str
    is_next: bool
    required: bool
    overdue: bool
    is_practical: bool = False


@dataclass(frozen=True)
class Chapter:
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Standing:
    """All that is known of how far a learner is: read once, shown in several ways."""

    course: Outline
    progress: Mapping[UUID, UnitProgress]
    dates: Mapping[UUID, UnitDate]
    there: Mapping[UUID, There]
    steps: Sequence[Step]
    sitting: Sitting | None

    def step(self, key: UUID) -> Step:
        return self.steps[self.course.by_key[key].position]


def standing_of(enrolment: Enrolment) -> Standing:
    """Six queries at most, however many units."""
    course = outline(enrolment.run.version)
    progress, dates = progress_of(enrolment.pk), dates_of(enrolment.run_id)
    kinds = {unit.kind for unit in course.units}
    signed = _signed(enrolment.pk) if "practical" in kinds else {}
    attended = _attended(enrolment.pk) if "live" in kinds else {}
    sitting = open_sitting_of(enrolment.person_id, (CONTEXT, enrolment.public_id))
    there: dict[UUID, There] = {}
    for unit in course.units:
        row = progress.get(unit.key)
        if row is not None:
            there[unit.key] = _there(unit, row, signed, attended)
    if sitting is not None and sitting.activity_id in course.by_key:
        key = sitting.activity_id
        known = there.get(key) or There()
        there[key] = with_open(known, progress.get(key), sitting, course.by_key[key])
    return Standing(course, progress, dates, there, steps_of(course, progress, dates, begins_at=enrolment.run.begins_at), sitting)


def _there(unit: OutlineUnit, row: UnitProgress, signed: Mapping[UUID, set[str]], attended: Mapping[UUID, Attendance]) -> There:
    base = there_of(row)
    if unit.kind == "practical":
        known = {str(step["code"]) for step in unit.settings.get("steps") or ()}
        return There(base.state, base.seconds, base.coverage, base.score, base.position, len(signed.get(unit.key, set()) & known))
    if unit.kind == "live" and unit.key in attended:
        found = attended[unit.key]
        share = attended_share(found.minutes, found.minutes_held or 0) if found.minutes is not None else None
        return There(base.state, base.seconds, attended=share, joined=found.joined_at is not None)
    return base


def _signed(enrolment_id: int) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    rows = PracticalSigning.objects.filter(enrolment_id=enrolment_id, taken_back_at__isnull=True).values_list("unit_key", "steps")
    for key, steps in rows:
        found.setdefault(key, set()).update(steps)
    return found


def _attended(enrolment_id: int) -> dict[UUID, Attendance]:
    return {row.unit_key: row for row in Attendance.objects.filter(enrolment_id=enrolment_id)}


@dataclass(frozen=True)
class CoursePage:
    """What the course page shows. ``following`` is the next step; where there is none, ``opens`` says what opens first."""

    chapters: list[Chapter]
    following: Line | None
    opens: Line | None
    counted: Tally
    left_minutes: int


def course_page(enrolment: Enrolment, standing: Standing, *, now: dt.datetime) -> CoursePage:
    last = str(enrolment.last_key) if enrolment.last_key else None
    if standing.sitting is not None:
        last = str(standing.sitting.activity_id)
    step = next_step(standing.steps, last, now=now)
    ahead = opens_next(standing.steps, now=now) if step is None else None
    # The address of each unit is the course's own with the key behind it: reversed once, not sixty times.
    base = reverse("learning:course", args=[enrolment.public_id])
    chapters: list[Chapter] = []
    by_key: dict[str, Line] = {}
    for module in standing.course.modules:
        lines = [_line(unit, standing, base, step, now) for unit in module.units]
        by_key.update((str(line.key), line) for line in lines)
        chapters.append(Chapter(module.title, lines))
    counted = tally(standing.steps)
    left = sum(
        unit.minutes
        for unit in standing.course.units
        if unit.required and standing.steps[unit.position].state is not UnitState.DONE
    )
    return CoursePage(
        chapters=chapters,
        following=by_key[step.key] if step is not None else None,
        opens=by_key[ahead.key] if ahead is not None else None,
        counted=counted,
        left_minutes=left,
    )


def _line(unit: OutlineUnit, standing: Standing, base: str, following: Step | None, now: dt.datetime) -> Line:
    step, there = standing.steps[unit.position], standing.there.get(unit.key)
    locked = not step.is_open(now)
    if there is None and not locked:
        state, says, icon = UnitState.FRESH.value, "", unit.unit_kind.icon
        word = beside(unit, There())
    else:
        there = there or There()
        state = "locked" if locked else there.state.value
        says = sentence(aim_of(unit), there, step.opens_at if locked else None)
        icon = "lock" if locked else STATE_ICONS.get(there.state, unit.unit_kind.icon)
        word = beside(unit, there)
    return Line(
        key=unit.key,
        number=unit.number,
        title=unit.title,
        icon=icon,
        state=state,
        beside=word,
        says=says,
        url=f"{base}{unit.key}/",
        is_next=following is not None and following.key == step.key,
        required=unit.required,
        overdue=step.due_at is not None and step.due_at < now and step.is_left,
        is_practical=unit.kind == "practical",
    )


# The home page


@dataclass(frozen=True)
class CourseCard:
    """A course as the home page shows it. ``unit`` is the next step's; None where nothing is left or open. ``goes_on``: it is
    where the learner was last, or is now on another device. ``begins_on``: the class's first day, where that is still to come."""

    enrolment: Enrolment
    unit: OutlineUnit | None
    url: str
    unit_url: str
    share: float
    days_left: int | None
    goes_on: bool
    begins_on: dt.date | None = None


@dataclass(frozen=True)
class Day:
    """A day of the week's hours: ``height`` 0–100 of the tallest."""

    day: dt.date
    seconds: int
    height: int
    is_today: bool


@dataclass(frozen=True)
class Home:
    top: CourseCard | None
    learning: list[CourseCard]
    invited: list[Enrolment]
    waiting: list[Enrolment]
    finished: list[CourseCard]
    days: list[Day]
    week_seconds: int


FINISHED_SHOWN = 6


def home_of(person_id: int, *, now: dt.datetime, today: dt.date) -> Home:
    """Four queries, however many courses; outlines apart, which are kept in memory."""
    rows = (
        Enrolment.objects.filter(person_id=person_id)
        .exclude(state__in=(Enrolment.State.LEFT, Enrolment.State.REMOVED))
        .select_related("run__course", "run__version", "run__school")
        .order_by("due_on", "-enrolled_at", "pk")
    )
    every, sitting = list(rows), open_sitting_of(person_id)
    learning = [_card(one, today, sitting) for one in every if one.state == Enrolment.State.ENROLLED]
    finished = [_card(one, today, sitting) for one in every if one.state == Enrolment.State.FINISHED]
    candidates = [
        Candidate(str(place), card.unit is not None, card.enrolment.due_on, card.enrolment.last_at)
        for place, card in enumerate(learning)
    ]
    top = choose(candidates, today=today)
    days = week_of(person_id, today, sitting)
    return Home(
        top=learning[int(top.key)] if top is not None else None,
        learning=learning,
        invited=[one for one in every if one.state == Enrolment.State.INVITED],
        waiting=[one for one in every if one.state == Enrolment.State.WAITING],
        finished=sorted(finished, key=lambda card: card.enrolment.finished_at or now, reverse=True)[:FINISHED_SHOWN],
        days=days,
        week_seconds=sum(day.seconds for day in days),
    )


def _card(enrolment: Enrolment, today: dt.date, sitting: Sitting | None) -> CourseCard:
    begins = enrolment.run.opens_on if enrolment.run.opens_on > today else None
    key = enrolment.next_key if begins is None else None
    unit = outline(enrolment.run.version).by_key.get(key) if key is not None else None
    url = reverse("learning:course", args=[enrolment.public_id])
    days = (enrolment.due_on - today).days if enrolment.due_on is not None else None
    here = sitting is not None and (sitting.context_kind, sitting.context_id) == (CONTEXT, enrolment.public_id)
    last = sitting.activity_id if sitting is not None and here else enrolment.last_key
    goes_on = unit is not None and unit.key == last
    return CourseCard(enrolment, unit, url, f"{url}{key}/" if unit is not None else url, enrolment.share, days, goes_on, begins)


def week_of(person_id: int, today: dt.date, sitting: Sitting | None) -> list[Day]:
    """The last seven days, today last, with what the open sitting earned today. One query."""
    first = today - dt.timedelta(days=6)
    rows = HourEntry.objects.filter(person_id=person_id, day__gte=first, day__lte=today).order_by()
    found: dict[dt.date, int] = dict(rows.values_list("day").annotate(total=Sum("seconds")))
    if sitting is not None and sitting.voided_at is None:
        found[today] = found.get(today, 0) + max(sitting.unentered_seconds, 0)
    tallest = max([*found.values(), 3600])
    days = [first + dt.timedelta(days=place) for place in range(7)]
    return [Day(day, max(found.get(day, 0), 0), round(100 * max(found.get(day, 0), 0) / tallest), day == today) for day in days]
