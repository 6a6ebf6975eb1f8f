"""Points and grade of one appraisal, by its cycle's indicators and thresholds."""

from __future__ import annotations

from collections.abc import Iterable

from denggao.systems.bases.appraisal.indicators import Marked, mark, read_indicators
from denggao.systems.bases.models import Appraisal, AppraisalValue


def marks_of(appraisal: Appraisal, values: Iterable[AppraisalValue]) -> Marked:
    """What follows from the numbers as they stand; points the office set win over the rule's."""
    known = list(values)
    return mark(
        read_indicators(appraisal.cycle.indicators),
        {value.indicator: value.value for value in known},
        {value.indicator: value.set_points for value in known if value.set_points is not None},
        appraisal.cycle.thresholds,
    )
