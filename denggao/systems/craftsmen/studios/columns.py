"""The tables of an application, as sheets have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.foundation.people.masks import mask_name, mask_number
from denggao.foundation.sheets import cells
from denggao.foundation.sheets.kinds import Cell, Column, Fault
from denggao.foundation.standards.ladder import BY_CODE
from denggao.foundation.standards.rules import flat, read_level
from denggao.systems.craftsmen.studios.models import ApplicationMember

_ROLES: Mapping[str, str] = {
    **dict.fromkeys(("成员", "骨干", "核心成员", "member"), ApplicationMember.Role.MEMBER),
    **dict.fromkeys(("学员", "徒弟", "学徒", "learner", "apprentice"), ApplicationMember.Role.LEARNER),
}


def short(limit: int) -> Callable[[Cell], str | Fault | None]:
    def parse(cell: Cell) -> str | Fault | None:
        shown = cells.text(cell)
        if isinstance(shown, str) and len(shown) > limit:
            return Fault("", _("%(column)s: at most %(limit)s characters fit here."), {"limit": limit})
        return shown

    return parse


def level(cell: Cell) -> str | Fault | None:
    """One level, as its code."""
    shown = cells.text(cell)
    if not isinstance(shown, str):
        return shown
    return read_level(shown) or Fault("", _("%(column)s: “%(text)s” is no level. Write 五级 to 一级."), {"text": shown[:20]})


def role(cell: Cell) -> str | Fault | None:
    shown = cells.text(cell)
    if not isinstance(shown, str):
        return shown
    known = _ROLES.get(flat(shown))
    return known or Fault("", _("%(column)s: write 成员 (member) or 学员 (learner)."), {})


def _column(key: str, zh: str, en: str, parse: Any, synonyms: str = "", **more: Any) -> Column:
    return Column(key, zh, en, parse, tuple(synonyms.split()), **more)


MEMBERS = (
    _column(
        "name", "姓名", "Name", cells.person_name, "成员姓名 学员姓名", required=True, personal=True, mask=mask_name,
        example="赵登高",
    ),
    _column(
        "document_number", "证件号码", "Document number", cells.code_text, "身份证号 身份证 身份证号码 证件号", personal=True,
        mask=mask_number,
        help_zh="只在花名册有同名的人时需要填写；页面上遮蔽显示。",
        help_en="Only needed where the roster has two people of this name; masked wherever shown.",
    ),
    _column("occupation", "职业（工种）", "Occupation", short(120), "职业 工种", example="车工"),
    _column(
        "level", "技能等级", "Skill level", level, "等级 职业技能等级", example="二级/技师", show=lambda code: BY_CODE[code].name_zh
    ),
    _column(
        "role", "在工作室的角色", "Role", role, "角色 身份", required=True, example="成员",
        show=lambda code: str(ApplicationMember.Role(code).label),
    ),
)  # fmt: skip
