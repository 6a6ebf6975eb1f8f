"""A picture of a certificate that never was: a sheet of paper with a frame, a seal and grey lines instead of words."""

from __future__ import annotations

import struct
import zlib
from functools import cache

WIDTH, HEIGHT = 420, 297


@cache
def scan(lines: int = 6) -> bytes:
    """A PNG. The same for the same number of lines."""
    rows = b"".join(b"\0" + bytes(_shade(x, y, lines) for x in range(WIDTH)) for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def _shade(x: int, y: int, lines: int) -> int:
    """From 0, black, to 255, the paper."""
    edge = min(x, y, WIDTH - 1 - x, HEIGHT - 1 - y)
    if 12 <= edge < 15:
        return 120
    if (x - WIDTH + 90) ** 2 + (y - HEIGHT + 75) ** 2 < 32**2:
        return 150
    line, within = divmod(y - 70, 24)
    if 0 <= line < lines and within < 8 and 50 <= x < WIDTH - 60 - line * 23 % 90:
        return 190
    return 70 if 34 <= y < 52 and 150 <= x < WIDTH - 150 else 250


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
