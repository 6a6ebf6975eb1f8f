"""Rows that do not contradict each other give one ledger, in whatever order they are handed in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from random import Random

import pytest
from django.db import transaction

from tests.climb.sheets import EMPLOYERS, certificate_number, person, register_sheet, roster_sheet, run, start, the_ledger

pytestmark = [pytest.mark.django_db, pytest.mark.whole]

PEOPLE = 10
LISTS = ("2020-06-30", "2021-06-30", "2022-06-30")


def _life(lot: Random, number: int) -> dict[str, list]:
    """What is true of one worker: employments with dated front-line status, and certificates."""
    name, identity = person(number)
    first = lot.randrange(len(EMPLOYERS))
    spells = [(first, "2018-03-01", lot.choice(["", "2021-03-31"]), "")]
    if spells[0][2] and lot.random() < 0.6:
        spells.append(((first + 1) % len(EMPLOYERS), "2021-05-01", "", ""))
    changes_on = lot.choice(LISTS)
    before, after = lot.choice("是否"), lot.choice("是否")
    rosters: dict[tuple[int, str], list] = {}
    for employer, hired, left, _ in spells:
        for day in LISTS:
            if hired <= day and lot.random() < 0.85:
                said = lot.choice([before if day < changes_on else after, before if day < changes_on else after, ""])
                shown = left if left and left <= day else ""
                rosters.setdefault((employer, day), []).append((name, identity, hired, shown, "操作工", said))
    levels = lot.sample("543", lot.randrange(1, 4))
    certificates = [
        (
            name,
            identity,
            lot.choice(["车工", "铣工"]),
            {"5": "五级", "4": "四级", "3": "三级"}[level],
            certificate_number(level, issued, number * 10 + int(level)),
            issued,
        )
        for level in levels
        for issued in [(dt.date(2019, 6, 1) + dt.timedelta(days=lot.randrange(1300))).isoformat()]
    ]
    return {"rosters": list(rosters.items()), "certificates": certificates}


def _sheets(lot: Random, folder: Path) -> list[tuple]:
    """Commands to run, in no order: one roster an employer and date, two registers."""
    lists: dict[tuple[int, str], list] = {}
    register: list = []
    for number in range(PEOPLE):
        life = _life(lot, number)
        for key, rows in life["rosters"]:
            lists.setdefault(key, []).extend(rows)
        register += life["certificates"]
    commands = []
    for (employer, day), rows in lists.items():
        path = roster_sheet(folder / f"roster-{employer}-{day}.xlsx", rows)
        commands.append(("import_roster", path, "--employer", EMPLOYERS[employer], "--as-of", day))
    for half in (0, 1):
        commands.append(("import_certificates", register_sheet(folder / f"register-{half}.xlsx", register[half::2])))
    return commands


class _Undo(Exception):
    pass


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_hand_ins_does_not_change_the_ledger(seed, tmp_path):
    lot = Random(seed)
    start(tmp_path)
    commands = _sheets(lot, tmp_path)
    ledgers = []

    for attempt in range(3):
        try:
            with transaction.atomic():
                outcomes = [run(*command) for command in commands]
                assert all(status == 0 for status, _ in outcomes), outcomes
                assert run("rebuild_ledger", "--check") == (0, {"ok": True, "differences": []})
                ledgers.append(the_ledger())
                if attempt == 2:
                    again = [run(*command)[1] for command in commands]
                    assert all(told["created"] == told["updated"] == 0 for told in again)
                    assert the_ledger() == ledgers[-1]
                raise _Undo
        except _Undo:
            pass
        lot.shuffle(commands)

    assert ledgers[0] == ledgers[1] == ledgers[2]
    assert ledgers[0], "the made-up lives should count somebody"
