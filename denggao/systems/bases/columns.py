"""The tables of an application, as sheets have them: what the columns are called and what their cells mean.

Read by ``cases.fields.RowsField`` from a form and from a workbook alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.foundation.people.masks import mask_certificate, mask_name, mask_number, mask_phone
from denggao.foundation.people.rules import normal_phone
from denggao.foundation.sheets import cells
from denggao.foundation.sheets.kinds import Cell, Column, Fault
from denggao.foundation.standards.ladder import BY_CODE, LADDER
from denggao.foundation.standards.rules import flat, read_level
from denggao.systems.bases.models import TeacherKind
from denggao.systems.bases.models.bases import EquipmentFact

Ownership = EquipmentFact.Ownership

_SPAN = re.compile(r"[~～至到—–]|(?<=\S)-(?=\S)")
_OWNERSHIP = {
    **dict.fromkeys(("自有", "自购", "own", "owned"), Ownership.OWN),
    **dict.fromkeys(("租赁", "租用", "租", "leased", "rented"), Ownership.LEASED),
    **dict.fromkeys(("共享", "共用", "合作", "借用", "shared"), Ownership.SHARED),
}
_TEACHER_KINDS = {
    **dict.fromkeys(("专职", "专任", "专职教师", "本单位", "staff", "staffteacher"), TeacherKind.STAFF),
    **dict.fromkeys(("特聘", "特聘导师", "specialmentor"), TeacherKind.SPECIAL_MENTOR),
    **dict.fromkeys(("兼职", "外聘", "兼职教师", "外聘教师", "guest", "guestteacher"), TeacherKind.GUEST),
}


def short(limit: int = 120) -> Callable[[Cell], str | Fault | None]:
    """Text of at most ``limit`` characters."""

    def parse(cell: Cell) -> str | Fault | None:
        shown = cells.text(cell)
        if isinstance(shown, str) and len(shown) > limit:
            return Fault("", _("%(column)s: at most %(limit)s characters fit here."), {"limit": limit})
        return shown

    return parse


def whole(least: int = 0, most: int = 100_000) -> Callable[[Cell], int | Fault | None]:
    """A whole number from ``least`` to ``most``, both included."""

    def parse(cell: Cell) -> int | Fault | None:
        value = cells.decimal_number(Cell(cell.value, re.sub(r"\s*[台套个名人次位年]+$", "", cell.text)) if cell.text else cell)
        if not isinstance(value, Decimal):
            return value
        if value != value.to_integral_value() or not least <= value <= most:
            return Fault("", _("%(column)s: write a whole number from %(least)s to %(most)s."), {"least": least, "most": most})
        return int(value)

    return parse


def yuan(cell: Cell) -> Decimal | Fault | None:
    """Yuan with at most two places; an amount in 万元 is written out (12 万元 is 120000)."""
    shown = cells.visible(cell.text).replace(" ", "")
    factor = Decimal(10_000) if re.search(r"万元?$", shown) else Decimal(1)
    value = cells.decimal_number(Cell(re.sub(r"万元?$", "", shown), re.sub(r"万元?$", "", shown)) if factor > 1 else cell)
    if not isinstance(value, Decimal):
        return value
    value *= factor
    if value < 0 or value >= 10**12 or value != value.quantize(Decimal("0.01")):
        return Fault("", _("%(column)s: write an amount in yuan, not below 0, with at most two places."))
    return value.quantize(Decimal("0.01"))


def chosen(words: dict[str, Any], said: Any) -> Callable[[Cell], str | Fault | None]:
    """One of a few words; ``said`` names them."""

    def parse(cell: Cell) -> str | Fault | None:
        shown = cells.text(cell)
        if not isinstance(shown, str):
            return shown
        found = words.get(flat(shown).casefold().replace("_", ""))
        return str(found) if found else Fault("", _("%(column)s: write one of %(said)s."), {"said": said})

    return parse


def level(cell: Cell) -> str | Fault | None:
    """One level, as its code."""
    shown = cells.text(cell)
    if not isinstance(shown, str):
        return shown
    return read_level(shown) or _no_level(shown)


def levels(cell: Cell) -> str | Fault | None:
    """One level or a span of them, as codes from the lowest to the highest joined by commas: 五级至三级 is ``5,4,3``."""
    shown = cells.text(cell)
    if not isinstance(shown, str):
        return shown
    one = read_level(shown)
    if one:
        return one
    if re.fullmatch(r"[\d,]+", shown.replace("，", ",").replace("、", ",")):
        codes = [read_level(part) for part in re.split(r"[,，、]", shown) if part]
        if codes and all(codes):
            return ",".join(_in_order({code for code in codes if code}))
    listed = [read_level(part) for part in re.split(r"[,，、;；]", shown) if part.strip()]
    if len(listed) > 1 and all(listed):
        return ",".join(_in_order({code for code in listed if code}))
    ends = [read_level(part) for part in _SPAN.split(shown) if part.strip()]
    if len(ends) == 2 and all(ends):
        low, high = sorted(BY_CODE[end].rank for end in ends if end)
        return ",".join(item.code for item in LADDER if low <= item.rank <= high)
    return _no_level(shown)


def _in_order(codes: set[str]) -> list[str]:
    return [item.code for item in LADDER if item.code in codes]


def _no_level(shown: str) -> Fault:
    return Fault(
        "",
        _("%(column)s: “%(text)s” is no skill level. Write 五级 to 一级, 5 to 1, or a span such as 五级至三级."),
        {"text": shown[:20]},
    )


def phone(cell: Cell) -> str | Fault | None:
    shown = cells.code_text(cell)
    if not isinstance(shown, str):
        return shown
    return normal_phone(shown) or Fault(
        "", _("%(column)s: write a mobile number of 11 digits, or one abroad with its country code.")
    )


def _column(key: str, zh: str, en: str, parse: Any, synonyms: str = "", **more: Any) -> Column:
    return Column(key, zh, en, parse, tuple(synonyms.split()), **more)


COVERAGE = (
    _column(
        "occupation", "职业（工种）", "Occupation", short(), "职业 工种 职业名称 培训职业 专业 申报职业",
        required=True, example="车工",
        help_zh="国家职业分类大典中的名称；可带编码，如 6-18-01-01 车工。",
        help_en="As in the national taxonomy; a code before it is read too.",
    ),
    _column(
        "levels", "等级", "Levels", levels, "技能等级 培训等级 级别 等级范围 申报等级", required=True, example="五级至三级",
        show=lambda codes: "、".join(BY_CODE[code].name_zh for code in str(codes).split(",")),
        help_zh="一个等级，或一段：五级至三级。", help_en="One level, or a span: 五级至三级.",
    ),
    _column(
        "industry", "所属产业", "Industry", short(60), "产业 行业 重点产业", required=True, example="集成电路",
        help_zh="计划所列重点产业之一。", help_en="One of the plan's industries.",
    ),
    _column(
        "people_a_year", "年培训能力（人次）", "People a year", whole(1), "年培训能力 年培训人数 培训能力 年培训规模",
        required=True,
        example="120",
    ),
)  # fmt: skip

EQUIPMENT = (
    _column("name", "设备名称", "Equipment", short(), "名称 设备 仪器设备名称 实训设备", required=True, example="数控车床"),
    _column("make", "品牌型号", "Make and model", short(), "型号 规格型号 品牌 规格 型号规格", example="CK6140"),
    _column("quantity", "数量（台套）", "Quantity", whole(1, 10_000), "数量 台数 台套数 件数", required=True, example="12"),
    _column(
        "workstations", "工位数", "Workstations", whole(0, 10_000), "工位 实训工位 实训工位数", required=True, example="12",
        help_zh="这些设备可供多少人同时操作。", help_en="How many people can work at once on these machines.",
    ),
    _column("bought_on", "购置日期", "Bought on", cells.date_start, "购置时间 购入日期 启用日期", example="2021-03"),
    _column("value_yuan", "原值（元）", "Value (yuan)", yuan, "原值 金额 价值 设备原值 总价 总值", example="1560000"),
    _column(
        "ownership", "权属", "Ownership", chosen(_OWNERSHIP, "自有、租赁、共享"), "产权 产权归属 来源 所有权",
        required=True, example="自有",
        show=lambda code: str(Ownership(code).label),
    ),
    _column("room", "存放地点", "Place", short(80), "放置地点 地点 实训室 车间 位置", example="一号楼 103"),
)  # fmt: skip

TEACHERS = (
    _column(
        "name", "姓名", "Name", cells.person_name, "教师姓名 师资姓名 导师姓名", required=True, personal=True, mask=mask_name,
        example="赵登高",
    ),
    _column("document_kind", "证件类型", "Document kind", cells.text, "证件种类 身份证件类型", example="居民身份证"),
    _column(
        "document_number", "证件号码", "Document number", cells.code_text,
        "身份证号 身份证 身份证号码 身份证件号码 公民身份号码 证件号",
        required=True, personal=True, mask=mask_number, example="11010519491231002X",
        help_zh="请设为文本格式。仅用于识别本人，页面上遮蔽显示。",
        help_en="Format the column as text. Only used to know the person; masked wherever shown.",
    ),
    _column("phone", "手机号码", "Phone", phone, "手机 联系电话 电话 手机号", personal=True, mask=mask_phone),
    _column(
        "kind", "师资类别", "Kind", chosen(_TEACHER_KINDS, "专职、兼职、特聘导师"), "类别 专兼职 专职/兼职 教师类别 聘用形式",
        required=True,
        example="专职", show=lambda code: str(TeacherKind(code).label),
    ),
    _column("industry", "所属产业", "Industry", short(60), "产业 行业 重点产业", example="集成电路"),
    _column(
        "qualification", "资格证书名称", "Qualification", short(), "证书名称 职业资格 资格证书 教师资格 职称",
        required=True, example="职业技能等级证书（车工）",
    ),
    _column(
        "qualification_number", "资格证书编号", "Qualification number", cells.code_text, "证书编号 证书号 证书号码", personal=True,
        mask=mask_certificate, example="S000031000001213000001",
    ),
    _column(
        "level", "技能等级", "Skill level", level, "等级 职业技能等级 资格等级", example="二级/技师",
        show=lambda code: BY_CODE[code].name_zh,
    ),
    _column("issued_on", "发证日期", "Issued on", cells.date_exact, "发证时间 颁发日期", example="2019-06-18"),
    _column(
        "expires_on", "有效期至", "Valid until", cells.date_end, "有效期 到期日期 证书有效期 有效期止", example="2029-06-17",
        help_zh="长期有效的，写“长期”或不填。", help_en="Leave empty where it has no end.",
    ),
)  # fmt: skip

PLANNED = (
    _column("year", "年度", "Year", whole(2000, 2100), "年份 培训年度", required=True, example="2022"),
    _column(
        "programme", "培训项目", "Programme", short(80), "项目 培训类型 培训形式 项目类别", required=True,
        example="高师带徒",
        help_zh="上岗培训、高师带徒、转岗培训、技术研修等。",
        help_en="Induction, mentor-led training, job transfer, technical seminar…",
    ),
    _column("occupation", "职业（工种）", "Occupation", short(), "职业 工种 职业名称 培训职业", required=True, example="车工"),
    _column(
        "level", "等级", "Level", level, "技能等级 培训等级 目标等级",
        example="四级/中级工", show=lambda code: BY_CODE[code].name_zh,
    ),
    _column("people", "计划人数", "People", whole(1), "人数 培训人数 计划培训人数", required=True, example="60"),
    _column("hours", "人均课时", "Hours each", whole(1, 5000), "课时 课时数 培训课时 学时", required=True, example="80"),
)  # fmt: skip
