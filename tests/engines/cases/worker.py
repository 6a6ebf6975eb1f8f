"""``denggao work`` in a process of its own that knows the trial procedures, whose award takes its time."""

from __future__ import annotations

import time
from typing import Any


def main() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    from tests.engines.cases.procedures import SYSTEM, TrialSystem, register_trials

    def slow(self: TrialSystem, case: Any, **given: Any) -> None:
        made(self, case, **given)
        time.sleep(0.2)

    made = TrialSystem.award
    SYSTEM.__class__.award = slow  # type: ignore[method-assign]  # for this process alone
    register_trials()
    call_command("work")
