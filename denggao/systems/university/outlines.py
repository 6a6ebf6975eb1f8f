"""A version's outline as typed values: what a course page needs, without the texts. Of a published version it is kept in
memory, for it never changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from uuid import UUID

from denggao.systems.university.kinds import CompletesBy, UnitKind, kind_of

KEPT = 200


@dataclass(frozen=True)
class OutlineFile:
    """A file of a unit. ``public_id`` is the unit file's own, by which it is fetched; ``file_id`` the stored file's."""

    public_id: UUID
    file_id: UUID
    role: str
    path: str
    name: str
    content_type: str
    size: int
    language: str
    label: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class OutlineUnit:
    """A unit in its place. ``number`` is shown ("2.3"), ``position`` counts through the whole course from 0."""

    key: UUID
    module_key: UUID
    kind: str
    title: str
    number: str
    position: int
    minutes: int
    required: bool
    settings: Mapping[str, Any]
    files: tuple[OutlineFile, ...]
    items: tuple[tuple[str, str], ...]

    @property
    def unit_kind(self) -> UnitKind:
        return kind_of(self.kind)

    @property
    def completes_by(self) -> CompletesBy:
        return self.unit_kind.completes_by

    def files_as(self, role: str) -> list[OutlineFile]:
        return [file for file in self.files if file.role == role]

    @property
    def main(self) -> OutlineFile | None:
        return next((file for file in self.files if file.role == "main"), None)


@dataclass(frozen=True)
class OutlineModule:
    key: UUID
    title: str
    number: int
    units: tuple[OutlineUnit, ...]

    @property
    def minutes(self) -> int:
        return sum(unit.minutes for unit in self.units)


@dataclass(frozen=True)
class Outline:
    """``version_id`` and ``course_id`` are database ids; ``minutes`` and ``required_keys`` are over all units."""

    version_id: int
    public_id: UUID
    course_id: int
    number: int
    content_hash: str
    modules: tuple[OutlineModule, ...]
    by_key: Mapping[UUID, OutlineUnit] = field(repr=False)

    @property
    def units(self) -> Iterator[OutlineUnit]:
        """In the order in which they are learned."""
        return (unit for module in self.modules for unit in module.units)

    @property
    def minutes(self) -> int:
        return sum(unit.minutes for unit in self.units)

    @property
    def required_keys(self) -> tuple[UUID, ...]:
        return tuple(unit.key for unit in self.units if unit.required)

    def neighbours(self, key: UUID) -> tuple[OutlineUnit | None, OutlineUnit | None]:
        """What comes before a unit and what after. Raises KeyError."""
        every, at = list(self.units), self.by_key[key].position
        return (every[at - 1] if at else None), (every[at + 1] if at + 1 < len(every) else None)


class Shelf:
    """The outlines in memory, the least used given up first. Safe between threads; nothing on it is ever changed."""

    def __init__(self, size: int = KEPT) -> None:
        self._size, self._kept, self._lock = size, OrderedDict[tuple[UUID, str], Outline](), Lock()

    def get(self, public_id: UUID, content_hash: str) -> Outline | None:
        with self._lock:
            found = self._kept.get((public_id, content_hash))
            if found is not None:
                self._kept.move_to_end((public_id, content_hash))
            return found

    def put(self, outline: Outline) -> None:
        with self._lock:
            self._kept[outline.public_id, outline.content_hash] = outline
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
