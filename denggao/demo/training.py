"""Training bases that never were: who applied when, what they teach, with whom and on what, and the experts who judged.

Plain data; ``training_story`` tells it to the product through everybody's actions.
"""

from __future__ import annotations

from dataclasses import dataclass

from denggao.demo.bodies import MARK


@dataclass(frozen=True)
class Machine:
    name: str
    model: str
    amount: int
    yuan: int


@dataclass(frozen=True)
class Site:
    """A body that applied to become a training base. ``covers`` says which occupations from which level up to which;
    ``size`` is the number of workstations."""

    code: str
    name_zh: str
    name_en: str
    base_zh: str
    base_en: str
    kind: str
    industry: str
    longitude: float
    latitude: float
    floor_area: int
    size: int
    covers: tuple[tuple[str, str, str], ...]
    machines: tuple[Machine, ...]
    story: str

    @property
    def full_name(self) -> str:
        return f"{self.name_zh}{MARK}"


@dataclass(frozen=True)
class Judge:
    """An expert of the register. ``employer`` is the code of a site where the expert works, or a text."""

    name: str
    title: str
    fields: tuple[str, ...]
    employer: str


LATHE = Machine("数控车床", "YS-T50", 12, 286_000)
MILL = Machine("五轴加工中心", "YS-M5X", 4, 1_680_000)
BENCH = Machine("钳工工作台", "YS-B6", 40, 3_200)
CMM = Machine("三坐标测量机", "YS-C3", 2, 520_000)
RIVET = Machine("自动钻铆单元", "YS-R2", 3, 940_000)
WELD = Machine("氩弧焊工位", "YS-W1", 16, 42_000)
NDT = Machine("相控阵超声检测仪", "YS-U8", 6, 180_000)
CLEAN = Machine("洁净工作台", "YS-K100", 18, 36_000)
BONDER = Machine("引线键合机", "YS-J7", 5, 620_000)
LITHO = Machine("光刻教学线", "YS-L1", 1, 4_800_000)
PROBE = Machine("晶圆探针台", "YS-P4", 4, 450_000)
FILL = Machine("无菌灌装模拟线", "YS-F2", 2, 1_350_000)
FERMENT = Machine("发酵罐（50升）", "YS-E50", 8, 128_000)
HPLC = Machine("高效液相色谱仪", "YS-H1", 6, 310_000)
ROBOT = Machine("六轴工业机器人", "YS-A6", 10, 238_000)
VISION = Machine("机器视觉工作站", "YS-V3", 14, 66_000)
LABEL = Machine("数据标注工位", "YS-D1", 48, 9_800)
DRONE = Machine("无人机检修台", "YS-N2", 8, 58_000)

# In the order in which they applied; the first ten were accredited.
SITES: tuple[Site, ...] = (
    Site("base-01", "滴水湖航空职业技术学院", "Dishui Lake Aviation Polytechnic",
         "滴水湖航空装配实训基地", "Dishui Lake Aircraft Assembly Base",
         "school", "aerospace", 121.9286, 30.9012, 6_200, 86,
         (("飞机装配工", "5", "2"), ("装配钳工", "5", "3"), ("无损检测员", "4", "3")), (RIVET, BENCH, NDT, CMM),
         "从蒙皮铆接到部件对合，一条线练到底。"),
    Site("base-02", "澜岬精密制造培训中心", "Lanjia Precision Training Centre",
         "澜岬数控加工实训基地", "Lanjia CNC Machining Base",
         "provider", "aerospace", 121.8764, 30.8875, 4_100, 64,
         (("车工", "5", "2"), ("铣工", "5", "2"), ("装配钳工", "5", "4")), (LATHE, MILL, CMM),
         "车、铣、测在一个车间里完成，夜班也能来练。"),
    Site("base-03", "泖石半导体", "Maoshi Semiconductor",
         "泖石晶圆制造实训基地", "Maoshi Wafer Fabrication Base",
         "employer", "ic", 121.8921, 30.8969, 3_400, 42,
         (("半导体芯片制造工", "5", "3"), ("晶片加工工", "5", "4")), (LITHO, CLEAN, PROBE),
         "按量产线一比一搭建的教学洁净室。"),
    Site("base-04", "白苇生物技术学校", "Baiwei Biotechnology School",
         "白苇生物制药实训基地", "Baiwei Biopharmaceutical Base",
         "school", "biomedicine", 121.9117, 30.8803, 2_900, 48,
         (("药物制剂工", "5", "3"), ("发酵工程制药工", "5", "4"), ("化学检验员", "4", "3")), (FILL, FERMENT, HPLC),
         "从更衣到放行，按生产质量管理规范走一遍。"),
    Site("base-05", "砂岸封测实训中心", "Sha'an Packaging Training Centre",
         "砂岸封装测试实训基地", "Sha'an Packaging and Testing Base",
         "provider", "ic", 121.8547, 30.9056, 2_600, 38,
         (("半导体分立器件和集成电路装调工", "5", "3"), ("电子专用设备装调工", "4", "3")), (BONDER, PROBE, CLEAN),
         "键合、塑封、终测，三天一轮换。"),
    Site("base-06", "沧屿智能装备", "Cangyu Intelligent Equipment",
         "沧屿机器人运维实训基地", "Cangyu Robotics Base",
         "employer", "ai", 121.8689, 30.9144, 3_100, 52,
         (("工业机器人系统运维员", "5", "3"), ("工业视觉系统运维员", "4", "3"), ("电工", "5", "4")), (ROBOT, VISION),
         "拆得开、装得回、说得清为什么停。"),
    Site("base-07", "听潮数据学院", "Tingchao Data Academy",
         "听潮人工智能训练实训基地", "Tingchao AI Training Base",
         "provider", "ai", 121.9022, 30.9178, 1_800, 60,
         (("人工智能训练师", "5", "3"), ("智能硬件装调员", "5", "4")), (LABEL, VISION),
         "白天给企业用，晚上给转岗的人用。"),
    Site("base-08", "鸢屿航空发动机部件", "Yuanyu Aero-engine Parts",
         "鸢屿叶片磨削实训基地", "Yuanyu Blade Grinding Base",
         "employer", "aerospace", 121.8412, 30.8931, 2_300, 30,
         (("航空发动机装配工", "4", "2"), ("焊工", "5", "3")), (MILL, WELD, CMM),
         "师傅带着磨，磨到图纸上的那条线。"),
    Site("base-09", "芦荻医疗器械学校", "Ludi Medical Devices School",
         "芦荻医疗器械装配实训基地", "Ludi Medical Device Assembly Base",
         "school", "biomedicine", 121.9364, 30.8706, 2_100, 44,
         (("医疗器械装配工", "5", "3"), ("疫苗制品工", "5", "4")), (CLEAN, FILL),
         "小到一枚阀片，也有它的装配记录。"),
    Site("base-10", "石渠微电子技师学院", "Shiqu Microelectronics College",
         "石渠集成电路装备实训基地", "Shiqu IC Equipment Base",
         "school", "ic", 121.8835, 30.9098, 4_700, 58,
         (("电子专用设备装调工", "5", "2"), ("机修钳工", "5", "3"), ("电工", "5", "3")), (PROBE, BENCH, ROBOT),
         "让修设备的人先学会读设备。"),
    Site("base-11", "隼岬无人机", "Sunjia UAVs",
         "隼岬无人机检修实训基地", "Sunjia UAV Maintenance Base",
         "employer", "aerospace", 121.8593, 30.8787, 1_500, 26,
         (("无人机装调检修工", "5", "3"),), (DRONE, BENCH),
         "低空经济的第一批检修工从这里上岗。"),
    Site("base-12", "杏渚诊断技术培训中心", "Xingzhu Diagnostics Training Centre",
         "杏渚检验实训基地", "Xingzhu Laboratory Base",
         "provider", "biomedicine", 121.9203, 30.8951, 1_200, 32,
         (("化学检验员", "5", "3"),), (HPLC, CLEAN),
         "把实验室的规矩练成手上的习惯。"),
    Site("base-13", "玄圭硅片", "Xuangui Wafers",
         "玄圭硅片加工实训基地", "Xuangui Wafer Processing Base",
         "employer", "ic", 121.8478, 30.9167, 2_000, 34,
         (("晶片加工工", "5", "3"),), (CLEAN, PROBE),
         "切、磨、抛，每一刀都量得出来。"),
    Site("base-14", "星泽智能驾驶", "Xingze Intelligent Driving",
         "星泽智能网联实训基地", "Xingze Connected Driving Base",
         "employer", "ai", 121.9431, 30.9069, 1_700, 28,
         (("智能硬件装调员", "5", "3"), ("人工智能训练师", "5", "4")), (VISION, LABEL),
         "传感器装得准，车才看得清。"),
)  # fmt: skip

JUDGES: tuple[Judge, ...] = (
    Judge("苏映川", "正高级工程师", ("aerospace",), "东岬工程技术研究院（演示）"),
    Judge("林见山", "高级技师", ("aerospace", "ai"), "东岬工程技术研究院（演示）"),
    Judge("郑守拙", "特级技师", ("aerospace",), "望潮航空部件研究所（演示）"),
    Judge("韩以诚", "高级工程师", ("aerospace", "ic"), "base-11"),
    Judge("李知微", "教授", ("ic",), "海岬理工大学（演示）"),
    Judge("王砚田", "高级技师", ("ic", "ai"), "海岬理工大学（演示）"),
    Judge("沈砚秋", "正高级工程师", ("ic",), "镜湖集成电路研究所（演示）"),
    Judge("顾嘉树", "副教授", ("biomedicine",), "海岬理工大学（演示）"),
    Judge("陆清和", "主任药师", ("biomedicine",), "芷汀药物研究所（演示）"),
    Judge("马知遥", "高级工程师", ("biomedicine", "ai"), "芷汀药物研究所（演示）"),
    Judge("程砚清", "高级技师", ("ai",), "海岬理工大学（演示）"),
    Judge("阿依古丽·买买提江", "教授级高工", ("ai", "ic"), "西岬自动化研究所（演示）"),
    Judge("邵闻道", "特级技师", ("aerospace",), "望潮航空部件研究所（演示）"),
    Judge("屠清岚", "正高级工程师", ("aerospace", "ai"), "海岬理工大学（演示）"),
    Judge("仲长青", "高级技师", ("aerospace",), "鹤汀技师学院（演示）"),
    Judge("万俟安", "高级工程师", ("ic",), "镜湖集成电路研究所（演示）"),
    Judge("苗望舒", "正高级工程师", ("ic",), "鹤汀技师学院（演示）"),
    Judge("柏见秋", "高级技师", ("ic", "biomedicine"), "镜湖集成电路研究所（演示）"),
    Judge("桂知闲", "主任药师", ("biomedicine",), "芷汀药物研究所（演示）"),
    Judge("古丽扎尔·艾尼", "教授", ("biomedicine",), "海岬理工大学（演示）"),
    Judge("殷其雷", "高级技师", ("biomedicine",), "鹤汀技师学院（演示）"),
    Judge("晏小山", "高级工程师", ("ai",), "西岬自动化研究所（演示）"),
    Judge("滕望北", "特级技师", ("ai",), "鹤汀技师学院（演示）"),
    Judge("逄长歌", "教授级高工", ("ai", "aerospace"), "西岬自动化研究所（演示）"),
)
