"""Start Denggao: the web process and the job worker, side by side, until Ctrl-C."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import shutil
import socket
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandParser
from django.db import connection, connections
from django.utils.translation import gettext as _

from denggao.environment import refuse
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.commands import Outcome, ProductCommand, WrongUse
from denggao.foundation.organisations.members.demo import demo_accounts
from denggao.foundation.plans.models import Plan
from denggao.guards import refuse_demo_data, set_up_database
from denggao.supervision import GaveUp, Part, Supervisor

# Requests at once per process: within the database pool (8), leaving room for what a request opens beside.
_THREADS = 6


class Command(ProductCommand):
    help = _("Start the web process and the job worker, until Ctrl-C.")
    needs_database = False  # it prepares its own, below
    seals = False  # the worker does, every minute

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help=_("The address to listen on."))
        parser.add_argument("--processes", type=int, default=1, help=_("How many web processes."))
        parser.add_argument("--no-worker", action="store_true", help=_("Leave the job worker to another machine."))
        parser.add_argument(
            "--prepare", action="store_true", help=_("First bring the database up to date and, in demo mode, load the demo region.")
        )

    def perform(self, *, actor: Actor, now: dt.datetime, **options: Any) -> Outcome:
        host, port = options["host"], settings.ENVIRONMENT.port
        self._check_port(host, port)
        _check_cache()
        if options["prepare"] and settings.DEMO:
            self._prepare_demo()
        else:
            set_up_database(self, also_when_behind=options["prepare"])
        refuse_demo_data()
        greeting = _greeting()
        connections.close_all()
        supervisor = Supervisor(_parts(host, port, options["processes"], worker=not options["no_worker"]), say=self.say)
        try:
            supervisor.run(ready=lambda: _answers(host, port), on_ready=lambda: self._greet(greeting))
        except GaveUp as fault:
            raise WrongUse(fault) from None
        return Outcome({"address": settings.BASE_URL}, [_("Denggao has stopped.")])

    def _prepare_demo(self) -> None:
        """The demo region is loaded whole or not at all: one whose loading was broken off is begun anew."""
        begun = settings.DATA_DIR / ".loading-demo"
        if begun.exists():
            _discard_database()
        set_up_database(self, also_when_behind=True)
        if not Plan.objects.exists():
            begun.touch()
            self.say(_("Loading the demo region (once; it takes a moment) …"))
            call_command("demo", stdout=self.stderr, stderr=self.stderr)
        begun.unlink(missing_ok=True)

    def _check_port(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                refuse("DENGGAO_PORT", f"the port {port} on {host} can't be used: {error.strerror}; choose another.")

    def _greet(self, lines: list[str]) -> None:
        for line in lines:
            self.stdout.write(line)
        self.stdout.flush()


def _discard_database() -> None:
    if connection.vendor != "sqlite":
        refuse("DATABASE_URL", "loading the demo region into this database was broken off; empty it, then start again.")
    connection.close()
    name = settings.DATABASES["default"]["NAME"]
    for ending in ("", "-wal", "-shm"):
        Path(f"{name}{ending}").unlink(missing_ok=True)
    shutil.rmtree(settings.DATA_DIR / "files", ignore_errors=True)


def _greeting() -> list[str]:
    """The address and, in demo mode, the accounts: one a role."""
    lines = [_("Denggao is running at %(address)s — stop it with Ctrl-C.") % {"address": settings.BASE_URL}]
    accounts = demo_accounts() if settings.DEMO else []
    if accounts:
        lines += ["", _("Demo accounts, all with the password %(password)s:") % {"password": accounts[0].password}]
        lines += [f"  {account.email:<36} {account.label}{f' · {account.body}' if account.body else ''}" for account in accounts]
    return lines


def _check_cache() -> None:
    if settings.ENVIRONMENT.redis_url:
        try:
            cache.get("denggao")
        except Exception as error:
            refuse("REDIS_URL", f"the server does not answer: {type(error).__name__}.")


def _parts(host: str, port: int, processes: int, *, worker: bool) -> list[Part]:
    web = [
        *("-m", "granian", "denggao.wsgi:application", "--interface", "wsgi", "--no-ws"),
        *("--host", host, "--port", str(port), "--workers", str(processes)),
        *("--blocking-threads", str(_THREADS), "--backpressure", "256"),
        *("--respawn-failed-workers", "--log-level", "error"),
    ]
    parts = [Part("web", web)]
    if worker:
        parts.append(Part("worker", ["-m", "denggao", "work"]))
    return parts


def _answers(host: str, port: int) -> bool:
    """Whether the web process answers; any HTTP status will do."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- compared, not listened on
    line = http.client.HTTPConnection(reached, port, timeout=5)
    with contextlib.closing(line):
        try:
            line.request("GET", "/-/health", headers={"Host": "127.0.0.1"})
            line.getresponse().read()
        except (OSError, http.client.HTTPException):
            return False
    return True
