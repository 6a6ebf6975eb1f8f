"""Teaching standards as a sheet (``teaching_standards``): a row an item. What differs goes into a draft; nothing is put in
force, and nothing taken out, by a sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actors import Actor
from denggao.foundation.sheets import cells
from denggao.foundation.sheets.kinds import Absence, Cell, Column, Context, Fault, Judgement, Row
from denggao.foundation.standards.ladder import BY_CODE
from denggao.foundation.standards.models import Occupation, StandardItem, StandardVersion, TeachingStandard
from denggao.foundation.standards.queries import OccupationFinder
from denggao.foundation.standards.rules import read_level
from denggao.foundation.standards.teaching import rules
from denggao.foundation.standards.teaching.actions import Given, write_standard
from denggao.foundation.standards.teaching.policies import can_keep_standards
from denggao.foundation.standards.teaching.rules import Item, read_item_kind

OBJECT = TeachingStandard._meta.label_lower
_STATE = StandardVersion.State
_MOST_HOURS = Decimal(9999)


def _kind_in_words(kind: str) -> str:
    return str(StandardItem.Kind(kind).label)


def _short(limit: int) -> Callable[[Cell], str | Fault | None]:
    def parse(cell: Cell) -> str | Fault | None:
        shown = cells.text(cell)
        if isinstance(shown, str) and len(shown) > limit:
            return Fault("", _("%(column)s: at most %(limit)s characters fit here."), {"limit": limit})
        return shown

    return parse


def _matching(pattern: Any, wrong: Any) -> Callable[[Cell], str | Fault | None]:
    def parse(cell: Cell) -> str | Fault | None:
        shown = cells.code_text(cell)
        if isinstance(shown, str) and not pattern.fullmatch(shown):
            return Fault("", wrong, {"text": shown[:20]})
        return shown

    return parse


def _level(cell: Cell) -> str | Fault | None:
    shown = cells.text(cell)
    if not isinstance(shown, str):
        return shown
    wrong = Fault("", _("Level: “%(text)s” is not one level. Write 5 to 1 or 五级 to 一级."), {"text": shown[:20]})
    return read_level(shown) or wrong


def _kind(cell: Cell) -> str | Fault | None:
    shown = cells.text(cell)
    if not isinstance(shown, str):
        return shown
    wrong = Fault("", _("Kind: “%(text)s” is none. Write 知识, 技能, 安全 or 素养."), {"text": shown[:20]})
    return read_item_kind(shown) or wrong


def _number(most: Decimal) -> Callable[[Cell], Decimal | Fault | None]:
    def parse(cell: Cell) -> Decimal | Fault | None:
        shown = cells.decimal_number(
            Cell(cell.value, cell.text.replace("%", ""), cell.mac) if isinstance(cell.value, str) else cell
        )
        if isinstance(shown, Decimal) and not 0 <= shown <= most:
            return Fault("", _("%(column)s: from 0 to %(most)s."), {"most": str(most)})
        return shown

    return parse


def _confidence(cell: Cell) -> str | Fault | None:
    shown = cells.text(cell)
    if isinstance(shown, str) and shown.upper() not in {"A", "B", "C"}:
        return Fault("", _("Confidence: write A (official text seen), B (second hand) or C (own knowledge)."))
    return shown.upper() if isinstance(shown, str) else shown


def _column(key: str, zh: str, en: str, parse: Any, synonyms: str = "", **more: Any) -> Column:
    return Column(key, zh, en, parse, tuple(part for part in map(str.strip, synonyms.split("|")) if part), **more)


COLUMNS = (
    _column(
        "standard", "标准编号", "Standard code",
        _matching(rules.STANDARD_CODE, _("Standard code: “%(text)s” – use letters, digits, dots and hyphens, as in TS-6.")),
        "教学标准编号 | 标准代码 | Standard", required=True, example="TS-6-18-01-01-L4",
    ),
    _column("occupation", "职业", "Occupation", cells.text, "职业名称 | 职业代码 | 工种", example="6-18-01-01 车工",
            help_zh="新标准必填；名称或代码。", help_en="Needed for a new standard; its name or code."),
    _column("level", "等级", "Level", _level, "技能等级 | 职业技能等级", example="四级",
            show=lambda code: BY_CODE[code].name_zh, help_zh="新标准必填。", help_en="Needed for a new standard."),
    _column("name_zh", "标准名称", "Name", _short(120), "教学标准名称 | 名称", example="车工（四级）专业教学标准",
            help_zh="新标准必填。", help_en="Needed for a new standard."),
    _column("name_en", "标准英文名称", "Name in English", _short(160), "英文名称", example="Turner, level 4: teaching standard"),
    _column("document", "依据文件", "Document", _short(200), "文件 | 文号 | 依据", example="国家职业技能标准 车工（2018年版）"),
    _column("issued_on", "发布日期", "Issued on", cells.date_exact, "发布时间 | 颁布日期", example="2018-12-26"),
    _column("confidence", "可信度", "Confidence", _confidence, "", example="B"),
    _column(
        "item", "条目编号", "Item code", _matching(rules.CODE, _("Item code: “%(text)s” – write it as 3 or 3.2.")),
        "条目 | 编号 | 序号 | Item", required=True, example="3.2",
        help_zh="3.2是3的组成部分。请设为文本格式，否则3.10会变成3.1。",
        help_en="3.2 is a part of 3. Format as text, or 3.10 becomes 3.1.",
    ),
    _column("kind", "条目类别", "Kind", _kind, "类别 | 类型 | Item kind", required=True, example="技能",
            show=_kind_in_words,
            help_zh="知识、技能、安全或素养。", help_en="Knowledge, skill, safety or conduct."),
    _column("text_zh", "条目内容", "Content", _short(400), "内容 | 要求 | 教学要求 | Text",
            required=True, example="能用三爪自定心卡盘装夹轴类零件"),
    _column("text_en", "条目英文内容", "Content in English", _short(600), "英文内容"),
    _column("hours", "学时", "Lesson hours", _number(_MOST_HOURS), "课时 | 建议学时 | Hours", example="8"),
    _column("weight", "权重", "Weight (%)", _number(Decimal(100)), "比重 | 权重（%） | Weight", example="5"),
)  # fmt: skip
_FACTS = ("occupation", "level", "name_zh", "name_en", "document", "issued_on", "confidence")


@dataclass
class Reading:
    """What the rows of one standard say together. ``facts`` hold what the first row that says it says."""

    code: str
    standard: TeachingStandard | None = None
    known: dict[str, Item] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)

    def given(self) -> Given | None:
        """None where something a new standard needs is missing."""
        old = self.standard
        told: dict[str, Any] = {
            name: self.facts.get(name) or (getattr(old, name) if old else ("C" if name == "confidence" else "")) for name in _FACTS
        }
        if not told["occupation"] or not told["level"] or not told["name_zh"]:
            return None
        told["issued_on"] = told["issued_on"] or None
        return Given(self.code, **told)


class TeachingStandardSheet:
    """The sheet ``teaching_standards``, handed in by who keeps the standards."""

    code = "teaching_standards"
    title_zh = "专业教学标准"
    title_en = "Teaching standards"
    columns: Sequence[Column] = COLUMNS

    def offered_to(self, actor: Actor) -> bool:
        return can_keep_standards(actor)

    def may_import(self, actor: Actor, options: Mapping[str, Any]) -> bool:
        return can_keep_standards(actor)

    def resolve(self, options: Mapping[str, str]) -> dict[str, Any]:
        return {}

    def check(self, rows: Sequence[Row], context: Context) -> list[Judgement]:
        readings = _readings(rows)
        finder = OccupationFinder()
        faults = [[*row.faults, *_read(row, readings.get(row.values.get("standard") or ""), finder)] for row in rows]
        return [_judge(row, found, readings) for row, found in zip(rows, faults, strict=True)]

    def absent(self, rows: Sequence[Row], context: Context) -> list[Absence]:
        """Items of the standards named that the sheet does not name: they stay."""
        readings = _readings(rows)
        named = {(row.values.get("standard"), row.values.get("item")) for row in rows}
        return [
            Absence(str(reading.standard.public_id), f"{code} {item.code} {item.text_zh}")
            for code, reading in readings.items()
            if reading.standard is not None
            for item in reading.known.values()
            if (code, item.code) not in named
        ]

    def apply(self, judgements: Sequence[Judgement], context: Context, *, now: dt.datetime) -> None:
        by_standard: dict[str, list[Judgement]] = {}
        for judgement in judgements:
            if judgement.outcome != "refused":
                by_standard.setdefault(judgement.payload[0].code, []).append(judgement)
        for judged in by_standard.values():
            reading: Reading = judged[0].payload[0]
            given = reading.given()
            assert given is not None
            items = [judgement.payload[1] for judgement in judged]
            if any(judgement.outcome != "unchanged" for judgement in judged):
                write_standard(given, items, actor=context.actor, now=now)
            public_id = str(TeachingStandard.objects.get(code=reading.code).public_id)
            for judgement in judged:
                judgement.object_type, judgement.object_id = OBJECT, public_id


def _readings(rows: Sequence[Row]) -> dict[str, Reading]:
    """The standards the rows name, with their items as they stand: in the draft, else in force. Three queries."""
    codes = {code for row in rows if isinstance(code := row.values.get("standard"), str)}
    readings = {code: Reading(code) for code in sorted(codes)}
    for standard in TeachingStandard.objects.filter(code__in=codes).select_related("occupation"):
        readings[standard.code].standard = standard
    versions = StandardVersion.objects.filter(standard__code__in=codes, state__in=[_STATE.DRAFT, _STATE.IN_FORCE])
    # The draft, where there is one, comes after the version in force and covers it.
    base = {version.standard_id: version.pk for version in versions.order_by("number")}
    for row in StandardItem.objects.filter(version__in=base.values()).select_related("version__standard"):
        item = Item(row.code, row.kind, row.text_zh, row.text_en, row.hours, row.weight)
        readings[row.version.standard.code].known[row.code] = item
    return readings


def _read(row: Row, reading: Reading | None, finder: OccupationFinder) -> list[Fault]:
    """What the row says of its standard, and whether an earlier row said otherwise."""
    if reading is None:
        return []
    faults = []
    told = {name: row.values.get(name) for name in _FACTS}
    if isinstance(told["occupation"], str):
        told["occupation"] = _occupation(told["occupation"], finder)
        if told["occupation"] is None:
            faults.append(
                Fault("occupation", _("Occupation: “%(text)s” is not one occupation. Write its code, such as 6-18-01-01."),
                      {"text": row.texts.get("occupation", "")[:30]})
            )  # fmt: skip
    for name, value in told.items():
        if value in (None, ""):
            continue
        if name in reading.facts and reading.facts[name] != value:
            text = _("Row %(row)s says otherwise of the same standard. Write the same in all its rows, or leave the cell empty.")
            faults.append(Fault(name, text, {"row": reading.told[name]}))
        elif name not in reading.facts:
            reading.facts[name], reading.told[name] = value, row.number
    item = row.values.get("item")
    if isinstance(item, str):
        first = reading.codes.setdefault(item, row.number)
        if first != row.number:
            faults.append(
                Fault("item", _("This item is in the file already, in row %(row)s. Keep one of the rows."), {"row": first})
            )
    return faults


def _occupation(text: str, finder: OccupationFinder) -> Occupation | None:
    return finder.resolve(text).occupation


def _judge(row: Row, faults: list[Fault], readings: Mapping[str, Reading]) -> Judgement:
    reading = readings.get(row.values.get("standard") or "")
    if reading is not None and reading.given() is None:
        for name, text in (
            ("occupation", _("Occupation: needed for a new standard.")),
            ("level", _("Level: needed for a new standard.")),
            ("name_zh", _("Name: needed for a new standard.")),
        ):
            if not reading.facts.get(name) and not any(fault.column == name for fault in faults):
                faults.append(Fault(name, text))
    if faults or reading is None:
        return Judgement(row, "refused", faults=faults)
    given = reading.given()
    assert given is not None
    known = reading.known.get(row.values["item"])
    item = _item(row, known)
    changes = [] if known is None else [(name, _said(old), _said(new)) for name, old, new in _differences(known, item)]
    changes += _fact_changes(row, reading, given)
    outcome = "created" if known is None else "updated" if changes else "unchanged"
    return Judgement(row, outcome, changes=changes, payload=(reading, item))


def _item(row: Row, known: Item | None) -> Item:
    """A blank cell leaves what is known."""
    value = row.values.get
    return Item(
        code=row.values["item"],
        kind=row.values["kind"],
        text_zh=row.values["text_zh"],
        text_en=value("text_en") or (known.text_en if known else ""),
        hours=_kept(value("hours"), known.hours if known else None, 1),
        weight=_kept(value("weight"), known.weight if known else None, 2),
    )


def _kept(value: Decimal | None, known: Decimal | None, places: int) -> Decimal | None:
    return known if value is None else round(value, places)


def _differences(known: Item, item: Item) -> list[tuple[str, Any, Any]]:
    return [
        (name, getattr(known, name), getattr(item, name))
        for name in ("kind", "text_zh", "text_en", "hours", "weight")
        if getattr(known, name) != getattr(item, name)
    ]


def _fact_changes(row: Row, reading: Reading, given: Given) -> list[tuple[str, str, str]]:
    """What changes of the standard itself, told at the row that says it first."""
    if reading.standard is None:
        return []
    return [
        (name, _said(getattr(reading.standard, name)), _said(getattr(given, name)))
        for name in _FACTS
        if reading.told.get(name) == row.number and getattr(reading.standard, name) != getattr(given, name)
    ]


def _said(value: Any) -> str:
    return "" if value is None else str(value)
