"""Who leads, writes, publishes, lends and sees what, by the school a thing belongs to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, Value
from django.db.models.fields import CharField
from django.http import Http404
from django.utils import timezone

from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.files.models import StoredFile
from denggao.foundation.organisations.queries import RoleRow
from denggao.systems.university.models import (
    Course,
    CourseShare,
    CourseVersion,
    Module,
    PackageImport,
    Programme,
    School,
    SchoolMember,
    Unit,
    UnitFile,
)

KEEPERS = (Role.ADMINISTRATOR, Role.CLERK)
LEADS = frozenset({SchoolMember.Role.DEAN.value})
PUBLISHES = LEADS | {SchoolMember.Role.TEACHER.value}
WRITES = PUBLISHES | {SchoolMember.Role.ASSISTANT.value}
UNIT_FILE, LOGO, PACKAGE = "university.unit", "university.brand", "university.package"


def teachers_by_school(account_id: int, on: dt.date) -> QuerySet[Any, RoleRow]:
    """Whoever belongs to a school is a teacher in its body. A source of roles for ``organisations.queries``."""
    serving = SchoolMember.objects.serving(on).filter(account_id=account_id, school__state=School.State.OPEN)
    role = Value(Role.TEACHER.value, output_field=CharField())
    return serving.order_by().annotate(is_a=role, body=F("school__organisation_id")).values_list("is_a", "body", "from_on")


def schools_of(actor: Actor) -> dict[int, str]:
    """The schools an account belongs to today, by database id, with the role it has there. One query a page."""
    user = actor.user
    if user is None:
        return {}

    def ask() -> dict[int, str]:
        rows = SchoolMember.objects.serving(timezone.localdate()).filter(account=user, school__state=School.State.OPEN)
        return dict(rows.values_list("school_id", "role"))

    return actor.once("university.schools", ask)


def _does(actor: Actor, school_id: int | None, roles: frozenset[str]) -> bool:
    return actor.is_operator or (school_id is not None and schools_of(actor).get(school_id) in roles)


def is_overseer(actor: Actor) -> bool:
    """Who sees every school's rooms: the office and the authorities."""
    return actor.is_office or actor.has(Role.AUTHORITY) or bool(actor.organisations_as(Role.AUTHORITY))


def can_see_office(actor: Actor, _subject: object = None) -> bool:
    """The university's rooms behind the catalogue: teachers, the office, the authorities."""
    return is_overseer(actor) or bool(schools_of(actor))


def can_open_schools(actor: Actor, _subject: object = None) -> bool:
    return actor.has(*KEEPERS)


def can_lead(actor: Actor, school: object) -> bool:
    """Keep a school's page and people: its deans, and the office's clerks."""
    if isinstance(school, SchoolMember):
        school = school.school
    return actor.has(*KEEPERS) or (isinstance(school, School) and _does(actor, school.pk, LEADS))


def can_write_for(actor: Actor, school: object) -> bool:
    """Begin a course in a school."""
    return isinstance(school, School) and school.state == School.State.OPEN and _does(actor, school.pk, WRITES)


def writes_somewhere(actor: Actor) -> bool:
    """Whether an account writes for any school: it may hand in files and packages."""
    return actor.is_operator or any(role in WRITES for role in schools_of(actor).values())


def course_behind(subject: object) -> Course | None:
    """The course that a version, a unit, a file or a share belongs to."""
    if isinstance(subject, UnitFile):
        subject = subject.unit
    if isinstance(subject, Unit | Module):
        subject = subject.version
    if isinstance(subject, CourseVersion | CourseShare):
        subject = subject.course
    return subject if isinstance(subject, Course) else None


def _joint_schools(course: Course) -> set[int]:
    joint = CourseShare.objects.filter(course=course, kind=CourseShare.Kind.JOINT, state=CourseShare.State.ACCEPTED)
    return set(joint.values_list("school_id", flat=True))


def can_write(actor: Actor, subject: object) -> bool:
    """Change a course's draft: its school's people, and those of a school that offers it jointly."""
    course = course_behind(subject)
    if course is None or course.state == Course.State.RETIRED:
        return False
    if _does(actor, course.school_id, WRITES):
        return True
    own = {school for school, role in schools_of(actor).items() if role in WRITES}
    return bool(own) and bool(own & _joint_schools(course))


def can_import(actor: Actor, handed_in: object) -> bool:
    """Whoever writes for the school it was handed in for."""
    return isinstance(handed_in, PackageImport) and can_write_for(actor, handed_in.school)


def can_publish(actor: Actor, subject: object) -> bool:
    """Publish, archive, lend: teachers and deans of the course's own school."""
    course = course_behind(subject)
    return course is not None and _does(actor, course.school_id, PUBLISHES)


def can_answer_share(actor: Actor, share: object) -> bool:
    """The school that is asked."""
    return isinstance(share, CourseShare) and _does(actor, share.school_id, PUBLISHES)


def can_end_share(actor: Actor, share: object) -> bool:
    """Either school."""
    return isinstance(share, CourseShare) and (can_publish(actor, share) or can_answer_share(actor, share))


def can_keep_programmes(actor: Actor, subject: object) -> bool:
    """Of a school: its teachers and deans."""
    if isinstance(subject, Programme):
        subject = subject.school
    return isinstance(subject, School) and subject.state == School.State.OPEN and _does(actor, subject.pk, PUBLISHES)


def can_run(actor: Actor, subject: object, school: School) -> bool:
    """Run classes of a course for a school: the school's own teachers, of courses it may offer."""
    course = course_behind(subject)
    if course is None or not _does(actor, school.pk, PUBLISHES):
        return False
    accepted = CourseShare.objects.filter(course=course, school=school, state=CourseShare.State.ACCEPTED)
    return course.school_id == school.pk or accepted.exists()


def visible_courses(actor: Actor) -> QuerySet[Course]:
    """In the rooms behind the catalogue: the office and the authorities see all; a teacher the own school's and those shared or
    offered to it."""
    if is_overseer(actor):
        return Course.objects.all()
    own = schools_of(actor)
    if not own:
        return Course.objects.none()
    open_shares = CourseShare.objects.filter(
        school__in=own, state__in=[CourseShare.State.ASKED, CourseShare.State.ACCEPTED]
    ).values("course_id")
    return Course.objects.filter(Q(school__in=own) | Q(pk__in=open_shares))


def visible_schools(actor: Actor) -> QuerySet[School]:
    """All that are open are public; closed ones are for the office."""
    return School.objects.all() if actor.is_office else School.objects.filter(state=School.State.OPEN)


def visible_programmes(actor: Actor) -> QuerySet[Programme]:
    if is_overseer(actor):
        return Programme.objects.all()
    return Programme.objects.filter(school__in=schools_of(actor))


def visible_shares(actor: Actor) -> QuerySet[CourseShare]:
    """Of one's own schools, given and taken; the office sees all."""
    if actor.is_office:
        return CourseShare.objects.all()
    own = schools_of(actor)
    return CourseShare.objects.filter(Q(school__in=own) | Q(course__school__in=own))


def get_course_for(actor: Actor, public_id: UUID) -> Course:
    """Raises Http404."""
    joined = visible_courses(actor).select_related("school", "current", "industry", "occupation", "cover")
    course = joined.filter(public_id=public_id).first()
    if course is None:
        raise Http404
    return course


def get_course_for_writing(actor: Actor, public_id: UUID) -> Course:
    """Raises Http404."""
    course = get_course_for(actor, public_id)
    if not can_write(actor, course):
        raise Http404
    return course


def get_school_for_leading(actor: Actor, public_id: UUID) -> School:
    """Raises Http404."""
    school = visible_schools(actor).select_related("organisation", "logo", "plan").filter(public_id=public_id).first()
    if school is None or not can_lead(actor, school):
        raise Http404
    return school


def get_programme_for(actor: Actor, public_id: UUID) -> Programme:
    """Raises Http404."""
    programme = visible_programmes(actor).select_related("school", "industry").filter(public_id=public_id).first()
    if programme is None:
        raise Http404
    return programme


def visible_imports(actor: Actor) -> QuerySet[PackageImport]:
    """Of one's own schools; the office sees all."""
    return PackageImport.objects.all() if actor.is_office else PackageImport.objects.filter(school__in=schools_of(actor))


def get_import_for(actor: Actor, public_id: UUID) -> PackageImport:
    """Raises Http404."""
    found = visible_imports(actor).select_related("school", "file", "course").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_share_for(actor: Actor, public_id: UUID) -> CourseShare:
    """Raises Http404."""
    found = visible_shares(actor).select_related("course__school", "school").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


LearnerSight = Callable[[Actor, int], bool]
_learners: list[LearnerSight] = []


def plug_learner_sight(sight: LearnerSight) -> None:
    """Who learns a version may read its files: ``sight(actor, version_id)``. Plugged in ``wiring.py``."""
    if sight not in _learners:
        _learners.append(sight)


def can_read_unit_file(actor: Actor, stored: StoredFile) -> bool:
    """A unit's file: whoever sees the course behind the catalogue, and whoever learns a version it belongs to."""
    versions = UnitFile.objects.filter(file=stored).values_list("unit__version_id", flat=True).distinct()
    if visible_courses(actor).filter(versions__in=versions).exists():
        return True
    return any(sight(actor, version) for version in list(versions) for sight in _learners)


def is_open_to_all(actor: Actor, stored: StoredFile) -> bool:
    """Covers and logos are on public pages."""
    return School.objects.filter(logo=stored).exists() or Course.objects.published().filter(cover=stored).exists()
