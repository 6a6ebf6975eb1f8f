"""What a version holds, as plain values."""

from __future__ import annotations

from collections import defaultdict

from denggao.systems.university.models import Course, CourseVersion, Module, Unit, UnitFile, UnitItem
from denggao.systems.university.packages.files import CARRIED
from denggao.systems.university.packages.shapes import Content, CourseFacts, FileShape, ModuleShape, Pair, UnitShape


def content_of(version: CourseVersion) -> Content:
    """Four queries, however many units."""
    files: dict[int, list[FileShape]] = defaultdict(list)
    for row in UnitFile.objects.filter(unit__version=version, role__in=CARRIED).select_related("file"):
        files[row.unit_id].append(FileShape(row.role, row.path, row.file.sha256, row.language, row.label))
    items: dict[int | None, list[Pair]] = defaultdict(list)
    for unit_id, standard, item in UnitItem.objects.filter(unit__version=version).values_list(
        "unit_id", "standard_code", "item_code"
    ):
        items[unit_id].append((standard, item))
    units: dict[int, list[UnitShape]] = defaultdict(list)
    for unit in Unit.objects.filter(version=version).order_by("position", "pk"):
        units[unit.module_id].append(
            UnitShape(
                key=unit.key,
                kind=unit.kind,
                title=unit.title,
                minutes=unit.minutes,
                required=unit.required,
                body=unit.body,
                settings=unit.settings,
                items=tuple(items[unit.pk]),
                files=tuple(files[unit.pk]),
            )
        )
    modules = Module.objects.filter(version=version)
    return Content(tuple(ModuleShape(module.key, module.title, tuple(units[module.pk])) for module in modules))


def facts_of(course: Course) -> CourseFacts:
    return CourseFacts(
        code=course.code,
        title_zh=course.title_zh,
        title_en=course.title_en,
        summary_zh=course.summary_zh,
        summary_en=course.summary_en,
        language=course.language,
        provider=course.provider,
        licence=course.licence,
        source_version=course.source_version,
        industry=course.industry.code if course.industry else "",
        occupation=course.occupation.code if course.occupation else "",
        level=course.level,
        items=tuple(course.items.values_list("standard_code", "item_code")),
    )
