"""A package as an author might hand it in, and ways to break it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any
from uuid import UUID

KEY = UUID("0190b5a0-0000-7000-8000-000000000001")
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h10"/><script>alert(1)</script></svg>'
VIDEO = b"\0\0\0\x20ftypisom\0\0\2\0" + b"\0" * 2000
SUBTITLES = "WEBVTT\n\n00:00.000 --> 00:02.000\n车刀\n".encode()
BODY = '<h2>车刀</h2><p onclick="x()">正文<script>alert(1)</script></p><img src="files/tool.svg" alt="车刀">'


def key(number: int) -> str:
    return str(UUID(int=KEY.int + number))


def named(path: str, data: bytes, role: str = "main", **facts: Any) -> dict[str, Any]:
    return {"role": role, "path": path, "sha256": hashlib.sha256(data).hexdigest(), **facts}


def manifest() -> dict[str, Any]:
    """A course with a reading that shows a drawing, a video with subtitles, a check and a practical task."""
    return {
        "format": "denggao-course",
        "version": 1,
        "key": str(KEY),
        "code": "turning-basics",
        "title": {"zh": "车工基础", "en": "Turning basics"},
        "summary": {"zh": "认识车床", "en": "Know your lathe"},
        "language": "zh",
        "provider": "滴水湖学院",
        "licence": "CC BY 4.0",
        "source_version": "1",
        "level": "5",
        "items": [{"standard": "turner-5", "item": "1.1"}],
        "modules": [
            {
                "key": key(1),
                "title": "认识车床",
                "units": [
                    {
                        "key": key(2), "kind": "reading", "title": "车刀", "minutes": 10, "required": True,
                        "body": "units/tool.html", "settings": {"min_seconds": 30},
                        "items": [{"standard": "turner-5", "item": "1.2"}],
                        "files": [named("files/tool.svg", DRAWING, "image")],
                    },
                    {
                        "key": key(3), "kind": "video", "title": "装夹", "minutes": 2, "required": True, "body": None,
                        "settings": {"no_skip": True, "watch_percent": 90},
                        "files": [
                            named("files/clamp.mp4", VIDEO, type="video/mp4"),
                            named("files/clamp.zh.vtt", SUBTITLES, "subtitle", language="zh", label="中文"),
                        ],
                    },
                ],
            },
            {
                "key": key(4),
                "title": "练一练",
                "units": [
                    {
                        "key": key(5), "kind": "check", "title": "自测", "minutes": 5, "required": True, "body": None,
                        "settings": {
                            "pass_percent": 60,
                            "questions": [
                                {"code": "q1", "kind": "truefalse", "text": "车刀要夹紧", "answer": True, "feedback": ""},
                                {"code": "q2", "kind": "number", "text": "1+1", "answer": 2, "tolerance": 0.1},
                            ],
                        },
                    },
                    {
                        "key": key(6), "kind": "practical", "title": "车外圆", "minutes": 45, "required": False, "body": None,
                        "settings": {"steps": [{"code": "s1", "text": "装夹工件"}], "place": "一号车间"},
                    },
                ],
            },
        ],
    }  # fmt: skip


FILES = {
    "units/tool.html": BODY.encode(),
    "files/tool.svg": DRAWING,
    "files/clamp.mp4": VIDEO,
    "files/clamp.zh.vtt": SUBTITLES,
}


def packed(said: Any = None, files: dict[str, bytes] | None = None) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "course.json", said if isinstance(said, str | bytes) else json.dumps(said or manifest(), ensure_ascii=False)
        )
        for name, data in (FILES if files is None else files).items():
            archive.writestr(name, data)
    out.seek(0)
    return out
