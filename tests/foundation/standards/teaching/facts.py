"""A teaching standard of 车工 with a heading, three parts and one more item."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from denggao.foundation.audit.actors import operator
from denggao.foundation.standards.models import Occupation, StandardVersion
from denggao.foundation.standards.teaching.actions import Given, put_in_force, write_standard
from denggao.foundation.standards.teaching.rules import Item

OPERATOR = operator("test")
ITEMS = (
    Item("1", "knowledge", "识图", "Reading drawings", Decimal("12.0"), Decimal("20.00")),
    Item("2", "skill", "车削", "Turning"),
    Item("2.1", "skill", "装夹轴类零件", "Clamping shafts", Decimal("8.0"), Decimal("30.00")),
    Item("2.2", "safety", "停车测量", "Stopping to measure"),
    Item("2.10", "conduct", "整理工位", "Tidying up"),
)


def a_turner() -> Occupation:
    return Occupation.objects.get(name_zh="车工", merged_into=None)


def a_standard(now: dt.datetime, code: str = "TS-1", items: tuple[Item, ...] = ITEMS, **facts: Any) -> StandardVersion:
    """In force."""
    given = Given(**{"code": code, "occupation": a_turner(), "level": "4", "name_zh": "车工四级教学标准", **facts})
    draft = write_standard(given, items, actor=OPERATOR, now=now)
    assert draft is not None
    return put_in_force(draft, from_on=now.date(), actor=OPERATOR, now=now)
