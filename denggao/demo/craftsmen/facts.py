"""Trades, rounds and fates that never were, as plain data; ``story`` tells them to the product."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

INDUSTRIES = ("ic", "ai", "biomedicine", "aerospace")


@dataclass(frozen=True)
class Trade:
    """``employers`` are positions in the region's list: none of them joined late."""

    industry: str
    occupation: str
    word: str
    employers: tuple[int, ...]
    posts: tuple[str, ...]


TRADES: dict[str, Trade] = {
    "fab": Trade("ic", "半导体芯片制造工", "芯片制造", (10, 11, 18), ("光刻班长", "扩散工艺领班", "刻蚀线长", "薄膜区组长")),
    "wafer": Trade("ic", "晶片加工工", "晶片加工", (16,), ("研磨班长", "切片领班", "清洗线长")),
    "pack": Trade("ic", "半导体分立器件和集成电路装调工", "封装测试", (12, 17, 15), ("键合组长", "测试工段长", "塑封线长")),
    "equip": Trade("ic", "电子专用设备装调工", "设备装调", (10, 11, 14), ("设备维护主管技师", "真空组组长", "设备装调班长")),
    "robot": Trade("ai", "工业机器人系统运维员", "机器人运维", (0, 5, 9), ("机器人运维组长", "现场服务班长", "自动化维保领班")),
    "trainer": Trade("ai", "人工智能训练师", "人工智能训练", (1, 6), ("数据质检组长", "训练师主管", "标注规范负责人")),
    "vision": Trade("ai", "工业视觉系统运维员", "视觉系统运维", (2,), ("视觉系统组长", "现场调试领班")),
    "hardware": Trade("ai", "智能硬件装调员", "智能硬件装调", (6, 5), ("装调线长", "标定组长", "试制班长")),
    "ferment": Trade("biomedicine", "发酵工程制药工", "发酵", (21,), ("发酵班长", "纯化工段长")),
    "vaccine": Trade("biomedicine", "疫苗制品工", "疫苗制造", (22,), ("灌装线线长", "冻干组组长", "包装线线长")),
    "pharm": Trade("biomedicine", "药物制剂工", "制剂", (25, 26), ("固体制剂班长", "压片领班", "提取工段长")),
    "device": Trade("biomedicine", "医疗器械装配工", "器械装配", (23,), ("导管组组长", "洁净装配班长")),
    "chem": Trade("biomedicine", "化学检验员", "检验", (21, 26), ("理化检验组长", "取样组组长")),
    "airframe": Trade("aerospace", "飞机装配工", "飞机装配", (30,), ("部装组长", "总装工段长", "密封组组长")),
    "engine": Trade("aerospace", "航空发动机装配工", "发动机装配", (31,), ("转子装配组长", "总装班长")),
    "mill": Trade("aerospace", "铣工", "铣削", (31, 32), ("加工中心机长", "铣工班长")),
    "turn": Trade("aerospace", "车工", "车削", (32, 31), ("车工班长", "精车机长")),
    "ndt": Trade("aerospace", "无损检测员", "无损检测", (30, 34), ("射线检测组长", "超声检测主管")),
    "uav": Trade("aerospace", "无人机装调检修工", "无人机检修", (33,), ("检修组组长", "试飞保障领班")),
    "weld": Trade("aerospace", "焊工", "焊接", (30, 31), ("氩弧焊班长", "特种焊组长")),
}


class Fate(StrEnum):
    """What became of a nomination. The first part of those of past rounds, the second of the one that runs."""

    NAMED = "named"
    UPHELD = "upheld"
    BACKED_OUT = "backed_out"
    UNFIT = "unfit"
    BELOW = "below"
    JURY = "jury"
    DECLINED = "declined"

    DRAFT = "draft"
    ASKED = "asked"
    STAMP = "stamp"
    CHANGES = "changes"
    WITHDRAWN = "withdrawn"
    CHECKED = "checked"
    RETURNED = "returned"
    SCORED = "scored"
    RECUSED = "recused"


BEFORE_JURY = (Fate.NAMED, Fate.UPHELD, Fate.BACKED_OUT, Fate.JURY)
PASSED = (Fate.NAMED, Fate.UPHELD, Fate.BACKED_OUT)


@dataclass(frozen=True)
class RoundPlan:
    """A round that is over. ``fates`` says how many there were of each, ``cases`` how many of them were written with care."""

    year: int
    opens: dt.date
    closes: dt.date
    jury: dt.date
    order: str
    named_on: dt.date
    fates: Mapping[Fate, int]

    @property
    def title_zh(self) -> str:
        return f"{self.year}年临港工匠选树"

    @property
    def title_en(self) -> str:
        return f"Lingang craftsmen {self.year}"


ROUNDS = (
    RoundPlan(
        2020, dt.date(2020, 9, 7), dt.date(2020, 10, 16), dt.date(2020, 11, 18), "沪临工匠演〔2020〕011号", dt.date(2020, 12, 8),
        {Fate.NAMED: 30, Fate.UPHELD: 1, Fate.UNFIT: 3, Fate.BELOW: 5, Fate.JURY: 2, Fate.DECLINED: 1},
    ),
    RoundPlan(
        2021, dt.date(2021, 8, 16), dt.date(2021, 9, 24), dt.date(2021, 11, 4), "沪临工匠演〔2021〕018号", dt.date(2021, 11, 30),
        {Fate.NAMED: 31, Fate.BACKED_OUT: 1, Fate.UNFIT: 3, Fate.BELOW: 5, Fate.JURY: 2},
    ),
)  # fmt: skip
RUNNING = {
    Fate.SCORED: 6, Fate.CHECKED: 4, Fate.ASKED: 3, Fate.RETURNED: 2, Fate.DRAFT: 2, Fate.STAMP: 1, Fate.CHANGES: 1,
    Fate.WITHDRAWN: 1, Fate.RECUSED: 1, Fate.DECLINED: 1,
}  # fmt: skip

# Below so many workers the region is a small one: fewer are nominated, but of each fate there is somebody.
WHOLE_FROM = 2_400
LEAST_NAMED = 3


def scaled(fates: Mapping[Fate, int], workers: int) -> dict[Fate, int]:
    share = min(1.0, workers / WHOLE_FROM)
    return {
        fate: max(round(count * share), LEAST_NAMED if fate is Fate.NAMED else 1)  # at least one of each
        for fate, count in fates.items()
    }


# Jurors beside the experts who judged the bases: the register's, by accounts expert-13@ and on.
JURY_SIZE = 15
