"""Films, sound and papers made here, small."""

from __future__ import annotations

import functools
import io
import struct
import subprocess
import tempfile
from pathlib import Path

import pypdfium2


@functools.cache
def film(size: str = "320x180", seconds: int = 2, *options: str, ending: str = "mp4") -> bytes:
    """A moving test picture with a tone."""
    given = options or ("-c:v", "libx264", "-profile:v", "baseline", "-pix_fmt", "yuv420p", "-c:a", "aac")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"film.{ending}"
        pictures = ["-f", "lavfi", "-i", f"testsrc=size={size}:rate=12:duration={seconds}"]
        tone = ["-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}"]
        subprocess.run(["ffmpeg", "-v", "error", *pictures, *tone, *given, "-shortest", str(path)], check=True)
        return path.read_bytes()


@functools.cache
def sound(ending: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sound.{ending}"
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=frequency=440:duration=2", str(path)], check=True)
        return path.read_bytes()


def pdf(pages: int) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _number in range(pages):
        document.new_page(595, 842)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def box(kind: bytes, *content: bytes) -> bytes:
    joined = b"".join(content)
    return struct.pack(">I4s", len(joined) + 8, kind) + joined
