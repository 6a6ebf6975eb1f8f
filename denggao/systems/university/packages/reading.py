"""Opening a package that somebody hands in. Nothing of it is believed: names, sizes, hashes, types, texts and settings are all
looked at before anything is kept, and what is wrong is said in sentences."""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, Any, BinaryIO, cast
from uuid import UUID

from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import Refused
from denggao.foundation.files.rules import EXTENSIONS, clean_name, extension_of, kind_of_content
from denggao.foundation.standards.ladder import BY_CODE
from denggao.systems.university import kinds
from denggao.systems.university.cleaning import BODY_LIMIT, clean_html, pictures_in
from denggao.systems.university.packages.drawings import LIMIT as DRAWING_LIMIT
from denggao.systems.university.packages.drawings import DrawingRefused, clean_svg
from denggao.systems.university.packages.files import CARRIED, types_for
from denggao.systems.university.packages.shapes import (
    FORMAT,
    FORMAT_VERSION,
    Content,
    CourseFacts,
    FileShape,
    ModuleShape,
    Pair,
    UnitShape,
)
from denggao.systems.university.unit_settings import SettingsWrong, line

MOST_ENTRIES, MOST_UNITS, MOST_MODULES, MOST_SENTENCES = 5000, 400, 100, 12
MOST_BYTES = 8 * 1024**3
MANIFEST, MANIFEST_LIMIT = "course.json", 5 * 1024 * 1024
RATIO, RATIO_FROM = 200, 4 * 1024 * 1024
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_PIECE = 1024 * 1024


class PackageBroken(Refused):
    """The package can't be taken; ``sentences`` says all that is wrong with it."""

    def __init__(self, *sentences: str) -> None:
        shown = list(dict.fromkeys(sentences))
        if len(shown) > MOST_SENTENCES:
            more = len(shown) - MOST_SENTENCES
            shown = [*shown[:MOST_SENTENCES], _("And %(more)s more.") % {"more": more}]
        super().__init__(" ".join(shown))
        self.sentences = shown


@dataclass
class Package:
    """A package that was looked through. ``types`` is what each file is, by its path; ``notes`` is what was cleaned or left out
    on the way. It reads from its stream for as long as it is used."""

    key: UUID
    facts: CourseFacts
    content: Content
    types: dict[str, str]
    notes: list[str]
    archive: zipfile.ZipFile = field(repr=False)

    def open(self, path: str) -> IO[bytes]:
        """A file as it is to be stored: drawings cleaned."""
        if self.types[path] == "svg":
            return io.BytesIO(clean_svg(self.archive.read(path)))
        return self.archive.open(path)

    def __enter__(self) -> Package:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.archive.close()


def read_package(stream: IO[bytes]) -> Package:
    """Look a package through. Raises PackageBroken. The stream must be seekable, and stay open."""
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise PackageBroken(_("This is no course package: a .zip with course.json in it is expected.")) from None
    try:
        return _Reading(archive).package()
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        archive.close()
        raise PackageBroken(_("The package is damaged: a file in it can’t be read. Export it again.")) from error
    except BaseException:
        archive.close()
        raise


class _Reading:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.wrong: list[str] = []
        self.notes: list[str] = []
        self.types: dict[str, str] = {}
        self.hashes: dict[str, str] = {}
        self.keys: set[UUID] = set()
        self.entries = self._entries()

    def _entries(self) -> dict[str, zipfile.ZipInfo]:
        listed = self.archive.infolist()
        if len(listed) > MOST_ENTRIES:
            raise PackageBroken(_("The package has more than %(most)s files.") % {"most": MOST_ENTRIES})
        if sum(info.file_size for info in listed) > MOST_BYTES:
            raise PackageBroken(_("Unpacked, the package is larger than 8 GB."))
        entries: dict[str, zipfile.ZipInfo] = {}
        for info in listed:
            if info.is_dir():
                continue
            name = info.filename
            if not is_safe_path(name):
                raise PackageBroken(_("A file’s name leads out of the package: %(name)s") % {"name": line(name, 80)})
            if stat.S_ISLNK(info.external_attr >> 16):
                raise PackageBroken(_("A file is a link, and links are not taken: %(name)s") % {"name": line(name, 80)})
            if info.flag_bits & 0x1:
                raise PackageBroken(_("The package is protected by a password. Pack it without one."))
            if name in entries:
                raise PackageBroken(_("Two files have the same name: %(name)s") % {"name": line(name, 80)})
            if info.file_size > RATIO_FROM and info.file_size > RATIO * max(info.compress_size, 1):
                # A file that swells two-hundredfold is made to fill a disk.
                raise PackageBroken(_("A file swells beyond measure when unpacked: %(name)s") % {"name": line(name, 80)})
            entries[name] = info
        return entries

    def package(self) -> Package:
        said = self._manifest()
        key = _uuid(said.get("key"))
        if key is None:
            self.wrong.append(_("key: the course’s own key, a UUID, is missing."))
        facts = self._facts(said)
        content = Content(tuple(self._modules(said.get("modules"))))
        if self.wrong or key is None:
            raise PackageBroken(*self.wrong)
        unused = len(set(self.entries) - set(self.hashes) - self.texts - {MANIFEST})
        if unused:
            self.notes.append(_("Files the course doesn’t speak of, left out: %(count)s.") % {"count": unused})
        return Package(key, facts, content, self.types, list(dict.fromkeys(self.notes)), self.archive)

    texts: set[str]

    def _manifest(self) -> dict[str, Any]:
        self.texts = set()
        if MANIFEST not in self.entries:
            raise PackageBroken(_("This is no course package: course.json is missing at its root."))
        try:
            said = json.loads(self._read(MANIFEST, MANIFEST_LIMIT).decode("utf-8-sig"))
        except (UnicodeDecodeError, ValueError, RecursionError):
            raise PackageBroken(_("course.json can’t be read: it must be JSON in UTF-8.")) from None
        if not isinstance(said, dict) or said.get("format") != FORMAT:
            raise PackageBroken(_("course.json: format must be “%(format)s”.") % {"format": FORMAT})
        if said.get("version") != FORMAT_VERSION or isinstance(said.get("version"), bool):
            raise PackageBroken(_("course.json: only version %(version)s of the format is known.") % {"version": FORMAT_VERSION})
        return said

    def _read(self, name: str, most: int) -> bytes:
        """A small file, never more than it may be whatever its header says."""
        with self.archive.open(name) as stream:
            data = stream.read(most + 1)
        if len(data) > most:
            raise PackageBroken(_("%(name)s is larger than %(limit)s MB.") % {"name": name, "limit": most // 1024 // 1024})
        return data

    def _facts(self, said: dict[str, Any]) -> CourseFacts:
        title, summary = _both(said.get("title"), 160), _both(said.get("summary"), 800)
        code = line(said.get("code"), 60)
        if not CODE.fullmatch(code):
            self.wrong.append(_("code: letters, digits, - and _, at most 40."))
        if not title[0]:
            self.wrong.append(_("title: the course needs one."))
        level = line(said.get("level"), 20)
        if level and level not in BY_CODE:
            self.wrong.append(_("level: %(level)s is not known.") % {"level": level})
        return CourseFacts(
            code=code,
            title_zh=title[0][:120],
            title_en=title[1],
            summary_zh=summary[0][:600],
            summary_en=summary[1],
            language="en" if said.get("language") == "en" else "zh",
            provider=line(said.get("provider"), 120),
            licence=line(said.get("licence"), 80),
            source_version=line(said.get("source_version"), 40),
            industry=line(said.get("industry"), 40),
            occupation=line(said.get("occupation"), 20),
            level=level,
            items=self._items(said.get("items"), "course.json"),
        )

    def _items(self, rows: object, where: str) -> tuple[Pair, ...]:
        pairs: list[Pair] = []
        for row in _list(rows):
            pair = (line(row.get("standard"), 60), line(row.get("item"), 20)) if isinstance(row, dict) else ("", "")
            if not all(pair):
                self.wrong.append(_("%(where)s: an item needs a standard and an item code.") % {"where": where})
            elif pair not in pairs:
                pairs.append(pair)
        return tuple(pairs)

    def _key(self, value: object, where: str) -> UUID:
        key = _uuid(value)
        if key is None or key in self.keys:
            self.wrong.append(_("%(where)s: its key must be a UUID of its own.") % {"where": where})
            return UUID(int=0)
        self.keys.add(key)
        return key

    def _modules(self, rows: object) -> Iterator[ModuleShape]:
        modules, counted = _list(rows), 0
        if len(modules) > MOST_MODULES:
            self.wrong.append(_("More than %(most)s modules.") % {"most": MOST_MODULES})
        for number, row in enumerate(modules[:MOST_MODULES], 1):
            where = _("Module %(number)s") % {"number": number}
            if not isinstance(row, dict):
                self.wrong.append(_("%(where)s: an object is expected.") % {"where": where})
                continue
            units = _list(row.get("units"))
            counted += len(units)
            if counted > MOST_UNITS:
                raise PackageBroken(_("More than %(most)s units.") % {"most": MOST_UNITS})
            made = [self._unit(unit, f"{where} · {place}") for place, unit in enumerate(units, 1)]
            title = line(row.get("title"), 120) or where
            yield ModuleShape(self._key(row.get("key"), where), title, tuple(unit for unit in made if unit is not None))

    def _unit(self, row: object, where: str) -> UnitShape | None:
        if not isinstance(row, dict):
            self.wrong.append(_("%(where)s: an object is expected.") % {"where": where})
            return None
        kind, title = line(row.get("kind"), 30), line(row.get("title"), 120)
        where = f"{where} ({title})" if title else where
        if not kinds.known(kind):
            self.wrong.append(_("%(where)s: this kind of unit is not known: %(kind)s.") % {"where": where, "kind": kind or "–"})
            return None
        if not title:
            self.wrong.append(_("%(where)s: it needs a title.") % {"where": where})
        settings: dict[str, Any] = {}
        try:
            settings = kinds.kind_of(kind).settings(row.get("settings") or {})
        except SettingsWrong as wrong:
            self.wrong += [f"{where}: {sentence}" for sentence in wrong.sentences]
        files = self._files(row.get("files"), kind, where)
        body = self._body(row.get("body"), where)
        missing = set(pictures_in(body)) - {file.path for file in files}
        if missing:
            self.wrong.append(
                _("%(where)s: its text shows a picture that is not among its files: %(name)s.")
                % {"where": where, "name": line(min(missing), 80)}
            )
        return UnitShape(
            key=self._key(row.get("key"), where),
            kind=kind,
            title=title,
            minutes=self._minutes(row.get("minutes"), where),
            required=row.get("required", True) is not False,
            body=body,
            settings=settings,
            items=self._items(row.get("items"), where),
            files=tuple(files),
        )

    def _minutes(self, value: object, where: str) -> int:
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 6000:
            self.wrong.append(_("%(where)s: minutes must be a whole number from 0 to 6000.") % {"where": where})
            return 0
        return value

    def _body(self, name: object, where: str) -> str:
        if name in (None, ""):
            return ""
        if not isinstance(name, str) or name not in self.entries:
            self.wrong.append(_("%(where)s: its text %(name)s is not in the package.") % {"where": where, "name": line(name, 80)})
            return ""
        self.texts.add(name)
        try:
            html = self._read(name, BODY_LIMIT * 4).decode("utf-8-sig")
        except UnicodeDecodeError:
            self.wrong.append(_("%(where)s: its text is not UTF-8.") % {"where": where})
            return ""
        if len(html) > BODY_LIMIT:
            self.wrong.append(_("%(where)s: its text is longer than 200,000 characters. Divide the unit.") % {"where": where})
            return ""
        cleaned = clean_html(html)
        if _weight(cleaned) < _weight(html):
            self.notes.append(_("%(where)s: parts of the text that may not stand in a course were taken out.") % {"where": where})
        return cleaned

    def _files(self, rows: object, kind: str, where: str) -> list[FileShape]:
        files: list[FileShape] = []
        for row in _list(rows):
            shape = self._file(row, kind, where)
            if shape is not None and shape.path in {file.path for file in files}:
                self.wrong.append(_("%(where)s: %(name)s stands there twice.") % {"where": where, "name": shape.path})
            elif shape is not None:
                files.append(shape)
        if sum(file.role == "main" for file in files) > 1:
            self.wrong.append(_("%(where)s: a unit shows one main file.") % {"where": where})
        return files

    def _file(self, row: object, kind: str, where: str) -> FileShape | None:
        said = row if isinstance(row, dict) else {}
        path, role = said.get("path"), line(said.get("role"), 20)
        shown = line(path, 80)
        if not isinstance(path, str) or path not in self.entries or not path.startswith("files/") or len(path) > 160:
            self.wrong.append(_("%(where)s: the file %(name)s is not in the package.") % {"where": where, "name": shown or "–"})
            return None
        taken = types_for(role, kind) if role in CARRIED else ()
        if not taken:
            self.wrong.append(
                _("%(where)s: %(name)s can’t be a file of this kind of unit (%(role)s).")
                % {"where": where, "name": shown, "role": role or "–"}
            )
            return None
        if path not in self.hashes and not self._look_at(path, said.get("sha256"), where):
            return None
        if self.types[path] not in taken:
            self.wrong.append(
                _("%(where)s: %(name)s is not what its place takes: %(kinds)s.")
                % {"where": where, "name": shown, "kinds": ", ".join(f".{EXTENSIONS[one][0]}" for one in taken)}
            )
            return None
        return FileShape(role, path, self.hashes[path], line(said.get("language"), 10), line(said.get("label"), 120))

    def _look_at(self, path: str, claimed: object, where: str) -> bool:
        """What a file is and whether it is whole; drawings are cleaned. Read in pieces, never more than it was said to be."""
        info, digest, head, size = self.entries[path], hashlib.sha256(), b"", 0
        with self.archive.open(path) as stream:
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > info.file_size:
                    raise PackageBroken(_("A file swells beyond measure when unpacked: %(name)s") % {"name": line(path, 80)})
                digest.update(piece)
                head = head or piece
        if not isinstance(claimed, str) or digest.hexdigest() != claimed.strip().lower():
            self.wrong.append(
                _("%(where)s: %(name)s is not the file its author packed: its hash differs. Export the course again.")
                % {"where": where, "name": line(path, 80)}
            )
            return False
        found = self._type_of(path, head, size)
        sha256 = digest.hexdigest()
        if found == "svg":
            try:
                drawn = clean_svg(self._read(path, DRAWING_LIMIT))
            except DrawingRefused as refused:
                self.wrong.append(f"{where}: {line(path, 80)}: {refused}")
                return False
            sha256 = hashlib.sha256(drawn).hexdigest()
        self.types[path], self.hashes[path] = found, sha256
        return True

    def _type_of(self, path: str, head: bytes, size: int) -> str:
        if head.startswith(b"PK"):
            with self.archive.open(path) as stream:
                # A zip within is looked into where it is small enough to be held.
                whole = io.BytesIO(stream.read(64 * 1024 * 1024)) if size <= 64 * 1024 * 1024 else io.BytesIO(head)
            found = kind_of_content(cast(BinaryIO, whole))
        else:
            found = kind_of_content(io.BytesIO(head))
        return found if extension_of(clean_name(path)) in EXTENSIONS.get(found, ()) else ""


def is_safe_path(name: str) -> bool:
    """Whether a name stays within the package: relative, with plain parts, on every system."""
    if not name or name.startswith(("/", "~")) or "\\" in name or ":" in name or "\x00" in name or len(name) > 240:
        return False
    parts = PurePosixPath(name).parts
    return ".." not in parts and "/".join(parts) == name


def _weight(html: str) -> int:
    """How much markup a text has: cleaning that changes but the way it is written takes none of it."""
    return len(re.findall(r"<[a-zA-Z]", html)) + len(re.findall(r"\s(?:src|href|on\w+|style)\s*=", html, re.IGNORECASE))


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _list(rows: object) -> list[Any]:
    return rows if isinstance(rows, list) else []


def _both(said: object, most: int) -> tuple[str, str]:
    """Chinese and English of a text; a plain one is Chinese."""
    if isinstance(said, dict):
        zh, en = line(said.get("zh"), most), line(said.get("en"), most)
        return (zh or en), en
    return line(said, most), ""
