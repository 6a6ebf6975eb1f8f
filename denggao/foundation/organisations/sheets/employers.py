"""Bodies, employers above all, as a sheet: its columns, how its rows are judged, and how they are applied."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.actions.bodies import Details, write_bodies
from denggao.foundation.organisations.hooks import Span, joining
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.organisations.policies import can_keep_organisations
from denggao.foundation.organisations.queries import bodies_by_code, bodies_by_id, bodies_without_code
from denggao.foundation.organisations.rules import body_key, credit_code_fault, normal_credit_code
from denggao.foundation.organisations.sheets.roster_columns import column, short_text
from denggao.foundation.sheets import cells
from denggao.foundation.sheets.kinds import Absence, Cell, Column, Context, Fault, Judgement, Option, Row
from denggao.foundation.standards.models import Industry

OBJECT = Organisation._meta.label_lower
_KINDS = {
    **dict.fromkeys(
        ("企业", "用人单位", "公司", "生产企业", "国有企业", "民营企业", "EMPLOYER", "COMPANY", "ENTERPRISE"),
        Organisation.Kind.EMPLOYER,
    ),
    **dict.fromkeys(("院校", "学校", "高校", "职业院校", "技工院校", "大学", "SCHOOL", "UNIVERSITY"), Organisation.Kind.SCHOOL),
    **dict.fromkeys(
        ("培训机构", "社会培训机构", "评价机构", "实训基地", "PROVIDER", "TRAININGPROVIDER"), Organisation.Kind.PROVIDER
    ),
    **dict.fromkeys(("工会", "UNION"), Organisation.Kind.UNION),
    **dict.fromkeys(("政府部门", "主管部门", "机关", "AUTHORITY"), Organisation.Kind.AUTHORITY),
}


def _parse_kind(cell: Cell) -> str | Fault | None:
    shown = cells.text(cell)
    if not isinstance(shown, str):
        return shown
    kind = _KINDS.get("".join(shown.split()).upper())
    return kind or Fault("", _("%(column)s: write 企业, 院校, 培训机构, 工会 or 政府部门."))


def _degrees(cell: Cell) -> Decimal | Fault | None:
    """Degrees as a decimal number: 121.93, 121.93° E."""
    shown = cells.text(cell)
    if not isinstance(shown, str):
        return shown
    number = re.sub(r"(°|度|[NESWnesw]|东经|北纬|\s)", "", shown)
    if not re.fullmatch(r"-?\d{1,3}(\.\d+)?", number):
        return Fault("", _("%(column)s: write degrees as a decimal number, such as 121.93."))
    return round(Decimal(number), 6)


def _credit_code(cell: Cell) -> str | Fault | None:
    shown = cells.code_text(cell)
    return normal_credit_code(shown) if isinstance(shown, str) else shown


COLUMNS = (
    column(
        "name_zh", "单位名称", "Name", short_text(120),
        """企业名称 | 公司名称 | 用人单位 | 用人单位名称 | 单位全称 | 企业全称 | 机构名称 | 单位 | Employer | Company |
        Company name | Organisation""",
        required=True, example="上海登高精密制造有限公司",
        help_zh="与营业执照一致。",
        help_en="As on the licence.",
    ),
    column(
        "uscc", "统一社会信用代码", "Unified social credit code", _credit_code,
        """社会信用代码 | 信用代码 | 统一信用代码 | 社会统一信用代码 | 统一社会信用代码证号 | 税号 | 纳税人识别号 | USCC |
        Credit code""",
        required=True, example="91310115MA10000290",
        help_zh="18位，请把这一列设为文本格式。",
        help_en="18 characters; format the column as text.",
    ),
    column(
        "name_en", "英文名称", "Name in English", short_text(160), "单位英文名称 | 企业英文名称 | English name",
        example="Denggao Precision Works",
    ),
    column(
        "industry", "产业", "Industry", short_text(120),
        """所属产业 | 重点产业 | 产业领域 | 行业 | 所属行业 | 产业类别 | Sector""",
        example="集成电路",
        help_zh="计划里的产业；不属于任何一个的留空。",
        help_en="One the plan promotes; empty for any other.",
    ),
    column("kind", "单位类型", "Kind", _parse_kind, "单位类别 | 机构类型 | 机构类别 | Type", example="企业"),
    column(
        "address", "地址", "Address", short_text(200),
        """单位地址 | 企业地址 | 注册地址 | 经营地址 | 通讯地址 | 办公地址 | 详细地址""",
        example="上海市浦东新区海港大道1号",
    ),
    column("longitude", "经度", "Longitude", _degrees, "东经 | 坐标经度 | Lng | Lon", example="121.93"),
    column("latitude", "纬度", "Latitude", _degrees, "北纬 | 坐标纬度 | Lat", example="30.9"),
    column(
        "contact", "联系方式", "Contact", short_text(120),
        """联系电话 | 单位电话 | 办公电话 | 电话 | 单位联系方式 | Phone | Telephone""",
        example="021-00000000",
        help_zh="单位的电话或邮箱，不要写个人的。",
        help_en="The body's own telephone or address, not a person's.",
    ),
    column(
        "from_on", "参加计划起始日期", "Takes part from", cells.date_start,
        """参与起始日期 | 参加起始日期 | 加入日期 | 加入计划日期 | 参与日期 | Joined on""",
        help_zh="空着表示从计划第一天起。",
        help_en="Empty means from the plan's first day.",
    ),
    column(
        "to_on", "参加计划截止日期", "Takes part until", cells.date_end,
        """参与截止日期 | 参加截止日期 | 退出日期 | 退出计划日期 | Left the plan on""",
        help_zh="空着表示到计划最后一天。",
        help_en="Empty means to the plan's last day.",
    ),
)  # fmt: skip


@dataclass
class Reading:
    """A row as far as it could be understood."""

    row: Row
    body: Organisation | None = None
    details: Details | None = None
    span: Span | None = None
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def value(self, key: str) -> Any:
        return self.row.values.get(key)


def plan_choices(actor: Actor) -> list[tuple[str, str]]:
    desk = joining()
    return desk.choices() if desk else []


class Employers:
    """The sheet ``employers``. Option: ``plan``, the code of the plan they join; without it they join none."""

    code = "employers"
    title_zh = "单位名册"
    title_en = "Employers"
    columns: Sequence[Column] = COLUMNS
    options = (
        Option(
            "plan",
            "参加的计划",
            "Plan they join",
            plan_choices,
            required=False,
            help_zh="参加到计划结束，除非在名册里写明起止日期；不选则不参加。",
            help_en="For the whole of the plan, unless the list gives dates; without one they join none.",
        ),
    )

    def offered_to(self, actor: Actor) -> bool:
        return can_keep_organisations(actor)

    def may_import(self, actor: Actor, options: Mapping[str, Any]) -> bool:
        return can_keep_organisations(actor)

    def resolve(self, options: Mapping[str, str]) -> dict[str, Any]:
        code, desk = options.get("plan"), joining()
        if not code:
            return {}
        if desk is None:
            raise Refused(str(_("There is no plan to join.")))
        return {"plan": desk.find(code)}

    def check(self, rows: Sequence[Row], context: Context) -> list[Judgement]:
        readings = [Reading(row, faults=list(row.faults)) for row in rows]
        self._find(readings)
        industries = _Industries()
        first: dict[object, Row] = {}
        for item in readings:
            _refuse_second(item, first)
            _read_details(item, industries)
        plan = context.options.get("plan")
        spans = _spans(plan, readings)
        return [_judge(item, plan, spans) for item in readings]

    def _find(self, readings: Sequence[Reading]) -> None:
        """The body each row is about: by its code, else by its record, else by the name of one whose code is not known yet."""
        by_code = bodies_by_code(item.value("uscc") for item in readings if item.value("uscc"))
        by_record = _records(readings)
        nameless = bodies_without_code(item.value("name_zh") for item in readings if item.value("name_zh"))
        for item in readings:
            recorded = by_record.get(item.row.record_id)
            if item.row.record_id and recorded is None:
                item.faults.append(Fault("record_id", _("The record number is not that of a body. Clear that cell.")))
            named = nameless.get(body_key(item.value("name_zh") or ""))
            item.body = by_code.get(item.value("uscc") or "") or recorded or named
            if recorded and item.body and item.body.pk != recorded.pk:
                item.faults.append(
                    Fault("record_id", _("The record number belongs to another body's row. Clear that cell, or correct the code."))
                )

    def absent(self, rows: Sequence[Row], context: Context) -> list[Absence]:
        """A list of employers is never complete."""
        return []

    def apply(self, judgements: Sequence[Judgement], context: Context, *, now: dt.datetime) -> None:
        taken = [item for item in judgements if item.outcome != "refused"]
        written = write_bodies([(item.payload.body, item.payload.details) for item in taken], actor=context.actor, now=now)
        wanted: dict[int, Span] = {}
        for judgement, (body, _changed) in zip(taken, written, strict=True):
            judgement.object_type, judgement.object_id = OBJECT, str(body.public_id)
            if judgement.payload.span is not None:
                wanted[body.pk] = judgement.payload.span
        desk, plan = joining(), context.options.get("plan")
        if desk is not None and plan is not None and wanted:
            desk.join(plan, wanted, actor=context.actor, now=now)


class _Industries:
    def __init__(self) -> None:
        known = list(Industry.objects.all())
        self.names = "、".join(item.name_zh for item in known)
        self._by_key = {body_key(name): item for item in known for name in (item.name_zh, item.name_en, item.code) if name}

    def named(self, text: str) -> Industry | None:
        key = body_key(text)
        return self._by_key.get(key) or self._by_key.get(re.sub("(产业|行业|领域)$", "", key))


def _records(readings: Sequence[Reading]) -> dict[str, Organisation]:
    wanted: dict[uuid.UUID, str] = {}
    for item in readings:
        try:
            wanted[uuid.UUID(item.row.record_id)] = item.row.record_id
        except ValueError:
            continue
    return {wanted[public_id]: body for public_id, body in bodies_by_id(wanted).items()}


def _refuse_second(item: Reading, first: dict[object, Row]) -> None:
    who = item.body.pk if item.body else item.value("uscc")
    if who is None:
        return
    earlier = first.setdefault(who, item.row)
    if earlier is not item.row:
        item.faults.append(
            Fault("uscc", _("This body is in the file already, in row %(row)s. Keep one of the rows."), {"row": earlier.number})
        )


def _read_details(item: Reading, industries: _Industries) -> None:
    code, name = item.value("uscc"), item.value("name_zh")
    fault = credit_code_fault(code) if code else None
    if fault:
        item.faults.append(fault)
    details = Details.of(item.body) if item.body else Details("")
    given: dict[str, Any] = {
        key: item.value(key)
        for key in ("name_zh", "uscc", "name_en", "kind", "address", "longitude", "latitude", "contact")
        if item.value(key) is not None
    }
    if item.value("industry"):
        industry = industries.named(item.value("industry"))
        if industry is None:
            item.faults.append(
                Fault(
                    "industry",
                    _("No such industry. Write one of these, or leave the cell empty for any other: %(names)s."),
                    {"names": industries.names},
                )
            )
        given["industry"] = industry
    details = replace(details, **given)
    if (details.longitude is None) != (details.latitude is None):
        column_key = "latitude" if details.latitude is None else "longitude"
        item.faults.append(Fault(column_key, _("Longitude and latitude: give both or neither.")))
    elif abs(details.longitude or Decimal()) > 180 or abs(details.latitude or Decimal()) > 90:
        item.faults.append(Fault("longitude", _("Longitude lies between -180 and 180, latitude between -90 and 90. Correct them.")))
    if item.value("from_on") and item.value("to_on") and item.value("to_on") < item.value("from_on"):
        item.faults.append(Fault("to_on", _("The last day in the plan lies before the first. Correct one of them.")))
    item.details = details
    if item.body and item.body.uscc is None and code and not item.row.record_id:
        item.warnings.append(
            Fault("uscc", _("A body of this name is known without a code: the row is taken to be that one, and gives it its code."))
        )
    elif item.body and name and body_key(name) != item.body.name_key:
        item.warnings.append(Fault("name_zh", _("So far the name was “%(known)s”; it is changed."), {"known": item.body.name_zh}))


def _spans(plan: Any, readings: Sequence[Reading]) -> dict[int, Span]:
    desk = joining()
    return desk.spans(plan, [item.body.pk for item in readings if item.body]) if desk and plan is not None else {}


def _judge(item: Reading, plan: Any, spans: Mapping[int, Span]) -> Judgement:
    judgement = Judgement(item.row, "refused", item.faults, item.warnings, object_type=OBJECT, payload=item)
    if item.faults or item.details is None:
        return judgement
    if plan is not None and item.details.kind == Organisation.Kind.EMPLOYER:
        item.span = _wanted_span(item, spans)
    elif item.value("from_on") or item.value("to_on"):
        item.warnings.append(Fault("from_on", _("No plan was chosen: the days of taking part are left out.")))
    if item.body is None:
        judgement.outcome = "created"
        return judgement
    judgement.object_id = str(item.body.public_id)
    judgement.changes = _changes(Details.of(item.body), item.details)
    if item.span is not None:
        judgement.changes.append(("from_on", _shown_span(spans.get(item.body.pk)), _shown_span(item.span)))
    judgement.outcome = "updated" if judgement.changes else "unchanged"
    return judgement


def _wanted_span(item: Reading, spans: Mapping[int, Span]) -> Span | None:
    """From when to when the body is to take part; None where nothing changes. A blank day leaves what is known."""
    known = spans.get(item.body.pk) if item.body else None
    earlier = known or (None, None)
    wanted = (item.value("from_on") or earlier[0], item.value("to_on") or earlier[1])
    return None if known == wanted else wanted


def _changes(before: Details, after: Details) -> list[tuple[str, str, str]]:
    return [
        (key, _shown(getattr(before, key)), _shown(getattr(after, key)))
        for key in ("name_zh", "uscc", "name_en", "industry", "kind", "address", "longitude", "latitude", "contact")
        if getattr(before, key) != getattr(after, key)
    ]


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _shown_span(span: Span | None) -> str:
    return "" if span is None else f"{span[0] or ''} – {span[1] or ''}".strip()
