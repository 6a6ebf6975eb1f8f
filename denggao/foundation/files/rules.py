"""What a file is, by its content and not by its name, and how its name is cleaned."""

from __future__ import annotations

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Collection
from typing import BinaryIO

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    "xls": "application/vnd.ms-excel",
    "csv": "text/csv",
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "zip": "application/zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "doc": "application/msword",
    "ppt": "application/vnd.ms-powerpoint",
    "odt": "application/vnd.oasis.opendocument.text",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "gif": "image/gif",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "vtt": "text/vtt",
    "srt": "application/x-subrip",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "yaml": "application/yaml",
    "encrypted": "application/octet-stream",
}
EXTENSIONS = {
    "xlsx": ("xlsx",),
    "xlsm": ("xlsm",),
    "xls": ("xls",),
    "csv": ("csv", "txt"),
    "pdf": ("pdf",),
    "png": ("png",),
    "jpeg": ("jpg", "jpeg"),
    "zip": ("zip",),
    "docx": ("docx",),
    "pptx": ("pptx",),
    "doc": ("doc",),
    "ppt": ("ppt", "pps"),
    "odt": ("odt",),
    "odp": ("odp",),
    "ods": ("ods",),
    "gif": ("gif",),
    "webp": ("webp",),
    "svg": ("svg",),
    "vtt": ("vtt",),
    "srt": ("srt",),
    "mp4": ("mp4", "m4v", "mov"),
    "webm": ("webm", "mkv"),
    "mp3": ("mp3",),
    "m4a": ("m4a",),
    "ogg": ("ogg", "oga"),
    "wav": ("wav",),
    "yaml": ("yaml", "yml"),
}
VIDEO = ("mp4", "webm")
AUDIO = ("mp3", "m4a", "ogg", "wav")
OFFICE = ("docx", "pptx", "xlsx", "doc", "ppt", "xls", "odt", "odp", "ods")
IMAGE = ("png", "jpeg", "gif", "webp", "svg")
SUBTITLE = ("vtt", "srt")
_HEAD = 8192
_MP3 = (0xFB, 0xF3, 0xF2, 0xFA)
_SRT = re.compile(rb"\d+\s*\r?\n\s*\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}\s*-->")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLES = {
    "EncryptedPackage".encode("utf-16-le"): "encrypted",
    "WordDocument".encode("utf-16-le"): "doc",
    "PowerPoint Document".encode("utf-16-le"): "ppt",
}
_FAMILIES = {
    "zip": ("zip", "xlsx", "xlsm", "docx", "pptx", "odt", "odp", "ods"),
    "xls": ("xls", "doc", "ppt", "encrypted"),
    "csv": ("csv", "yaml"),
}
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u202a-\u202e\u2066-\u2069\u200e\u200f]+')
_NAME_CHARACTERS = 120


def clean_name(name: str) -> str:
    """A name that can stand in a header, on any file system and on a page: no folders, no control or direction
    characters, at most 120 characters with the extension kept; never empty."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = _UNSAFE.sub("_", name).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if dot and stem and len(extension) <= 10:
        return f"{stem[: _NAME_CHARACTERS - len(extension) - 1].rstrip()}.{extension}"
    return name[:_NAME_CHARACTERS] or "file"


def extension_of(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def kind_of_content(stream: BinaryIO) -> str:
    """One of CONTENT_TYPES' keys, or "" for what is none of them. Reads the beginning, and a zip's table of contents;
    leaves the stream at its beginning. ``encrypted`` is an Office file under a password."""
    stream.seek(0)
    head = stream.read(_HEAD)
    kind = kind_of_head(head)
    if kind == "zip":
        kind = _kind_of_zip(stream)
    elif kind == "xls":
        stream.seek(0)
        kind = _kind_of_ole(stream)
    stream.seek(0)
    return kind


def kind_of_head(head: bytes) -> str:
    """What the first bytes of a file say; ``zip`` and ``xls`` may turn out to be another of their families."""
    head = head[:_HEAD]
    return _by_signature(head) or (_kind_of_text(head) if _is_text(head) else "")


def may_become(head: bytes, taken: Collection[str]) -> bool:
    """Whether a file that begins so may be one of the types taken: what can be said when its first piece has come."""
    kind = kind_of_head(head)
    return not taken or not set(_FAMILIES.get(kind, (kind,))).isdisjoint(taken)


def _by_signature(head: bytes) -> str:
    for signature, kind in (
        (_OLE, "xls"),
        (b"PK\x03\x04", "zip"),
        (b"%PDF-", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff", "jpeg"),
        (b"GIF8", "gif"),
        (b"\x1aE\xdf\xa3", "webm"),
        (b"OggS", "ogg"),
        (b"ID3", "mp3"),
        *((bytes((0xFF, second)), "mp3") for second in _MP3),
    ):
        if head.startswith(signature):
            return kind
    if head[4:8] == b"ftyp":
        return "m4a" if head[8:11] == b"M4A" else "mp4"
    if head[:4] == b"RIFF":
        return {b"WAVE": "wav", b"WEBP": "webp"}.get(head[8:12], "")
    return ""


def _kind_of_text(head: bytes) -> str:
    """Subtitles and drawings are told by how they begin; any other text is a list."""
    if head.startswith(_UTF_16):
        head = head.decode("utf-16", "ignore").encode()
    begins = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if begins.startswith(b"WEBVTT"):
        return "vtt"
    if _SRT.match(begins):
        return "srt"
    return "svg" if begins.startswith(b"<") and b"<svg" in head else "csv"


def _kind_of_zip(stream: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
            opened = _mimetype_of(archive) if "mimetype" in names else ""
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, zlib.error):
        return ""
    if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
        return "xlsm" if "xl/vbaProject.bin" in names else "xlsx"
    for folder, kind in (("word/", "docx"), ("ppt/", "pptx")):
        if "[Content_Types].xml" in names and any(name.startswith(folder) for name in names):
            return kind
    return next((kind for kind in ("odt", "odp", "ods") if opened == CONTENT_TYPES[kind]), "zip")


def _mimetype_of(archive: zipfile.ZipFile) -> str:
    """What an OpenDocument file says of itself, stored in plain as its first member."""
    with archive.open("mimetype") as member:
        return member.read(100).decode("ascii", "replace")


def _kind_of_ole(stream: BinaryIO) -> str:
    """What an OLE file's directory names: an encrypted package (the way Office locks its files), a text, slides; else a
    workbook."""
    kept, found = b"", set()
    while piece := stream.read(1 << 20):
        found |= {kind for name, kind in _OLES.items() if name in kept + piece}
        kept = piece[-64:]
    return next((kind for kind in ("encrypted", "doc", "ppt") if kind in found), "xls")


def _is_text(head: bytes) -> bool:
    if head.startswith(_UTF_16):
        return True
    if b"\x00" in head:
        return False
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):
            # The head may end within a character.
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False
