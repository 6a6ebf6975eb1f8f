"""Films on fitting, riveting and safety."""

from __future__ import annotations

import math

from tools.courses.stage import (
    AMBER,
    CARBIDE,
    CRIMSON,
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
    Stage,
    ease,
)  # fmt: skip


def _filing(s: Stage, at: float) -> None:
    push = (1 - math.cos(at * 1.05)) / 2
    forward = math.sin(at * 1.05) >= 0
    s.rect(250, 212, 140, 70, STEEL_DARK, INK, r=3)
    s.rect(280, 180, 80, 40, STEEL_LIGHT, INK)
    lift = 0 if forward else 4
    x = 150 + push * 130
    y = 176 - lift
    s.rect(x, y - 8, 270, 12, STEEL, INK)
    for tooth in range(26):
        s.line([(x + 6 + tooth * 10, y + 4), (x + 11 + tooth * 10, y - 8)], STEEL_DARK, 0.8)
    s.rect(x - 74, y - 12, 74, 20, CARBIDE, INK, r=8)
    right, left = (14 + 44 * push, 58 - 44 * push) if forward else (6, 6)
    s.arrow((x - 40, y - 22 - right), (x - 40, y - 16), LAKE, 4)
    s.text(x - 40, y - 34 - right, "右手", 12, LAKE, weight="Bold")
    s.arrow((x + 250, y - 22 - left), (x + 250, y - 12), VERMILION, 4)
    s.text(x + 250, y - 34 - left, "左手", 12, VERMILION, weight="Bold")
    if forward:
        s.tag(320, 300, "推进：右手渐重，左手渐轻，锉刀才走得平", JADE)
    else:
        s.tag(320, 300, "回程：不加压，轻轻拖回，或稍抬起", AMBER)
    s.text(320, 60, "每分钟 40 次左右 · 身体带着手走，不光靠胳膊", 13, SLATE)


def _tapping(s: Stage, at: float) -> None:
    turns = 0.0
    step = at / 3.0
    whole, part = int(step), step - int(step)
    turns = whole * 0.5 + (ease(part, 0, 0.6) * 1.0 if part < 0.6 else 1.0 - 0.5 * ease(part, 0.6, 1.0))
    turns = min(turns, 4.5)
    forward = part < 0.6 and at < 25
    cx, top = 220.0, 176.0
    s.rect(90, top, 260, 130, STEEL_LIGHT, INK)
    deep = turns * 19
    s.rect(cx - 20, top, 40, 130, PAPER, INK)
    tip = top + 10 + deep
    for groove in range(7):
        gy = top + groove * 12
        if gy < tip - 8:
            s.line([(cx - 24, gy + 6), (cx - 20, gy)], INK, 1.4)
            s.line([(cx + 20, gy + 6), (cx + 24, gy)], INK, 1.4)
    s.poly(
        [(cx - 22, tip - 92), (cx + 22, tip - 92), (cx + 22, tip - 24), (cx + 14, tip), (cx - 14, tip), (cx - 22, tip - 24)],
        STEEL,
        INK,
    )
    for ridge in range(7):
        gy = tip - 88 + ridge * 11
        s.line([(cx - 22, gy), (cx + 22, gy + 5)], STEEL_DARK, 1)
    s.rect(cx - 10, tip - 128, 20, 36, STEEL_DARK, INK)
    reach = 104 * abs(math.cos(turns * math.pi)) + 18
    s.rect(cx - reach, tip - 140, reach * 2, 13, CARBIDE, INK, r=5)
    s.text(480, 110, "进 1 圈", 22, JADE if forward else LINE, weight="Bold")
    s.text(480, 146, "退半圈", 22, LINE if forward else AMBER, weight="Bold")
    s.text(480, 184, "退是为了断屑", 13, SLATE)
    if at > 9:
        s.tag(480, 220, "起攻一两圈后，用直角尺查两个方向", LAKE)
    if at > 16:
        s.tag(480, 252, "加油；手感发紧先退，不硬拧", CRIMSON)
    if at > 21:
        s.text(480, 288, "M8×1.25：底孔 8 − 1.25 ≈ 6.8 毫米", 13, INK, weight="Bold")


_LOCK = (
    ("① 告知", "告诉受影响的人：要停机检修"),
    ("② 停机", "按正常程序停机"),
    ("③ 隔离", "断开每一处能源：电、气、液、重力"),
    ("④ 上锁挂牌", "一人一锁，钥匙自己带着"),
    ("⑤ 释放余能", "放气、泄压、放电、垫住、楔住"),
    ("⑥ 验证", "按一次启动，确认不动，再复位"),
)


def _locking(s: Stage, at: float) -> None:
    step = min(int(at // 5.5), 5)
    for number, (name, _said) in enumerate(_LOCK):
        done = number < step
        now = number == step
        s.rect(24, 56 + number * 44, 130, 34, LAKE if now else JADE if done else PAPER, LINE, r=6)
        s.text(89, 73 + number * 44, name, 13, PAPER if now or done else SLATE, weight="Bold")
    s.tag(400, 74, _LOCK[step][1], LAKE, 14)
    runs = step < 1 or (step == 1 and at < 7.5)
    s.rect(440, 130, 150, 110, STEEL_LIGHT, INK, r=6)
    turn = at * 200 if runs else 0
    s.circle(515, 185, 38, STEEL, INK)
    for arm in range(3):
        angle = math.radians(turn + arm * 120)
        s.line([(515, 185), (515 + 34 * math.cos(angle), 185 + 34 * math.sin(angle))], INK, 4)
    s.circle(574, 144, 6, JADE if runs else LINE, INK)
    s.rect(210, 130, 120, 150, PAPER, INK, r=4)
    s.text(270, 146, "主断路器", 12, SLATE)
    off = step > 2 or (step == 2 and at > 12.5)
    s.rect(250, 168, 40, 70, STEEL_LIGHT, INK, r=4)
    s.rect(254, 204 if off else 172, 32, 30, CRIMSON if off else JADE, INK, r=3)
    s.text(310, 186, "合", 12, SLATE)
    s.text(310, 220, "分", 12, CRIMSON if off else SLATE)
    s.line([(330, 205), (440, 205)], STEEL_DARK if off else VERMILION, 4)
    if step >= 3:
        drop = (1 - ease(at, 16.5, 18)) * 26
        s.arc(270, 238 - drop, 9, 180, 360, INK, 3)
        s.rect(258, 238 - drop, 24, 20, VERMILION, INK, r=3)
        s.rect(292, 240 - drop, 54, 34, "#FFF3CD", INK, r=2)
        s.text(319, 251 - drop, "禁止合闸", 10, CRIMSON, weight="Bold")
        s.text(319, 265 - drop, "张 · 7-12", 9, INK)
    if step >= 4:
        share = 1 - ease(at, 22.5, 26)
        s.rect(600, 140, 14, 90, PAPER, INK)
        s.rect(601, 140 + 90 * (1 - share) + 1, 12, max(88 * share, 0.6), AMBER)
        s.text(607, 250, "气压", 11, SLATE)
    if step == 5:
        s.circle(515, 268, 14, JADE, INK)
        s.text(515, 268, "启", 12, PAPER)
        s.text(515, 296, "按了，不动" if at > 29.5 else "按一次……", 13, JADE, weight="Bold")


def _riveting(s: Stage, at: float) -> None:
    step = min(int(at // 6), 4)
    names = ("① 定位夹紧", "② 钻孔", "③ 锪窝、去毛刺", "④ 放铆钉", "⑤ 铆成")
    for number, name in enumerate(names):
        s.tag(76 + number * 122, 62, name, LAKE if number == step else JADE if number < step else SLATE, 12)
    cx, top = 320.0, 180.0
    s.rect(120, top, 400, 26, STEEL_LIGHT, INK)
    s.rect(120, top + 26, 400, 26, STEEL, INK)
    if step == 0:
        for x in (180, 460):
            s.rect(x - 8, top - 22 + 12 * (1 - ease(at, 1, 3)) * -1, 16, 100, STEEL_DARK, INK, r=3)
        s.text(cx, 300, "夹紧：两层之间不留间隙，否则孔边起毛、夹层进屑", 13, INK)
    holed = step > 1 or (step == 1 and at > 9)
    if holed:
        s.rect(cx - 12, top, 24, 52, "#F5F7FA", INK)
    if step == 1:
        y = top - 62 + 58 * ease(at, 6.5, 9) - 58 * ease(at, 10, 11.5)
        s.poly([(cx - 12, y - 22), (cx + 12, y - 22), (cx + 12, y + 48), (cx, y + 58), (cx - 12, y + 48)], STEEL, INK)
        for ring in range(3):
            s.line([(cx - 12, y - 4 + ring * 20), (cx + 12, y - 16 + ring * 20)], STEEL_DARK, 1.4)
        s.text(cx, 300, "钻头垂直板面；孔比钉杆大 0.1 毫米左右，按工艺文件", 13, INK)
    if step >= 2:
        if step > 2 or at > 14:
            s.poly([(cx - 26, top), (cx + 26, top), (cx + 12, top + 15), (cx - 12, top + 15)], "#F5F7FA", INK)
        if step == 2:
            s.text(cx, 300, "窝深用铆钉试：钉头凸出量在图纸公差里，宁浅勿深", 13, INK)
            y = top - 48 + 44 * ease(at, 12.5, 14) - 48 * ease(at, 15, 17)
            s.poly([(cx - 26, y), (cx + 26, y), (cx + 12, y + 16), (cx - 12, y + 16)], CARBIDE, INK)
            s.rect(cx - 8, y - 44, 16, 44, STEEL_DARK, INK)
    if step >= 3:
        drop = -70 * (1 - ease(at, 18.5, 21))
        squeeze = ease(at, 25, 28)
        s.poly([(cx - 25, top + drop), (cx + 25, top + drop), (cx + 11, top + 15 + drop), (cx - 11, top + 15 + drop)], CARBIDE, INK)
        long = 78 - 18 * squeeze
        s.rect(cx - 11, top + 14 + drop, 22, long - 14, CARBIDE, INK)
        wide = 11 + 5.5 * squeeze
        if squeeze > 0.02:
            s.rect(cx - wide, top + 52, wide * 2, long - 52, CARBIDE, INK, r=3)
        if step == 3:
            s.text(cx, 300, "伸出量约为 1.3 倍钉杆直径：短了镦不满，长了镦歪", 13, INK)
        else:
            y = top + long
            s.rect(cx - 40, y + 2, 80, 26, STEEL_DARK, INK, r=3)
            s.text(cx + 78, y + 16, "顶铁", 12, SLATE)
            s.rect(cx - 16, top - 62, 32, 60, STEEL_DARK, INK, r=3)
            s.text(cx + 48, top - 40, "铆枪", 12, SLATE)
            s.text(cx, 306, "镦头直径约 1.5 倍钉杆，高约 0.4 倍；不合格钻掉重铆", 13, INK)


FILMS = (
    Film("fitting-filing", "锉削：两手怎样用力", 24, (
        Caption(0.5, 6, "锉刀走得平不平，全在两只手的力。起锉时左手重，右手轻。", "Whether the file runs flat lies in two hands. At the start the left presses hard, the right lightly."),
        Caption(6, 12, "往前推，右手渐渐加重，左手渐渐放轻，锉刀像搁在平板上。", "Pushing forward the right grows heavier, the left lighter; the file lies as on a table."),
        Caption(12, 18, "回程不加压，轻轻拖回，免得磨钝锉齿。", "On the way back no pressure: it would only blunt the teeth."),
        Caption(18, 23.5, "两头低中间高，多半是两手的力没换过来。用刀口形直尺透光看。", "Ends low, middle high? The hands did not change over. Check against the light with a knife edge."),
    ), _filing, 3),
    Film("fitting-tap", "攻螺纹：进一圈，退半圈", 26, (
        Caption(0.5, 8, "丝锥放正，起攻时压着转。进一圈，退半圈，把切屑切断。", "Set the tap upright and press as you start. One turn in, half a turn back: the chip breaks."),
        Caption(9, 15.5, "攻进一两圈，从前面和侧面各用直角尺查一次，歪了现在还能正。", "After a turn or two check with a square from two sides; now it can still be righted."),
        Caption(16, 21, "加切削油。手上发紧，先退出来清屑，硬拧就断在里面。", "Use oil. If it grows tight, back out and clear; forcing it breaks the tap."),
        Caption(21, 25.5, "钢件底孔直径约等于螺纹大径减螺距：M8 乘 1.25，钻 6.8。", "In steel the hole is about the thread size minus the pitch: M8 by 1.25, drill 6.8."),
    ), _tapping, 17),
    Film("safety-lock", "上锁挂牌六步", 33, (
        Caption(0.5, 5.5, "第一步，告知：谁会受影响，先让他知道。", "One, tell: whoever is affected must know."),
        Caption(5.5, 11, "第二步，停机：按正常程序停，不拉急停当停机。", "Two, stop: the normal way; the emergency stop is no stop button."),
        Caption(11, 16.5, "第三步，隔离：电源断开，气、液、重力也各有一道闸。", "Three, isolate: power off, and air, liquid and weight have their own valves."),
        Caption(16.5, 22, "第四步，上锁挂牌：一人一把锁，钥匙装自己口袋，牌上写名字和时间。", "Four, lock and tag: one person, one lock; the key in your pocket; name and time on the tag."),
        Caption(22, 27.5, "第五步，释放余能：管里的气、电容里的电、悬着的重物。", "Five, release what is stored: air in pipes, charge in capacitors, weights that hang."),
        Caption(27.5, 32.5, "第六步，验证：按一次启动，确认它不动，再把开关复位。", "Six, verify: press start once, see that nothing moves, reset the switch."),
    ), _locking, 18),
    Film("aircraft-rivet", "铆一颗沉头钉", 30, (
        Caption(0.5, 6, "先定位、夹紧，两层板贴死，夹层才不会进屑。", "Locate and clamp: sheets tight together, or chips creep between."),
        Caption(6, 12, "钻孔时钻头垂直板面，孔径按工艺文件，比钉杆略大。", "Drill square to the sheet; the hole is slightly larger than the shank, as the process sheet says."),
        Caption(12, 18, "锪窝用铆钉试深浅，宁浅勿深；孔口去毛刺。", "Countersink and try with a rivet: rather shallow than deep. Deburr."),
        Caption(18, 24, "放钉，看伸出量：大约是钉杆直径的一点三倍。", "Insert; what stands out should be about 1.3 times the shank."),
        Caption(24, 29.5, "铆枪打，顶铁顶。镦头圆正、不裂、不歪才算一颗。", "Gun on one side, bucking bar on the other. Round, uncracked, straight: only then it counts."),
    ), _riveting, 27),
)  # fmt: skip
