"""``denggao work``: the worker process."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.commands import Outcome, ProductCommand
from denggao.foundation.jobs.liveness import Liveness
from denggao.foundation.jobs.work import drain, sweep
from denggao.foundation.jobs.worker import Worker


class Command(ProductCommand):
    help = _("Run background and scheduled work until told to stop (SIGTERM).")

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help=_("Run what is due now, one job after the other, and end."))
        parser.add_argument("--threads", type=int, default=2, help=_("How many jobs may run at a time (2)."))

    def perform(self, *, actor: Actor, now: dt.datetime, **options: Any) -> Outcome:
        liveness = Liveness(settings.DATA_DIR / "workers")
        if options["once"]:
            count = _run_what_is_due(liveness)
            return Outcome({"run": count}, [_("%(count)s jobs were run.") % {"count": count}])
        worker = Worker(liveness, threads=options["threads"])
        worker.listen()
        worker.run()
        return Outcome({}, [_("The worker has stopped.")])


def _run_what_is_due(liveness: Liveness) -> int:
    name = liveness.begin()
    try:
        sweep(liveness, clock=timezone.now)
        return drain(name)
    finally:
        liveness.end(name)
