"""The files by which the region comes to know these people: a supplement to each employer's roster, and registers of their
certificates."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from denggao.demo import bodies, numbers
from denggao.demo.bodies import MARK
from denggao.demo.craftsmen.casting import Nominee, firms
from denggao.demo.region import REGISTER_COLUMNS, ROSTER_COLUMNS, Handover, at

LISTED_ON = dt.date(2020, 6, 30)
# On which day a register came, and up to which day its certificates were issued.
REGISTERS = ((dt.date(2020, 7, 16), "补登（历年）"), (dt.date(2021, 7, 20), "补登"), (dt.date(2022, 12, 6), "补登"))
LEVELS = {"5": "五级", "4": "四级", "3": "三级", "2": "二级", "1": "一级"}


def rosters(nominees: Iterable[Nominee]) -> Iterator[Handover]:
    """One an employer, a few days after the last day of June."""
    staff: dict[int, list[Nominee]] = defaultdict(list)
    for nominee in nominees:
        staff[nominee.employer].append(nominee)
    for position, people in sorted(staff.items()):
        yield Handover(
            kind="roster",
            file_name=f"一线骨干补报名单{position + 1:02d}.xlsx",
            title=f"在职人员名册补报（截至2020年6月30日）{MARK}",
            columns=ROSTER_COLUMNS,
            rows=[_listed(one) for one in people],
            as_of=LISTED_ON,
            at=at(LISTED_ON + dt.timedelta(days=6), 9 + position % 8, position),
            employer=position,
            notes=(f"合计：{len(people)}人",),
        )


def _listed(one: Nominee) -> tuple[Any, ...]:
    sex = "男" if one.male else "女"
    return (
        one.name, "居民身份证", one.number, sex, one.phone, one.hired_on, None, one.post, one.trade.occupation, "是",
    )  # fmt: skip


def registers(nominees: Iterable[Nominee]) -> Iterator[Handover]:
    """By the day on which each certificate was issued."""
    rows: dict[dt.date, list[tuple[Any, ...]]] = defaultdict(list)
    serial = 0
    for one in nominees:
        for level, issued_on in one.certificates:
            day = next((day for day, _name in REGISTERS if issued_on < day), None)
            serial += 1
            if day is not None:
                rows[day].append(_registered(one, level, issued_on, serial))
    for day, what in REGISTERS:
        if rows[day]:
            yield Handover(
                kind="certificates",
                file_name=f"职业技能等级证书登记表_骨干{what}{day:%Y%m%d}.xlsx",
                title=f"职业技能等级证书登记表（{what}）{MARK}",
                columns=REGISTER_COLUMNS,
                rows=rows[day],
                as_of=day,
                at=at(day, 14, 25),
                notes=("填表说明：证书编号按文本填写。",),
            )


def _registered(one: Nominee, level: str, issued_on: dt.date, serial: int) -> tuple[Any, ...]:
    evaluator = bodies.EVALUATORS[bodies.EVALUATORS_OF[one.trade.industry][0]]
    legacy = issued_on < dt.date(2018, 1, 1)
    occupation = one.trade.occupation
    number = (
        numbers.legacy_certificate(evaluator.site, issued_on, level, 90_000 + serial)
        if legacy
        else numbers.national_certificate(evaluator.kind, evaluator.site, issued_on, level, 900_000 + serial)
    )
    return (
        one.name, "居民身份证", one.number, firms()[one.employer].name_zh,
        bodies.FORMER_NAMES.get(occupation, occupation) if legacy else occupation, None,
        LEVELS[level], number, issued_on, evaluator.name_zh, evaluator.name_zh, 78 + serial % 17, 80 + serial % 15,
    )  # fmt: skip
