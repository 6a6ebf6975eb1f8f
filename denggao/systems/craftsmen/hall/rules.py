"""Which drawing stands for a craft, and what became of a learner: pure decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from denggao.engines.agreements.outcomes import Became as Outcome
from denggao.foundation.standards.ladder import rank
from denggao.systems.craftsmen.hall.models import Drawing

RAISED, WITH, FINISHED = "raised", "with", "finished"

# By what the code of an industry holds.
_DRAWINGS = (
    (("ic", "semi", "chip"), Drawing.WAFER),
    (("bio", "med", "pharma"), Drawing.BIOREACTOR),
    (("avi", "aero", "civil"), Drawing.TURBINE),
    (("ai", "robot", "intel"), Drawing.ROBOT),
    (("equip", "manu", "mach"), Drawing.SPINDLE),
    (("auto", "vehicle", "car", "energy"), Drawing.GEAR),
)
# What the works of a page are drawn with, in turn, by the drawing of the page.
_WORKS = {
    Drawing.TURBINE: (Drawing.BLADE, Drawing.FIXTURE, Drawing.MEASURING),
    Drawing.BLADE: (Drawing.TURBINE, Drawing.FIXTURE, Drawing.MEASURING),
    Drawing.WAFER: (Drawing.CHIP, Drawing.WAFER, Drawing.MEASURING),
    Drawing.CHIP: (Drawing.WAFER, Drawing.CHIP, Drawing.ROBOT),
    Drawing.BIOREACTOR: (Drawing.BIOREACTOR, Drawing.MEASURING, Drawing.ROBOT),
    Drawing.ROBOT: (Drawing.ROBOT, Drawing.GEAR, Drawing.CHIP),
    Drawing.SPINDLE: (Drawing.SPINDLE, Drawing.FIXTURE, Drawing.MEASURING),
    Drawing.GEAR: (Drawing.GEAR, Drawing.FIXTURE, Drawing.MEASURING),
}


def drawing_for(industry: str) -> str:
    """The drawing of an industry, by its code; the turbine disk where none fits."""
    parts = industry.lower().replace("_", "-").split("-")
    for beginnings, drawing in _DRAWINGS:
        if any(part.startswith(beginning) for part in parts for beginning in beginnings):
            return drawing
    return Drawing.TURBINE


def drawing_of_work(page: str, place: int) -> str:
    """For the work at a place (from 0) of a page with a drawing."""
    row = _WORKS.get(Drawing(page), (Drawing.FIXTURE, Drawing.MEASURING, Drawing.BLADE))
    return row[place % len(row)]


@dataclass(frozen=True)
class Became:
    """What became of a learner. ``state``: raised a level, with the mentor, or finished. ``before`` and ``after`` are levels, empty
    where unknown or none was raised; ``weeks`` left of the time agreed, None where it has no end or is over; ``won`` what was
    won meanwhile, the last one last."""

    state: str
    before: str = ""
    after: str = ""
    weeks: int | None = None
    won: tuple[str, ...] = ()


def became(told: Sequence[Outcome], to_on: dt.date | None, today: dt.date) -> Became:
    """Of the mentorships of two people in turn, as the engine tells of each. ``to_on`` is the last day of all."""
    current = to_on is None or to_on >= today
    weeks = (to_on - today).days // 7 if current and to_on is not None else None
    won = tuple(success.text for each in told for success in each.successes)
    rises = [each for each in told if each.has_risen]
    if rises:
        after = max((each.now for each in rises), key=rank)
        return Became(RAISED, rises[0].then, after, weeks, won)
    return Became(WITH if current else FINISHED, told[0].then if told else "", "", weeks, won)
