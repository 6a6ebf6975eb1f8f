"""Bringing a package in. Its files are stored before the transaction that notes them begins; a package that says what the course
holds already changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import NotAllowed, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.files.actions import store_file
from denggao.foundation.files.models import StoredFile
from denggao.foundation.standards.models import Industry, Occupation
from denggao.systems.university import policies
from denggao.systems.university.actions.contents import begin_draft, draft_of, write_content
from denggao.systems.university.actions.courses import Description, describe_course, new_course, set_items
from denggao.systems.university.actions.refusals import CourseRefused
from denggao.systems.university.hooks import file_added
from denggao.systems.university.models import Course, CourseVersion, School, UnitFile
from denggao.systems.university.packages.contents import content_of
from denggao.systems.university.packages.reading import Package
from denggao.systems.university.packages.shapes import Difference, difference

FILE_LIMIT = 5 * 1024**3
Tell = Callable[[int, int], None]


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Preview:
    """What an import would do. ``course`` is the one the package belongs to, None for a new one; ``replaces_draft`` whether work
    not yet published would be replaced."""

    outcome: Outcome
    course: Course | None
    difference: Difference
    replaces_draft: bool
    facts_change: bool
    notes: list[str]


@dataclass(frozen=True)
class Imported:
    course: Course
    outcome: Outcome


def preview_package(package: Package, school: School) -> Preview:
    """Compare a package with what the school has."""
    course = _known(package, school)
    said, notes = _described(package, course)
    notes = [*package.notes, *notes]
    if course is None:
        from_nothing = Difference(added=package.content.units)
        return Preview(Outcome.CREATED, None, from_nothing, replaces_draft=False, facts_change=True, notes=notes)
    draft = draft_of(course)
    held = draft or course.current
    changes = difference(content_of(held), package.content) if held else Difference(added=package.content.units)
    facts = _differs(course, said, package)
    same = changes.is_none and not facts
    replaces = draft is not None and not changes.is_none and _is_own_work(draft, course)
    outcome = Outcome.UNCHANGED if same else Outcome.UPDATED
    return Preview(outcome, course, changes, replaces_draft=replaces, facts_change=facts, notes=notes)


def _known(package: Package, school: School) -> Course | None:
    courses = Course.objects.select_related("current", "school", "industry", "occupation")
    return courses.filter(school=school, package_key=package.key).first()


def _is_own_work(draft: CourseVersion, course: Course) -> bool:
    return course.current is None or content_of(draft).content_hash != course.current.content_hash


def _described(package: Package, course: Course | None) -> tuple[Description, list[str]]:
    """The package's words about the course, as far as they mean something here; a course that is here keeps its code and fee."""
    facts, notes = package.facts, []
    industry = Industry.objects.filter(code=facts.industry).first() if facts.industry else None
    if facts.industry and industry is None:
        notes.append(_("The industry %(code)s is not known here; choose one.") % {"code": facts.industry})
    occupation = Occupation.objects.current().filter(code=facts.occupation).first() if facts.occupation else None
    if facts.occupation and occupation is None:
        notes.append(_("The occupation %(code)s is not known here; choose one.") % {"code": facts.occupation})
    said = Description(
        code=course.code if course else facts.code,
        title_zh=facts.title_zh,
        title_en=facts.title_en,
        summary_zh=facts.summary_zh,
        summary_en=facts.summary_en,
        industry=industry or (course.industry if course else None),
        occupation=occupation or (course.occupation if course else None),
        level=facts.level,
        language=facts.language,
        provider=facts.provider,
        licence=facts.licence,
        source_version=facts.source_version,
        fee_yuan=course.fee_yuan if course else None,
    )
    return said, notes


def _differs(course: Course, said: Description, package: Package) -> bool:
    names = ("title_zh", "title_en", "summary_zh", "summary_en", "level", "language", "provider", "licence", "source_version")
    if any(getattr(course, name) != getattr(said, name) for name in names):
        return True
    if (course.industry, course.occupation) != (said.industry, said.occupation):
        return True
    return set(course.items.values_list("standard_code", "item_code")) != set(package.facts.items)


def import_package(
    package: Package, school: School, *, actor: Actor, now: dt.datetime, tell: Tell = lambda _done, _total: None
) -> Imported:
    """Bring a package in as the course's draft; publishing is a step of its own. The same package a second time changes nothing.

    Raises NotAllowed and CourseRefused. ``tell(done, total)`` is called file by file.
    """
    preview = preview_package(package, school)
    if not policies.can_write_for(actor, school):
        raise NotAllowed("university.package.import")
    if preview.course is not None and preview.course.state == Course.State.RETIRED:
        raise CourseRefused(_("This course is archived. Bring it back first."))
    if preview.outcome is Outcome.UNCHANGED and preview.course is not None:
        return Imported(preview.course, Outcome.UNCHANGED)
    files = _stored(package, school, actor=actor, now=now, tell=tell)
    course = _write(school, package, files, actor=actor, now=now)
    return Imported(course, preview.outcome)


def _stored(package: Package, school: School, *, actor: Actor, now: dt.datetime, tell: Tell) -> dict[str, StoredFile]:
    """By path. A file the school's courses hold already is not stored again. Raises CourseRefused where one changed while it was
    read."""
    hashes = {file.path: file.sha256 for unit in package.content.units for file in unit.files}
    held = UnitFile.objects.filter(
        unit__version__course__school=school, file__sha256__in=set(hashes.values()), file__erased_at__isnull=True
    ).select_related("file")
    known = {row.file.sha256: row.file for row in held}
    stored: dict[str, StoredFile] = {}
    for done, (path, sha256) in enumerate(sorted(hashes.items()), 1):
        if sha256 not in known:
            with package.open(path) as stream:
                taken = (package.types[path],)
                name = path.rpartition("/")[2]
                kept = store_file(name, stream, kind=policies.UNIT_FILE, taken=taken, limit=FILE_LIMIT, actor=actor, now=now)
            if kept.sha256 != sha256:
                raise CourseRefused(_("The package changed while it was read. Hand it in again."))
            known[sha256] = kept
        stored[path] = known[sha256]
        tell(done, len(hashes))
    return stored


@action("university.package.import", requires=policies.can_write_for, batch=True)
def _write(school: School, package: Package, files: dict[str, StoredFile], *, actor: Actor, now: dt.datetime) -> Course:
    """One record names what came in and by which hash."""
    course = _known(package, school)
    said, _notes = _described(package, course)
    if course is None:
        code = _free_code(school, said.code)
        course = new_course(school, _with_code(said, code), key=package.key, actor=actor, now=now)
        draft = CourseVersion.objects.create(course=course, number=1, created_at=now)
    else:
        describe_course(course, said, prerequisites=course.prerequisites.all(), actor=actor, now=now)
        draft = begin_draft(course, actor=actor, now=now)
    write_content(draft, package.content, files)
    set_items(course, package.facts.items)
    told = {**snapshot(course), "units": len(package.content.units), "content_hash": package.content.content_hash}
    note([Line.about("university.package.import", course, after=told)])
    for row in UnitFile.objects.filter(unit__version=draft, role="main").select_related("file", "unit"):
        file_added(row, actor=actor, now=now)
    return course


def _with_code(said: Description, code: str) -> Description:
    return said if said.code == code else Description(**{**vars(said), "code": code})


def _free_code(school: School, code: str) -> str:
    taken = set(Course.objects.filter(school=school, code__startswith=code[:36]).values_list("code", flat=True))
    if code not in taken:
        return code
    return next(tried for number in range(2, 1000) if (tried := f"{code[:36]}-{number}") not in taken)
