"""Films on clean rooms, chips and sterile filling."""

from __future__ import annotations

import math

from tools.courses.stage import (
    AMBER,
    CRIMSON,
    GOLD,
    INK,
    JADE,
    LAKE,
    LINE,
    PAPER,
    SKY,
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

_GOWN = ("换鞋、洗手", "戴发罩", "戴口罩", "穿连体服", "穿洁净靴", "戴手套", "风淋")


def _gowning(s: Stage, at: float) -> None:
    step = min(int(at // 4.6), 6)
    for number, name in enumerate(_GOWN):
        x = 62 + number * 86
        s.circle(x, 66, 13, LAKE if number == step else JADE if number < step else PAPER, LINE)
        s.text(x, 66, str(number + 1), 13, PAPER if number <= step else SLATE, weight="Bold")
        s.text(x, 92, name, 12, INK if number <= step else SLATE)
        if number:
            s.line([(x - 70, 66), (x - 16, 66)], JADE if number <= step else LINE, 2)
    cx, y = 190.0, 205.0
    suit = step > 3 or (step == 3 and at > 15.5)
    cloth = PAPER if suit else "#8FB3C4"
    s.rect(cx - 30, y - 36, 60, 76, cloth, INK, r=16)
    for side in (-1, 1):
        s.rect(cx + side * 14 - 11, y + 34, 22, 62, cloth, INK, r=6)
        s.rect(cx + side * 40 - 9, y - 32, 18, 68, cloth, INK, r=8)
        s.circle(cx + side * 40, y + 44, 9, "#BFD9E6" if step > 5 or (step == 5 and at > 24.5) else "#F0CDB0", INK)
        s.rect(cx + side * 15 - 13, y + 92, 27, 14, PAPER if step >= 5 or (step == 4 and at > 20) else STEEL_DARK, INK, r=4)
    if suit:
        s.circle(cx, y - 63, 33, PAPER, INK)
    s.circle(cx, y - 64, 25, "#F0CDB0", INK)
    if suit:
        # Of the cap under the hood only the rim at the forehead is seen.
        s.poly([(cx - 23, y - 74), (cx - 16, y - 83), (cx, y - 88), (cx + 16, y - 83), (cx + 23, y - 74), (cx, y - 78)], PAPER, INK)
    elif step > 1 or (step == 1 and at > 6.5):
        s.poly([(cx - 26, y - 62), (cx - 24, y - 82), (cx, y - 94), (cx + 24, y - 82), (cx + 26, y - 62), (cx, y - 76)], PAPER, INK)
    else:
        s.poly([(cx - 25, y - 66), (cx - 20, y - 86), (cx, y - 92), (cx + 20, y - 86), (cx + 25, y - 66), (cx, y - 78)], INK)
    s.circle(cx - 9, y - 64, 2, INK)
    s.circle(cx + 9, y - 64, 2, INK)
    if step > 2 or (step == 2 and at > 11):
        s.rect(cx - 17, y - 57, 34, 18, "#BFD9E6", INK, r=6)
    notes = (
        "一般区的鞋不进更衣区；洗净、烘干，不用纸擦",
        "头发一根不露：发罩盖住耳朵和发际",
        "口罩压紧鼻夹，盖住口鼻",
        "从上往下穿，袖口、裤脚不碰地",
        "靴筒套住裤脚，扎紧",
        "手套口包住袖口：先穿的被后穿的压住",
        "举手转身，吹够规定的秒数，再进门",
    )
    s.rect(318, 138, 300, 80, PAPER, LINE, r=8)
    s.text(332, 160, _GOWN[step], 15, LAKE, anchor="lm", weight="Bold")
    s.text(332, 188, notes[step], 12, INK, anchor="lm")
    if step == 6:
        for jet in range(5):
            reach = 40 + (at * 90 + jet * 17) % 50
            jy = y - 70 + jet * 34
            s.line([(70, jy), (70 + reach, jy)], LAKE, 2)
            s.line([(310, jy), (310 - reach, jy)], LAKE, 2)
    else:
        s.text(468, 250, "次序：从头到脚，从里到外；脱的时候反过来", 12, SLATE)


_LITHO = ("清洗、烘干", "旋涂光刻胶", "前烘", "曝光", "显影", "刻蚀", "去胶")


def _lithography(s: Stage, at: float) -> None:
    step = min(int(at // 4.8), 6)
    local = at - step * 4.8
    left, right, base = 90.0, 550.0, 270.0
    s.rect(left, base, right - left, 34, STEEL_DARK, INK)
    s.text(320, base + 17, "硅片", 13, PAPER)
    windows = ((190.0, 250.0), (330.0, 420.0))
    film_top = base - 22
    s.rect(left, film_top, right - left, 22, "#7FB5C9", INK)
    s.text(130, film_top + 11, "薄膜", 11, INK)
    if step > 5 or (step == 5 and local > 1):
        deep = 22 * (ease(local, 1, 4) if step == 5 else 1)
        for a, b in windows:
            s.rect(a, film_top, b - a, deep, "#F5F7FA", INK)
    thick = 24.0
    if step == 1:
        thick = 24 * ease(local, 1.2, 4)
    resist = step >= 1 and not (step == 6 and local > 2)
    if resist and thick > 1:
        s.rect(left, film_top - thick, right - left, thick, "#E7B55A" if step < 3 else "#D9A93F", INK)
        if step == 3 and local > 1.5:
            for a, b in windows:
                s.rect(a, film_top - thick, b - a, thick, "#F3DFAE", INK)
        if step >= 4:
            deep = thick * (ease(local, 0.8, 3.4) if step == 4 else 1)
            for a, b in windows:
                s.rect(a, film_top - thick, b - a, thick, "#F3DFAE", INK)
                s.rect(a, film_top - thick, b - a, deep, "#F5F7FA", INK)
                if deep >= thick and step < 5:
                    s.rect(a, film_top, b - a, 1, INK)
    if step == 3:
        s.rect(left, 150, right - left, 14, INK)
        for a, b in windows:
            s.rect(a, 150, b - a, 14, SKY, INK)
            if local > 0.8:
                for ray in range(5):
                    x = a + 6 + ray * (b - a - 12) / 4
                    s.line([(x, 112), (x, film_top - thick)], "#7A4FBF", 1.4)
        s.text(72, 157, "掩模", 11, SLATE)
        s.text(320, 102, "紫外光", 12, "#7A4FBF", weight="Bold")
    if step == 1 and local < 2.2:
        s.circle(320, 150 + local * 34, 7, "#E7B55A", INK)
        s.turn(320, 330, 22, 200, 330, LAKE)
    if step == 5 and 1 < local < 4.2:
        for a, b in windows:
            for ion in range(3):
                x = a + 12 + ion * (b - a - 24) / 2
                s.arrow((x, 150), (x, 210 + (local * 40 % 20)), CRIMSON, 2)
    for number, name in enumerate(_LITHO):
        s.tag(56 + number * 88, 62, name, LAKE if number == step else JADE if number < step else SLATE, 11)
    notes = (
        "有水汽和颗粒，胶就粘不牢：先清洗、烘干、涂底",
        "胶滴在中心，转起来甩匀：转速越高，膜越薄",
        "软烘赶走溶剂，胶才不粘掩模、不流",
        "正胶：见光的地方会溶掉；对准标记先对上",
        "显影液溶掉见光的胶，图形露出来，立刻冲洗",
        "没有胶保护的薄膜被刻掉；胶挡住其余",
        "去净残胶，量线宽，图形就留在薄膜上了",
    )
    s.text(320, 336, notes[step], 13, INK, weight="Bold")


def _first_air(s: Stage, at: float) -> None:
    bad = at >= 12
    s.rect(90, 48, 460, 26, STEEL_LIGHT, INK)
    s.text(320, 61, "高效过滤器", 12, SLATE)
    for column in range(16):
        x = 108 + column * 28.4
        for piece in range(5):
            y = 78 + (at * 62 + piece * 46 + column * 7) % 210
            blocked = bad and at < 21 and 250 < x < 400 and y > 150
            if not blocked:
                s.line([(x, y), (x, y + 12)], LAKE, 1.2)
    s.rect(90, 300, 460, 10, STEEL, INK)
    for bottle in range(4):
        x = 190 + bottle * 76
        s.rect(x - 13, 252, 26, 48, PAPER, INK, r=4)
        s.rect(x - 7, 238, 14, 15, PAPER, INK)
    if bad and at < 21:
        reach = ease(at, 12, 14)
        hx = 600 - 230 * reach
        s.poly([(640, 120), (hx, 138), (hx - 30, 150), (hx - 34, 164), (hx, 162), (640, 158)], "#BFD9E6", INK)
        if reach > 0.9:
            for dust in range(7):
                drop = (at * 48 + dust * 21) % 78
                s.circle(hx - 30 + dust * 9 + 4 * math.sin(at * 2 + dust), 166 + drop, 2.2, CRIMSON)
            s.tag(250, 122, "手挡住了气流：落下的就是手上的东西", CRIMSON, 12)
    elif at >= 21:
        reach = ease(at, 21, 23)
        hx = 600 - 100 * reach
        s.poly([(640, 262), (hx, 268), (hx - 44, 266), (hx - 44, 272), (hx, 282), (640, 292)], "#BFD9E6", INK)
        s.line([(hx - 44, 268), (hx - 92, 254)], STEEL_DARK, 4)
        s.tag(300, 122, "从侧面、下面进，用工具，不越过敞口", JADE, 12)
    else:
        s.tag(320, 122, "首过空气：过滤后先碰到敞口的那股风", LAKE, 12)


FILMS = (
    Film("cleanroom-gown", "进洁净室：更衣七步", 32, (
        Caption(0.5, 4.6, "换鞋，洗手，烘干。外面的东西留在外面。", "Change shoes, wash, dry. What belongs outside stays outside."),
        Caption(4.6, 9.2, "发罩盖住耳朵和发际，头发一根不露。", "The hood covers ears and hairline; not one hair shows."),
        Caption(9.2, 13.8, "口罩压紧鼻夹。说话也会掉颗粒，少说。", "Press the nose clip of the mask. Talking sheds particles too."),
        Caption(13.8, 18.4, "连体服从上往下穿，袖口裤脚不碰地。", "Suit on; cuffs and legs never touch the floor."),
        Caption(18.4, 23, "靴筒套住裤脚，扎紧。", "Boots over the legs, fastened."),
        Caption(23, 27.6, "手套口包住袖口：后穿的压住先穿的。", "Gloves over the cuffs: what comes later covers what came before."),
        Caption(27.6, 31.5, "风淋时举手转身，吹够时间再开门。", "In the air shower raise your arms and turn; wait it out before the door."),
    ), _gowning, 20),
    Film("ic-litho", "光刻：一层图形怎么来", 34, (
        Caption(0.5, 4.8, "一层图形从清洗开始：水汽和颗粒会让胶粘不牢。", "A layer begins with cleaning: moisture and particles keep resist from sticking."),
        Caption(4.8, 9.6, "光刻胶滴在中心，高速旋转甩匀。转速越高，膜越薄。", "Resist is dropped in the centre and spun out. Faster means thinner."),
        Caption(9.6, 14.4, "前烘赶走溶剂。", "The soft bake drives out solvent."),
        Caption(14.4, 19.2, "隔着掩模曝光。正胶见光的部分会溶掉。", "Exposure through the mask. With positive resist what saw light dissolves."),
        Caption(19.2, 24, "显影，图形露出来。", "Developing opens the pattern."),
        Caption(24, 28.8, "刻蚀：没有胶保护的薄膜被去掉。", "Etching removes the film where no resist protects it."),
        Caption(28.8, 33.5, "去胶，量线宽。这样的循环，一颗芯片要做几十次。", "Strip and measure. A chip goes round this loop dozens of times."),
    ), _lithography, 17),
    Film("aseptic-firstair", "首过空气：手不越过敞口", 28, (
        Caption(0.5, 6, "从高效过滤器下来、先碰到敞口的那股风，叫首过空气。", "The air that leaves the filter and meets the open container first is called first air."),
        Caption(6, 12, "它必须直达瓶口，中间不隔任何东西。", "It must reach the opening with nothing in between."),
        Caption(12, 20.5, "手伸到瓶口上方，落下来的就是手套上的颗粒和菌。", "A hand above the opening: what falls is what was on the glove."),
        Caption(21, 27.5, "从侧面、从下面进，用镊子，动作慢。倒了的瓶子不扶，弃掉。", "Come from the side and below, with forceps, slowly. A fallen vial is not set up again: discard it."),
    ), _first_air, 15),
)  # fmt: skip


def five() -> Stage:
    """The picture of the course on safety, which has no film: five ways to be hurt, one sign each."""
    s = Stage("车间里的五种“要命”")
    signs = (
        ("卷", "转的", CRIMSON),
        ("压", "合的", AMBER),
        ("砸", "吊的", LAKE),
        ("电", "带电的", GOLD),
        ("烧", "着火的", VERMILION),
    )
    for place, (sign, what, colour) in enumerate(signs):
        x = 80 + place * 120
        s.circle(x, 176, 46, PAPER, colour, 4)
        s.text(x, 174, sign, 40, colour, weight="Bold")
        s.text(x, 246, what, 15, INK)
    s.text(320, 300, "每进一个工位，先念一遍", 14, SLATE)
    return s
