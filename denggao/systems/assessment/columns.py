"""The columns of the register of level certificates: their names in the sheets people have, and what their cells mean."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.engines.credentials.rules import clean_number, is_number
from denggao.foundation.organisations.rules import body_key
from denggao.foundation.people.masks import mask_certificate, mask_name, mask_number
from denggao.foundation.sheets import cells
from denggao.foundation.sheets.kinds import Cell, Column, Fault
from denggao.foundation.standards.ladder import BY_CODE
from denggao.foundation.standards.rules import read_level

_NO_EMPLOYER = {body_key(word) for word in ("其他", "其它", "无", "无单位", "个人")}
_PASSED, _FAILED = {"合格", "通过", "及格", "免试", "免考"}, {"不合格", "未通过", "不及格", "缺考"}


def _parse_level(cell: Cell) -> str | Fault | None:
    shown = cells.text(cell)
    if not isinstance(shown, str):
        return shown
    code = read_level(shown)
    if code is None:
        return Fault(
            "",
            _("Skill level: “%(text)s” is not one level. Write 5 to 1 or 五级 to 一级 (初级工 to 高级技师)."),
            {"text": shown[:20]},
        )
    if not BY_CODE[code].certified:
        return Fault("", _("Skill level: no certificate is issued for %(level)s."), {"level": BY_CODE[code].name_zh})
    return code


def _parse_number(cell: Cell) -> str | Fault | None:
    shown = cells.code_text(cell)
    if not isinstance(shown, str) or cells.is_masked(shown):
        return shown
    number = clean_number(shown)
    if not is_number(number):
        return Fault("", _("Certificate number: write 4 to 40 letters and digits, as printed on the certificate."))
    return number


def _parse_score(cell: Cell) -> Decimal | Fault | None:
    word = "".join(cell.text.split())
    if word in _PASSED:
        return None
    if word in _FAILED:
        return Fault("", _("A part that was not passed gives no certificate. Leave the row out."))
    return cells.decimal_number(cell)


def _parse_body(cell: Cell) -> str | Fault | None:
    shown = cells.text(cell)
    return None if isinstance(shown, str) and body_key(shown) in _NO_EMPLOYER else _short(shown)


def _parse_text(cell: Cell) -> str | Fault | None:
    return _short(cells.text(cell))


def _short(shown: str | Fault | None) -> str | Fault | None:
    if isinstance(shown, str) and len(shown) > 120:
        return Fault("", _("%(column)s: at most 120 characters fit here."))
    return shown


def _column(key: str, zh: str, en: str, parse: Any, synonyms: str = "", **more: Any) -> Column:
    return Column(key, zh, en, parse, tuple(synonyms.split()), **more)


COLUMNS = (
    _column(
        "name", "姓名", "Name", cells.person_name, "员工姓名 职工姓名 持证人 持证人姓名 证书持有人 考生姓名 学员姓名",
        required=True, personal=True, mask=mask_name, example="赵登高",
    ),
    _column(
        "document_kind", "证件类型", "Document kind", cells.text, "证件种类 身份证件类型 证件名称",
        example="居民身份证",
        help_zh="不填时，18位且校验码正确的按居民身份证。",
        help_en="Left empty, 18 characters with a valid check digit are a resident ID.",
    ),
    _column(
        "document_number", "证件号码", "Document number", cells.code_text,
        "身份证号 身份证 身份证号码 身份证件号码 公民身份号码 证件号 证件编号 ID",
        required=True, personal=True, mask=mask_number, example="11010519491231002X",
        help_zh="请设为文本格式。", help_en="Format the column as text.",
    ),
    _column(
        "employer", "所在单位", "Employer", _parse_body, "单位 单位名称 工作单位 所属单位 企业名称 就业单位 所在企业",
        example="登高精密制造有限公司",
    ),
    _column(
        "occupation", "职业名称", "Occupation", _parse_text,
        "职业 职业(工种) 职业/工种 职业工种 认定职业 鉴定职业 职业(工种)名称 认定职业名称",
        example="车工",
        help_zh="国家职业分类大典中的名称；可带编码，如 6-18-01-01 车工。",
        help_en="As in the national taxonomy; a code before it is read too.",
    ),
    _column(
        "job_title", "工种名称", "Job title", _parse_text,
        "工种 职业方向 专业方向 工种/方向 工种(方向) 工种/职业方向",
        example="数控车工",
    ),
    _column("occupation_code", "职业编码", "Occupation code", _parse_text, "职业代码 职业编号 职业(工种)编码"),
    _column(
        "level", "职业技能等级", "Skill level", _parse_level,
        "技能等级 等级 级别 证书等级 职业等级 认定等级 鉴定等级 职业资格等级 证书级别 技能级别 等级名称 Level",
        required=True, example="三级/高级工", show=lambda code: BY_CODE[code].name_zh,
        help_zh="3、三级、高级工、三级/高级工均可。",
        help_en="3, 三级, 高级工 and 三级/高级工 are all read.",
    ),
    _column(
        "number", "证书编号", "Certificate number", _parse_number,
        "证书号 证书号码 证书编码 职业技能等级证书编号 技能等级证书编号 资格证书编号 职业资格证书编号 证书编号(22位)",
        required=True, personal=True, mask=mask_certificate, example="S000031000001223000001",
        help_zh="请设为文本格式；22位编号中的年份、等级须与本行一致。",
        help_en="Format as text; year and level within a number of 22 characters must agree with the row.",
    ),
    _column(
        "issued_on", "发证日期", "Issue date", cells.date_exact,
        "发证时间 颁证日期 颁发日期 发证年月日 版面发证日期 证书日期 颁证时间 Issued",
        required=True, example="2022-05-03",
    ),
    _column(
        "evaluator", "评价机构", "Evaluation body", _parse_text,
        "评价机构名称 认定机构 鉴定机构 考核机构 评价组织 认定机构名称 鉴定所(站)",
    ),
    _column("issuer", "发证机构", "Issuing body", _parse_text, "发证机关 颁证机构 发证单位 发证机构名称 颁证单位"),
    _column(
        "theory_score", "理论成绩", "Theory score", _parse_score,
        "理论 理论知识成绩 理论知识考试成绩 理论知识 理论分数 理论考试成绩 Theory",
        personal=True, example="86",
    ),
    _column(
        "skill_score", "技能成绩", "Skill score", _parse_score,
        "技能 实操成绩 操作技能成绩 技能操作成绩 操作技能 实操 技能考核成绩 操作技能考核成绩 实操分数 Skill",
        personal=True, example="91.5",
    ),
)  # fmt: skip
REQUIRED = tuple(column.key for column in COLUMNS if column.required)
MASKS = {"name": mask_name, "document_number": mask_number, "number": mask_certificate}
