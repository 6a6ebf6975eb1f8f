from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from denggao.foundation.jobs.liveness import Liveness
from denggao.foundation.jobs.work import drain, sweep
from denggao.foundation.jobs.worker import Worker


class Command(BaseCommand):
    help = "Run background and scheduled work until told to stop (SIGTERM)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Run what is due now, one job after the other, and end.")
        parser.add_argument("--threads", type=int, default=2, help="How many jobs may run at a time (2).")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON (with --once).")

    def handle(self, *, once: bool, threads: int, **options: Any) -> None:
        liveness = Liveness(settings.DATA_DIR / "workers")
        if not once:
            worker = Worker(liveness, threads=threads)
            worker.listen()
            worker.run()
            return
        name = liveness.begin()
        try:
            sweep(liveness, clock=timezone.now)
            count = drain(name)
        finally:
            liveness.end(name)
        self.stdout.write(json.dumps({"run": count}) if options["json"] else f"{count} jobs run")
