"""Sounds of a lathe, made by arithmetic: to learn the pattern by, not recorded from a machine."""

from __future__ import annotations

import array
import math
import subprocess
import tempfile
import wave
from collections.abc import Callable
from pathlib import Path
from random import Random

from tools.courses.stage import Caption, write_captions

RATE = 22_050
Sound = Callable[[float, float], float]
"""The amplitude, -1 to 1, at a second, given a noise value."""


def steady(at: float, noise: float) -> float:
    """An even cut: the motor's hum and an even hiss."""
    return 0.22 * math.sin(2 * math.pi * 98 * at) + 0.1 * math.sin(2 * math.pi * 196 * at) + 0.1 * noise


def chatter(at: float, noise: float) -> float:
    """The tool swings against the work: a howl that beats."""
    howl = math.sin(2 * math.pi * 640 * at) + 0.5 * math.sin(2 * math.pi * 1280 * at + 0.6)
    return steady(at, noise) * 0.7 + 0.3 * howl * (0.65 + 0.35 * math.sin(2 * math.pi * 11 * at))


def interrupted(at: float, noise: float) -> float:
    """The edge strikes a groove once a revolution, six times a second."""
    since = at * 6 % 1 / 6
    return steady(at, noise) * 0.7 + 0.75 * math.exp(-since * 60) * (0.5 * noise + math.sin(2 * math.pi * 420 * at))


def worn_bearing(at: float, noise: float) -> float:
    """A low rumble that grows and fades with each revolution."""
    return steady(at, noise) * 0.6 + 0.4 * noise * (0.5 + 0.5 * math.sin(2 * math.pi * 3.1 * at)) ** 3


TRACKS: dict[str, tuple[tuple[Sound, float, str, str], ...]] = {
    "turning-sounds": (
        (steady, 9, "平稳切削：声音均匀，像一直下着的小雨。", "An even cut: steady, like light rain."),
        (chatter, 9, "颤振：尖叫带抖，工件上留鱼鳞纹。先退刀，再查悬伸、转速、刀尖圆弧。", "Chatter: a howl that beats and leaves scales. Back off, then check overhang, speed, nose radius."),
        (interrupted, 9, "断续切削：每转一响，车键槽轴、方料时正常；光轴上听到，查工件有没有夹偏。", "Interrupted cut: a knock each turn; right for grooved or square stock. On a plain shaft check the clamping."),
        (worn_bearing, 9, "主轴轴承发响：低沉、一阵一阵。停机报修，不要带病干。", "A worn spindle bearing: low, coming and going. Stop and report it."),
        (steady, 6, "再听一遍平稳的声音，记住它。", "Hear the even one again, and remember it."),
    ),
    "noise-levels": (
        (lambda at, noise: steady(at, noise) * 0.25, 7, "约 70 分贝：一米外正常说话听得清。", "About 70 dB: normal speech carries a metre."),
        (lambda at, noise: steady(at, noise) * 0.7, 7, "约 85 分贝：要提高嗓门。每天八小时，从这里起必须护耳。", "About 85 dB: you raise your voice. For eight hours a day protection begins here."),
        (lambda at, noise: min(max(steady(at, noise) * 1.9, -0.95), 0.95), 7, "约 95 分贝：贴着耳朵喊才听见。不戴护耳，不许停留。", "About 95 dB: shouting into the ear. No staying without protection."),
    ),
}  # fmt: skip


def record(name: str, folder: Path) -> None:
    """The track as M4A, with what is heard as subtitles in two languages."""
    lot = Random(name)
    samples, captions, begin, low = array.array("h"), [], 0.0, 0.0
    for sound, seconds, zh, en in TRACKS[name]:
        count = int(seconds * RATE)
        for number in range(count):
            low = 0.6 * low + 0.4 * lot.uniform(-1, 1)
            fade = min(number, count - number, RATE // 4) / (RATE // 4)
            samples.append(int(max(-1.0, min(1.0, sound(number / RATE, low) * fade)) * 26_000))
        captions.append(Caption(begin + 0.2, begin + seconds - 0.2, zh, en))
        begin += seconds
    with tempfile.NamedTemporaryFile(suffix=".wav") as raw:
        with wave.open(raw.name, "wb") as out:
            out.setparams((1, 2, RATE, 0, "NONE", ""))
            out.writeframes(samples.tobytes())
        target = str(folder / f"{name}.m4a")
        command = [
            "ffmpeg",
            "-y",
            "-loglevel",
            "error",
            "-i",
            raw.name,
            "-c:a",
            "aac",
            "-b:a",
            "40k",
            "-map_metadata",
            "-1",
            target,
        ]
        subprocess.run([*command[:-1], "-fflags", "+bitexact", "-f", "ipod", target], check=True)
    for language in ("zh", "en"):
        write_captions(captions, language, folder / f"{name}.{language}.vtt")
