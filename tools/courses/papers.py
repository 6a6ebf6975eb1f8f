"""Cards and sheets to print and take to the machine: PDF by typst, one workbook by openpyxl."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import typst
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Part:
    """A heading with lines to read, or with a table whose first row is its head; ``widths`` as typst writes them."""

    heading: str
    lines: tuple[str, ...] = ()
    table: Rows = ()
    widths: str = ""


@dataclass(frozen=True)
class Paper:
    title: str
    about: str
    parts: tuple[Part, ...]


PAPERS: dict[str, Paper] = {
    "shaft-card": Paper("机械加工工艺卡片 · 台阶光轴", "材料 45 钢 · 毛坯 Φ40 × 155 · 数量 1 · 机床 CA6140 或同类卧式车床", (
        Part("零件要求", ("Φ36 长 60，Φ30 0/−0.033 长 50，Φ24 0/−0.021 长 40，总长 150 ±0.2", "Φ24 对 Φ30（基准 A）的同轴度 Φ0.03；未注倒角 C1；Φ30、Φ24 表面 Ra1.6，其余 Ra3.2", "锐边倒钝，不许用砂布修尺寸")),
        Part("工序", table=(
            ("序", "工步", "刀具与量具", "转速 r/min", "进给 mm/r", "ap mm"),
            ("1", "夹 Φ40 外圆伸出 40，车端面，钻 A3 中心孔", "45° 车刀、A3 中心钻、卡尺", "560（中心钻 800）", "0.2（中心钻手动）", "1"),
            ("2", "掉头，车端面取总长 150，钻 A3 中心孔", "45° 车刀、A3 中心钻、卡尺", "560", "0.2", "1"),
            ("3", "一夹一顶，粗车 Φ36、Φ30、Φ24，各留 1", "90° 粗车刀、卡尺", "450", "0.3", "2"),
            ("4", "两顶尖装夹，精车 Φ30、Φ24 到尺寸，先试切", "90° 精车刀、25–50 与 0–25 千分尺", "900", "0.1", "0.25"),
            ("5", "精车 Φ36，倒角 C1 共 4 处", "90° 精车刀、45° 车刀", "900 / 560", "0.1", "0.25"),
            ("6", "去毛刺，擦净，涂防锈油，自检、送检", "千分尺、百分表、偏摆仪", "—", "—", "—"),
        ), widths="0.5fr, 4fr, 3fr, 1.6fr, 1.6fr, 0.8fr"),
        Part("开车前问自己", ("卡盘扳手拿下来了吗？工件夹紧了吗？尾座锁紧、顶尖松紧合适吗？", "长发收进帽里，袖口扎紧，不戴手套，眼镜戴好。", "转速、进给手柄到位了吗？刀架转一圈会碰到卡爪吗？")),
    )),
    "cutting-data": Paper("切削用量速查（学习用）", "硬质合金刀具、正常刚性。第一刀取下限；以刀具样本与工艺文件为准。", (
        Part("车削 v（米/分）", table=(
            ("材料", "粗车 v", "粗车 f mm/r", "粗车 ap mm", "精车 v", "精车 f mm/r", "精车 ap mm"),
            ("45 钢（正火）", "70–100", "0.25–0.4", "2–4", "110–150", "0.08–0.15", "0.2–0.5"),
            ("40Cr（调质）", "60–80", "0.2–0.35", "1.5–3", "90–120", "0.08–0.15", "0.2–0.4"),
            ("灰铸铁 HT200", "60–80", "0.3–0.5", "2–4", "80–100", "0.1–0.2", "0.2–0.5"),
            ("铝合金 2A12", "200–300", "0.2–0.4", "2–4", "300–500", "0.08–0.15", "0.2–0.5"),
            ("不锈钢 06Cr19Ni10", "50–80", "0.2–0.35", "1–3", "80–110", "0.08–0.15", "0.2–0.4"),
        ), widths="2fr, 1fr, 1.2fr, 1.2fr, 1.1fr, 1.2fr, 1.2fr"),
        Part("换算", ("转速 n = 1000·v ÷（π·d），d 为工件（车）或刀具（铣、钻）直径，毫米", "例：45 钢 Φ40，v = 90：n = 1000 × 90 ÷ 3.14 ÷ 40 ≈ 717，取机床上较低一档", "铣削进给 vf = fz · z · n：每齿 0.08、4 齿、800 转，vf = 256 毫米/分")),
        Part("麻花钻（高速钢）钻钢", table=(("直径 mm", "3", "5", "6.8", "8.5", "10.2", "14"), ("转速 r/min", "1600", "1100", "850", "650", "550", "400"), ("进给 mm/r", "0.05", "0.1", "0.14", "0.17", "0.2", "0.25")), widths="1.6fr, 1fr, 1fr, 1fr, 1fr, 1fr, 1fr"),
    )),
    "first-piece-card": Paper("首件检验单", "每班第一件、换刀后第一件、改程序后第一件，都要三检：自检、互检、专检。", (
        Part("记录", table=(
            ("序", "图纸尺寸", "公差", "量具与编号", "自检", "互检", "专检", "判定"),
            *((str(n), "", "", "", "", "", "", "") for n in range(1, 9)),
        ), widths="0.5fr, 1.6fr, 1.4fr, 2fr, 1fr, 1fr, 1fr, 1fr"),
        Part("规矩", ("三检都签了才准批量加工；有一栏空着，就是没检。", "尺寸压在公差边上也算合格，但要报告班组长：下一件可能就超了。", "不合格件当场隔离、挂红牌，不许混放。")),
    )),
    "lock-card": Paper("能量隔离检查表", "一台设备一张。每一种能源都要写出隔离点、锁号和怎样验证。", (
        Part("能源", table=(
            ("能源", "在哪里", "怎样隔离", "锁号", "余能怎样放", "怎样验证"),
            ("电（动力、控制）", "", "", "", "电容放电，等到规定时间", "验电器先验有电处，再验本处"),
            ("压缩空气", "", "", "", "排气到零", "看压力表，手动一次"),
            ("液压", "", "", "", "泄压，蓄能器放空", "看压力表"),
            ("重力、弹簧", "", "", "", "落到底或插安全销", "轻推不动"),
            ("热、冷、蒸汽", "", "", "", "等到室温", "测温"),
            ("物料、惰性气体", "", "", "", "置换、通风", "测氧、测可燃"),
        ), widths="1.4fr, 1.4fr, 1.4fr, 0.9fr, 1.9fr, 1.9fr"),
        Part("复电", ("人、工具、护罩都清点；各人摘自己的锁；通知受影响的人；再送电。", "锁的主人不在，不剪锁：按程序，由主管核实人已离场并签字。")),
    )),
    "cleanroom-card": Paper("洁净室口袋卡", "折起来放在更衣室，不带进洁净区。", (
        Part("进", ("物品：只带允许的；手机、纸张、木头、铅笔不带；洁净笔、洁净纸可以。", "人：感冒咳嗽、皮肤脱屑、当天化妆，先说，不进。", "次序：换鞋洗手 → 发罩 → 口罩 → 连体服 → 靴 → 手套 → 风淋。")),
        Part("里面", ("走慢一步，身后的气流就少乱一分；不跑、不跳、不拍衣服。", "手放在腰以上、肩以下，看得见的地方。", "不倚靠设备、不坐台面；说话离产品远。", "掉在地上的就是脏的：不捡回台面。")),
        Part("出", ("先脱的最后穿，外面朝里卷；破损的衣服放报废袋。", "记录：离开时间、异常、动过什么。")),
    )),
    "rivet-card": Paper("铆接工艺卡 · 蒙皮与长桁", "铆钉 100° 沉头 Φ4 · 材料 2A10 · 两层夹层 1.5 + 1.5", (
        Part("数据", table=(
            ("项目", "要求", "怎样查"),
            ("孔径", "Φ4.1 +0.1/0", "光滑塞规：通过、止不过"),
            ("窝", "100°，试钉凸出 0–0.1", "窝量规或试钉、百分表"),
            ("边距", "不小于 2 倍钉径，即 8", "钢直尺"),
            ("钉距", "25 ±1", "钢直尺"),
            ("伸出量", "约 1.3 倍钉径，即 5.2", "样板"),
            ("镦头", "直径 6 ±0.4，高不小于 1.6", "镦头样板"),
            ("蒙皮", "铆后局部凹凸不大于 0.2/150", "直尺、塞尺"),
        ), widths="1fr, 2fr, 2fr"),
        Part("返工", ("钻掉：用比钉杆小 0.2 的钻头，钻到钉头深度，撬掉钉头，再冲出钉杆，不许扩大孔。", "同一孔返工不超过两次；孔大了换加大一级铆钉，要经工艺同意。")),
    )),
    "sampling-card": Paper("无菌操作 · 观察表", "练习时两人一组：一人操作，一人按表看。", (
        Part("看什么", table=(
            ("动作", "做到", "没做到", "说明"),
            ("手消毒到肘，待干", "", "", ""), ("手不越过敞口", "", "", ""), ("镊子尖朝下、不碰瓶口外侧", "", "", ""),
            ("动作慢，每次只做一件", "", "", ""), ("倒瓶不扶，移出记录", "", "", ""), ("干预写进批记录", "", "", ""),
        ), widths="2.4fr, 0.8fr, 0.8fr, 2fr"),
    )),
    "six-s-card": Paper("班前五分钟", "站在自己岗位上，一条一条看。", (
        Part("人", ("劳保鞋、护目镜、工作服三紧（领口、袖口、下摆）；转动设备旁不戴手套、围巾、首饰。", "没睡好、吃了犯困的药、喝了酒：说出来，换活。")),
        Part("机", ("急停按下去会停，护罩在位，限位有效，接地线没断。", "听一听空转的声音，闻一闻有没有焦味。")),
        Part("料、法、环", ("工件夹紧，吊具没断丝；工艺文件在手边，是现行版。", "通道、灭火器、电箱前不堆东西；地上没油。")),
    )),
}  # fmt: skip


def set_paper(name: str, folder: Path) -> None:
    paper = PAPERS[name]
    source = _SOURCE + f"#title({_quoted(paper.title)}, {_quoted(paper.about)})\n" + "".join(map(_part, paper.parts))
    made = dt.datetime(2022, 1, 10, tzinfo=dt.UTC)
    (folder / f"{name}.pdf").write_bytes(typst.compile(source.encode(), timestamp=int(made.timestamp())))
    if name == "first-piece-card":
        _workbook(paper, folder / f"{name}.xlsx")


def _part(part: Part) -> str:
    set_lines = "".join(f"#item({_quoted(line)})\n" for line in part.lines)
    if not part.table:
        return f"= #{_quoted(part.heading)}\n{set_lines}"
    cells = ", ".join(f"[*#{_quoted(cell)}*]" for cell in part.table[0])
    cells += ", " + ", ".join(f"[#{_quoted(cell)}]" for row in part.table[1:] for cell in row)
    return f"= #{_quoted(part.heading)}\n#grid-table(({part.widths},), {cells})\n{set_lines}"


def _quoted(said: str) -> str:
    return '"' + said.replace("\\", "\\\\").replace('"', '\\"') + '"'


_SOURCE = """#set document(title: "登高 · 学习资料")
#set page(paper: "a4", margin: (x: 18mm, y: 16mm), footer: text(8pt, fill: rgb("#5B6775"))[登高 · 自编学习资料 · CC BY 4.0])
#set text(font: "Noto Sans CJK SC", lang: "zh", size: 10pt, fill: rgb("#17202E"))
#set par(leading: 0.75em)
#show heading: it => block(above: 14pt, below: 7pt, text(12pt, fill: rgb("#0B6E8F"), it.body))
#let title(said, about) = [#text(18pt, weight: "bold", said) #v(-4pt) #text(9.5pt, fill: rgb("#5B6775"), about) #line(length: 100%, stroke: 1pt + rgb("#C2402B"))]
#let item(said) = block(above: 5pt, below: 5pt)[□ #h(4pt) #said]
#let grid-table(widths, ..cells) = table(columns: widths, inset: 6pt, stroke: 0.5pt + rgb("#C9D2DC"), fill: (_, y) => if y == 0 { rgb("#E8F1F4") }, ..cells)
"""


def _workbook(paper: Paper, path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = paper.title
    edge = Side(style="thin", color="C9D2DC")
    sheet["A1"], sheet["A2"] = paper.title, paper.about
    sheet["A1"].font = Font(size=16, bold=True)
    for column, head in enumerate(paper.parts[0].table[0], 1):
        for row in range(4, 13):
            cell = sheet.cell(row, column, head if row == 4 else (row - 4 if column == 1 else None))
            cell.border, cell.alignment = Border(edge, edge, edge, edge), Alignment(horizontal="center", wrap_text=True)
        sheet.cell(4, column).fill = PatternFill("solid", fgColor="E8F1F4")
        sheet.column_dimensions[sheet.cell(4, column).column_letter].width = (6, 16, 14, 20, 10, 10, 10, 10)[column - 1]
    for row, line in enumerate(paper.parts[1].lines, 14):
        sheet.cell(row, 1, f"□ {line}")
    book.properties.created = book.properties.modified = dt.datetime(2022, 1, 10)  # noqa: DTZ001 -- as the format keeps it
    book.save(path)
