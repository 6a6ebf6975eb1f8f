"""Lists handed in at the same moment, by processes of their own, end in the ledger that one after the other gives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from denggao.engines.ledger.models import Entry
from denggao.foundation.audit.actors import system
from denggao.foundation.jobs import work
from denggao.foundation.people.models import Person
from denggao.foundation.sheets import actions
from denggao.foundation.sheets.kinds import kind_of
from denggao.foundation.sheets.models import Import
from tests.climb.sheets import EMPLOYERS, certificate_number, person, register_sheet, roster_sheet, run, start, the_ledger

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
WORKERS = 40
ISSUED = "2021-06-15"


@pytest.fixture(autouse=True)
def _one_audit_head(monkeypatch: pytest.MonkeyPatch) -> None:
    """The processes started here and the test itself seal one database, and remember one head of it."""
    monkeypatch.setattr(settings, "AUDIT_HEAD_DIR", settings.KEYS_DIR)
    for head in Path(settings.KEYS_DIR).glob("*.head"):
        head.unlink()


def environment() -> dict[str, str]:
    held = connection.settings_dict
    address = f"sqlite:///{held['NAME']}"
    if connection.vendor == "postgresql":
        port = f"&port={held['PORT']}" if held["PORT"] else ""
        address = f"postgresql://{held['USER']}:{held['PASSWORD']}@/{held['NAME']}?host={held['HOST'] or ''}{port}"
    return {
        **os.environ,
        "DATABASE_URL": address,
        "DENGGAO_DATA_DIR": str(settings.DATA_DIR),
        "DJANGO_SETTINGS_MODULE": "denggao.settings",
    }


def at_once(*commands: tuple[object, ...]) -> list[int]:
    """Run commands as processes, side by side; their exit statuses."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "denggao", *map(str, command)], env=environment(), cwd=ROOT, stdout=subprocess.DEVNULL
        )
        for command in commands
    ]
    return [process.wait(timeout=120) for process in running]


def lists(folder: Path) -> tuple[list[Path], list[Path]]:
    """Two rosters and two registers that share half of their people."""
    staff = [(*person(number), "2018-03-01", "", "操作工", "是") for number in range(WORKERS)]
    earned = [(*person(number), "车工", "四级", certificate_number("4", ISSUED, number), ISSUED) for number in range(WORKERS)]
    low, high = slice(0, 3 * WORKERS // 4), slice(WORKERS // 4, WORKERS)
    rosters = [roster_sheet(folder / f"roster{name}.xlsx", staff[part]) for name, part in (("A", low), ("B", high))]
    registers = [register_sheet(folder / f"register{name}.xlsx", earned[part]) for name, part in (("A", low), ("B", high))]
    return rosters, registers


def test_overlapping_lists_handed_in_at_once_count_everybody_once(tmp_path):
    start(tmp_path)
    rosters, registers = lists(tmp_path)

    statuses = at_once(
        *[("import_roster", roster, "--employer", EMPLOYERS[0], "--as-of", "2022-06-30") for roster in rosters],
        *[("import_certificates", register) for register in registers],
    )

    assert statuses == [0, 0, 0, 0]
    assert Person.objects.count() == WORKERS
    assert len(the_ledger()) == Entry.objects.filter(sign=1).count() == WORKERS
    assert run("rebuild_ledger", "--check") == (0, {"ok": True, "differences": []})
    assert run("verify_audit")[0] == 0


def test_a_worker_killed_in_mid_import_leaves_the_ledger_of_a_clean_import(tmp_path):
    start(tmp_path)
    (roster, _), (register, _) = lists(tmp_path)
    assert run("import_certificates", register)[0] == 0
    found = actions.hand_in(
        kind_of("roster"),
        roster.name,
        roster.read_bytes(),
        {"employer": _public_id(EMPLOYERS[0])},
        as_of=timezone.localdate(),
        actor=system("test"),
        now=timezone.now(),
    )
    work.drain()
    actions.start_apply(Import.objects.get(pk=found.pk), only_if_all_valid=False, actor=system("test"), now=timezone.now())

    worker = subprocess.Popen([sys.executable, "-m", "denggao", "work"], env=environment(), cwd=ROOT, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while not work.Job.objects.filter(state="running").exists() and time.monotonic() < end:
        time.sleep(0.005)
        if Import.objects.get(pk=found.pk).state == "applied":
            break
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    again = subprocess.Popen([sys.executable, "-m", "denggao", "work"], env=environment(), cwd=ROOT, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 90
    while Import.objects.get(pk=found.pk).state != "applied" and time.monotonic() < end:
        time.sleep(0.1)
    again.send_signal(signal.SIGTERM)
    again.wait(timeout=30)

    assert Import.objects.get(pk=found.pk).state == "applied"
    assert len(the_ledger()) == Person.objects.count() == 3 * WORKERS // 4
    assert run("rebuild_ledger", "--check") == (0, {"ok": True, "differences": []})


def _public_id(uscc: str) -> str:
    from denggao.foundation.organisations.models import Organisation

    return str(Organisation.objects.get(uscc=uscc).public_id)
