"""Outcomes from a sheet of the city: certificate number, result, day, document; one line a candidate."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denggao.engines.cases.fields import read_rows
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor
from denggao.foundation.sheets import cells
from denggao.foundation.sheets.kinds import Cell, Column, Fault
from denggao.foundation.sheets.reading import read_book
from denggao.systems.craftsmen.lane.actions import propose_outcome
from denggao.systems.craftsmen.lane.policies import visible_candidacies

LIMIT = 2 * 1024 * 1024
_ACCEPTED = {"命名", "入选", "通过", "是", "accepted", "yes"}
_NOT = {"未命名", "未入选", "未通过", "否", "not accepted", "no"}


def _result(cell: Cell) -> bool | Fault | None:
    text = cell.text.strip().casefold()
    if not text:
        return None
    if text in _ACCEPTED:
        return True
    if text in _NOT:
        return False
    return Fault("", gettext_lazy("%(column)s: write 入选 or 未入选."))


COLUMNS = (
    Column(
        "certificate", "证书编号", "Certificate number", cells.code_text, ("编号", "证书号"), required=True, example="LG-G-2022-001"
    ),
    Column("result", "结果", "Result", _result, ("评选结果", "是否入选"), required=True, example="入选"),
    Column("decided_on", "决定日期", "Decided on", cells.date_exact, ("日期", "发文日期"), required=True, example="2026-04-28"),
    Column("document", "文号", "Document", cells.text, ("文件", "发文字号"), required=True, example="沪工总〔2026〕1号"),
)  # fmt: skip


@dataclass
class Taken:
    """How many were entered, and which lines were not, by number, with the reason."""

    count: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def take_outcomes(name: str, data: bytes, *, actor: Actor, now: dt.datetime) -> Taken:
    """Each line whose certificate has a candidacy handed over becomes an outcome that waits for its second person. Lines that don't
    fit are told, the others are taken. Raises SheetRefused."""
    book = read_book(name, data, COLUMNS)
    waiting = {
        one.craftsman.certificate.number: one
        for one in visible_candidacies(actor).filter(state="handed_over").order_by("pk")
        if one.craftsman.certificate is not None
    }
    keys = [column.key for column in COLUMNS]
    rows = [
        {key: row.cells[key].text.strip() if key in row.cells else "" for key in keys}
        for sheet in book.sheets
        for row in sheet.rows()
    ]
    read, faults = read_rows(COLUMNS, rows)
    done = Taken()
    for place, values in enumerate(read):
        wrong = " ".join(text for (at, _key), text in faults.items() if at == place)
        candidacy = waiting.get(str(values["certificate"] or ""))
        if not wrong and candidacy is None:
            wrong = _("No candidacy of this certificate is handed over.")
        if not wrong and candidacy is not None:
            try:
                propose_outcome(
                    candidacy, accepted=values["result"], decided_on=values["decided_on"], document=values["document"],
                    actor=actor, now=now,
                )  # fmt: skip
            except Refused as refused:
                wrong = str(refused)
        if wrong:
            # The first line below the heading is line 2.
            done.refused.append((place + 2, wrong))
        else:
            done.count += 1
    return done
