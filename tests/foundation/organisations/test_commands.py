"""The commands that take in employers and rosters, from file to record."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from denggao.foundation.audit.models import Record
from denggao.foundation.organisations.models import Employment, Organisation
from denggao.foundation.organisations.rules import credit_code_check
from denggao.foundation.people.models import NameConflict, Person
from denggao.foundation.plans.models import Participation
from tests.facts import a_plan
from tests.foundation.organisations.rosters import id_number

pytestmark = pytest.mark.django_db(transaction=True)

CODE = "91310115MA1000001" + str(credit_code_check("91310115MA1000001"))


def run(command: str, *arguments: str) -> tuple[dict[str, Any], int]:
    """What the command printed, and its exit status."""
    stream, status = io.StringIO(), 0
    try:
        call_command(command, *arguments, "--json", stdout=stream)
    except SystemExit as ended:
        status = int(ended.code or 0)
    return json.loads(stream.getvalue() or "{}"), status


def csv(folder: Path, *lines: str, name: str = "list.csv") -> str:
    path = folder / name
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    return str(path)


@pytest.fixture
def employer(now: dt.datetime) -> Organisation:
    return Organisation.objects.create(name_zh="沧屿微电子", name_key="沧屿微电子", kind="employer", uscc=CODE, created_at=now)


def test_employers_are_taken_in_and_join_the_plan(tmp_path: Path) -> None:
    a_plan()
    path = csv(tmp_path, "2022年重点企业名单", "单位名称,统一社会信用代码,产业", f"沧屿微电子,{CODE},集成电路", "合计,1,")

    told, status = run("import_employers", path, "--plan", "lingang-2020")
    again, _ = run("import_employers", path, "--plan", "lingang-2020")

    assert (told["created"], told["refused"], status) == (1, 0, 0)
    assert told["rows"] == [{"row": 3, "outcome": "created", "reasons": []}]
    assert (again["created"], again["unchanged"]) == (0, 1)
    assert Participation.objects.get().organisation.uscc == CODE


def test_without_a_plan_they_join_none(tmp_path: Path) -> None:
    a_plan()

    run("import_employers", csv(tmp_path, "单位名称,统一社会信用代码", f"沧屿微电子,{CODE}"))

    assert Organisation.objects.filter(uscc=CODE).exists()
    assert not Participation.objects.exists()


def test_an_unknown_plan_is_wrong_use(tmp_path: Path) -> None:
    path = csv(tmp_path, "单位名称,统一社会信用代码", f"沧屿微电子,{CODE}")

    with pytest.raises(CommandError) as raised:
        call_command("import_employers", path, "--plan", "nowhere")

    assert raised.value.returncode == 2


def test_a_roster_is_taken_in_as_of_its_day(tmp_path: Path, employer: Organisation) -> None:
    good, bad = id_number(), id_number()[:17] + "?"
    path = csv(tmp_path, "员工姓名,身份证号,入厂时间,是否一线", f"陈晓红,{good},2019年7月,√", f"周小登,{bad},2020-01-01,是")

    told, status = run("import_roster", path, "--employer", CODE.lower(), "--as-of", "2021-12-31")

    employment = Employment.objects.get()
    assert (told["created"], told["refused"], status) == (1, 1, 1)
    assert told["rows"][1]["reasons"]
    assert (employment.hired_on, employment.front_line) == (dt.date(2019, 7, 1), True)
    assert employment.known_from == dt.date(2021, 12, 31)
    assert Record.objects.filter(action="organisations.employment.state", actor_kind="operator").count() == 1


def test_a_dry_run_writes_nothing_but_the_report(tmp_path: Path, employer: Organisation) -> None:
    path, report = csv(tmp_path, "姓名,证件号码", f"陈晓红,{id_number()}"), tmp_path / "out.xlsx"

    told, _status = run("import_roster", path, "--employer", CODE, "--dry-run", "--report", str(report))

    assert told["created"] == 1
    assert report.read_bytes().startswith(b"PK")
    assert not Person.objects.exists()
    assert not Record.objects.exclude(action="").filter(action__startswith="organisations").exists()


@pytest.mark.parametrize(
    ("code", "words"), [("91310115MA1000002" + str(credit_code_check("91310115MA1000002")), "91310115MA1000002"), ("123", "18")]
)
def test_an_unknown_employer_is_wrong_use(tmp_path: Path, code: str, words: str) -> None:
    path = csv(tmp_path, "姓名,证件号码", f"陈晓红,{id_number()}")

    with pytest.raises(CommandError, match=words) as raised:
        call_command("import_roster", path, "--employer", code)

    assert raised.value.returncode == 2


def test_a_row_held_for_a_name_goes_on_once_the_office_rules(tmp_path: Path, employer: Organisation, now: dt.datetime) -> None:
    from denggao.foundation.accounts.models import User
    from denggao.foundation.audit.actors import Grant, Role, account
    from denggao.foundation.people.actions import Ruling, rule_name_conflict

    number = id_number()
    run(
        "import_roster",
        csv(tmp_path, "姓名,证件号码,入职日期", f"陈晓红,{number},2019-07-01"),
        "--employer",
        CODE,
        "--as-of",
        "2020-12-31",
    )
    told, status = run(
        "import_roster",
        csv(tmp_path, "姓名,证件号码,入职日期,岗位", f"陈小红,{number},2019-07-01,车床"),
        "--employer",
        CODE,
        "--as-of",
        "2021-12-31",
    )
    reviewer = account(User.objects.create(), [Grant(Role.REVIEWER)])

    rule_name_conflict(NameConflict.objects.get(), Ruling.TAKE_NAME, reason="户口簿", actor=reviewer, now=now)

    assert (told["refused"], status) == (1, 1)
    assert Person.objects.get().name == "陈小红"
    assert Employment.objects.get().post == "车床"
    # Both names stand for the number from now on.
    again, _status = run(
        "import_roster", csv(tmp_path, "姓名,证件号码", f"陈晓红,{number}"), "--employer", CODE, "--as-of", "2021-12-31"
    )
    assert again["refused"] == 0
