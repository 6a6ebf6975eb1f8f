"""Courses kept as text, made into packages of the open format: what an author would hand in."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import yaml

HERE = Path(__file__).resolve().parent
FILES = HERE / "files"
_KEYS = UUID("5a5b0f0e-8f3a-4a57-9a6b-0d6e4c7c1f10")
_PICTURE = re.compile(r'src="files/([^"]+)"')
PROVIDER, LICENCE = "登高课程组（演示）", "CC BY 4.0"


def key_of(*names: str) -> UUID:
    """The key of a course, a module or a unit: the same in every build."""
    return uuid5(_KEYS, "/".join(names))


def read_yaml(path: Path) -> Any:
    """By the fast reader where it is there."""
    with path.open(encoding="utf-8") as text:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 -- both are safe


@dataclass(frozen=True)
class Source:
    """A course as its file says it. ``requires`` are the codes of courses that come first."""

    said: dict[str, Any] = field(repr=False)

    @property
    def code(self) -> str:
        return str(self.said["code"])

    @property
    def requires(self) -> list[str]:
        return list(self.said.get("requires", ()))

    @cached_property
    def units(self) -> list[dict[str, Any]]:
        return [unit for module in self.said["modules"] for unit in module["units"]]

    @property
    def cover(self) -> Path:
        """The picture on its card: that which the course names, else its first film's."""
        name = self.said.get("cover") or next(unit["film"] for unit in self.units if unit.get("film"))
        return FILES / f"{name}.webp"

    def unit(self, name: str) -> UUID:
        return key_of(self.code, name)

    def package(self) -> bytes:
        """The course as a zip."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("course.json", json.dumps(self._manifest(), ensure_ascii=False, indent=1))
            for unit in self.units:
                if unit.get("body"):
                    archive.writestr(_text_path(unit), unit["body"])
            for name in sorted({name for unit in self.units for name, *_rest in _files(unit)}):
                archive.write(FILES / name, f"files/{name}")
        return out.getvalue()

    def _manifest(self) -> dict[str, Any]:
        said = self.said
        return {
            "format": "denggao-course",
            "version": 1,
            "key": str(key_of(self.code)),
            "code": self.code,
            "title": said["title"],
            "summary": {language: text.strip() for language, text in said["summary"].items()},
            "language": "zh",
            "provider": PROVIDER,
            "licence": LICENCE,
            "source_version": "1",
            "industry": said.get("industry", ""),
            "occupation": said.get("occupation", ""),
            "level": said.get("level", ""),
            "items": self._items(said.get("items", ())),
            "modules": [
                {
                    "key": str(key_of(self.code, "module", module["title"])),
                    "title": module["title"],
                    "units": [self._unit(unit) for unit in module["units"]],
                }
                for module in said["modules"]
            ],
        }

    def _items(self, items: list[Any]) -> list[dict[str, str]]:
        return [one if isinstance(one, dict) else {"standard": self.said["standard"], "item": one} for one in items]

    def _unit(self, unit: dict[str, Any]) -> dict[str, Any]:
        return {
            "key": str(self.unit(unit["name"])),
            "kind": unit["kind"],
            "title": unit["title"],
            "minutes": unit.get("minutes", 0),
            "required": unit.get("required", True),
            "body": _text_path(unit) if unit.get("body") else None,
            "settings": unit.get("settings", {}),
            "items": self._items(unit.get("items", ())),
            "files": [
                {"role": role, "path": f"files/{name}", "sha256": _hash(name), "language": language, "label": label}
                for name, role, language, label in _files(unit)
            ],
        }


def _files(unit: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Name, role, language and label of each file a unit speaks of."""
    for said, ending in (("film", "mp4"), ("sound", "m4a"), ("paper", "pdf"), ("office", "xlsx")):
        if name := unit.get(said):
            yield f"{name}.{ending}", "main", "", ""
    if film := unit.get("film"):
        yield f"{film}.webp", "poster", "", ""
    if played := unit.get("film") or unit.get("sound"):
        yield f"{played}.zh.vtt", "subtitle", "zh", "中文"
        yield f"{played}.en.vtt", "subtitle", "en", "English"
    for label, name in unit.get("take", {}).items():
        yield name, "attachment", "zh", label
    for name in dict.fromkeys(_PICTURE.findall(unit.get("body") or "")):
        yield name, "image", "", ""


def _text_path(unit: dict[str, Any]) -> str:
    return f"units/{unit['name']}.html"


def _hash(name: str) -> str:
    return hashlib.sha256((FILES / name).read_bytes()).hexdigest()


def sources() -> dict[str, Source]:
    """All courses by their code, those that others require before them."""
    read = [Source(read_yaml(path)) for path in sorted((HERE / "courses").glob("*.yaml"))]
    return {source.code: source for source in sorted(read, key=lambda source: bool(source.requires))}
