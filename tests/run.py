"""``make test``: everything on SQLite; on PostgreSQL all but what draws pages or takes long; and the browser journeys on one of them.
``make test-whole``, which CI runs: these on PostgreSQL too.

What can't be run on this machine is left out and said so; under CI nothing may be left out. Arguments go to pytest.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

from tests.browsers import find_browser
from tests.databases import NoServer, private_postgresql

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2
WHOLE = "--whole"
_WELL = {0, 5}  # 5: nothing was collected, as when the arguments name other tests


@dataclass
class Leg:
    """One run of pytest and what came of it. ``left_out`` are skipped tests with their reasons."""

    name: str
    status: int = 0
    tests: int = 0
    failed: int = 0
    seconds: float = 0.0
    left_out: list[str] = field(default_factory=list)

    @property
    def passed(self) -> int:
        return self.tests - self.failed - len(self.left_out)

    def __str__(self) -> str:
        return f"{self.name}: {self.passed} passed, {self.failed} failed, {len(self.left_out)} left out, in {self.seconds:.0f} s"


def run_leg(name: str, arguments: list[str], *, database: str = "") -> Leg:
    print(f"\n=== {name}\n", flush=True)
    leg = Leg(name)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="denggao-tests-", ignore_cleanup_errors=True) as folder:
        report = Path(folder) / "report.xml"
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith("DENGGAO_") or key == "DENGGAO_TEST_BROWSER"
        }
        environment |= {"DENGGAO_TEST_FOLDER": folder, "DENGGAO_TEST_DATABASE": database}
        options = ["-q", "-n", str(WORKERS), "-o", "faulthandler_timeout=300", f"--junitxml={report}"]
        leg.status = subprocess.call([sys.executable, "-m", "pytest", *options, *arguments], cwd=ROOT, env=environment)
        if report.is_file():
            _count(leg, report)
    leg.seconds = time.monotonic() - began
    return leg


def _count(leg: Leg, report: Path) -> None:
    for case in ET.parse(report).iter("testcase"):
        leg.tests += 1
        leg.failed += case.find("failure") is not None or case.find("error") is not None
        skipped = case.find("skipped")
        if skipped is not None and skipped.get("type") == "pytest.skip":
            where = f"{case.get('classname', '')}.{case.get('name', '')}"
            leg.left_out.append(f"{leg.name}, {where}: {skipped.get('message')}")


def run_all(arguments: list[str], *, whole: bool) -> tuple[list[Leg], list[str]]:
    """The legs that were run, and what was left out as a whole. ``whole``: also on PostgreSQL what is marked so."""
    but = "not journey and not once" if whole else "not journey and not once and not whole"
    left_out: list[str] = []
    legs = [run_leg("SQLite", ["-m", "not journey", *arguments])]
    try:
        with private_postgresql() as address:
            legs.append(run_leg("PostgreSQL", ["-m", but, *arguments], database=address))
    except NoServer as reason:
        left_out.append(f"everything on PostgreSQL: {reason}")
    if find_browser() is None:
        left_out.append("the browser journeys: no Chromium on this machine (on Debian: apt install chromium fonts-noto-cjk)")
    else:
        legs.append(run_leg("journeys in a browser", ["-m", "journey", *arguments]))
    return legs, left_out


def main() -> int:
    # Also when started in the background or ended by a job runner: whatever ends the run, the private server is stopped.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        arguments = [argument for argument in sys.argv[1:] if argument != WHOLE]
        legs, left_out = run_all(arguments, whole=WHOLE in sys.argv)
    except KeyboardInterrupt:
        return 130
    left_out += [reason for leg in legs for reason in leg.left_out]
    print("\n=== In short\n")
    for leg in legs:
        print(leg)
    for reason in left_out:
        print(f"Left out: {reason}")
    well = all(leg.status in _WELL for leg in legs)
    if left_out and os.environ.get("CI"):
        print("Under CI nothing may be left out.")
        well = False
    if not any(leg.tests for leg in legs):
        print("No test was run.")
        well = False
    print(f"{sum(leg.passed for leg in legs)} passed, {sum(leg.failed for leg in legs)} failed")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
