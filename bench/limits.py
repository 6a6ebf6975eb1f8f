"""What is promised, and how a measurement is told."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Measure:
    """One line of the table. ``limit`` is in the measure's own unit; None where nothing is promised."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    note: str = ""

    @property
    def mark(self) -> str:
        if self.limit is None:
            return ""
        return "ok" if self.value <= self.limit else "OVER"

    def plain(self) -> dict[str, Any]:
        return asdict(self)


ROSTER_ROWS = CERTIFICATE_ROWS = 10_000
LEDGER_ENTRIES = 100_000
REQUESTS = 200
PREVIEW_SECONDS, APPLY_SECONDS, MEMORY_MB = 6.0, 12.0, 400.0
CERTIFICATES_SECONDS = 15.0
PAGE_MS, VERIFY_MS = 25.0, 5.0
CASES, CASE_MS = 20_000, 40.0
ASSIGN_SECONDS = 2.0
UNITS, LEARNERS, ENROLMENTS = 64, 1_000, 10_000
# A fifth of what Moodle takes for the same page on the same kind of machine.
COURSE_MS, DASHBOARD_MS, TABLE_MS, UNIT_MS = 32.0, 22.0, 650.0, 18.0
FIRST_VIEW_KB, ENROL_SECONDS = 150.0, 15.0
LEARNERS_ONLINE, BEAT_MS = 2_000, 6.0
