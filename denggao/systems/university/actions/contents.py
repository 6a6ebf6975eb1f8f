"""Writing a version's whole content at once: the draft that follows a published version, an import, a copy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.files.models import StoredFile
from denggao.systems.university import policies
from denggao.systems.university.actions.refusals import CourseRefused
from denggao.systems.university.models import Course, CourseVersion, Module, Unit, UnitFile, UnitItem
from denggao.systems.university.packages.contents import content_of
from denggao.systems.university.packages.shapes import Content, UnitShape


def draft_of(course: Course) -> CourseVersion | None:
    return course.versions.filter(state=CourseVersion.State.DRAFT).first()


@action("university.draft.begin", requires=policies.can_write, batch=True)
def begin_draft(course: Course, *, actor: Actor, now: dt.datetime) -> CourseVersion:
    """The draft of a course; where there is none, one that begins as its current version is."""
    held = draft_of(course)
    if held is not None:
        return held
    draft = _new_draft(course, now)
    if course.current is not None:
        write_content(draft, content_of(course.current), files_of(course.current), carried_over=course.current)
    note([Line.about("university.draft.begin", draft, after=snapshot(draft))])
    return draft


def _new_draft(course: Course, now: dt.datetime) -> CourseVersion:
    last = course.versions.aggregate(last=Max("number"))["last"] or 0
    try:
        with transaction.atomic():
            return CourseVersion.objects.create(course=course, number=last + 1, created_at=now)
    except IntegrityError:
        raise CourseRefused(_("A colleague began the draft at the same moment. Open the course again.")) from None


@action("university.draft.drop", requires=policies.can_write, batch=True)
def drop_draft(course: Course, *, actor: Actor, now: dt.datetime) -> None:
    """Give the draft up; what is published stays. Raises CourseRefused where there is nothing to go back to."""
    draft = draft_of(course)
    if draft is None or course.current is None:
        raise CourseRefused(_("There is no published version to go back to."))
    note([Line.about("university.draft.drop", draft, before=snapshot(draft))])
    draft.delete()


def files_of(version: CourseVersion) -> dict[str, StoredFile]:
    """The stored files of a version, by their paths."""
    return {row.path: row.file for row in UnitFile.objects.filter(unit__version=version).select_related("file")}


def write_content(
    draft: CourseVersion,
    content: Content,
    files: Mapping[str, StoredFile],
    *,
    carried_over: CourseVersion | None = None,
) -> None:
    """Make a draft hold this content and nothing else; ``files`` by path. What was made from its files, and what is known of
    them, is carried over from the version it comes from, or from what the draft held. Units keep counting their savings, so
    that a window still open on the old text is told. In bulk: as many queries for one unit as for hundreds."""
    source = carried_over or draft
    locks = dict(draft.units.values_list("key", "lock"))
    made = UnitFile.objects.filter(unit__version=source).select_related("unit")
    known = {(row.unit.key, row.path, row.file_id): row for row in made}
    derived = [row for row in known.values() if row.role in {"rendition", "page"}]
    draft.modules.all().delete()
    Module.objects.bulk_create(
        Module(version=draft, key=module.key, title=module.title, position=place) for place, module in enumerate(content.modules)
    )
    modules = {module.key: module for module in Module.objects.filter(version=draft)}
    Unit.objects.bulk_create(
        _unit(draft, modules[module.key], unit, place, lock=locks.get(unit.key, -1) + 1)
        for module in content.modules
        for place, unit in enumerate(module.units)
    )
    units = {unit.key: unit for unit in Unit.objects.filter(version=draft).only("pk", "key", "version_id")}
    rows = []
    for shape in content.units:
        for place, file in enumerate(shape.files):
            stored = files[file.path]
            was = known.get((shape.key, file.path, stored.pk))
            rows.append(
                UnitFile(
                    unit=units[shape.key],
                    file=stored,
                    role=file.role,
                    path=file.path,
                    language=file.language,
                    label=file.label,
                    position=place,
                    facts=was.facts if was else {},
                )
            )
    mains = {(row.unit.key, row.file_id) for row in rows if row.role == "main"}
    was_main = {row.unit.key: row.file_id for row in known.values() if row.role == "main"}
    for row in derived:
        # What was made from a main file belongs to it alone.
        if (row.unit.key, was_main.get(row.unit.key)) in mains:
            rows.append(
                UnitFile(
                    unit=units[row.unit.key],
                    file_id=row.file_id,
                    role=row.role,
                    path=row.path,
                    language=row.language,
                    label=row.label,
                    position=row.position,
                    facts=row.facts,
                )
            )
    UnitFile.objects.bulk_create(rows)
    UnitItem.objects.bulk_create(
        UnitItem(unit=units[shape.key], standard_code=standard, item_code=item)
        for shape in content.units
        for standard, item in shape.items
    )


def _unit(draft: CourseVersion, module: Module, shape: UnitShape, place: int, *, lock: int) -> Unit:
    return Unit(
        version=draft,
        module=module,
        key=shape.key,
        kind=shape.kind,
        title=shape.title,
        position=place,
        minutes=shape.minutes,
        required=shape.required,
        body=shape.body,
        settings=dict(shape.settings),
        lock=lock,
    )
