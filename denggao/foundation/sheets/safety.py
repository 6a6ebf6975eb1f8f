"""Whether a file may be opened at all. Judged on the bytes, before any reader of spreadsheets sees them.

SECURITY: a file is hostile until shown otherwise. Sizes are what inflating yields, never what a header claims; an XML
part with a document type is refused (it is what entity bombs need); macros and encryption are refused by content.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actions import Refused
from denggao.foundation.sheets.compound import NotCompound, read_compound

ENTRY_LIMIT = 2_000
INFLATED_LIMIT = 400 * 1024 * 1024
RATIO_LIMIT = 250
RATIO_FROM = 16 * 1024 * 1024
ROW_LIMIT = 100_000
COLUMN_LIMIT = 500
AREA_LIMIT = 6_000_000
_CHUNK = 256 * 1024
_XML_ENDINGS = (".xml", ".rels", ".vml")


class SheetRefused(Refused):
    """The file can't be taken as it is. The message is one sentence that says what to do, in whatever language is active
    when it is shown; ``values`` fill its placeholders."""

    def __init__(self, text: Any, **values: object) -> None:
        super().__init__(text)
        self.text = text
        self.values = values

    def __str__(self) -> str:
        return str(self.text) % self.values if self.values else str(self.text)


class Format(StrEnum):
    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"


@dataclass(frozen=True)
class Taken:
    """A file that may be opened. ``misnamed`` says that its name promises another format than its content holds."""

    format: Format
    data: bytes
    misnamed: bool = False


_TOO_LARGE_AREA = _(
    "The sheet “%(sheet)s” reaches further than can be taken (%(rows)s rows, %(columns)s columns). Delete the empty rows and "
    "columns behind the data, or split the list."
)


def reaches_too_far(sheet: str, rows: int, columns: int) -> SheetRefused:
    return SheetRefused(_TOO_LARGE_AREA, sheet=sheet, rows=rows, columns=columns)


def refuse_larger_than_limit(size: int) -> None:
    """Raises SheetRefused. To be asked before a byte is read."""
    limit = settings.UPLOAD_LIMIT_BYTES
    if size > limit:
        raise SheetRefused(
            _("The file has %(size)s MB; at most %(limit)s MB are taken. Remove pictures and unused sheets, or split the list."),
            size=-(-size // 2**20),
            limit=limit // 2**20,
        )


def read_limited(stream: BinaryIO) -> bytes:
    """All of a stream, but never more than the limit. Raises SheetRefused."""
    data = stream.read(settings.UPLOAD_LIMIT_BYTES + 1)
    refuse_larger_than_limit(len(data))
    return data


def inspect(name: str, data: bytes) -> Taken:
    """Say what the file is. Raises SheetRefused for what is no spreadsheet, is locked, carries macros or is a bomb."""
    refuse_larger_than_limit(len(data))
    ending = PurePosixPath(name.replace("\\", "/").lower()).suffix
    if not data.strip(b"\0 \r\n\t"):
        raise SheetRefused(_("The file is empty. Choose the file that holds the list."))
    if ending in {".xlsm", ".xltm", ".xlam", ".xla"}:
        raise _macros()
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        _inspect_zip(data)
        return Taken(Format.XLSX, data, misnamed=ending != ".xlsx")
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        _inspect_compound(data)
        return Taken(Format.XLS, data, misnamed=ending != ".xls")
    if ending not in {".csv", ".txt", ".tsv", ".xls", ".xlsx"}:
        raise _no_spreadsheet()
    _inspect_text(data)
    return Taken(Format.CSV, data, misnamed=ending not in {".csv", ".txt", ".tsv"})


def inflate(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of a member as it really inflates, whatever its header claims. Raises BadZipFile, SheetRefused."""
    raw = archive.fp
    if raw is None:
        raise zipfile.BadZipFile(info.filename)
    raw.seek(info.header_offset)
    header = raw.read(30)
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile(info.filename)
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    raw.seek(name_length + extra_length, io.SEEK_CUR)
    left = info.compress_size
    inflater = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
    total = 0
    try:
        while left > 0 or (inflater and inflater.unconsumed_tail):
            piece = inflater.unconsumed_tail if inflater else b""
            if not piece:
                piece = raw.read(min(_CHUNK, left))
                left -= len(piece)
                if not piece:
                    raise zipfile.BadZipFile(info.filename)
            out = inflater.decompress(piece, _CHUNK * 4) if inflater else piece
            total += len(out)
            if total > INFLATED_LIMIT or (total > RATIO_FROM and total > RATIO_LIMIT * max(info.compress_size, 1)):
                raise _bomb()
            if out:
                yield out
            if inflater and inflater.eof:
                break
        rest = inflater.flush() if inflater else b""
    except zlib.error as error:
        raise zipfile.BadZipFile(info.filename) from error
    if rest:
        yield rest
    if total + len(rest) != info.file_size or (inflater and not inflater.eof):
        raise zipfile.BadZipFile(info.filename)


def _inspect_zip(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > ENTRY_LIMIT:
                raise _bomb()
            if any(info.flag_bits & 0x1 for info in members):
                raise _locked()
            names = {info.filename.lower() for info in members}
            _judge_names(names, [info.filename for info in members])
            total = 0
            for info in members:
                if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                    raise _damaged()
                for size in _judge_member(archive, info):
                    total += size
                    if total > INFLATED_LIMIT:
                        raise _bomb()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError, struct.error, NotImplementedError) as error:
        raise _damaged() from error


def _judge_names(names: set[str], listed: list[str]) -> None:
    if len(names) != len(listed):
        raise _damaged()
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise _macros()
    if "xl/workbook.xml" not in names:
        if "xl/workbook.bin" in names:
            raise SheetRefused(_("This is a binary workbook (.xlsb). Open it in Excel and save it as .xlsx."))
        raise _no_spreadsheet()
    if "[content_types].xml" not in names:
        raise _damaged()


def _judge_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[int]:
    """Yields the sizes of the pieces as they inflate."""
    is_xml = info.filename.lower().endswith(_XML_ENDINGS)
    is_types = info.filename.lower() == "[content_types].xml"
    tail = b""
    for number, piece in enumerate(inflate(archive, info)):
        if is_xml:
            seen = tail + piece
            if number == 0:
                _judge_declaration(seen[:200])
            if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                raise SheetRefused(
                    _("The file carries a document type, which no spreadsheet needs. Save it anew in Excel as .xlsx.")
                )
            if is_types and (b"macroEnabled" in seen or b"vbaProject" in seen):
                raise _macros()
            tail = piece[-16:]
        yield len(piece)


def _judge_declaration(head: bytes) -> None:
    """Only UTF-8 is looked through here, so only UTF-8 may come: else a document type could hide in another encoding."""
    start = head.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in head or start[:2] in {b"\xfe\xff", b"\xff\xfe"} or (start.strip() and not start.lstrip().startswith(b"<")):
        raise _damaged()
    declaration = start.split(b"?>", 1)[0].lower()
    if start.startswith(b"<?xml") and b"encoding" in declaration and not (b"utf-8" in declaration or b"us-ascii" in declaration):
        raise _damaged()


def _inspect_compound(data: bytes) -> None:
    try:
        compound = read_compound(data)
    except NotCompound as error:
        raise _damaged() from error
    names = {name.lower() for name in compound.names}
    if "encryptedpackage" in names or "encryptioninfo" in names:
        raise _locked()
    if any(name.startswith("_vba_project") or name in {"vba", "macros"} for name in names):
        raise _macros()
    if not names & {"workbook", "book"}:
        raise _no_spreadsheet()


def _inspect_text(data: bytes) -> None:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<head", b"<meta", b"mime-version")):
        raise SheetRefused(_("This is a web page under the name of a spreadsheet. Open it in Excel and save it as .xlsx."))
    if head.startswith((b"%pdf", b"\x89png", b"\xff\xd8", b"gif8", b"rar!", b"7z\xbc\xaf", b"{\\rtf", b"\x1f\x8b")):
        raise _no_spreadsheet()


def _no_spreadsheet() -> SheetRefused:
    return SheetRefused(_("This is no spreadsheet. Hand in an .xlsx, .xls or .csv file."))


def _macros() -> SheetRefused:
    return SheetRefused(_("The workbook carries macros, which are not taken. Save it as .xlsx (without macros) and hand that in."))


def _locked() -> SheetRefused:
    return SheetRefused(_("The workbook is protected by a password. Remove the password in Excel, save it and hand it in again."))


def _damaged() -> SheetRefused:
    return SheetRefused(_("The file is damaged or incomplete. Open it in Excel, save it anew as .xlsx and hand that in."))


def _bomb() -> SheetRefused:
    return SheetRefused(
        _("The file unpacks to far more than a list needs. Copy the list alone into a new workbook and hand that in.")
    )


damaged, locked, no_spreadsheet = _damaged, _locked, _no_spreadsheet
