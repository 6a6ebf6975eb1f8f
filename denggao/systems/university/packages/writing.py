"""A course as a package. The same course gives the same bytes."""

from __future__ import annotations

import json
import tempfile
import zipfile
from typing import IO, Any

from denggao.foundation.files.queries import open_file
from denggao.systems.university.models import CourseVersion, UnitFile
from denggao.systems.university.packages.contents import content_of, facts_of
from denggao.systems.university.packages.files import CARRIED
from denggao.systems.university.packages.reading import MANIFEST
from denggao.systems.university.packages.shapes import FORMAT, FORMAT_VERSION, Content, CourseFacts, Pair, UnitShape

_PIECE = 1024 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PACKED = ("text/", "image/svg", "application/json")


def write_package(version: CourseVersion) -> IO[bytes]:
    """A version with its files, as a stream at its beginning; close it. Raises FileGone where a file was erased.

    A path stands for one content within a version: whoever adds files sees to it.
    """
    course = version.course
    rows = UnitFile.objects.filter(unit__version=version, role__in=CARRIED).select_related("file").order_by("unit_id", "pk")
    stored = {row.path: row.file for row in rows}
    content, facts = content_of(version), facts_of(course)
    out = tempfile.SpooledTemporaryFile(max_size=8 * 1024 * 1024)  # noqa: SIM115 -- the caller closes it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        manifest = json.dumps(manifest_of(str(course.package_key), facts, content), ensure_ascii=False, indent=1)
        archive.writestr(_entry(MANIFEST), manifest.encode())
        for unit in content.units:
            if unit.body:
                archive.writestr(_entry(_text_path(unit)), unit.body.encode())
        for path in sorted(stored):
            entry = _entry(path, packed=stored[path].content_type.startswith(_PACKED))
            with open_file(stored[path]) as source, archive.open(entry, "w", force_zip64=True) as target:
                while piece := source.read(_PIECE):
                    target.write(piece)
    out.seek(0)
    return out  # type: ignore[return-value]  # a stream in all that is asked of it


def _entry(path: str, *, packed: bool = True) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    entry.external_attr = 0o644 << 16
    return entry


def _text_path(unit: UnitShape) -> str:
    return f"units/{unit.key}.html"


def manifest_of(key: str, facts: CourseFacts, content: Content) -> dict[str, Any]:
    """What stands in ``course.json``."""
    return {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "key": key,
        "code": facts.code,
        "title": {"zh": facts.title_zh, "en": facts.title_en},
        "summary": {"zh": facts.summary_zh, "en": facts.summary_en},
        "language": facts.language,
        "provider": facts.provider,
        "licence": facts.licence,
        "source_version": facts.source_version,
        "industry": facts.industry,
        "occupation": facts.occupation,
        "level": facts.level,
        "items": _items(facts.items),
        "modules": [
            {"key": str(module.key), "title": module.title, "units": [_unit(unit) for unit in module.units]}
            for module in content.modules
        ],
    }


def _items(pairs: tuple[Pair, ...]) -> list[dict[str, str]]:
    return [{"standard": standard, "item": item} for standard, item in sorted(pairs)]


def _unit(unit: UnitShape) -> dict[str, Any]:
    return {
        "key": str(unit.key),
        "kind": unit.kind,
        "title": unit.title,
        "minutes": unit.minutes,
        "required": unit.required,
        "body": _text_path(unit) if unit.body else None,
        "settings": dict(unit.settings),
        "items": _items(unit.items),
        "files": [
            {
                "role": file.role,
                "path": file.path,
                "sha256": file.sha256,
                "language": file.language,
                "label": file.label,
            }
            for file in unit.files
        ],
    }
