"""From a version's outline and a learner's progress to the steps the rules reckon with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from denggao.foundation.media.showing import seconds_of
from denggao.systems.university.learning.models import UnitDate, UnitProgress
from denggao.systems.university.learning.rules.progress import Aim, Step, UnitState
from denggao.systems.university.outlines import Outline, OutlineUnit

ACTIVITY, CONTEXT = "university.unit", "learning.enrolment"
"""By which names the hours engine knows a unit and an enrolment."""

Dates = Mapping[UUID, UnitDate]
Progress = Mapping[UUID, UnitProgress]


def aim_of(unit: OutlineUnit) -> Aim:
    """What a unit asks for, by its kind and settings."""
    said: Mapping[str, Any] = unit.settings
    by = unit.completes_by.value
    percent = said.get("watch_percent", 90) if by == "watched" else said.get("attend_percent", 80) if by == "attended" else 0
    return Aim(
        by=by,
        percent=float(said.get("pass_percent", 60) if by == "passed" else percent),
        seconds=int(said.get("min_seconds") or 0),
        points=float(said.get("pass_points") or 0),
        steps=tuple(str(step["code"]) for step in said.get("steps") or ()),
    )


def length_of(unit: OutlineUnit) -> float:
    """Of the film or recording, in seconds; 0 where nobody knows."""
    main = unit.main
    facts = main.facts if main is not None else {}
    value = facts.get("seconds") or facts.get("duration") or 0
    return float(value) if isinstance(value, int | float) else 0.0


def played_length(unit: OutlineUnit) -> float | None:
    """Of a film or recording that is about to be played, in seconds: its own, else what making it ready found; where that found
    none, what its author says. None while nobody knows. One query where the file doesn't say it."""
    own = length_of(unit)
    if own or unit.main is None:
        return own or None
    found = seconds_of(unit.main.file_id)
    return found if found is None else found or unit.minutes * 60 or None


def state_in(progress: Progress, key: UUID) -> UnitState:
    found = progress.get(key)
    return UnitState(found.state) if found is not None else UnitState.FRESH


def begins_at(unit: OutlineUnit, dates: Dates) -> dt.datetime | None:
    """When the class's own dates open a unit."""
    found = dates.get(unit.key)
    return found.opens_at if found is not None else None


def steps_of(outline: Outline, progress: Progress, dates: Dates, *, begins_at: dt.datetime) -> list[Step]:
    """In the order in which they are learned; none is open before its class begins."""
    steps = []
    for unit in outline.units:
        own = dates.get(unit.key)
        # A live class has a time, but its page is there before.
        opens_at = own.opens_at if own is not None and unit.kind != "live" else None
        steps.append(
            Step(
                key=str(unit.key),
                required=unit.required,
                state=state_in(progress, unit.key),
                opens_at=max(opens_at, begins_at) if opens_at is not None else begins_at,
                due_at=own.due_at if own is not None else None,
            )
        )
    return steps


def dates_of(run_id: int) -> dict[UUID, UnitDate]:
    return by_key(UnitDate.objects.filter(run_id=run_id))


def progress_of(enrolment_id: int) -> dict[UUID, UnitProgress]:
    return {row.unit_key: row for row in UnitProgress.objects.filter(enrolment_id=enrolment_id)}


def by_key(rows: Iterable[UnitDate]) -> dict[UUID, UnitDate]:
    return {row.unit_key: row for row in rows}
