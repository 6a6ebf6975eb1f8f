"""Sets the stage in a part's own process: Django, an empty database of today's shape, an actor; tells the outcome."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

import django

from bench.limits import LEDGER_ENTRIES, REQUESTS, Measure

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "denggao.settings")


def set_stage() -> argparse.Namespace:
    """Called before any model is imported."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=LEDGER_ENTRIES)
    asked = parser.parse_args()
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    settings.ALLOWED_HOSTS.append("testserver")
    call_command("migrate", verbosity=0)
    return asked


def tell(measures: Iterable[Measure]) -> None:
    sys.stdout.write("\n" + json.dumps([measure.plain() for measure in measures]) + "\n")


def say(text: str) -> None:
    sys.stderr.write(f"  {text}\n")
    sys.stderr.flush()


class Took(float):
    """Wall seconds; ``cpu`` tells this process's own share, for a machine that has other work."""

    cpu = ""


def seconds(work: Callable[[], Any]) -> tuple[Took, Any]:
    """How long it took, and what came of it."""
    began, spent = time.perf_counter(), time.process_time()
    result = work()
    took = Took(time.perf_counter() - began)
    took.cpu = f"{time.process_time() - spent:.1f} cpu"
    return took, result


def cpu_ms(work: Callable[[], Any], times: int = REQUESTS) -> float:
    """Least CPU milliseconds of this process for one call, warm: what the machine's other guests take is only ever added."""
    gc.collect()
    gc.freeze()  # as the server does
    for _time in range(5):
        work()
    spent = []
    for _time in range(times):
        began = time.process_time()
        work()
        spent.append((time.process_time() - began) * 1000)
    return min(spent)


def pace() -> float:
    """How fast this machine is just now: CPU milliseconds for a million additions. The same code takes twice as long from one
    minute to the next where the machine is shared; compare figures only with this beside them."""

    def add() -> int:
        total = 0
        for number in range(1_000_000):
            total += number * number % 7
        return total

    return cpu_ms(add, 5)


def queries(work: Callable[[], Any]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)
