"""A list that comes late, and speaks of an earlier date, changes what held then."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.foundation.organisations.models import Employment, EmploymentStatement
from tests.climb.sheets import EMPLOYERS, person, roster_sheet, run, start

pytestmark = pytest.mark.django_db


def test_an_older_list_counts_though_nothing_of_today_changes(tmp_path, monkeypatch):
    from denggao.foundation.organisations.hooks import heads_changed

    start(tmp_path)
    name, number = person(1)
    newer = roster_sheet(tmp_path / "newer.xlsx", [(name, number, "2018-03-01", "", "操作工", "否")])
    older = roster_sheet(tmp_path / "older.xlsx", [(name, number, "2018-03-01", "", "操作工", "是")])
    run("import_roster", newer, "--employer", EMPLOYERS[0], "--as-of", "2022-06-30")
    told: list[set[int]] = []
    monkeypatch.setattr(heads_changed, "_handlers", [lambda people, **_: told.append(people)])

    status, said = run("import_roster", older, "--employer", EMPLOYERS[0], "--as-of", "2020-06-30")

    assert (status, said["updated"]) == (0, 1)
    assert told == [{Employment.objects.get().person_id}]
    assert list(EmploymentStatement.objects.order_by("as_of").values_list("as_of", "front_line")) == [
        (dt.date(2020, 6, 30), True),
        (dt.date(2022, 6, 30), False),
    ]
