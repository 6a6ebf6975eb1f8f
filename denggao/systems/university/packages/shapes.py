"""A course's content as plain values: what a package says, what a version holds, and how the two differ."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

FORMAT, FORMAT_VERSION = "denggao-course", 1
Pair = tuple[str, str]


@dataclass(frozen=True)
class FileShape:
    """A file of a unit: ``sha256`` of its bytes as they are stored."""

    role: str
    path: str
    sha256: str
    language: str = ""
    label: str = ""


@dataclass(frozen=True)
class UnitShape:
    key: UUID
    kind: str
    title: str
    minutes: int
    required: bool
    body: str
    settings: Mapping[str, Any]
    items: tuple[Pair, ...] = ()
    files: tuple[FileShape, ...] = ()


@dataclass(frozen=True)
class ModuleShape:
    key: UUID
    title: str
    units: tuple[UnitShape, ...]


@dataclass(frozen=True)
class CourseFacts:
    """What is said of a course as a whole. Codes of industry, occupation and items as they are named; empty where none."""

    code: str
    title_zh: str
    title_en: str = ""
    summary_zh: str = ""
    summary_en: str = ""
    language: str = "zh"
    provider: str = ""
    licence: str = ""
    source_version: str = ""
    industry: str = ""
    occupation: str = ""
    level: str = ""
    items: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class Content:
    """The modules of one version, or of one package."""

    modules: tuple[ModuleShape, ...]

    @property
    def units(self) -> list[UnitShape]:
        return [unit for module in self.modules for unit in module.units]

    @property
    def minutes(self) -> int:
        return sum(unit.minutes for unit in self.units)

    @property
    def content_hash(self) -> str:
        """Of all that a learner is given, in its order; two contents are the same where it is."""
        return hashlib.sha256(_canonical(self).encode()).hexdigest()


def _canonical(content: Content) -> str:
    said = [
        {"key": str(module.key), "title": module.title, "units": [_told(unit) for unit in module.units]}
        for module in content.modules
    ]
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _told(unit: UnitShape) -> dict[str, Any]:
    return {
        "key": str(unit.key),
        "kind": unit.kind,
        "title": unit.title,
        "minutes": unit.minutes,
        "required": unit.required,
        "body": unit.body,
        "settings": dict(unit.settings),
        "items": sorted(unit.items),
        "files": [[file.role, file.path, file.sha256, file.language, file.label] for file in by_role(unit.files)],
    }


def by_role(files: Iterable[FileShape]) -> list[FileShape]:
    return sorted(files, key=lambda file: (file.role, file.path))


@dataclass(frozen=True)
class Change:
    """One unit that differs. ``what`` names the parts that do: title, text, settings, files, items, place, kind, length."""

    unit: UnitShape
    what: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """What brings one content to another."""

    added: Sequence[UnitShape] = field(default_factory=list)
    removed: Sequence[UnitShape] = field(default_factory=list)
    changed: Sequence[Change] = field(default_factory=list)
    modules_changed: bool = False

    @property
    def is_none(self) -> bool:
        return not (self.added or self.removed or self.changed or self.modules_changed)


def difference(before: Content, after: Content) -> Difference:
    """Units are the same where their keys are."""
    old, new = _placed(before), _placed(after)
    changed = []
    for key, (unit, place) in new.items():
        if key in old:
            was, was_at = old[key]
            what = tuple(name for name, differs in _parts(was, unit) if differs) + (("place",) if place != was_at else ())
            if what:
                changed.append(Change(unit, what))
    return Difference(
        added=[unit for key, (unit, _place) in new.items() if key not in old],
        removed=[unit for key, (unit, _place) in old.items() if key not in new],
        changed=changed,
        modules_changed=[(module.key, module.title) for module in before.modules]
        != [(module.key, module.title) for module in after.modules],
    )


def _placed(content: Content) -> dict[UUID, tuple[UnitShape, tuple[UUID | None, UUID]]]:
    """Each unit with what it stands after, within its module: so a unit put in moves none of the others but the next."""
    placed = {}
    for module in content.modules:
        before: UUID | None = None
        for unit in module.units:
            placed[unit.key] = (unit, (before, module.key))
            before = unit.key
    return placed


def _parts(was: UnitShape, now: UnitShape) -> list[tuple[str, bool]]:
    return [
        ("kind", was.kind != now.kind),
        ("title", was.title != now.title),
        ("text", was.body != now.body),
        ("settings", dict(was.settings) != dict(now.settings)),
        ("length", (was.minutes, was.required) != (now.minutes, now.required)),
        ("files", by_role(was.files) != by_role(now.files)),
        ("items", sorted(was.items) != sorted(now.items)),
    ]
