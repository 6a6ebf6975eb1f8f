"""Reads that span tables: outlines, texts, who offers what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.standards.models import Occupation
from denggao.systems.university.kinds import UnitKind, all_kinds
from denggao.systems.university.models import (
    Course,
    CourseShare,
    CourseVersion,
    Module,
    Programme,
    School,
    SchoolMember,
    Unit,
    UnitFile,
    UnitItem,
)
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


def with_drafts(courses: QuerySet[Course]) -> QuerySet[Course]:
    """Each with ``has_draft``: whether there is work not yet published."""
    drafts = CourseVersion.objects.filter(course=OuterRef("pk"), state=CourseVersion.State.DRAFT)
    return courses.annotate(has_draft=Exists(drafts))


def occupations() -> list[tuple[str, str]]:
    """Code and name, for suggestions."""
    return [(one.code, one.name) for one in Occupation.objects.current()]


def shares_to_answer(actor: Actor) -> int:
    """How many courses are offered to schools the actor may answer for."""
    return len(actor.once("university.shares", lambda: _shares_to_answer(actor)))


def _shares_to_answer(actor: Actor) -> list[int]:
    if actor.user is None or not actor.organisations_as(Role.TEACHER):
        return []
    serving = SchoolMember.objects.serving(timezone.localdate()).filter(
        account=actor.user, role__in=[SchoolMember.Role.DEAN, SchoolMember.Role.TEACHER], school__state=School.State.OPEN
    )
    asked = CourseShare.objects.filter(state=CourseShare.State.ASKED, school__in=serving.values("school_id"))
    return list(asked.values_list("pk", flat=True))


@dataclass(frozen=True)
class Panel:
    """Something another room shows on a course's page: a template and its values."""

    template: str
    context: Mapping[str, Any]


PanelSource = Callable[[Actor, Course], Panel | None]
_panels: list[tuple[int, PanelSource]] = []
_public_panels: list[tuple[int, PanelSource]] = []


def plug_course_panel(source: PanelSource, *, position: int, public: bool = False) -> None:
    """Plugged in ``wiring.py``: learning shows the classes of a course, in the teacher's rooms or in the catalogue."""
    register = _public_panels if public else _panels
    if (position, source) not in register:
        register.append((position, source))
        register.sort(key=lambda held: held[0])


def course_panels(actor: Actor, course: Course, *, public: bool = False) -> list[Panel]:
    shown = [source(actor, course) for _position, source in (_public_panels if public else _panels)]
    return [panel for panel in shown if panel is not None]


ProgrammePanelSource = Callable[[Actor, Programme], Panel | None]
_programme_panels: list[ProgrammePanelSource] = []


def plug_programme_panel(source: ProgrammePanelSource) -> None:
    """Plugged in ``wiring.py``: learning shows the classes of a programme's courses in the catalogue."""
    if source not in _programme_panels:
        _programme_panels.append(source)


def programme_panels(actor: Actor, programme: Programme) -> list[Panel]:
    shown = [source(actor, programme) for source in _programme_panels]
    return [panel for panel in shown if panel is not None]


def with_kinds(courses: list[Course]) -> list[Course]:
    """The same courses, each with ``unit_kinds``: how many units of which kind its current version has. One query."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    current = {course.current_id for course in courses if course.current_id}
    rows = Unit.objects.filter(version__in=current).order_by().values_list("version_id", "kind").annotate(count=Count("pk"))
    for version, kind, count in rows:
        counts[version][kind] = count
    for course in courses:
        course.unit_kinds = counts.get(course.current_id or 0, {})  # type: ignore[attr-defined]  # for the page that asked
    return courses


def kinds_shown(course: Course) -> list[tuple[UnitKind, int]]:
    """Of a course that went through ``with_kinds``: its kinds of units, in the order of the register, and how many."""
    counts: Mapping[str, int] = getattr(course, "unit_kinds", {})
    return [(kind, counts[kind.code]) for kind in all_kinds() if kind.code in counts]


def items_of(course: Course) -> dict[str, list[str]]:
    """Standards and the items the course or a unit of its current version serves; by the standard's code."""
    rows = UnitItem.objects.filter(Q(course=course) | Q(unit__version=course.current_id)).order_by("standard_code", "item_code")
    found: dict[str, list[str]] = {}
    for standard, item in rows.values_list("standard_code", "item_code").distinct():
        found.setdefault(standard, []).append(item)
    return found


def published_title(public_id: UUID) -> str | None:
    """The title of a course everybody finds in the catalogue; None where there is none of this address."""
    course = Course.objects.published().filter(public_id=public_id).first()
    return course.title if course is not None else None
