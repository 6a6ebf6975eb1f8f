"""Beginning, describing, copying, archiving a course."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.files.models import StoredFile
from denggao.foundation.standards.models import Industry, Occupation
from denggao.systems.university import policies
from denggao.systems.university.actions.contents import draft_of, files_of, write_content
from denggao.systems.university.actions.refusals import CourseRefused
from denggao.systems.university.models import Course, CourseVersion, Module, School, UnitItem
from denggao.systems.university.packages.contents import content_of
from denggao.systems.university.packages.shapes import Content, ModuleShape, Pair


@dataclass(frozen=True)
class Description:
    """What is said of a course, as a form gives it."""

    code: str
    title_zh: str
    title_en: str = ""
    summary_zh: str = ""
    summary_en: str = ""
    industry: Industry | None = None
    occupation: Occupation | None = None
    level: str = ""
    language: str = "zh"
    provider: str = ""
    licence: str = ""
    source_version: str = ""
    fee_yuan: Decimal | None = None


@action("university.course.begin", requires=policies.can_write_for, batch=True)
def begin_course(school: School, said: Description, *, actor: Actor, now: dt.datetime) -> Course:
    """A new course with an empty draft of one module. Raises CourseRefused for a code the school has given already."""
    course = new_course(school, said, actor=actor, now=now)
    draft = CourseVersion.objects.create(course=course, number=1, created_at=now)
    Module.objects.create(version=draft, title=_("First module"), position=0)
    note([Line.about("university.course.begin", course, after=snapshot(course))])
    return course


def new_course(
    school: School,
    said: Description,
    *,
    key: uuid.UUID | None = None,
    copied_from: Course | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Course:
    """The row alone. Raises CourseRefused."""
    course = Course(school=school, package_key=key or uuid.uuid4(), copied_from=copied_from, created_at=now, created_by=actor.id)
    _describe(course, said)
    return course


def _describe(course: Course, said: Description) -> None:
    for name in (field.name for field in dataclasses.fields(said)):
        setattr(course, name, getattr(said, name))
    try:
        with transaction.atomic():
            course.save()
    except IntegrityError:
        raise CourseRefused(_("Code: the school has another course under it.")) from None


@action("university.course.describe", requires=policies.can_write)
def describe_course(
    course: Course, said: Description, *, prerequisites: Iterable[Course] = (), actor: Actor, now: dt.datetime
) -> Course:
    """Change what is said of a course. Raises CourseRefused for a code that is taken, or a course that would have to be done
    before itself."""
    first = list(prerequisites)
    _no_circle(course, first)
    _describe(course, said)
    course.prerequisites.set(first)
    return course


def _no_circle(course: Course, first: list[Course]) -> None:
    pairs = Course.prerequisites.through.objects.values_list("from_course_id", "to_course_id")
    leads: dict[int, set[int]] = {}
    for later, earlier in pairs:
        leads.setdefault(later, set()).add(earlier)
    seen, waiting = set[int](), [one.pk for one in first]
    while waiting:
        at = waiting.pop()
        if at == course.pk:
            raise CourseRefused(_("Courses to be done before: this course would have to be done before itself."))
        if at not in seen:
            seen.add(at)
            waiting += leads.get(at, ())


def set_items(course: Course, pairs: Iterable[Pair]) -> None:
    course.items.all().delete()
    UnitItem.objects.bulk_create(UnitItem(course=course, standard_code=one, item_code=item) for one, item in sorted(set(pairs)))


@action("university.course.cover", requires=policies.can_write)
def set_cover(course: Course, file: StoredFile | None, *, actor: Actor, now: dt.datetime) -> Course:
    """The picture on the course's card, or none."""
    course.cover = file
    course.save(update_fields=["cover"])
    return course


@action("university.course.copy", requires=policies.can_write_for, batch=True)
def copy_course(school: School, source: Course, *, code: str, title_zh: str, actor: Actor, now: dt.datetime) -> Course:
    """A course of its own that begins as the newest content of another the actor may see: new keys, the same texts and files,
    nothing of its learners. Raises CourseRefused."""
    if not policies.visible_courses(actor).filter(pk=source.pk).exists() and not actor.is_operator:
        raise CourseRefused(_("The course to copy is not there."))
    version = draft_of(source) or source.current
    if version is None:
        raise CourseRefused(_("The course to copy is empty."))
    said = Description(
        code=code,
        title_zh=title_zh,
        summary_zh=source.summary_zh,
        summary_en=source.summary_en,
        industry=source.industry,
        occupation=source.occupation,
        level=source.level,
        language=source.language,
        provider=source.provider or source.school.name_zh,
        licence=source.licence,
        source_version=source.source_version,
    )
    course = new_course(school, said, copied_from=source, actor=actor, now=now)
    draft = CourseVersion.objects.create(course=course, number=1, created_at=now)
    write_content(draft, with_new_keys(content_of(version)), files_of(version))
    set_items(course, source.items.values_list("standard_code", "item_code"))
    note([Line.about("university.course.copy", course, after={**snapshot(course), "copied_from": str(source.public_id)})])
    return course


def with_new_keys(content: Content) -> Content:
    return Content(
        tuple(
            ModuleShape(uuid.uuid4(), module.title, tuple(dataclasses.replace(unit, key=uuid.uuid4()) for unit in module.units))
            for module in content.modules
        )
    )


@action("university.course.archive", requires=policies.can_publish)
def archive_course(course: Course, *, actor: Actor, now: dt.datetime) -> Course:
    """Take a course out of the catalogue; who learns it goes on. Raises CourseRefused where it is archived."""
    if not Course.objects.filter(pk=course.pk).exclude(state=Course.State.RETIRED).update(state=Course.State.RETIRED):
        raise CourseRefused(_("The course is archived already."))
    course.refresh_from_db()
    return course


@action("university.course.restore", requires=policies.can_publish)
def restore_course(course: Course, *, actor: Actor, now: dt.datetime) -> Course:
    """Bring an archived course back, as it stood. Raises CourseRefused where it is not archived."""
    state = Course.State.PUBLISHED if course.current_id else Course.State.DRAFT
    if not Course.objects.filter(pk=course.pk, state=Course.State.RETIRED).update(state=state):
        raise CourseRefused(_("The course is not archived."))
    course.refresh_from_db()
    return course
