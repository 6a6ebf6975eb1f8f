"""``denggao demo``: load the demo region into an empty database."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from denggao.demo.loading import load_region
from denggao.demo.region import region
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.commands import Outcome, ProductCommand, WrongUse

WORKERS, LEAST_WORKERS, MOST_WORKERS, SEED = 3_000, 20, 100_000, 2020


class Command(ProductCommand):
    help = _("Load the demo region: people, employers and three years of events that never were.")

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--scale", type=int, default=WORKERS, metavar="WORKERS", help=_("How many workers: 3000 unless told, at most 100000.")
        )
        parser.add_argument("--seed", type=int, default=SEED, help=_("The same seed gives the same region."))

    def perform(self, *, actor: Actor, now: dt.datetime, **options: Any) -> Outcome:
        workers = options["scale"]
        if not settings.DEMO:
            raise WrongUse(_("The demo region is loaded in demo mode only: make run, or DENGGAO_DEMO=1."))
        if not LEAST_WORKERS <= workers <= MOST_WORKERS:
            bounds = {"least": LEAST_WORKERS, "most": MOST_WORKERS}
            raise WrongUse(_("--scale: a number of workers from %(least)s to %(most)s.") % bounds)
        loaded = load_region(region(options["seed"], workers), actor=actor, now=now, say=self.say)
        rows = dict(loaded.rows)
        told = {"workers": loaded.workers, "files": loaded.files, "rows": rows}
        return Outcome(
            {**told, "deeds": dict(loaded.deeds), "seed": options["seed"]},
            [_("The demo region is loaded: %(workers)s workers, %(files)s files.") % told],
        )
