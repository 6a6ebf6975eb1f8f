"""The region's three years as it told them: every file that was handed in, with its date, and every deed of the office.

Facts (``careers``) are one thing, what lists say of them another: lists come quarters later, leave things blank, name
people twice and get a number wrong. ``region(seed, workers)`` gives both, the same for the same seed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from denggao.demo import bodies, careers, names, numbers
from denggao.demo.bodies import MARK, Employer
from denggao.demo.careers import Certificate, Spell, Worker

SHANGHAI = ZoneInfo("Asia/Shanghai")
PLAN_LOADED_AT = dt.datetime(2020, 1, 15, 9, 30, tzinfo=SHANGHAI)
LIST_DAYS = (dt.date(2020, 3, 31), dt.date(2020, 12, 31), dt.date(2021, 12, 31), dt.date(2022, 12, 31))
SMALL_LIST_DAYS = (dt.date(2020, 3, 31), dt.date(2021, 12, 31), dt.date(2022, 12, 31))
LATE_LIST_DAYS = (dt.date(2021, 3, 31), dt.date(2021, 12, 31), dt.date(2022, 12, 31))
QUARTERS = tuple(dt.date(year, month, 30 if month in {6, 9} else 31) for year in (2020, 2021, 2022) for month in (3, 6, 9, 12))

SMALL = 5
EMPLOYER_COLUMNS = ("单位名称", "英文名称", "统一社会信用代码", "产业", "地址", "经度", "纬度", "上游单位")
ROSTER_COLUMNS = ("姓名", "证件类型", "证件号码", "性别", "手机", "入职日期", "离职日期", "岗位", "职业/工种", "是否一线")
REGISTER_COLUMNS = (
    "姓名", "证件类型", "证件号码", "所在单位", "职业名称", "工种名称", "职业技能等级", "证书编号", "发证日期", "评价机构",
    "发证机构", "理论成绩", "技能成绩",
)  # fmt: skip
# How lists head the same columns, employer by employer.
ROSTER_HEADINGS: tuple[dict[str, str], ...] = (
    {},
    {"姓名": "员工姓名", "证件号码": "身份证号", "手机": "手机号码", "是否一线": "一线职工"},
    {"姓名": "姓  名", "入职日期": "入职时间", "离职日期": "离职时间", "岗位": "岗位名称", "职业/工种": "职业"},
)


@dataclass
class Handover:
    """One file that was handed in: ``kind`` is the sheet kind's code, ``rows`` are in the columns' order, ``employer``
    is whose roster it is."""

    kind: str
    file_name: str
    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    as_of: dt.date
    at: dt.datetime
    employer: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Deed:
    """Something the office did about one certificate or name: ``withdraw``, ``document``, ``confirm``, ``map_name``,
    ``confirm_number``."""

    kind: str
    subject: str
    at: dt.datetime
    text: str = ""


@dataclass
class Region:
    seed: int
    employers: list[Employer]
    workers: list[Worker]
    certificates: list[Certificate]
    handovers: list[Handover] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)

    def timeline(self) -> Iterator[Handover | Deed]:
        """Everything in the order in which it came to be known."""
        ranks = {"employers": 0, "roster": 1, "certificates": 2}
        events: list[tuple[dt.datetime, int, int, Handover | Deed]] = [
            (handover.at, ranks[handover.kind], number, handover) for number, handover in enumerate(self.handovers)
        ]
        events += [(deed.at, 3, number, deed) for number, deed in enumerate(self.deeds)]
        return (event for *_, event in sorted(events, key=lambda event: event[:3]))


def region(seed: int, workers: int) -> Region:
    """A whole region. ``workers`` is 1–100,000."""
    firms = bodies.employers(Random(f"{seed} employers"))  # noqa: S311 -- the demo draws lots, it keeps no secrets
    people = careers.workers(Random(f"{seed} workers"), firms, workers)  # noqa: S311 -- the demo draws lots, it keeps no secrets
    earned = careers.certificates(Random(f"{seed} certificates"), firms, people)  # noqa: S311 -- the demo draws lots, it keeps no secrets
    lot = Random(f"{seed} lists")  # noqa: S311 -- the demo draws lots, it keeps no secrets
    strangers = _strangers(lot, firms, people, earned)
    earned += strangers
    careers.give_numbers(earned)
    _odd_numbers(lot, earned)
    made = Region(seed, firms, people, earned)
    made.handovers.extend(_employer_lists(firms))
    made.handovers.extend(handover for handover in _rosters(lot, firms, people) if handover.rows)
    made.handovers.extend(handover for handover in _registers(lot, firms, earned) if handover.rows)
    made.deeds.extend(_deeds(lot, earned))
    return made


def at(day: dt.date, hour: int = 10, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), SHANGHAI)


def _few(share: float, of: int, least: int) -> int:
    return min(max(int(share * of), least), of)


# What people write in cells -----------------------------------------------------------------------------------------


def _date_cell(style: int, day: dt.date | None) -> Any:
    if day is None:
        return None
    return (day, day.isoformat(), f"{day.year}.{day.month}.{day.day}", f"{day.year}年{day.month}月{day.day}日")[style % 4]


def _level_cell(style: int, level: str) -> str:
    return {
        "5": ("五级/初级工", "五级", "初级工", "5"),
        "4": ("四级/中级工", "四级", "中级工", "4"),
        "3": ("三级/高级工", "三级", "高级工", "3"),
        "2": ("二级/技师", "二级", "技师", "2"),
        "1": ("一级/高级技师", "一级", "高级技师", "1"),
    }[level][style % 4]


_YES_NO = (("是", "否"), ("√", "×"), ("Y", "N"))


def _yes_no_cell(style: int, value: bool | None) -> str | None:
    return None if value is None else _YES_NO[style % 3][0 if value else 1]


# Employers ----------------------------------------------------------------------------------------------------------


def _employer_lists(firms: Sequence[Employer]) -> Iterator[Handover]:
    for late, day, name in ((False, dt.date(2020, 1, 20), "首批参与单位"), (True, dt.date(2021, 2, 26), "第二批参与单位")):
        chosen = [firm for firm in firms if firm.late is late]
        yield Handover(
            kind="employers",
            file_name=f"登高计划{name}名单.xlsx",
            title=f"临港新片区职工技能登高计划{name}名单{MARK}",
            columns=EMPLOYER_COLUMNS,
            rows=[
                (
                    firm.name_zh,
                    firm.name_en,
                    firm.uscc,
                    firm.industry_zh or None,
                    firm.address,
                    firm.longitude,
                    firm.latitude,
                    "、".join(firms[supplier].name_zh for supplier in firm.upstream if not firms[supplier].late or late),
                )
                for firm in chosen
            ],
            as_of=day,
            at=at(day, 15, 20),
            notes=("注：以上单位均为演示虚构。",),
        )


# Rosters ------------------------------------------------------------------------------------------------------------


def _rosters(lot: Random, firms: Sequence[Employer], people: Sequence[Worker]) -> Iterator[Handover]:
    staff: dict[int, list[tuple[Worker, Spell]]] = defaultdict(list)
    for worker in people:
        for spell in worker.spells:
            staff[spell.employer].append((worker, spell))
    for firm in firms:
        days = LATE_LIST_DAYS if firm.late else SMALL_LIST_DAYS if firm.size <= SMALL else LIST_DAYS
        before = dt.date(2000, 1, 1)
        for day in days:
            whole = day in {days[0], days[-1]}
            yield _roster(lot, firm, staff[firm.position], before, day, whole=whole)
            before = day


def _roster(
    lot: Random, firm: Employer, staff: Sequence[tuple[Worker, Spell]], before: dt.date, day: dt.date, *, whole: bool
) -> Handover:
    named = [
        (worker, spell)
        for worker, spell in staff
        if spell.hired_on <= day and (spell.left_on is None or spell.left_on > before) and (whole or _changed(spell, before, day))
    ]
    style = firm.position
    rows = [_roster_row(style, worker, spell, day) for worker, spell in named]
    rows = _roster_slips(lot, style, rows)
    headings = ROSTER_HEADINGS[style % len(ROSTER_HEADINGS)]
    what = "在职人员名册" if whole else "人员变动名单"
    short = firm.name_zh.removeprefix("上海").removesuffix(f"有限公司{MARK}")
    return Handover(
        kind="roster",
        file_name=f"{short}{what}{day:%Y%m%d}.xlsx",
        title=f"{firm.name_zh}{what}（截至{day.year}年{day.month}月{day.day}日）",
        columns=tuple(headings.get(column, column) for column in ROSTER_COLUMNS),
        rows=rows,
        as_of=day,
        at=at(day + dt.timedelta(days=6 + firm.position % 9), 9 + firm.position % 8, firm.position * 7 % 60),
        employer=firm.position,
        notes=(f"合计：{len(rows)}人",),
    )


def _changed(spell: Spell, before: dt.date, day: dt.date) -> bool:
    return (
        before < spell.hired_on <= day
        or (spell.left_on is not None and before < spell.left_on <= day)
        or any(before < since <= day for since, _ in spell.front_line[1:])
    )


def _roster_row(style: int, worker: Worker, spell: Spell, day: dt.date) -> tuple[Any, ...]:
    left_on = spell.left_on if spell.left_on and spell.left_on <= day else spell.contract_ends_on
    return (
        worker.name,
        worker.document,
        worker.number,
        "男" if worker.male else "女",
        worker.phone,
        _date_cell(style, spell.hired_on),
        _date_cell(style, left_on),
        spell.post,
        "钳工" if spell.occupation == "机修钳工" and style % 3 == 0 else spell.occupation,
        _yes_no_cell(style, spell.front_line_on(day)),
    )


def _roster_slips(lot: Random, style: int, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The mistakes of a list: a row twice, a digit wrong, leaving before hiring, another name for a known number."""
    if len(rows) < 8 or lot.random() > 0.4:
        return rows
    slip = lot.choice(("twice", "digit", "dates", "name", "no_name", "plain_sex"))
    place = lot.randrange(2, len(rows) - 1)
    row = list(rows[place])
    if slip == "twice":
        rows.insert(place + 1, rows[place])
    elif slip == "digit" and row[1] == "居民身份证":
        row[2] = row[2][:-1] + ("3" if row[2][-1] != "3" else "4")
        rows.append(tuple(row))
    elif slip == "dates":
        row[2], row[0] = _unused_number(lot), names.chinese_name(lot, male=True)
        row[3], row[5], row[6] = "男", _date_cell(style, dt.date(2020, 3, 2)), _date_cell(style, dt.date(2019, 11, 29))
        row[1] = "居民身份证"
        rows.append(tuple(row))
    elif slip == "name":
        row[0] = names.other_name(lot, row[0])
        rows[place] = tuple(row)
    elif slip == "no_name":
        row[1], row[2], row[0] = "居民身份证", _unused_number(lot), None
        rows.append(tuple(row))
    elif slip == "plain_sex":
        row[3] = "女" if row[3] == "男" else "男"
        rows[place] = tuple(row)
    return rows


def _unused_number(lot: Random) -> str:
    """A resident ID with an order no worker of the region has."""
    born_on = dt.date(1970, 1, 1) + dt.timedelta(days=lot.randrange(10_000))
    return numbers.resident_id("3101", born_on, 450 + lot.randrange(50), male=True)


# Certificates -------------------------------------------------------------------------------------------------------


def _strangers(
    lot: Random, firms: Sequence[Employer], people: Sequence[Worker], earned: Sequence[Certificate]
) -> list[Certificate]:
    """Certificates whose holder no list names: they wait. Some have a worker's name and birth date, another number."""
    calendar = careers.Calendar()
    made = []
    for number in range(_few(0.008, len(people), 6)):
        like = lot.choice(earned)
        worker = people[like.worker or 0]
        alike = number % 3 == 0 and worker.document == "居民身份证"
        male = lot.random() < 0.6
        born_on = worker.born_on if alike else dt.date(1975, 1, 1) + dt.timedelta(days=lot.randrange(9000))
        made.append(
            Certificate(
                name=worker.name if alike else names.chinese_name(lot, male=male),
                document="居民身份证",
                number_of_holder=numbers.resident_id("3706", born_on, 400 + lot.randrange(50), male=worker.male if alike else male),
                employer=like.employer,
                occupation=like.occupation
                if not like.legacy
                else lot.choice(list(bodies.OCCUPATIONS[firms[like.employer].industry])),
                job_title="",
                level=lot.choice(("5", "4", "3")),
                issued_on=calendar.in_plan(lot, like.evaluator),
                evaluator=like.evaluator,
                theory=like.theory,
                skill=like.skill,
                worker=None,
            )
        )
    return made


def _odd_numbers(lot: Random, earned: Sequence[Certificate]) -> None:
    """Some bodies number in a way of their own: kept, and not counted until the office confirms."""
    eligible = [certificate for certificate in earned if certificate.issued_on >= careers.FIRST_DAY]
    for serial, certificate in enumerate(lot.sample(eligible, _few(0.006, len(eligible), 5))):
        certificate.number = f"YSPJ{certificate.issued_on.year}{serial + 1:06d}"


def _registers(lot: Random, firms: Sequence[Employer], earned: Sequence[Certificate]) -> Iterator[Handover]:
    """One register a quarter; some certificates come a quarter late, a few much later, in a supplement after the end."""
    quarters: dict[int, list[Certificate]] = defaultdict(list)
    for certificate in sorted(earned, key=lambda item: (item.issued_on, item.number)):
        due = next(number for number, day in enumerate(QUARTERS) if certificate.issued_on <= day)
        draw = lot.random()
        quarters[min(due + (3 if draw < 0.012 else 1 if draw < 0.07 else 0), len(QUARTERS))].append(certificate)
    for number in range(len(QUARTERS) + 1):
        supplement = number == len(QUARTERS)
        day = QUARTERS[-1] if supplement else QUARTERS[number]
        handed_in = dt.date(2023, 3, 20) if supplement else day + dt.timedelta(days=17)
        what = "补登" if supplement else f"{day.year}年第{(day.month + 2) // 3}季度"
        rows = [_register_row(lot, number, firms, certificate) for certificate in quarters[number]]
        yield Handover(
            kind="certificates",
            file_name=f"职业技能等级证书登记表_{'补登' if supplement else f'{day.year}Q{(day.month + 2) // 3}'}.xlsx",
            title=f"职业技能等级证书登记表（{what}）{MARK}",
            columns=REGISTER_COLUMNS,
            rows=_register_slips(lot, number, rows, quarters[number]),
            as_of=handed_in if supplement else day,
            at=at(handed_in, 14, 5),
            notes=("填表说明：证书编号按文本填写，成绩满分100分。",),
        )


def _register_row(lot: Random, style: int, firms: Sequence[Employer], certificate: Certificate) -> tuple[Any, ...]:
    evaluator = bodies.EVALUATORS[certificate.evaluator].name_zh
    occupation = certificate.occupation
    if occupation in {"装配钳工", "机修钳工"} and lot.random() < 0.12:
        occupation = "钳工"
    elif occupation == "无人机装调检修工" and lot.random() < 0.5:
        occupation = "无人机装调工"
    return (
        certificate.name,
        certificate.document,
        certificate.number_of_holder,
        firms[certificate.employer].name_zh,
        occupation,
        certificate.job_title or None,
        _level_cell(style, certificate.level),
        certificate.number,
        _date_cell(style, certificate.issued_on),
        evaluator,
        evaluator,
        certificate.theory,
        certificate.skill,
    )


def _register_slips(
    lot: Random, style: int, rows: list[tuple[Any, ...]], certificates: Sequence[Certificate]
) -> list[tuple[Any, ...]]:
    """Mistakes of a register: a row handed in again, one that contradicts it, a part failed, no such level, another name."""
    if len(rows) < 10:
        return rows
    known = [place for place, certificate in enumerate(certificates) if certificate.worker is not None]
    again = list(rows[lot.randrange(len(rows))])
    if style % 3 == 1:
        rows.append(tuple(again))
    if style % 4 == 2:
        again[8] = _date_cell(style, dt.date(2020, 1, 9))
        rows.append(tuple(again))
    if style % 2:
        place = lot.choice(known)
        renamed = list(rows[place])
        renamed[0] = names.other_name(lot, renamed[0])
        rows[place] = tuple(renamed)
    if style % 3 == 0:
        failed = list(rows[lot.choice(known)])
        failed[7], failed[12] = f"{failed[7][:-6]}{999000 + style:06d}" if len(failed[7]) == 22 else failed[7], 57.5
        rows.append(tuple(failed))
    if style % 5 == 4:
        unknown = list(rows[lot.choice(known)])
        unknown[6], unknown[7] = "六级", f"YSPJ0000{style:06d}"
        rows.append(tuple(unknown))
    return rows


# What the office did ------------------------------------------------------------------------------------------------


def _deeds(lot: Random, earned: Sequence[Certificate]) -> Iterator[Deed]:
    in_plan = sorted(
        (item for item in earned if item.worker is not None and item.issued_on >= careers.FIRST_DAY and len(item.number) == 22),
        key=lambda item: item.number,
    )
    withdrawn = lot.sample(in_plan, _few(0.004, len(in_plan), 6))
    days = (dt.date(2021, 9, 14), dt.date(2022, 3, 8), dt.date(2022, 11, 22), dt.date(2023, 2, 15), dt.date(2023, 5, 11))
    reasons = ("发证机构核查后撤销。", "成绩登记有误，原证书作废。", "重复发证，撤销后一张。")
    for number, certificate in enumerate(withdrawn):
        after = [day for day in days if day > certificate.issued_on + dt.timedelta(days=150)] or [days[-1]]
        yield Deed("withdraw", certificate.number, at(lot.choice(after), 16, number % 60), reasons[number % 3])
    for number, certificate in enumerate(lot.sample(in_plan, min(_few(0.07, len(in_plan), 10), 400))):
        seen_on = min(max(certificate.issued_on + dt.timedelta(days=240), dt.date(2021, 6, 15)), dt.date(2023, 5, 18))
        yield Deed("confirm" if number % 3 == 0 else "document", certificate.number, at(seen_on, 11, number % 60))
    yield Deed("map_name", "无人机装调工", at(dt.date(2022, 2, 18), 10), "无人机装调检修工")


def fresh_list(made: Region, employer: int, now: dt.datetime) -> Handover:
    """A list of today with people the region does not know yet, some changes, and the usual slips."""
    lot = Random(f"{made.seed} fresh {employer}")  # noqa: S311 -- the demo draws lots, it keeps no secrets
    today = now.astimezone(SHANGHAI).date()
    firm = made.employers[employer]
    staff = [
        (worker, spell) for worker in made.workers for spell in worker.spells if spell.employer == employer and not spell.left_on
    ]
    rows = [_roster_row(2, worker, spell, today) for worker, spell in lot.sample(staff, min(len(staff), 60))]
    for number in range(8):
        born_on = dt.date(1996, 1, 8) + dt.timedelta(days=lot.randrange(2500))
        hired_on = today - dt.timedelta(days=lot.randrange(5, 60))
        spell = Spell(employer, hired_on, lot.choice(bodies.POSTS), "晶片加工工", [(hired_on, True)])
        number_of = numbers.resident_id("3204", born_on, 440 + number, male=True)
        newcomer = Worker(
            names.chinese_name(lot, male=True), "居民身份证", number_of, born_on, True, numbers.phone(99_000_000 + number)
        )
        rows.append(_roster_row(2, newcomer, spell, today))
    wrong = list(rows[-1])
    wrong[2] = wrong[2][:-1] + ("7" if wrong[2][-1] != "7" else "8")
    rows += [tuple(wrong), rows[3]]
    headings = ROSTER_HEADINGS[2]
    return Handover(
        kind="roster",
        file_name=f"{firm.name_zh.removeprefix('上海').removesuffix(f'有限公司{MARK}')}在职人员名册{today:%Y%m%d}.xlsx",
        title=f"{firm.name_zh}在职人员名册（截至{today.year}年{today.month}月{today.day}日）",
        columns=tuple(headings.get(column, column) for column in ROSTER_COLUMNS),
        rows=rows,
        as_of=today,
        at=now,
        employer=employer,
        notes=(f"合计：{len(rows)}人",),
    )
