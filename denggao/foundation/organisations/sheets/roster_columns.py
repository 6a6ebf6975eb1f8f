"""The columns of a roster, by the headings people give them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.foundation.people.masks import mask_name, mask_number, mask_phone
from denggao.foundation.sheets import cells
from denggao.foundation.sheets.kinds import Cell, Column, Fault

_THERE = frozenset("在职 在岗 正式 试用 试用期 正常 在册 是 Y YES 1 √ ACTIVE EMPLOYED".split())  # noqa: SIM905 -- many literals read worse
_GONE = frozenset(
    "离职 已离职 离岗 离厂 辞职 辞退 退休 已退休 解除 终止 不在职 不在岗 否 N NO 0 × LEFT RESIGNED".split()  # noqa: SIM905 -- many literals read worse
)


def short_text(limit: int) -> Callable[[Cell], str | Fault | None]:
    """A parser of free text of at most so many characters."""

    def parse(cell: Cell) -> str | Fault | None:
        shown = cells.text(cell)
        if isinstance(shown, str) and len(shown) > limit:
            return Fault("", _("%(column)s: at most %(limit)s characters fit here."), {"limit": limit})
        return shown

    return parse


def column(key: str, zh: str, en: str, parse: Any, synonyms: str = "", **more: Any) -> Column:
    """A column; synonyms are parted by bars."""
    return Column(key, zh, en, parse, tuple(part for part in map(str.strip, synonyms.split("|")) if part), **more)


def _status(cell: Cell) -> bool | None:
    """Whether the person is there; None where the cell says neither."""
    shown = "".join(cell.text.split()).upper()
    return True if shown in _THERE else False if shown in _GONE else None


COLUMNS = (
    column(
        "name", "姓名", "Name", cells.person_name,
        """员工姓名 | 职工姓名 | 人员姓名 | 从业人员姓名 | 工人姓名 | 名字 | Full name | Employee name | Employee""",
        required=True, personal=True, mask=mask_name, example="赵登高",
        help_zh="与证件一致。少数民族姓名中的间隔号写作“·”。",
        help_en="As on the document.",
    ),
    column(
        "document_kind", "证件类型", "Document kind", cells.text,
        """证件种类 | 身份证件类型 | 证照类型 | ID type | Document type | Type of ID""",
        example="居民身份证",
        help_zh="不填时，18位且校验码正确的按居民身份证。",
        help_en="Left empty, 18 characters with a valid check digit are a resident ID.",
    ),
    column(
        "document_number", "证件号码", "Document number", cells.code_text,
        """身份证号 | 身份证号码 | 身份证 | 身份证件号码 | 公民身份号码 | 公民身份证号码 | 证件号 | 证件编号 | 证照号码 |
        身份证/护照号 | ID number | ID No. | ID card number | ID card | Identity number | Document No.""",
        required=True, personal=True, mask=mask_number, example="11010519491231002X",
        help_zh="请把这一列设为文本格式，否则 Excel 会丢失末几位。",
        help_en="Format the column as text, or Excel loses the last digits.",
    ),
    column("sex", "性别", "Sex", cells.text, "Gender", example="女"),
    column(
        "born_on", "出生日期", "Birth date", cells.date_exact,
        """出生年月日 | 出生年月 | 生日 | 出生时间 | Date of birth | Birthday | DOB""",
        personal=True, example="1949-12-31",
        help_zh="证件号码里有出生日期的可不填。",
        help_en="Not needed where the number tells it.",
    ),
    column(
        "phone", "手机", "Mobile phone", cells.code_text,
        """手机号 | 手机号码 | 联系电话 | 电话 | 移动电话 | 联系手机 | 联系方式 | 本人电话 | Mobile | Phone | Telephone |
        Cell phone""",
        personal=True, mask=mask_phone, example="13800000000",
    ),
    column(
        "hired_on", "入职日期", "Hiring date", cells.date_start,
        """入职时间 | 入职年月 | 入厂时间 | 入厂日期 | 进厂时间 | 进厂日期 | 入司日期 | 入司时间 | 进单位时间 |
        进入本单位时间 | 到岗日期 | 到岗时间 | 用工起始日期 | 用工日期 | Hired on | Hire date | Start date | Date of entry |
        Entry date""",
        example="2019-07-01",
        help_zh="只写年月的按当月第一天。",
        help_en="A month alone means its first day.",
    ),
    column(
        "left_on", "离职日期", "Leaving date", cells.date_end,
        """离职时间 | 离职年月 | 离厂时间 | 离厂日期 | 离司日期 | 离岗日期 | 离岗时间 | 退工日期 | 退工时间 |
        解除合同日期 | 解除劳动合同日期 | 终止合同日期 | Left on | Leave date | Leaving on | End date | Termination date""",
        help_zh="在职的留空。晚于名册日期的按合同到期日处理，不算离职。",
        help_en="Empty while employed. A date after the list's own is kept as the contract's end.",
    ),
    column(
        "contract_ends_on", "合同截止日期", "Contract ends on", cells.date_end,
        """合同截止 | 合同截止时间 | 合同到期日 | 合同到期日期 | 合同到期时间 | 合同终止日期 | 合同结束日期 | 合同期满日期 |
        劳动合同到期日 | Contract end | Contract end date | Contract until""",
        help_zh="合同到期本身不算离职。",
        help_en="A contract's end alone ends no employment.",
    ),
    column(
        "status", "在职状态", "Status", _status,
        """员工状态 | 人员状态 | 职工状态 | 是否在职 | 用工状态 | 状态 | Employment status""",
    ),
    column(
        "post", "岗位", "Post", short_text(80),
        """岗位名称 | 工作岗位 | 所在岗位 | 职位 | 职务 | 职务/岗位 | Position | Job | Role""",
        example="数控车床操作",
    ),
    column(
        "occupation", "职业/工种", "Occupation", short_text(120),
        """职业 | 职业名称 | 职业(工种) | 职业工种 | 工种/职业 | 从事职业 | 从事职业（工种） | 现从事职业 |
        Occupation name""",
        example="车工",
        help_zh="国家职业分类大典里的职业，或其下的工种。",
        help_en="As in the national classification of occupations.",
    ),
    column("job_title", "工种", "Job title", short_text(60), "工种名称 | 从事工种 | 现从事工种 | Trade"),
    column(
        "front_line", "是否一线", "Front line", cells.yes_no,
        """一线 | 一线职工 | 是否一线职工 | 是否一线员工 | 是否一线岗位 | 是否为一线职工 | 是否生产一线 | 一线岗位 |
        一线标识 | 是否一线工人 | Front-line | Frontline | Front-line staff | Is front line""",
        example="是",
        help_zh="空着表示不清楚，不清楚的不计数。",
        help_en="Empty means not known; what is not known does not count.",
    ),
)  # fmt: skip
