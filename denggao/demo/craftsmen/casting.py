"""Who was nominated: twelve written with care, the others made of parts so that no two read alike. Pure: the same every time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

from denggao.demo import bodies, names, numbers
from denggao.demo.bodies import Employer
from denggao.demo.craftsmen.facts import INDUSTRIES, ROUNDS, RUNNING, TRADES, Fate, RoundPlan, Trade, scaled
from denggao.demo.university.packing import read_yaml

HERE = Path(__file__).resolve().parent
# Prefectures none of the region's workers comes from: so no number can be somebody else's.
HOMES = ("3205", "3303", "3310", "3404", "3502", "3604", "3710", "4115", "4212", "4306", "5115", "6105")
LEVEL_NAMES = {"5": "五级/初级工", "4": "四级/中级工", "3": "三级/高级工", "2": "二级/技师", "1": "一级/高级技师"}
_COMPOUND = ("欧阳", "上官", "司徒", "诸葛", "夏侯", "慕容", "尉迟", "皇甫", "令狐", "端木")


@dataclass
class Nominee:
    """One person with what is told of them. ``serial`` is unique over all rounds; ``place`` counts within the round."""

    serial: int
    place: int
    year: int
    fate: Fate
    name: str
    male: bool
    born_on: dt.date
    number: str
    trade: Trade
    employer: int
    hired_on: dt.date
    since: int
    post: str
    channel: str
    certificates: list[tuple[str, dt.date]]
    told: dict[str, Any] = field(repr=False)
    with_care: bool = False
    is_first: bool = False

    @property
    def phone(self) -> str:
        return numbers.phone(98_000_000 + self.serial)


@cache
def _read(name: str) -> Any:
    return read_yaml(HERE / f"{name}.yaml")


@dataclass
class Cast:
    """Everybody of a region of so many workers, by round: the years, and 0 for the one that runs today."""

    workers: int
    this_year: int
    lot: Random = field(default_factory=lambda: Random("craftsmen"))  # noqa: S311 -- the demo draws lots, it keeps no secrets
    by_round: dict[int, list[Nominee]] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)
    _serial: int = 0

    def __post_init__(self) -> None:
        self._names.update(told["name"] for told in _read("portraits"))
        self._feats = {code: iter(cycle(feats)) for code, feats in _read("feats").items()}
        self._trades = {industry: cycle(_turns(industry)) for industry in INDUSTRIES}
        self._openings, self._closings = cycle(_read("parts")["openings"]), cycle(_read("parts")["closings"])
        self._teaching, self._mottoes = cycle(_read("parts")["teaching"]), iter(_read("parts")["mottoes"])
        self._seconds = cycle(_read("parts")["seconds"])
        careful = list(_read("portraits"))
        for plan in ROUNDS:
            self.by_round[plan.year] = list(self._past(plan, careful))
        self.by_round[0] = list(self._of_fates(scaled(RUNNING, self.workers), self.this_year, []))

    def __iter__(self) -> Iterator[Nominee]:
        return (nominee for year in sorted(self.by_round, key=lambda year: year or 9999) for nominee in self.by_round[year])

    def _past(self, plan: RoundPlan, careful: Sequence[Mapping[str, Any]]) -> Iterator[Nominee]:
        """Those written with care are named, each in a round that knows what is told of it."""
        own = [told for told in careful if told["round"] == plan.year]
        return self._of_fates(scaled(plan.fates, self.workers), plan.year, own)

    def _of_fates(self, fates: Mapping[Fate, int], year: int, careful: Sequence[Mapping[str, Any]]) -> Iterator[Nominee]:
        turns = [fate for fate, count in fates.items() for _each in range(count)]
        industries = cycle(INDUSTRIES)
        for place, fate in enumerate(turns):
            told = careful[place] if place < min(len(careful), fates.get(Fate.NAMED, 0) - 1) else None
            self._serial += 1
            first = turns.index(fate) == place
            if told is not None:
                yield self._with_care(told, place, year)
            else:
                yield self._composed(next(industries), fate, place, year, first=first)

    def _with_care(self, told: Mapping[str, Any], place: int, year: int) -> Nominee:
        born_on = told["born"]
        trade = TRADES[told["trade"]]
        return Nominee(
            self._serial, place, year, Fate.NAMED, told["name"], told["male"], born_on,
            self._number(born_on, male=told["male"]), trade, told["employer"], told["hired"], told["since"], told["post"],
            "employer", [(level, day) for level, day in [*told["levels"], *told.get("raised", [])]], dict(told), with_care=True,
        )  # fmt: skip

    def _number(self, born_on: dt.date, *, male: bool) -> str:
        return numbers.resident_id(HOMES[self._serial % len(HOMES)], born_on, self._serial % 500, male=male)

    def _composed(self, industry: str, fate: Fate, place: int, year: int, *, first: bool) -> Nominee:
        lot, code = self.lot, next(self._trades[industry])
        trade, male = TRADES[code], lot.random() < (0.45 if industry in {"biomedicine", "ai"} else 0.75)
        name = self._name(male=male)
        years = lot.randrange(9, 27)
        hired_on = dt.date(year - years, lot.randrange(2, 11), lot.randrange(1, 28))
        born_on = hired_on - dt.timedelta(days=lot.randrange(19 * 366, 22 * 366))
        employer = trade.employers[self._serial % len(trade.employers)]
        channel = "employer"
        if fate not in {Fate.STAMP, Fate.ASKED, Fate.CHANGES, Fate.DECLINED}:
            channel = {4: "association", 8: "self"}.get(place % 9, "employer")
        nominee = Nominee(
            self._serial, place, year, fate, name, male, born_on, self._number(born_on, male=male), trade, employer, hired_on,
            hired_on.year, trade.posts[self._serial % len(trade.posts)], "self" if fate is Fate.STAMP else channel,
            list(_ladder(lot, hired_on, years)), {}, is_first=first,
        )  # fmt: skip
        nominee.told = self._write(nominee, next(self._feats[code]), years)
        return nominee

    def _name(self, *, male: bool) -> str:
        """Nobody's twice."""
        while True:
            draw = self.lot.random()
            name = names.long_name(self.lot, male=male) if draw < 0.04 else names.chinese_name(self.lot, male=male)
            if name not in self._names:
                self._names.add(name)
                return name

    # What is told of somebody

    def _write(self, nominee: Nominee, feat: Sequence[str], years: int) -> dict[str, Any]:
        lot, second = self.lot, next(self._seconds)
        title, trouble, way, effect = feat
        taught, saved = lot.randrange(6, 17), lot.randrange(4, 40) * 10 + lot.randrange(1, 10)
        words = {
            "name": nominee.name, "surname": surname(nominee.name), "firm": _called(nominee.employer), "years": years,
            "trade": nominee.trade.word, "year": nominee.since, "taught": taught,
        }  # fmt: skip
        done, later = nominee.year - lot.randrange(1, 6), nominee.year - lot.randrange(0, 3)
        middle = _MIDDLES[nominee.serial % len(_MIDDLES)].format(trouble=trouble, way=way, effect=effect, **words)
        paragraphs = [next(self._openings), middle, second["text"], f"{next(self._teaching)}{next(self._closings)}"]
        story = "\n".join(paragraph.format(**words) for paragraph in paragraphs)
        works = [
            {"title": title, "detail": effect, "year": str(done)},
            {"title": second["title"], "detail": second["detail"], "year": str(later)},
        ]
        award = _read("parts")["awards"][nominee.serial % len(_read("parts")["awards"])]
        return {
            "motto": next(self._mottoes, ""),
            "story": story if nominee.male else story.replace("他", "她"),
            "conditions": {
                "craft": f"{title}：{trouble}；{way}，{effect}。",
                "skill": f"从事{nominee.trade.word}{years}年，{_SKILLS[nominee.serial % len(_SKILLS)]}",
                "lead": f"任{nominee.post}，带徒{taught}人，其中{max(2, taught // 3)}人提升了等级。",
                "contribution": f"{second['title']}：{second['detail']}；两项合计年节约约{saved}万元。",
            },
            "works": works,
            "patents": self._patents(nominee, title, done),
            "awards": [{"title": award[0], "detail": award[1], "year": str(later)}],
            "taught": list(self._taught(later)),
            "opinion": _read("parts")["opinions"][nominee.serial % len(_read("parts")["opinions"])],
        }

    def _patents(self, nominee: Nominee, title: str, year: int) -> list[dict[str, str]]:
        if nominee.serial % 5 in {1, 3}:
            return []
        what = "方法" if nominee.serial % 2 else "装置"
        number = f"ZL{year}0{nominee.serial + 1000:07d}.{nominee.serial % 10}"
        return [{"title": f"一种用于{title}的{what}", "number": number, "rank": str(1 + nominee.serial % 3), "year": str(year)}]

    def _taught(self, year: int) -> Iterator[dict[str, str]]:
        for _each in range(self.lot.randrange(1, 4)):
            low = self.lot.choice("543")
            high = str(int(low) - 1)
            yield {
                "title": self._name(male=self.lot.random() < 0.6),
                "detail": f"{LEVEL_NAMES[low][:2]}升至{LEVEL_NAMES[high]}",
                "year": str(year),
            }


def surname(name: str) -> str:
    """As a colleague would call somebody: of a name with a dot its first part."""
    return name.split("·")[0] if "·" in name else name[:2] if name[:2] in _COMPOUND else name[0]


@cache
def firms() -> list[Employer]:
    """The region's employers by position; where they stand is of no matter here."""
    return bodies.employers(Random("names"))  # noqa: S311 -- the demo draws lots, it keeps no secrets


def _called(position: int) -> str:
    """What people call an employer."""
    return firms()[position].name_zh.removeprefix("上海").removesuffix(f"有限公司{bodies.MARK}")


def _turns(industry: str) -> list[str]:
    """The trades of an industry in turn, each as often as there is something to tell of it."""
    feats = _read("feats")
    most = max(len(told) for told in feats.values())
    return [
        code
        for turn in range(most)
        for code, trade in TRADES.items()
        if trade.industry == industry and turn < len(feats[code])
    ]  # fmt: skip


def _ladder(lot: Random, hired_on: dt.date, years: int) -> Iterator[tuple[str, dt.date]]:
    """Levels reached, from some years after the hiring on; a few are raised within the plan."""
    top = "1" if years > 21 else "2" if years > 13 else "3"
    day, level = hired_on + dt.timedelta(days=lot.randrange(900, 1600)), "4"
    while level >= top and day < dt.date(2022, 10, 20):
        if not dt.date(2020, 1, 1) <= day < dt.date(2020, 9, 1):
            while day.weekday() > 4:
                day += dt.timedelta(days=1)
            yield level, day
        day, level = day + dt.timedelta(days=lot.randrange(1200, 2100)), str(int(level) - 1)


_MIDDLES = (
    "最难的一回，是{trouble}。别人想的是换设备，{surname}师傅想的是弄明白：{way}。结果{effect}。",
    "厂里有一个老问题：{trouble}。问题传了几任，到{surname}师傅手里，{way}。数字是这样的：{effect}。",
    "{surname}师傅记得很清楚，{trouble}，那阵子夜里睡不着。试了四个多月，最后{way}，{effect}。",
    "“{trouble}。”这句话写在班组的白板上，写了半年没有擦。擦掉它的办法听起来简单：{way}。做下来，{effect}。",
    "有人说那是没有办法的事：{trouble}。{surname}师傅不服，一件一件记，记到第三本，找到了：{way}。后来{effect}。",
    "客户来了两次，都为同一件事，{trouble}。第三次来之前，{surname}师傅{way}。结果{effect}，客户没有再为这件事来过。",
)
_SKILLS = (
    "连续四年一次交检合格率百分之九十九以上。",
    "园区比武两次进入前三，现场考核无扣分。",
    "本工序最难的三类活由本人首件，首件合格率百分之百。",
    "能独立完成本工种全部工序，兼通上下道工序。",
    "复验、抽检十年无差错记录。",
    "承担新品试制二十余项，均按期转产。",
    "异常判断准确率在班组考核中连续五年第一。",
)
