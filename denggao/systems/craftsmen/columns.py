"""The tables of a nomination, as sheets have them."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.foundation.people.masks import mask_name
from denggao.foundation.sheets import cells
from denggao.foundation.sheets.kinds import Cell, Column, Fault


def short(limit: int = 160) -> Callable[[Cell], str | Fault | None]:
    """Text of at most ``limit`` characters."""

    def parse(cell: Cell) -> str | Fault | None:
        shown = cells.text(cell)
        if isinstance(shown, str) and len(shown) > limit:
            return Fault("", _("%(column)s: at most %(limit)s characters fit here."), {"limit": limit})
        return shown

    return parse


def whole(least: int, most: int) -> Callable[[Cell], int | Fault | None]:
    """A whole number, both ends included."""

    def parse(cell: Cell) -> int | Fault | None:
        text = re.sub(r"\s*[年名位]+$", "", cell.text)
        value = cells.decimal_number(Cell(text if isinstance(cell.value, str) else cell.value, text))
        if not isinstance(value, Decimal):
            return value
        if value != value.to_integral_value() or not least <= value <= most:
            return Fault("", _("%(column)s: write a whole number from %(least)s to %(most)s."), {"least": least, "most": most})
        return int(value)

    return parse


def _column(key: str, zh: str, en: str, parse: Any, synonyms: str = "", **more: Any) -> Column:
    return Column(key, zh, en, parse, tuple(synonyms.split()), **more)


_YEAR = _column("year", "年份", "Year", whole(1950, 2100), "时间 年度 获奖年份 授权年份", example="2021")
WORKS = (
    _column("title", "作品（成果）名称", "Work", short(), "名称 项目 成果 作品", required=True, example="空心叶片自适应磨削"),
    _column(
        "detail", "主要数据与效果", "What it achieved", short(400), "效果 数据 说明 简介", required=True,
        example="型面误差由 0.06 降到 0.02 mm",
    ),
    _YEAR,
)  # fmt: skip
PATENTS = (
    _column("title", "专利名称", "Patent", short(), "名称 专利", required=True, example="五轴夹具快换系统"),
    _column("number", "专利号", "Number", short(80), "号码 授权号 专利编号", required=True, example="ZL202010000000.0"),
    _column("rank", "本人排名", "Place among the inventors", whole(1, 50), "排名 发明人排名", required=True, example="1"),
    _YEAR,
)
AWARDS = (
    _column("title", "奖项（荣誉）名称", "Award", short(), "名称 奖项 荣誉", required=True, example="市五一劳动奖章"),
    _column(
        "detail", "授予单位与等次", "By whom, and rank", short(400), "授予单位 颁发单位 等次", required=True, example="市总工会"
    ),
    _YEAR,
)
STANDARDS = (
    _column("title", "标准（规程）名称", "Standard", short(), "名称 标准", required=True),
    _column("number", "标准编号", "Number", short(80), "编号 标准号"),
    _column("detail", "本人作用", "Part taken", short(400), "作用 起草排名"),
    _YEAR,
)
TAUGHT = (
    _column(
        "title", "徒弟姓名", "Person taught", cells.person_name, "姓名 徒弟 学徒", required=True, personal=True, mask=mask_name
    ),
    _column(
        "detail", "成才情况", "What became of them", short(400), "情况 成长情况 成绩", required=True, example="四级升至二级/技师"
    ),
    _YEAR,
)
