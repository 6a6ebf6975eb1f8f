"""Schools, programmes and classes that never were, as plain data; ``story`` tells them to the product."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Teacher:
    """``local`` is the part of the demo's address before the @."""

    local: str
    name: str
    role: str
    title: str


@dataclass(frozen=True)
class Space:
    """A school: ``body`` is the name of the organisation behind it, ``known`` whether the region knows it already."""

    code: str
    body: str
    known: bool
    name_zh: str
    name_en: str
    colour: str
    about: str
    teachers: tuple[Teacher, ...]
    courses: tuple[str, ...]


SPACES: tuple[Space, ...] = (
    Space(
        "lanjia", "澜岬精密制造培训中心（演示）", True, "澜岬精密学堂", "Lanjia Precision School", "lake",
        "<p>车、铣、测，一间车间里学完。白天给企业，晚上和周末给自己来的人。</p>"
        "<p>每门课都有一件要做出来的活：看懂不算会，做出来、量得准、说得清，才算。</p>",
        (
            Teacher("dean", "周明远", "dean", "高级技师"),
            Teacher("teacher", "钱立行", "teacher", "技师"),
            Teacher("assistant", "孙小满", "assistant", "实训指导"),
        ),
        ("turning-basics", "measuring", "milling-basics", "machining-centre", "turning-64"),
    ),
    Space(
        "changji", "上海长脊飞机装配有限公司（演示）", True, "长脊装配学堂", "Changji Assembly School", "steel",
        "<p>企业自己的学堂：教的就是明天要做的。铆接、钳工、能量隔离，从不省一步开始。</p>",
        (
            Teacher("dean-2", "吴砺", "dean", "特级技师"),
            Teacher("teacher-2", "冯知秋", "teacher", "高级技师"),
            Teacher("assistant-2", "许一舟", "assistant", "班组长"),
        ),
        ("workshop-safety", "fitting-basics", "lockout", "aircraft-riveting"),
    ),
    Space(
        "haijia", "海岬理工大学（演示）", False, "海岬产业学院", "Haijia School of Industry", "plum",
        "<p>与企业一起办的学院。集成电路和生物医药的入门课，由产线上的工程师和大学老师一起写、一起教。</p>",
        (
            Teacher("dean-3", "叶见微", "dean", "教授"),
            Teacher("teacher-3", "何清越", "teacher", "讲师"),
            Teacher("assistant-3", "罗小川", "assistant", "实验员"),
        ),
        ("cleanroom-conduct", "ic-basics", "aseptic-basics"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class StudyPlan:
    """``courses`` with whether each is required."""

    school: str
    title_zh: str
    title_en: str
    industry: str
    track: str
    about: str
    courses: tuple[tuple[str, bool], ...]
    entry: str = "open"
    seats: int | None = None


STUDIES: tuple[StudyPlan, ...] = (
    StudyPlan(
        "lanjia", "精密加工：从量具到首件", "Precision machining: from gauge to first piece", "aerospace", "general",
        "<p>先会量，再会车、会铣，最后独立做出加工中心的首件。线上约 26 学时，实操另计。</p>",
        (
            ("measuring", True), ("turning-basics", True), ("milling-basics", True), ("machining-centre", True),
            ("workshop-safety", False),
        ),
    ),
    StudyPlan(
        "lanjia", "四级车工研修", "Turner level 4 seminar", "aerospace", "advanced",
        "<p>有五级证书的人来。六十四课加三次上机，名额少，按申请选。</p>", (("turning-64", True),), "selected", 24,
    ),
    StudyPlan(
        "changji", "飞机装配新工", "New aircraft assemblers", "aerospace", "general",
        "<p>入职前四周。安全在前，手上的功夫在后。</p>",
        (("workshop-safety", True), ("lockout", True), ("fitting-basics", True), ("aircraft-riveting", True)),
    ),
    StudyPlan(
        "haijia", "集成电路新工上岗", "New to the fab", "ic", "urgent",
        "<p>紧缺工种。学完洁净室行为规范才能领门禁卡，再学一颗芯片怎么来。</p>",
        (("cleanroom-conduct", True), ("ic-basics", True)),
    ),
    StudyPlan(
        "haijia", "国际班：走进芯片与无菌制造", "International: into chip making and aseptic practice", "biomedicine",
        "international",
        "<p>给来华实习的同学和海外工厂的班组长。影片有英文字幕，答疑用中英两种语言。</p>"
        "<p>For interns and team leaders from abroad: films with English subtitles, questions answered in both languages.</p>",
        (("ic-basics", True), ("aseptic-basics", True), ("cleanroom-conduct", False)), "selected", 20,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class ClassPlan:
    """``opens``, ``closes`` and ``live`` (a class by link) are days from today; ``hours`` those at which its people learn, no
    other class's, for nobody learns in two at once. ``learners`` says what becomes of each, in order (``learners``), ``worker``
    what becomes of the demo's worker, where it is the worker's class too."""

    code: str
    course: str
    title: str
    entry: str
    opens: int
    closes: int | None
    seats: int | None
    of: str
    hours: tuple[int, int]
    learners: tuple[str, ...]
    worker: str = ""
    live: int = 3


CLASSES: tuple[ClassPlan, ...] = (
    ClassPlan("cleanroom", "cleanroom-conduct", "汐芯新工班", "employer", -46, 30, None, "shown", (12, 19),
              ("finished", "midway", "script", "fresh", "overdue", "invited", "finished", "midway", "removed"), "midway"),
    ClassPlan("ic", "ic-basics", "入门第七期", "employer", -38, 21, None, "shown", (6, 21),
              ("midway", "handed", "overdue", "fresh")),
    ClassPlan("riveting", "aircraft-riveting", "装配新工班", "employer", -30, 40, None, "changji", (12, 19),
              ("midway", "fresh", "finished", "left")),
    ClassPlan("turning", "turning-basics", "晚间班", "open", -44, 60, None, "others", (20, 21),
              ("midway", "handed", "finished", "left", "removed", "fresh")),
    ClassPlan("lessons", "turning-64", "六十四课·常年班", "open", -60, None, None, "others", (7, 13),
              ("midway", "script"), "midway"),
    ClassPlan("centre", "machining-centre", "周末小班", "invited", -14, 45, 3, "others", (9, 17),
              ("midway", "overdue", "fresh", "waiting"), "invited", -4),
    ClassPlan("measure", "measuring", "量具速成班", "open", 6, 40, 30, "others", (9, 17), ()),
    ClassPlan("safety", "workshop-safety", "上岗第一课", "open", -90, None, None, "others", (8, 18),
              ("midway", "fresh"), "finished"),
    ClassPlan("seminar", "turning-64", "研修班（选拔）", "selected", 12, 110, 2, "others", (9, 17), ("applies",) * 4),
    ClassPlan("fitting", "fitting-basics", "第六期", "open", -120, -35, None, "others", (5, 22), ("finished", "left")),
)  # fmt: skip

QUESTIONS: dict[str, tuple[str, str, str, str]] = {
    # Class: unit, question, text, the answer that is accepted.
    "turning": (
        "trial-cut", "试切退刀之后，刻度盘为什么不能直接摇回来？",
        "我摇过头了 0.05，直接倒着摇回去，量出来还是大。",
        "丝杠和螺母之间有间隙，倒着摇的头一段刀架没动。要多退半圈，再顺着进刀方向摇到位。下次在刻度盘上看着间隙有多大：正反各推一下中滑板，手轮空走的那几格就是。",
    ),
    "cleanroom": (
        "gown-film", "口罩戴在发罩里面还是外面？",
        "更衣间贴的图和影片里的顺序看着不一样。",
        "先发罩、后口罩，口罩的带子在发罩外面系，最后连体服的帽子把两样都盖住。两张图画的是同一个次序，贴的那张少画了一步，已经换掉了。",
    ),
    "riveting": (
        "heads", "镦头一边高一边低，差 0.2，算合格吗？",
        "样板卡得进，但看得出歪。",
        "样板能进只说明高度和直径在范围里，歪斜另外看：镦头对钉杆的偏斜和边缘裂纹任一项超差就不收。拿不准，贴标签请检验看，不要自己放行。",
    ),
}  # fmt: skip
# What applicants for a seat say: why, and what they bring.
APPLICATIONS: tuple[tuple[str, str], ...] = (
    ("车间要上梯形螺纹的丝杠，我想把工艺从头学明白，回来带两个人一起做。", "车工五级，六年；能独立车台阶轴，螺纹会车但废品多。"),
    ("想考四级。", "在装配岗，没有上过车床。"),
    ("夜班机台的同轴度总超差，想学会自己找原因。", "车工五级，四年；今年班组质量标兵。"),
    ("明年转到新机台，提前补上锥度和偏心。", "车工五级，三年，做过铣工。"),
)
NOTES = (
    "这里和我们车间的做法不一样，明天问师傅。",
    "先记住顺序，再记住为什么。",
    "讲到的数字抄一遍，贴在工具柜门上。",
    "下次动手之前再看一遍这一段。",
)
HANDED_IN = (
    "先夹 Φ40 外圆车端面、钻中心孔，掉头车端面取总长 150、再钻中心孔；一夹一顶粗车三段各留 1 毫米；"
    "两顶尖精车 Φ30、Φ24，试切 5 毫米量过再走完。"
    "粗车 n = 1000 × 80 ÷ 3.14 ÷ 40 ≈ 637，取 560。最容易出废品的是 Φ24 车小：最后 0.1 分两刀，凉了再量。",
    "我见过一次涂胶机的异常：早班第三批，胶厚报警，比平时薄 40 纳米。先停机、把这批隔离贴标签，再报班长。"
    "后来查到是转速传感器松了。以后每班开机多看一眼转速曲线。",
)
