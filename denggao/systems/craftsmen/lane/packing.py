"""A candidate's file as document, PDF and package."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, cast

import xlsxwriter
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import translation
from django.utils.translation import gettext as _

from denggao.foundation.documents import rendering
from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.queries import open_file
from denggao.foundation.ui.exports import plain
from denggao.systems.craftsmen.lane import docx
from denggao.systems.craftsmen.lane.content import OFFICIAL

PAPER = "craftsmen/candidate"
_BLOCK = 256 * 1024
_BARRED = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_EPOCH = (1980, 1, 1, 0, 0, 0)


def register_paper() -> None:
    rendering.register(PAPER, Path(__file__).parent / "paper" / "candidate.typ")


def words() -> dict[str, str]:
    """Headings of the file, in the language now spoken."""
    return {
        "basics": _("I. Basic data"),
        "known": _("II. What the platform has on record"),
        "told": _("III. Conditions, deeds and opinion of the nominating body"),
        "way": _("IV. How the title was conferred"),
        "recommendation": _("V. Recommendation of the area"),
        "evidence": _("VI. List of evidence"),
        "fact": _("Fact"),
        "value": _("Value"),
        "source": _("Source"),
        "number": _("No."),
        "file": _("File"),
        "size": _("Size"),
        "seal": _("Seal of the recommending body"),
        "day": _("Day"),
        "sample": _("Demo data: not a real person."),
        "hash": _("SHA-256 of this content"),
    }


def word_document(content: Mapping[str, Any], content_hash: str) -> bytes:
    with translation.override(OFFICIAL):
        said = words()
        title = f"{content['title']} · {content['year']}"
        parts: list[docx.Part] = [docx.Heading(content["title"], 0), docx.Text(f"{content['year']} · {content['name']}")]
        if settings.DEMO:
            parts.append(docx.Text(said["sample"], small=True))
        parts += [docx.Heading(said["basics"]), docx.Table((), content["basics"])]
        if content["known"]:
            titles = (said["fact"], said["value"], said["source"])
            parts += [docx.Heading(said["known"]), docx.Table(titles, content["known"], (2, 3, 2))]
        parts.append(docx.Heading(said["told"]))
        for section in content["sections"]:
            parts.append(docx.Heading(section["title"], 2))
            for field in section["fields"]:
                if field["kind"] == "pairs":
                    parts.append(docx.Table((), field["value"]))
                    continue
                parts.append(docx.Heading(field["label"], 3))
                if field["kind"] == "rows":
                    parts.append(docx.Table(field["titles"], field["value"]))
                else:
                    parts.append(docx.Text(field["value"]))
        parts += [docx.Heading(said["way"]), docx.Table((), content["way"])]
        parts += [docx.Heading(said["recommendation"]), docx.Text(content["recommendation"])]
        parts += [docx.Text(f"{said['seal']}：＿＿＿＿＿＿＿＿　　{said['day']}：＿＿＿＿＿＿")]
        parts.append(docx.Heading(said["evidence"]))
        rows = [[str(place), name, _size(size), digest] for place, name, size, digest in content["evidence"]]
        parts.append(docx.Table((said["number"], said["file"], said["size"], "SHA-256"), rows, (1, 5, 2, 6)))
        parts.append(docx.Text(f"{said['hash']} {content_hash}", small=True))
        return docx.document(parts, title=title, author="", footer=f"{title} · {content['name']}")


def pdf_document(content: Mapping[str, Any], content_hash: str, *, at: Any) -> bytes:
    """Raises GlyphMissing."""
    with translation.override(OFFICIAL):
        evidence = [[str(place), name, _size(size), digest] for place, name, size, digest in content["evidence"]]
        data = {**content, "evidence": evidence, "words": words(), "hash": content_hash, "sample": bool(settings.DEMO)}
        return rendering.render(PAPER, data, at=at)


def _size(size: int) -> str:
    return str(filesizeformat(size)).replace("\xa0", " ")


# The package


def names_of(evidence: Sequence[StoredFile]) -> list[str]:
    """Names in the package: numbered, without what a file system can't hold."""
    return [f"{place:02d}_{_BARRED.sub('_', one.name)[-80:]}" for place, one in enumerate(evidence, start=1)]


def index_of(entries: Sequence[tuple[str, int, str]]) -> bytes:
    """An Excel sheet: name, size, SHA-256 of everything in the package."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet()
    with translation.override(OFFICIAL):
        for column, head in enumerate((_("No."), _("File"), _("Size"), "SHA-256")):
            sheet.write_string(0, column, head)
    for row, (name, size, digest) in enumerate(entries, start=1):
        sheet.write_number(row, 0, row)
        sheet.write_string(row, 1, plain(name))
        sheet.write_number(row, 2, size)
        sheet.write_string(row, 3, digest)
    sheet.set_column(1, 1, 48)
    sheet.set_column(3, 3, 68)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


class _Sink:
    """What a zip is written into: it remembers until it is read. Can't be gone back in."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def write(self, data: bytes) -> int:
        self.waiting += data
        return len(data)

    def flush(self) -> None:
        return None

    def close(self) -> None:
        return None


class Package:
    """The zip as a stream: evidence is decrypted and packed block by block as it is read. PRIVACY: no plain byte lies on a disk,
    and memory stays the same however large the evidence is."""

    def __init__(self, made: Sequence[tuple[str, bytes]], evidence: Sequence[tuple[str, StoredFile]]) -> None:
        self._sink = _Sink()
        self._steps = self._pack(made, evidence)
        self._over = False

    def seekable(self) -> bool:
        return False

    def read(self, count: int, /) -> bytes:
        while not self._over and len(self._sink.waiting) < count:
            self._over = next(self._steps, True)
        piece = bytes(self._sink.waiting[:count])
        del self._sink.waiting[:count]
        return piece

    def _pack(self, made: Sequence[tuple[str, bytes]], evidence: Sequence[tuple[str, StoredFile]]) -> Generator[bool]:
        with zipfile.ZipFile(cast(IO[bytes], self._sink), "w", zipfile.ZIP_DEFLATED) as packed:
            for name, data in made:
                packed.writestr(_info(name), data)
                yield False
            for name, stored in evidence:
                with open_file(stored) as opened, packed.open(_info(name), "w", force_zip64=True) as inside:
                    while block := opened.read(_BLOCK):
                        inside.write(block)
                        yield False


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
