"""Reads that span tables: outlines, texts, who offers what."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from django.db.models import Q, QuerySet

from denggao.systems.university.models import Course, CourseShare, CourseVersion, Module, School, Unit, UnitFile, UnitItem
from denggao.systems.university.outlines import Outline, OutlineFile, OutlineModule, OutlineUnit, Shelf

_shelf = Shelf()


def outline(version: CourseVersion) -> Outline:
    """The outline of a version. Of a published one no query once it was asked for; of a draft four, however many units."""
    if version.content_hash:
        kept = _shelf.get(version.public_id, version.content_hash)
        if kept is not None:
            return kept
    made = _outline(version)
    if version.content_hash and version.state == CourseVersion.State.PUBLISHED:
        _shelf.put(made)
    return made


def _outline(version: CourseVersion) -> Outline:
    files: dict[int, list[OutlineFile]] = defaultdict(list)
    for row in UnitFile.objects.filter(unit__version=version).select_related("file"):
        files[row.unit_id].append(_file(row))
    items: dict[int | None, list[tuple[str, str]]] = defaultdict(list)
    rows = UnitItem.objects.filter(unit__version=version).values_list("unit_id", "standard_code", "item_code")
    for unit_id, standard, item in rows:
        items[unit_id].append((standard, item))
    units: dict[int, list[Unit]] = defaultdict(list)
    for unit in Unit.objects.filter(version=version).defer("body").order_by("position", "pk"):
        units[unit.module_id].append(unit)
    modules, position = [], 0
    for number, module in enumerate(Module.objects.filter(version=version), 1):
        made = []
        for place, unit in enumerate(units[module.pk], 1):
            made.append(
                OutlineUnit(
                    key=unit.key,
                    module_key=module.key,
                    kind=unit.kind,
                    title=unit.title,
                    number=f"{number}.{place}",
                    position=position,
                    minutes=unit.minutes,
                    required=unit.required,
                    settings=unit.settings,
                    files=tuple(files[unit.pk]),
                    items=tuple(items[unit.pk]),
                )
            )
            position += 1
        modules.append(OutlineModule(module.key, module.title, number, tuple(made)))
    return Outline(
        version_id=version.pk,
        public_id=version.public_id,
        course_id=version.course_id,
        number=version.number,
        content_hash=version.content_hash,
        modules=tuple(modules),
        by_key={unit.key: unit for module in modules for unit in module.units},
    )


def _file(row: UnitFile) -> OutlineFile:
    stored = row.file
    return OutlineFile(
        public_id=row.public_id,
        file_id=stored.public_id,
        role=row.role,
        path=row.path,
        name=stored.name,
        content_type=stored.content_type,
        size=stored.size,
        language=row.language,
        label=row.label,
        facts=row.facts,
    )


def unit_body(version: CourseVersion, key: UUID) -> str:
    """The text of one unit as it is kept: clean HTML whose pictures are paths; ``shown_body`` makes them addresses. Empty where
    there is none."""
    return Unit.objects.filter(version=version, key=key).values_list("body", flat=True).first() or ""


def offered_by(schools: QuerySet[School]) -> Q:
    """The courses schools may run classes of: their own, and those another school shares with them."""
    accepted = CourseShare.objects.filter(school__in=schools, state=CourseShare.State.ACCEPTED)
    return Q(school__in=schools) | Q(pk__in=accepted.values("course_id"))


def courses_of(school: School) -> QuerySet[Course]:
    """What a school may run: its own courses and those shared with it."""
    return Course.objects.filter(offered_by(School.objects.filter(pk=school.pk)))
