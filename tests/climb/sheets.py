"""Spreadsheets for the whole path, made as people make them, and the commands that take them."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
from django.core.management import call_command

from denggao.demo.numbers import national_certificate, resident_id, uscc

EMPLOYERS = [uscc(1), uscc(2), uscc(3)]
PLAN_FILE = "plans/lingang-2020.yaml"


def person(number: int) -> tuple[str, str]:
    """Name and resident ID of an invented worker."""
    return f"陈晨{'一二三四五六七八九十'[number % 10]}{number}", resident_id(
        "3101", dt.date(1985, 1, 1) + dt.timedelta(days=number), 20 + number, male=True
    )


def certificate_number(level: str, issued: str, serial: int) -> str:
    return national_certificate("S", 1, dt.date.fromisoformat(issued), level, serial)


def workbook(path: Path, title: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([title])
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def employers_sheet(path: Path, count: int = 3) -> Path:
    rows = [
        (f"第{number + 1}制造有限公司", EMPLOYERS[number], ["集成电路", "人工智能", ""][number], "临港大道1号")
        for number in range(count)
    ]
    return workbook(path, "单位名册", ("单位名称", "统一社会信用代码", "产业", "地址"), rows)


def roster_sheet(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    return workbook(path, "在职人员名册", ("姓名", "证件号码", "入职日期", "离职日期", "岗位", "是否一线"), rows)


def register_sheet(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """Rows: name, ID number, occupation, level, number, issued."""
    header = ("姓名", "证件号码", "职业名称", "职业技能等级", "证书编号", "发证日期", "评价机构", "理论成绩", "技能成绩")
    return workbook(path, "证书登记表", header, [(*row, "临港评价中心", 80, 85) for row in rows])


def run(command: str, *arguments: object) -> tuple[int, Any]:
    """Exit status and the JSON printed."""
    out = io.StringIO()
    status = 0
    with contextlib.redirect_stdout(out):
        try:
            call_command(command, *map(str, arguments), "--json", stdout=out)
        except SystemExit as stop:
            status = int(stop.code or 0)
    text = out.getvalue()
    return status, json.loads(text) if text.strip() else None


def start(folder: Path, employers: int = 3) -> None:
    """A loaded plan with its employers."""
    assert run("load_plan", PLAN_FILE)[0] == 0
    assert run("import_employers", employers_sheet(folder / "employers.xlsx", employers), "--plan", "lingang-2020")[0] == 0


def the_ledger() -> list[tuple[str, str, str, str, str]]:
    """Who counts, by what: name, date, level, certificate number, employer, in one order."""
    from denggao.engines.credentials.models import Credential
    from denggao.engines.ledger.models import Standing

    standings = Standing.objects.filter(entry__isnull=False).select_related("entry__person", "entry__employer")
    numbers = dict(Credential.objects.values_list("public_id", "number"))
    return sorted(
        (
            row.entry.person.name,
            row.entry.happened_on.isoformat(),
            row.entry.level,
            numbers[row.entry.evidence_id],
            row.entry.employer.name_zh,
        )
        for row in standings
    )
