"""Which files a unit may hold, in which role."""

from __future__ import annotations

from collections.abc import Collection

from denggao.systems.university.kinds import kind_of
from denggao.systems.university.models import FileRole

VIDEO, AUDIO = ("mp4", "webm"), ("mp3", "m4a", "ogg", "wav")
PICTURES = ("png", "jpeg", "svg", "webp", "gif")
OFFICE = ("docx", "pptx", "xlsx")
SUBTITLES = ("vtt",)
MAIN = {"video": VIDEO, "audio": AUDIO, "pdf": ("pdf",), "office": OFFICE}
ALL = tuple(dict.fromkeys((*VIDEO, *AUDIO, *PICTURES, *OFFICE, *SUBTITLES, "pdf", "csv", "zip")))
"""Every type a unit takes in some role."""
HANDED_IN = (*ALL, "srt")
"""Every type an author hands in: SRT becomes WebVTT on its way into the unit."""
CARRIED = (FileRole.MAIN, FileRole.POSTER, FileRole.SUBTITLE, FileRole.IMAGE, FileRole.ATTACHMENT)
"""The roles of files an author gives, and a package carries; the others are made from them."""


def types_from_author(role: str, kind: str) -> Collection[str]:
    """The types of file an author may hand in for a role; empty where none."""
    types = types_for(role, kind)
    return (*types, "srt") if types and role == FileRole.SUBTITLE else types


def types_for(role: str, kind: str) -> Collection[str]:
    """The types of file a unit of a kind takes in a role; empty where it takes none."""
    if role == FileRole.MAIN:
        return [one for name in kind_of(kind).main for one in MAIN.get(name, (name,))]
    if role == FileRole.SUBTITLE:
        return SUBTITLES if kind in {"video", "audio"} else ()
    if role in {FileRole.POSTER, FileRole.IMAGE}:
        return PICTURES
    if role == FileRole.ATTACHMENT:
        return ("pdf", *PICTURES, *OFFICE, "csv", "zip", *VIDEO, *AUDIO)
    return ()
