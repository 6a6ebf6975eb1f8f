"""A sheet kind for tests: tools by number and name, kept where a table without meaning of its own is at hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actions import Refused, note
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.audit.bulk import insert
from denggao.foundation.audit.models import ActionKey
from denggao.foundation.audit.records import Line
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.sheets import cells
from denggao.foundation.sheets.kinds import Absence, Column, Context, Fault, Judgement, Option, Row

TOOLS = "test.tool"


def mask(text: str) -> str:
    return text[:1] + "*" * (len(text) - 1)


class Tools:
    code = "tools"
    title_zh = "工具清单"
    title_en = "Tools"
    columns = (
        Column("name", "名称", "Name", cells.text, ("工具名称",), required=True, personal=True, mask=mask, example="卡尺"),
        Column("number", "编号", "Number", cells.code_text, ("工具编号",), required=True, example="T-001"),
        Column("bought_on", "购入日期", "Bought on", cells.date_start, example="2020-01-06"),
        Column("in_use", "在用", "In use", cells.yes_no, example="是"),
    )
    options = (
        Option(
            "employer",
            "单位",
            "Employer",
            lambda actor: [
                (str(body.public_id), body.name_zh)
                for body in Organisation.objects.filter(kind="employer").order_by("pk")
                if actor.has(Role.CLERK, Role.HR, organisation_id=body.pk)
            ],
        ),
    )

    def may_import(self, actor: Actor, options: Mapping[str, Any]) -> bool:
        return actor.has(Role.CLERK, Role.HR, organisation_id=options["employer"].pk)

    def resolve(self, options: Mapping[str, str]) -> dict[str, Any]:
        found = Organisation.objects.filter(public_id=options.get("employer")).first()
        if found is None:
            raise Refused(_("There is no such employer."))
        return {"employer": found}

    def check(self, rows: Sequence[Row], context: Context) -> list[Judgement]:
        kept = dict(ActionKey.objects.filter(action=TOOLS).values_list("key", "result"))
        seen: set[str] = set()
        return [self._judge(row, kept, seen, context) for row in rows]

    def _judge(self, row: Row, kept: Mapping[str, str], seen: set[str], context: Context) -> Judgement:
        number, name = row.values.get("number"), row.values.get("name")
        faults, held_for = [], ""
        if number and number in seen:
            faults.append(Fault("number", _("%(column)s: this tool stands in the list twice.")))
        if number:
            seen.add(number)
        bought_on = row.values.get("bought_on")
        if bought_on and bought_on > context.today:
            faults.append(Fault("bought_on", _("%(column)s: %(day)s lies in the future."), {"day": str(bought_on)}))
        if name == "held" and not kept.get("ruled"):
            faults.append(Fault("name", _("%(column)s: kept for the office.")))
            held_for = f"tool:{number}"
        warnings = [] if row.values.get("in_use") is not None else [Fault("in_use", _("%(column)s: not known."))]
        if faults:
            return Judgement(row, "refused", faults, warnings, held_for=held_for)
        old = kept.get(number or "")
        outcome = "created" if old is None else "unchanged" if old == name else "updated"
        changes = [("name", mask(old), mask(name))] if outcome == "updated" and old and name else []
        found = "audit.actionkey" if old is not None else ""
        return Judgement(
            row, outcome, warnings=warnings, changes=changes, object_type=found, object_id=number if old is not None else ""
        )

    def absent(self, rows: Sequence[Row], context: Context) -> list[Absence]:
        named = {row.values.get("number") for row in rows}
        kept = ActionKey.objects.filter(action=TOOLS).exclude(key="ruled").order_by("key")
        return [Absence(key.key, f"{key.key} {mask(key.result)}") for key in kept if key.key not in named]

    def apply(self, judgements: Sequence[Judgement], context: Context, *, now: dt.datetime) -> None:
        fresh = []
        for judgement in judgements:
            number, name = judgement.row.values.get("number"), judgement.row.values.get("name")
            if judgement.outcome == "created":
                fresh.append(ActionKey(action=TOOLS, key=number, result=name, at=now))
            elif judgement.outcome == "updated":
                ActionKey.objects.filter(action=TOOLS, key=number).update(result=name)
            else:
                continue
            judgement.object_type, judgement.object_id = "audit.actionkey", str(number)
        insert(fresh)
        note(Line("test.tool.create", "audit.actionkey", key.key) for key in fresh)
