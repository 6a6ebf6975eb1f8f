"""Employers and certifying bodies that never were."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from denggao.demo import numbers

MARK = "（演示）"
INDUSTRIES = {"ai": "人工智能", "ic": "集成电路", "biomedicine": "生物医药", "aerospace": "航空航天", "": ""}

# Occupations by industry, as the national catalogue calls them, with how often each is met: 23 in all.
OCCUPATIONS: dict[str, dict[str, int]] = {
    "ai": {"人工智能训练师": 9, "工业机器人系统运维员": 7, "智能硬件装调员": 5, "工业视觉系统运维员": 3, "电工": 2},
    "ic": {
        "半导体芯片制造工": 10, "半导体分立器件和集成电路装调工": 7, "晶片加工工": 4, "电子专用设备装调工": 4, "机修钳工": 2,
        "电工": 2,
    },
    "biomedicine": {"药物制剂工": 8, "发酵工程制药工": 5, "疫苗制品工": 3, "医疗器械装配工": 4, "化学检验员": 3, "电工": 1},
    "aerospace": {
        "飞机装配工": 8, "航空发动机装配工": 5, "装配钳工": 5, "铣工": 4, "车工": 3, "焊工": 3, "无损检测员": 2,
        "无人机装调检修工": 2,
    },
    "": {"焊工": 3, "电工": 3, "机修钳工": 2},
}  # fmt: skip
# What the occupation was called in the edition before, on certificates of that time.
FORMER_NAMES = {"半导体分立器件和集成电路装调工": "半导体分立器件、集成电路装调工"}
JOB_TITLES = {"人工智能训练师": "数据标注员"}
POSTS = ("操作工", "装调工", "维修工", "检验工", "班组长")
OFFICE_POSTS = ("生产计划", "行政专员", "工艺工程师", "仓储管理", "安全管理")

_NAMES: dict[str, tuple[tuple[str, str, int], ...]] = {
    "ai": (
        ("沧屿智能装备", "Cangyu Intelligent Equipment", 10),
        ("芦潮云算科技", "Luchao Cloud Computing", 4),
        ("海雀机器视觉", "Haique Machine Vision", 5),
        ("朔望数据", "Shuowang Data", 3),
        ("拾浪语音技术", "Shilang Speech Technology", 2),
        ("澜岬服务机器人", "Lanjia Service Robots", 7),
        ("星泽智能驾驶", "Xingze Intelligent Driving", 6),
        ("听屿算法", "Tingyu Algorithms", 2),
        ("鹭渚工业软件", "Luzhu Industrial Software", 3),
        ("砚波智能仓储", "Yanbo Smart Warehousing", 4),
    ),
    "ic": (
        ("汐芯集成电路", "Xixin Integrated Circuits", 16),
        ("泖石半导体", "Maoshi Semiconductor", 12),
        ("砂岸封装测试", "Sha'an Packaging and Testing", 11),
        ("云砚光学部件", "Yunyan Optical Parts", 4),
        ("霁微电子材料", "Jiwei Electronic Materials", 6),
        ("环渚传感", "Huanzhu Sensors", 5),
        ("玄圭硅片", "Xuangui Wafers", 9),
        ("石渠存储技术", "Shiqu Memory Technology", 5),
        ("浦渚功率器件", "Puzhu Power Devices", 6),
        ("漱玉掩模", "Shuyu Photomasks", 3),
        ("芥舟芯片设计", "Jiezhou Chip Design", 2),
    ),
    "biomedicine": (
        ("青蘋生物制药", "Qingpin Biopharma", 9),
        ("白苇疫苗", "Baiwei Vaccines", 6),
        ("芦荻医疗器械", "Ludi Medical Devices", 7),
        ("澄汀细胞技术", "Chengting Cell Technology", 2),
        ("苇岸制剂", "Wei'an Formulations", 6),
        ("蓼汀现代中药", "Liaoting Modern Chinese Medicine", 4),
        ("杏渚诊断试剂", "Xingzhu Diagnostics", 3),
        ("素舸生物材料", "Suge Biomaterials", 2),
        ("兰桡医用耗材", "Lanrao Medical Consumables", 3),
    ),
    "aerospace": (
        ("长脊飞机装配", "Changji Aircraft Assembly", 15),
        ("鸢屿航空发动机部件", "Yuanyu Aero-engine Parts", 9),
        ("云雁航空零部件", "Yunyan Aviation Components", 7),
        ("隼岬无人机", "Sunjia UAVs", 4),
        ("天杼复合材料", "Tianzhu Composites", 5),
        ("鸿渡航空电子", "Hongdu Avionics", 4),
        ("扶摇航材检修", "Fuyao Aviation Materials and Repair", 3),
        ("星槎卫星部件", "Xingcha Satellite Parts", 3),
    ),
    "": (("潮信港口装备", "Chaoxin Port Equipment", 4), ("观屿食品机械", "Guanyu Food Machinery", 2)),
}


@dataclass(frozen=True)
class Employer:
    """``size`` is the share of the region's workers, in no unit; ``upstream`` holds positions in the region's list."""

    position: int
    name_zh: str
    name_en: str
    uscc: str
    industry: str
    address: str
    longitude: float
    latitude: float
    size: int
    late: bool
    upstream: tuple[int, ...]

    @property
    def industry_zh(self) -> str:
        return INDUSTRIES[self.industry]


@dataclass(frozen=True)
class Evaluator:
    name_zh: str
    kind: str
    site: int


EVALUATORS = (
    Evaluator(f"临港演示职业技能评价中心{MARK}", "S", 1),
    Evaluator(f"滴水湖演示技能人才评价院{MARK}", "S", 2),
    Evaluator(f"浦东演示职业技能鉴定所{MARK}", "S", 3),
    Evaluator(f"新片区演示集成电路评价基地{MARK}", "S", 4),
    Evaluator(f"演示航空技能评价站{MARK}", "Y", 5),
    Evaluator(f"演示医药行业评价站{MARK}", "Y", 6),
)
EVALUATORS_OF = {"ai": (0, 1), "ic": (3, 0, 1), "biomedicine": (5, 2), "aerospace": (4, 0), "": (2, 1)}


def employers(lot: Random) -> list[Employer]:
    """Forty employers, some of which joined a year late; larger ones first within an industry."""
    made: list[Employer] = []
    for industry, names in _NAMES.items():
        first = len(made)
        for zh, en, size in names:
            position = len(made)
            suppliers = tuple(sorted(lot.sample(range(first, position), k=min(lot.choice((0, 1, 1, 2)), position - first))))
            made.append(
                Employer(
                    position=position,
                    name_zh=f"上海{zh}有限公司{MARK}",
                    name_en=f"{en} (demo)",
                    uscc=numbers.uscc(position + 1),
                    industry=industry,
                    address=f"临港新片区演示路{lot.randrange(8, 990)}号",
                    longitude=round(lot.uniform(121.830, 121.945), 6),
                    latitude=round(lot.uniform(30.862, 30.925), 6),
                    size=size,
                    late=size <= 3 and lot.random() < 0.4,
                    upstream=suppliers,
                )
            )
    return made
