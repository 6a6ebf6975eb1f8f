"""Films on turning and milling."""

from __future__ import annotations

import itertools
import math

from tools.courses.stage import (
    AMBER,
    CARBIDE,
    CRIMSON,
    GOLD,
    INK,
    JADE,
    LAKE,
    LINE,
    PAPER,
    SLATE,
    STEEL,
    STEEL_DARK,
    STEEL_LIGHT,
    VERMILION,
    Caption,
    Film,
    Point,
    Stage,
    ease,
)  # fmt: skip


def _chuck(s: Stage, y: float, at: float) -> None:
    s.rect(40, y - 74, 46, 148, STEEL_DARK, r=3)
    s.rect(86, y - 62, 30, 124, STEEL, INK)
    for jaw in (0, 1, 2):
        turn = at * 260 + jaw * 120
        up = math.sin(math.radians(turn))
        if math.cos(math.radians(turn)) > -0.2:
            s.rect(100, y + up * 46 - 9, 34, 18, STEEL_LIGHT, INK, r=2)


def _tool(s: Stage, x: float, y: float, *, down: float = 86) -> None:
    """A turning tool from below, its tip at (x, y), its left side edge leading."""
    s.poly([(x, y), (x + 16, y + 5), (x + 26, y + down), (x + 2, y + down), (x + 3, y + 14)], STEEL_DARK, INK)
    s.poly([(x, y), (x + 17, y + 5), (x + 13, y + 20), (x + 3, y + 15)], CARBIDE, INK)


def _turning_pass(s: Stage, at: float) -> None:
    y, left, right = 170, 130, 520
    travel = ease(at, 8, 20)
    back = ease(at, 24, 27)
    tip = right + 16 - travel * (right + 16 - 210) if back == 0 else 210 + back * (right + 16 - 210)
    deep = 8.0 if 6 < at < 23 else 0.0
    cut_to = min(max(tip, 210), right) if at < 23 else 210
    s.rect(left, y - 48, cut_to - left, 96, STEEL, INK)
    if cut_to < right:
        s.rect(cut_to, y - 40, right - cut_to, 80, STEEL_LIGHT, INK)
    for mark in range(4):
        shine = y - 40 + ((at * 190 + mark * 24) % 96)
        if shine < y + 40:
            s.line([(left + 6, shine), (cut_to - 4, shine)], STEEL_DARK, 0.8)
    _chuck(s, y, at)
    s.dashed((60, y), (600, y), SLATE, 1, 10)
    lift = 30 * ease(at, 22, 23.5) if at < 24 else 30.0
    _tool(s, tip, y + 48 - deep + lift)
    if 8 < at < 20 and tip < right:
        for ring in range(5):
            s.arc(tip - 6 - ring * 5, y + 62 + ring * 9 + (at * 30 % 9), 8, 200, 500, GOLD, 2)
    if at < 8:
        s.turn(74, y, 96, -60, 40, LAKE)
        s.tag(206, 66, "主运动：工件旋转 n", LAKE)
    if 5 < at < 21:
        s.arrow((tip - 18, 300), (tip - 80, 300), JADE)
        s.tag(min(max(tip - 48, 90), 540), 322, "进给 f（毫米/转）", JADE)
    if 6 < at < 22:
        s.line([(548, y + 40), (590, y + 40)], CRIMSON, 1.2)
        s.line([(548, y + 48), (590, y + 48)], CRIMSON, 1.2)
        s.tag(560, y + 72, "背吃刀量 ap", CRIMSON)
    if at >= 21:
        s.tag(330, 66, "先退刀，再停车，停稳了才测量", AMBER)
    if at > 25:
        s.line([(400, y - 40), (400, y + 40)], INK, 1.2)
        s.text(440, y, "d2 = d1 − 2·ap", 14, weight="Bold")


def _centre_height(s: Stage, at: float) -> None:
    cases = ((0.0, "刀尖与中心等高", JADE), (-16.0, "刀尖高于中心", CRIMSON), (16.0, "刀尖低于中心", CRIMSON))
    which = 0 if at < 9 else 1 if at < 18 else 2
    target = cases[which][0]
    before = 0.0 if which < 2 else cases[1][0]
    shift = before + (target - before) * ease(at, 9 * which, 9 * which + 2)
    cx, cy, r = 250.0, 195.0, 96.0
    s.circle(cx, cy, r, STEEL_LIGHT, INK, 1.5)
    for spoke in range(6):
        # Seen from the tailstock: where the tool is, the work comes down onto it.
        turn = math.radians(at * 110 + spoke * 60)
        s.line(
            [(cx + 70 * math.cos(turn), cy + 70 * math.sin(turn)), (cx + 88 * math.cos(turn), cy + 88 * math.sin(turn))], STEEL_DARK
        )
    s.turn(cx, cy, 52, -130, -20, LAKE)
    s.dashed((90, cy), (610, cy), SLATE, 1, 9)
    s.text(122, cy - 11, "中心线", 12, SLATE)
    tip = (cx + math.sqrt(r * r - shift * shift) - 3, cy + shift)
    s.poly([tip, (tip[0] + 150, tip[1] + 22), (tip[0] + 150, tip[1] + 56), (tip[0] + 16, tip[1] + 56)], STEEL_DARK, INK)
    s.poly([tip, (tip[0] + 44, tip[1] + 6.5), (tip[0] + 44, tip[1] + 24), (tip[0] + 7, tip[1] + 24)], CARBIDE, INK)
    radial = (tip[0] - cx, tip[1] - cy)
    s.line([(cx, cy), (cx + radial[0] * 1.5, cy + radial[1] * 1.5)], LAKE, 1.4)
    s.tag(470, 66, cases[which][1], cases[which][2])
    if which == 0 and at > 3:
        s.text(490, 112, "前角、后角就是刀具磨出来的角度", 12, SLATE)
    if which == 1 and at > 11:
        s.text(482, 104, "实际前角变大、后角变小", 13, CRIMSON, weight="Bold")
        s.text(482, 126, "后刀面蹭工件，发热、起毛", 12, SLATE)
    if which == 2 and at > 20:
        s.text(482, 104, "实际前角变小、后角变大", 13, CRIMSON, weight="Bold")
        s.text(482, 126, "切削费力，易扎刀；车端面留小凸台", 12, SLATE)


def _thread(s: Stage, at: float) -> None:
    y, left, right, pitch = 150.0, 130.0, 560.0, 26.0
    run = min(int(at // 6), 3)
    share = ease(at, run * 6 + 0.8, run * 6 + 4)
    depths = (7.0, 12.0, 15.0, 17.0)
    s.rect(left, y - 46, right - left, 92, STEEL_LIGHT, INK)
    s.rect(left, y - 34, 40, 68, STEEL, INK)
    tip = right + 12 - share * (right - left - 30)
    for groove in range(14):
        gx = right - 12 - groove * pitch
        if gx < left + 52:
            break
        deep = depths[run] if gx > tip else (depths[run - 1] if run else 0.0)
        if deep:
            half = deep * 0.577
            for side in (1, -1):
                edge = y + side * 46
                s.poly([(gx - half, edge), (gx + half, edge), (gx, edge - side * deep)], "#F5F7FA", INK)
    _chuck(s, y, at)
    s.dashed((60, y), (600, y), SLATE, 1, 10)
    out = 16 * ease(at, run * 6 + 4, run * 6 + 4.5) * (1 - ease(at, run * 6 + 5.6, run * 6 + 6))
    back = ease(at, run * 6 + 4.5, run * 6 + 5.6)
    tip += back * (right + 12 - tip)
    _pointed(s, tip, y + 46 - depths[run] + out)
    if share < 1:
        s.arrow((tip - 14, 292), (tip - 66, 292), JADE)
        s.tag(min(max(tip - 40, 120), 530), 314, f"第 {run + 1} 刀：主轴转一转，刀走一个螺距 P", JADE)
    else:
        s.tag(330, 314, "先横向退刀，再反车退回", AMBER)
    for number in range(4):
        done = number < run or (number == run and at > run * 6 + 4)
        s.circle(470 + number * 34, 60, 11, JADE if done else PAPER, JADE)
        s.text(470 + number * 34, 60, str(number + 1), 12, PAPER if done else JADE, weight="Bold")
    s.text(440, 60, "走刀", 12, SLATE, anchor="rm")


def _pointed(s: Stage, x: float, y: float) -> None:
    s.poly([(x, y), (x + 10, y + 17), (x + 10, y + 84), (x - 10, y + 84), (x - 10, y + 17)], STEEL_DARK, INK)
    s.poly([(x, y), (x + 10, y + 17), (x - 10, y + 17)], CARBIDE, INK)


def _climb(s: Stage, at: float) -> None:
    for centre, climbs in ((170.0, False), (470.0, True)):
        lit = (at < 10 and not climbs) or (10 <= at < 20 and climbs) or at >= 20
        cy, r = 150.0, 56.0
        # Each half stands still while the other is shown.
        moved = max(at - 10, 0) if climbs else min(at, 10) + max(at - 20, 0)
        gone = moved * 1.9
        # The work feeds to the left, so the metal still to be cut stands on the right; the cutter stays where it is.
        ends = (centre - 90 - gone, centre + 132 - gone)
        # Where the cutter goes in: down its circle from the metal's top to the finished face; and the chip of the next tooth.
        cut = [
            (centre + r * math.cos(turn), cy + r * math.sin(turn)) for turn in (math.radians(37.4 + 5.26 * n) for n in range(11))
        ]
        s.poly([(ends[0], 206), *reversed(cut), (ends[1], 184), (ends[1], 246), (ends[0], 246)], STEEL_LIGHT, INK)
        if lit:
            s.poly([*cut, *((min(x + 11, centre + 55.5), y) for x, y in reversed(cut))], CARBIDE)
        way = 1 if climbs else -1
        spin = way * moved * 34
        tips: list[Point] = []
        for tooth in range(8):
            # The steep face goes first.
            for radius, offset in ((r, 0.0), (r - 15, 9.0))[::way]:
                turn = math.radians(spin + tooth * 45 + way * offset)
                tips.append((centre + radius * math.cos(turn), cy + radius * math.sin(turn)))
        s.poly(tips, STEEL, INK)
        s.circle(centre, cy, 16, STEEL_DARK, INK)
        begin, end = (200, 300) if climbs else (340, 240)
        s.turn(centre, cy, 74, begin, end, LAKE)
        s.arrow((centre + 60, 268), (centre - 20, 268), JADE)
        s.text(centre + 84, 268, "进给", 12, JADE, weight="Bold")
        s.tag(centre, 60, "顺铣" if climbs else "逆铣", JADE if climbs else AMBER, 14)
        if lit:
            s.text(
                centre, 294, "切屑由厚到薄，刀齿向下压工件" if climbs else "切屑由薄到厚，刀齿向上抬工件", 12, INK, weight="Bold"
            )
            s.text(centre, 314, "光洁、省力；要求丝杠没有间隙" if climbs else "刀齿先蹭后切；间隙大的老机床用它", 12, SLATE)
    s.line([(320, 52), (320, 322)], LINE, 1)


def _offset(s: Stage, at: float) -> None:
    left, top, w, h = 250.0, 120.0, 220.0, 130.0
    s.rect(60, 60, 520, 230, PAPER, LINE)
    s.circle(84, 270, 4, SLATE)
    s.arrow((84, 270), (140, 270), SLATE, 2)
    s.arrow((84, 270), (84, 214), SLATE, 2)
    s.text(152, 270, "X", 12, SLATE)
    s.text(84, 204, "Y", 12, SLATE)
    s.text(88, 284, "机床零点", 11, SLATE, anchor="lm")
    s.rect(left, top, w, h, STEEL_LIGHT, INK)
    stops = (
        (0.0, 180.0, 185.0),
        (5.0, left - 10, 185.0),
        (9.0, left - 10, 276.0),
        (11.0, 360.0, 276.0),
        (15.0, 360.0, top + h + 10),
        (18.0, 200.0, 276.0),
        (20.0, 200.0, 276.0),
    )
    x, y = stops[0][1], stops[0][2]
    for (b0, x0, y0), (b1, x1, y1) in itertools.pairwise(stops):
        if b0 <= at:
            share = ease(at, b0, b1)
            x, y = x0 + (x1 - x0) * share, y0 + (y1 - y0) * share
    if at < 20:
        s.circle(x, y, 10, CARBIDE, INK, 1.5)
        s.circle(x, y, 2, INK)
    if 4.6 < at < 9:
        s.tag(160, 92, "X 向碰边：机床坐标 X = −412.300", LAKE)
    if at >= 6:
        s.text(330, 310, "工件左边 X = −412.300 + 5.000 = −407.300", 13, LAKE if at < 12 else SLATE, weight="Bold")
    if 14.6 < at < 20:
        s.tag(450, 92, "Y 向碰边：机床坐标 Y = −236.800", LAKE)
    if at >= 16:
        s.text(330, 332, "工件下边 Y = −236.800 + 5.000 = −231.800", 13, LAKE if at < 22 else SLATE, weight="Bold")
    if at >= 20:
        grow = ease(at, 20, 22)
        s.circle(left, top + h, 5, VERMILION)
        s.arrow((left, top + h), (left + 90 * grow + 9, top + h), VERMILION)
        s.arrow((left, top + h), (left, top + h - 80 * grow - 9), VERMILION)
        s.text(left + 112, top + h - 12, "X", 13, VERMILION, weight="Bold")
        s.text(left - 12, top + h - 92, "Y", 13, VERMILION, weight="Bold")
        s.tag(left + 112, top + 30, "G54 原点", VERMILION)
    if at >= 25:
        s.tag(470, 72, "记入 G54：X−407.300  Y−231.800", JADE)


def _micrometer(s: Stage, at: float) -> None:
    # 0 → 7.00, then 7.50, then 7.83 mm; ten picture points a millimetre on the sleeve.
    values = ((0.0, 5.0), (8.0, 7.0), (15.0, 7.5), (23.0, 7.83))
    value = values[0][1]
    for (b0, v0), (b1, v1) in itertools.pairwise(values):
        if at >= b0:
            value = v0 + (v1 - v0) * ease(at, b1 - 3.5, b1)
    base, mm, y = 150.0, 22.0, 170.0
    edge = base + value * mm
    s.rect(70, y - 34, 300, 68, STEEL_LIGHT, INK)
    s.line([(70, y), (edge, y)], INK, 1.5)
    for half in range(21):
        gx = base + half * mm / 2
        if gx > edge:
            break
        whole = half % 2 == 0
        s.line([(gx, y - (16 if half % 10 == 0 else 12)), (gx, y)] if whole else [(gx, y), (gx, y + 11)], INK, 1.2)
        if half % 10 == 0:
            s.text(gx, y - 24, str(half // 2), 12)
    s.rect(edge, y - 52, 210, 104, STEEL, INK)
    s.poly([(edge, y - 42), (edge + 26, y - 52), (edge + 26, y + 52), (edge, y + 42)], STEEL_LIGHT, INK)
    shown = value % 0.5 * 100
    for number in range(-9, 10):
        mark = round(shown) + number
        gy = y + (shown - mark) * 5.2
        if abs(gy - y) > 42:
            continue
        label = mark % 50
        s.line([(edge, gy), (edge + (15 if label % 5 == 0 else 9), gy)], INK, 1.1)
        if label % 5 == 0:
            s.text(edge + 30, gy, str(label), 11, anchor="lm")
    s.rect(edge + 210, y - 30, 40, 60, STEEL_DARK, INK)
    read = "先看微分筒左边露出的刻线"
    if 8 <= at < 12:
        read = "上排 7 露出来了；下排半格还没有：7 毫米"
    elif 15 <= at < 20:
        read = "半格露出来了：7 + 0.5 = 7.5 毫米"
    elif at >= 23:
        read = "固定 7.5 + 微分筒 33 格 × 0.01 = 7.83 毫米"
    s.tag(320, 290, read, JADE if at >= 23 else LAKE, 14)
    if at >= 23:
        s.circle(edge + 4, y, 16, None, CRIMSON, 2)
    if at >= 27:
        s.text(320, 322, "忘了半格，就差 0.5 毫米：读完用卡尺粗看一眼", 13, CRIMSON)
    s.text(200, 72, "一圈 50 格 = 0.5 毫米，一格 = 0.01 毫米", 13, SLATE)


FILMS = (
    Film("turning-pass", "车外圆：三个运动量", 30, (
        Caption(0.5, 5, "主轴带着工件旋转，这是主运动。转速记作 n，单位转每分。", "The spindle turns the work: the main motion. Its speed is n, in revolutions a minute."),
        Caption(5, 8, "刀架沿轴线走，工件转一转刀走多远，就是进给量 f。", "The carriage moves along the axis; how far per revolution is the feed f."),
        Caption(8, 14, "刀尖切进去的深度是背吃刀量 ap，量的是半径。", "How deep the tip goes in is the depth of cut ap, measured on the radius."),
        Caption(14, 20, "直径因此小了两个 ap：d2 = d1 − 2ap。", "So the diameter shrinks by twice that: d2 = d1 − 2ap."),
        Caption(21, 25, "走完先横向退刀，再停车。工件没停稳，不伸手、不测量。", "At the end draw the tool back, then stop. While it turns: no hand, no gauge."),
        Caption(25, 29.5, "停稳后再测量，按实测值决定下一刀。", "Measure only at standstill; what you measured decides the next cut."),
    ), _turning_pass, 15),
    Film("turning-centre", "刀尖对准中心高", 28, (
        Caption(0.5, 8.5, "刀尖和主轴中心一样高，前角、后角才是磨出来的那个角度。", "With the tip at centre height, rake and clearance are the angles that were ground."),
        Caption(9, 17.5, "刀尖高了：前角变大，后角变小，后刀面蹭着工件，发热起毛。", "Too high: more rake, less clearance; the flank rubs, heats and tears."),
        Caption(18, 23, "刀尖低了：前角变小，切削费力，容易扎刀。", "Too low: less rake; the cut is heavy and the tool digs in."),
        Caption(23, 27.5, "车端面时中心会留下小凸台。用尾座顶尖对一下，垫刀片，再锁紧。", "Facing leaves a pip in the centre. Set the tip to the tailstock centre, shim, clamp."),
    ), _centre_height, 6),
    Film("turning-thread", "车三角螺纹：直进法四刀", 25, (
        Caption(0.5, 6, "车螺纹时主轴转一转，刀必须正好走一个螺距，由开合螺母带着走。", "In threading the tool must travel exactly one pitch per turn, driven by the half nut."),
        Caption(6, 12, "每走完一刀，先横向退刀，再反车退回。开合螺母不松开，就不会乱扣。", "After each pass draw back first, then reverse. With the half nut kept closed the thread stays in step."),
        Caption(12, 18, "背吃刀量一刀比一刀少：切削刃越来越宽，力越来越大。", "Each depth is smaller than the last: the engaged edge grows, and the force with it."),
        Caption(18, 24.5, "最后一刀只刮光两侧，用螺纹环规检验：通规过，止规不过。", "The last pass only cleans the flanks; check with ring gauges: GO goes, NO-GO does not."),
    ), _thread, 9),
    Film("milling-climb", "顺铣与逆铣", 28, (
        Caption(0.5, 10, "逆铣：刀齿运动方向与进给相反。切屑由薄到厚，刀齿先蹭后切，并把工件往上抬。", "Conventional milling: teeth move against the feed. The chip goes thin to thick; teeth rub first and lift the work."),
        Caption(10, 20, "顺铣：方向相同。切屑由厚到薄，刀齿把工件压住，表面更光，刀更耐用。", "Climb milling: with the feed. The chip goes thick to thin; teeth press the work down; better finish, longer tool life."),
        Caption(20, 27.5, "顺铣会拉着工作台走。丝杠有间隙的普通铣床，粗铣用逆铣；加工中心多用顺铣。", "Climb milling pulls the table. On machines with backlash rough conventionally; machining centres mostly climb."),
    ), _climb, 21, 30),
    Film("mc-offset", "对刀：找到 G54", 30, (
        Caption(0.5, 5, "寻边器直径 10 毫米，半径 5 毫米。从左边慢慢靠近工件。", "The edge finder is 10 mm across, 5 mm in radius. Approach the work slowly from the left."),
        Caption(5, 10, "碰边的一刻，记下机床坐标 X。工件边还要再往右一个半径。", "At contact note the machine X. The edge lies one radius further right."),
        Caption(10.5, 14.5, "抬刀，绕开，再从下面靠近。移动前先看 Z 在安全高度。", "Lift, go round, approach from below. Before moving make sure Z is at safe height."),
        Caption(14.5, 20, "同样记下 Y，加上半径。符号由靠近的方向决定，不要背公式。", "Note Y likewise and add the radius. The sign follows from the side you came from: think, don't recite."),
        Caption(20, 25, "两条边的交点就是工件原点。", "Where both edges meet lies the work zero."),
        Caption(25, 29.5, "写进 G54 以后，用手轮把刀移到原点上方看一眼，再谈程序。", "Enter it in G54, then jog over the zero and look before running anything."),
    ), _offset, 26),
    Film("measuring-micrometer", "千分尺怎么读", 31, (
        Caption(0.5, 5, "固定套管上排每格 1 毫米，下排刻线在两格正中，是半毫米。", "On the sleeve the upper row marks millimetres; the lower row the halves between."),
        Caption(5, 11, "先读固定套管：露出了第 7 条线，下排还没露出，是 7 毫米。", "Read the sleeve first: the 7 shows, the half does not: 7 mm."),
        Caption(12, 19, "半格露出来，就是 7.5 毫米。这一步最容易漏。", "Once the half shows it is 7.5 mm. This is the step most often missed."),
        Caption(20, 27, "再看微分筒哪一格对着横线：33，就是 0.33。合起来 7.83 毫米。", "Then see which thimble mark meets the line: 33, that is 0.33. Together 7.83 mm."),
        Caption(27, 30.5, "测前先对零，测时只转测力棘轮，响两三声就停。", "Zero it first; turn only the ratchet, two or three clicks, no more."),
    ), _micrometer, 25),
)  # fmt: skip
