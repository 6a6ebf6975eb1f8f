"""A small stage for short films: 640 by 360, drawn at twice that and made smaller, so that edges are smooth."""

from __future__ import annotations

import math
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, SCALE, FPS = 640, 360, 2, 12
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-{}.ttc"
CHINESE_FACE = 2

INK, SLATE, PAPER, MIST, LINE = "#17202E", "#5B6775", "#FFFFFF", "#F5F7FA", "#C9D2DC"
LAKE, VERMILION, GOLD, JADE, AMBER, CRIMSON = "#0B6E8F", "#C2402B", "#B8862B", "#1F7A54", "#9A6400", "#B3261E"
STEEL, STEEL_DARK, STEEL_LIGHT, CARBIDE, SKY = "#AEBBC8", "#7C8A99", "#DDE4EB", "#D9A93F", "#CFE6EE"

Point = tuple[float, float]


@cache
def font(size: int, weight: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT.format(weight), size * SCALE, index=CHINESE_FACE)


class Stage:
    """One frame. Lengths are in picture points, angles in degrees, clockwise from three o'clock."""

    def __init__(self, title: str) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), MIST)
        self.pen = ImageDraw.Draw(self.image)
        self.rect(0, 0, WIDTH, 34, PAPER)
        self.rect(0, 33, WIDTH, 1, LINE)
        self.rect(18, 10, 4, 15, VERMILION)
        self.text(30, 17, title, 14, anchor="lm", weight="Bold")

    def rect(self, x: float, y: float, w: float, h: float, fill: str | None, edge: str | None = None, r: float = 0) -> None:
        box = [x * SCALE, y * SCALE, max((x + w) * SCALE - 1, x * SCALE), max((y + h) * SCALE - 1, y * SCALE)]
        self.pen.rounded_rectangle(box, r * SCALE, fill=fill, outline=edge, width=SCALE if edge else 0)

    def circle(self, x: float, y: float, r: float, fill: str | None, edge: str | None = None, width: float = 1) -> None:
        box = [(x - r) * SCALE, (y - r) * SCALE, (x + r) * SCALE, (y + r) * SCALE]
        self.pen.ellipse(box, fill=fill, outline=edge, width=round(width * SCALE))

    def arc(self, x: float, y: float, r: float, begin: float, end: float, colour: str, width: float = 2) -> None:
        box = [(x - r) * SCALE, (y - r) * SCALE, (x + r) * SCALE, (y + r) * SCALE]
        self.pen.arc(box, begin, end, fill=colour, width=round(width * SCALE))

    def poly(self, points: Sequence[Point], fill: str | None, edge: str | None = None) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.polygon(scaled, fill=fill, outline=edge, width=SCALE if edge else 1)

    def line(self, points: Sequence[Point], colour: str = INK, width: float = 1.5) -> None:
        self.pen.line([(x * SCALE, y * SCALE) for x, y in points], fill=colour, width=round(width * SCALE), joint="curve")

    def dashed(self, a: Point, b: Point, colour: str = SLATE, width: float = 1, dash: float = 6) -> None:
        length = math.dist(a, b) or 1
        ux, uy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
        at = 0.0
        while at < length:
            to = min(at + dash, length)
            self.line([(a[0] + ux * at, a[1] + uy * at), (a[0] + ux * to, a[1] + uy * to)], colour, width)
            at += dash * 1.7

    def arrow(self, a: Point, b: Point, colour: str = LAKE, width: float = 2.5, head: float = 8) -> None:
        turn = math.atan2(b[1] - a[1], b[0] - a[0])
        if math.dist(a, b) < 1:
            return
        base = (b[0] - head * math.cos(turn), b[1] - head * math.sin(turn))
        self.line([a, base], colour, width)
        wing = head * 0.55
        self.poly(
            [
                b,
                (base[0] - wing * math.sin(turn), base[1] + wing * math.cos(turn)),
                (base[0] + wing * math.sin(turn), base[1] - wing * math.cos(turn)),
            ],
            colour,
        )

    def turn(self, x: float, y: float, r: float, begin: float, end: float, colour: str = LAKE, width: float = 2.5) -> None:
        """A curved arrow, clockwise from one angle to the other."""
        self.arc(x, y, r, min(begin, end), max(begin, end), colour, width)
        tip = math.radians(end)
        way = 1 if end > begin else -1
        px, py = x + (r - width / 2) * math.cos(tip), y + (r - width / 2) * math.sin(tip)
        dx, dy = -math.sin(tip) * way, math.cos(tip) * way
        nx, ny = math.cos(tip), math.sin(tip)
        self.poly([(px + dx * 8, py + dy * 8), (px + nx * 5, py + ny * 5), (px - nx * 5, py - ny * 5)], colour)

    def text(
        self, x: float, y: float, said: str, size: int = 13, colour: str = INK, *, anchor: str = "mm", weight: str = "Regular"
    ) -> None:
        self.pen.text((x * SCALE, y * SCALE), said, fill=colour, font=font(size, weight), anchor=anchor)

    def picture(self) -> Image.Image:
        """The frame in its own size."""
        return self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)

    def tag(self, x: float, y: float, said: str, colour: str = LAKE, size: int = 12) -> None:
        """A label on its own ground, centred."""
        width = self.pen.textlength(said, font=font(size, "Bold")) / SCALE + 16
        self.rect(x - width / 2, y - 11, width, 22, colour, r=4)
        self.text(x, y, said, size, PAPER, weight="Bold")


Draw = Callable[[Stage, float], None]


@dataclass(frozen=True)
class Caption:
    begin: float
    end: float
    zh: str
    en: str


@dataclass(frozen=True)
class Film:
    """``draw(stage, seconds)`` draws a frame; ``still`` is the second the poster shows; ``rate`` is the encoder's: higher where
    much moves, so that the file stays small."""

    name: str
    title: str
    seconds: int
    captions: tuple[Caption, ...]
    draw: Draw
    still: float
    rate: int = 28

    def frame(self, at: float) -> Image.Image:
        stage = Stage(self.title)
        self.draw(stage, at)
        return stage.picture()


def ease(at: float, begin: float, end: float) -> float:
    """0 before, 1 after, and softly in between."""
    share = min(max((at - begin) / (end - begin), 0.0), 1.0)
    return share * share * (3 - 2 * share)


def shoot(film: Film, folder: Path) -> None:
    """The film as MP4 that every phone plays, its poster and its subtitles in two languages."""
    command = [
        "ffmpeg", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(FPS),
        "-i", "-", "-c:v", "libx264", "-profile:v", "baseline", "-level", "3.0", "-preset", "slow", "-tune", "animation",
        "-crf", str(film.rate), "-pix_fmt", "yuv420p", "-g", str(FPS * 4), "-movflags", "+faststart", "-map_metadata", "-1",
        "-fflags", "+bitexact", "-flags:v", "+bitexact", str(folder / f"{film.name}.mp4"),
    ]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None
        for number in range(film.seconds * FPS):
            encoder.stdin.write(film.frame(number / FPS).tobytes())
        encoder.stdin.close()
    film.frame(film.still).save(folder / f"{film.name}.webp", quality=80)
    for language in ("zh", "en"):
        write_captions(film.captions, language, folder / f"{film.name}.{language}.vtt")


def write_captions(captions: Sequence[Caption], language: str, path: Path) -> None:
    cues = ["WEBVTT", ""]
    for one in captions:
        cues += [f"{_clock(one.begin)} --> {_clock(one.end)}", one.zh if language == "zh" else one.en, ""]
    path.write_text("\n".join(cues), encoding="utf-8")


def _clock(seconds: float) -> str:
    return f"{int(seconds // 3600):02}:{int(seconds // 60 % 60):02}:{seconds % 60:06.3f}"
